from django.db import migrations

# Until now every outcome was told with the step that it came of.
TELL = """
UPDATE funding_application AS a
   SET told_at = COALESCE(
           (SELECT GREATEST(n.published_at, a.decided_at) FROM funding_publicnotice AS n WHERE n.id = a.notice_id),
           a.decided_at, a.moved_at
       )
 WHERE a.status IN ('PUBLICISED', 'OBJECTED', 'APPROVED', 'NOT_APPROVED')
    OR (a.status = 'DECIDED' AND a.notice_id IS NOT NULL)
"""


class Migration(migrations.Migration):

    dependencies = [("funding", "0047_told_outcomes")]

    operations = [migrations.RunSQL(TELL, migrations.RunSQL.noop)]

from django.db import migrations, models

BUILD = """
CREATE UNIQUE INDEX CONCURRENTLY one_running_exit_case
    ON consortia_exitcase (consortium_id) WHERE NOT (status IN ('REVERSED', 'CLOSED', 'DISMISSED', 'WITHDRAWN'))
"""
ENDED = ['REVERSED', 'CLOSED', 'DISMISSED', 'WITHDRAWN']


class Migration(migrations.Migration):
    """An application for exit that was taken back does not bar the next one; built while people go on writing."""

    atomic = False

    dependencies = [
        ('consortia', '0021_fields_of_constraints'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='exitcase',
                    name='status',
                    field=models.CharField(choices=[('OPENED', 'Case opened'), ('NOTICE_SERVED', 'Notice served'), ('STATEMENT_PERIOD', 'Statement period'), ('ASSESSED', 'Settlement assessed'), ('MEETING_DECIDED', 'Decided by the meeting'), ('PUBLICISED', 'Decision publicised'), ('APPEALED', 'Under appeal'), ('UPHELD', 'Decision upheld'), ('REVERSED', 'Decision reversed'), ('CLOSED', 'Case closed'), ('DISMISSED', 'Case dismissed'), ('WITHDRAWN', 'Application for exit taken back')], default='OPENED', editable=False, max_length=16, verbose_name='status'),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(BUILD, "DROP INDEX CONCURRENTLY one_running_exit_case"),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name='exitcase',
                    constraint=models.UniqueConstraint(condition=models.Q(('status__in', ENDED), _negated=True), fields=('consortium',), name='one_running_exit_case', violation_error_message='An exit case is running already.'),
                ),
            ],
        ),
        migrations.RemoveConstraint(model_name='exitcase', name='one_exit_case_at_a_time'),
    ]

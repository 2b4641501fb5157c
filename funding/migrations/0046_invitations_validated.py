from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("funding", "0045_leads")]

    operations = [
        ValidateConstraint("consolidation", "lead_named_for_a_reason"),
        ValidateConstraint("review", "answer_after_invitation"),
        ValidateConstraint("review", "review_left_for_a_reason"),
    ]

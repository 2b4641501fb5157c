from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("funding", "0049_outcome_constraints")]

    operations = [
        ValidateConstraint("application", "outcome_told_when_it_stands"),
        ValidateConstraint("application", "told_after_it_was_decided"),
    ]

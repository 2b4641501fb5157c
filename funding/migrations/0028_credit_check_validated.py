from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("funding", "0027_credit_check")]

    operations = [
        ValidateConstraint("application", "suspended_means_reason"),
        ValidateConstraint("application", "formal_checker_does_not_clear"),
    ]

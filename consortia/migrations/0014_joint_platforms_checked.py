"""The rows that stood before hold what joint platforms have to hold."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consortia", "0013_joint_platforms")]
    operations = [
        ValidateConstraint("platform", "builder_share_in_range"),
        ValidateConstraint("platform", "equipment_value_not_negative"),
    ]

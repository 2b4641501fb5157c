"""The rows that stood before have a tier, or are being prepared."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consortia", "0016_given_up_in_preparation")]
    operations = [ValidateConstraint("consortium", "consortium_at_work_has_a_tier")]

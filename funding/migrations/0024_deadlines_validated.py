from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("funding", "0023_opened_applications")]

    operations = [ValidateConstraint("call", "call_grace_and_outages_in_range")]

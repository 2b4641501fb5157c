from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("funding", "0011_application_kind")]

    operations = [ValidateConstraint("call", "call_takes_some_kind")]

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("funding", "0014_rehearsals")]

    operations = [ValidateConstraint("call", "rehearsals_are_numbered_apart")]

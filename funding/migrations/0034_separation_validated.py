from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("funding", "0033_separation")]

    operations = [ValidateConstraint("application", "supervisor_neither_grades_nor_decides")]

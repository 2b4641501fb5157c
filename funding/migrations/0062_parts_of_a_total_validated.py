from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("funding", "0061_parts_of_a_total")]

    operations = [ValidateConstraint("review", "parts_of_a_total")]

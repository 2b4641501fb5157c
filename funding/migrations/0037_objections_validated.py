from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("funding", "0036_objections")]

    operations = [
        ValidateConstraint("objection", "effect_of_an_upheld_objection"),
        ValidateConstraint("objection", "amended_to_a_tier_and_an_amount"),
    ]

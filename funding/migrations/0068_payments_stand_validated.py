"""What is checked of payments holds for the old ones, too."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("funding", "0067_payments_stand"),
    ]

    operations = [
        ValidateConstraint("payment", "a_payment_stands_or_came_back"),
    ]

"""It holds for every tranche."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("funding", "0070_tranches_on_the_way"),
    ]

    operations = [
        ValidateConstraint("tranche", "verified_means_by_whom"),
        ValidateConstraint("tranche", "reviewed_means_by_whom"),
        ValidateConstraint("tranche", "payment_approved_means_by_whom"),
    ]

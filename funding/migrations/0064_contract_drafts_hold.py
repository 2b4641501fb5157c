"""What was added about drafts of contracts holds for the rows that are there."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('funding', '0063_contract_drafts'),
    ]

    operations = [
        ValidateConstraint('contract', 'signed_means_by_whom'),
        ValidateConstraint('contract', 'effective_means_countersigned'),
        ValidateConstraint('contract', 'who_drafts_does_not_countersign'),
    ]

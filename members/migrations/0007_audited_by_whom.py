"""The checks of 0005 for rows that were there before: in a transaction of its own, which locks nobody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("members", "0006_imports")]
    operations = [
        ValidateConstraint("yearfigures", "yearfigures_audited_by_whom"),
        ValidateConstraint("pastfigures", "pastfigures_audited_by_whom"),
    ]

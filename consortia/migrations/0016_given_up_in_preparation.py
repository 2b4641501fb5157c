"""Whoever gives up while preparing has left without a tier."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consortia", "0015_disputed_rights")]
    operations = [
        migrations.RemoveConstraint("consortium", "consortium_at_work_has_a_tier"),
        AddConstraintNotValid(
            "consortium",
            models.CheckConstraint(
                condition=models.Q(
                    ("status", "PREPARING"),
                    models.Q(("recognised_on", None), ("status", "EXITED"), ("tier", "")),
                    models.Q(models.Q(("tier", ""), _negated=True), ("recognised_on__isnull", False)),
                    _connector="OR",
                ),
                name="consortium_at_work_has_a_tier",
            ),
        ),
    ]

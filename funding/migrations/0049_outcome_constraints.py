from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("funding", "0048_outcomes_told_so_far")]

    operations = [
        AddConstraintNotValid(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("told_at", None), models.Q(("status__in", ["OBJECTED", "APPROVED"]), _negated=True)
                    ),
                    models.Q(
                        ("status__in", ["PUBLICISED", "OBJECTED", "APPROVED", "NOT_APPROVED"]),
                        ("told_at__isnull", False),
                    ),
                    models.Q(("notice__isnull", False), ("status", "DECIDED"), ("told_at__isnull", False)),
                    _connector="OR",
                ),
                name="outcome_told_when_it_stands",
                violation_error_message="What is not published is not told.",
            ),
        ),
        AddConstraintNotValid(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("told_at", None), ("decided_at", None), ("told_at__gte", models.F("decided_at")),
                    _connector="OR",
                ),
                name="told_after_it_was_decided",
                violation_error_message="An outcome is told after it was decided.",
            ),
        ),
    ]

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("funding", "0032_credit_step_of_calls")]

    operations = [
        AddConstraintNotValid(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("credit_by", None),
                    models.Q(
                        models.Q(
                            ("graded_by", None),
                            models.Q(("credit_by", models.F("graded_by")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("decided_by", None),
                            models.Q(("credit_by", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("approved_by", None),
                            models.Q(("credit_by", models.F("approved_by")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="supervisor_neither_grades_nor_decides",
                violation_error_message="Who checks the integrity of a case neither grades nor decides it.",
            ),
        ),
    ]

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("funding", "0060_expenditures")]

    operations = [
        migrations.AddField(
            model_name="review",
            name="parts",
            field=models.JSONField(editable=False, null=True),
        ),
        AddConstraintNotValid(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("parts", None), ("total__isnull", False), _connector="OR"),
                name="parts_of_a_total",
                violation_error_message="Only a review with a total has parts of it.",
            ),
        ),
    ]

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("funding", "0050_outcome_constraints_validated")]

    operations = [
        migrations.AddField(
            model_name="reviewsession",
            name="frozen",
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        AddConstraintNotValid(
            model_name="reviewsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "LOCKED"), ("frozen", {}), _connector="OR"),
                name="frozen_minutes_are_locked",
                violation_error_message="Only minutes that are locked are frozen.",
            ),
        ),
    ]

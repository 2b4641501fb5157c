"""The jobs from before have known states, too."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("kernel", "0012_paused_jobs"),
    ]

    operations = [
        ValidateConstraint(model_name='job', name='job_state_is_known'),
    ]

"""Jobs can be paused."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("kernel", "0011_pdf_exports_checked"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='job',
            name='job_state_is_known',
        ),
        AddConstraintNotValid(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED', 'HELD'])), name='job_state_is_known'),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='job',
                    name='state',
                    field=models.CharField(choices=[('QUEUED', 'Queued'), ('RUNNING', 'Running'), ('DONE', 'Done'), ('FAILED', 'Failed'), ('CANCELLED', 'Cancelled'), ('HELD', 'Paused')], default='QUEUED', max_length=10, verbose_name='state'),
                ),
            ],
        ),
    ]

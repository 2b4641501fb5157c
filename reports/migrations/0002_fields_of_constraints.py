"""What a form can break is said at its field."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funding', '0005_call_in_depth'),
        ('reports', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='evaluationcycle',
            name='cycle_dates_in_order',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__gt', models.F('opens_on'))), name='cycle_dates_in_order', violation_error_code='due_on', violation_error_message='The last day must be after the first.'),
        ),
    ]

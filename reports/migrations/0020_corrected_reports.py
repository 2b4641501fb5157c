"""A final report says which one it corrects."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0019_report_batches'),
    ]

    operations = [
        migrations.AddField(
            model_name='report',
            name='corrects',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='reports.report', verbose_name='corrects'),
        ),
    ]

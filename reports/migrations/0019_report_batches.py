"""Batches of reports: a whole year by one click."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0013_paused_jobs_checked'),
        ('reports', '0018_city_reports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportBatch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('language', models.CharField(max_length=8, verbose_name='language')),
                ('scope', models.CharField(choices=[('FINAL', 'Those that are final'), ('FILED', 'All that were filed, the others as drafts')], max_length=8, verbose_name='which')),
                ('status', models.CharField(choices=[('RUNNING', 'Being made'), ('PAUSED', 'Paused'), ('ENDED', 'Ended'), ('CANCELLED', 'Stopped')], default='RUNNING', editable=False, max_length=10, verbose_name='status')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='reports.evaluationcycle', verbose_name='year')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='BatchItem',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.evaluation')),
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.job')),
                ('report', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batch_items', to='reports.report')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='reports.reportbatch')),
            ],
            options={
                'ordering': ['evaluation__consortium__code'],
            },
        ),
        migrations.AddConstraint(
            model_name='reportbatch',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('RUNNING', 'PAUSED'))), fields=('cycle', 'language'), name='one_batch_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='reportbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('status__in', ('RUNNING', 'PAUSED'))), models.Q(models.Q(('status__in', ('RUNNING', 'PAUSED')), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='batch_over_iff_ended'),
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.UniqueConstraint(fields=('batch', 'evaluation'), name='one_report_an_evaluation_and_batch'),
        ),
    ]

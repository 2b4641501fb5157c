"""Imports of organisations and yearly figures.

Apart from 0001 for the same reason as 0005: leave both tables out of 0001 when it is made anew.
"""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0003_bigrams'),
        ('members', '0005_documents'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('ORGS', 'Organisations'), ('YEARS', 'Yearly figures')], default='ORGS', max_length=5, verbose_name='holds')),
                ('source', models.CharField(choices=[('IMPORT', 'Import'), ('STATISTICS', 'Official statistics')], default='IMPORT', max_length=10, verbose_name='source')),
                ('status', models.CharField(choices=[('UPLOADED', 'Being read'), ('CHECKED', 'Checked'), ('APPLIED', 'Applied'), ('DISCARDED', 'Discarded')], default='UPLOADED', editable=False, max_length=9, verbose_name='status')),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='uploaded at')),
                ('trouble', models.CharField(blank=True, editable=False, max_length=300)),
                ('new', models.PositiveIntegerField(default=0, editable=False)),
                ('changed', models.PositiveIntegerField(default=0, editable=False)),
                ('unchanged', models.PositiveIntegerField(default=0, editable=False)),
                ('wrong', models.PositiveIntegerField(default=0, editable=False)),
                ('digest', models.JSONField(default=dict, editable=False)),
                ('applied_at', models.DateTimeField(editable=False, null=True, verbose_name='applied at')),
                ('applied_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment')),
                ('job', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='kernel.job')),
                ('uploaded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('number', models.PositiveIntegerField(verbose_name='row')),
                ('verdict', models.CharField(choices=[('NEW', 'New'), ('CHANGED', 'Changed'), ('UNCHANGED', 'Unchanged'), ('WRONG', 'Wrong')], max_length=9)),
                ('key', models.CharField(max_length=30)),
                ('label', models.CharField(max_length=220)),
                ('seen', models.CharField(blank=True, max_length=64)),
                ('values', models.JSONField(default=dict)),
                ('changes', models.JSONField(default=dict)),
                ('errors', models.JSONField(default=list)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='members.importbatch')),
                ('figures', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.yearfigures')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.organisation')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.AddConstraint(
            model_name='importbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'APPLIED'), ('applied_at__isnull', False), ('applied_by__isnull', False), ('trouble', ''), ('wrong', 0)), models.Q(models.Q(('status', 'APPLIED'), _negated=True), ('applied_at', None), ('applied_by', None)), _connector='OR'), name='import_applied_by_somebody_and_whole'),
        ),
        migrations.AddConstraint(
            model_name='importbatch',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ('IMPORT', 'STATISTICS'))), name='import_source_is_known'),
        ),
        migrations.AddIndex(
            model_name='importrow',
            index=models.Index(fields=['batch', 'verdict', 'key'], name='import_row_order'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.UniqueConstraint(fields=('batch', 'number'), name='import_row_stands_once'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'WRONG'), models.Q(('errors', []), _negated=True)), models.Q(models.Q(('verdict', 'WRONG'), _negated=True), ('errors', [])), _connector='OR'), name='import_row_is_wrong_for_a_reason'),
        ),
    ]

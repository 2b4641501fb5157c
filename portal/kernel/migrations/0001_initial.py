
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditCheckpoint',
            fields=[
                ('last_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('hash', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('archive', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ['-last_id'],
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('series', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('value', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='SentForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('owner', models.CharField(max_length=64)),
                ('fingerprint', models.CharField(max_length=64)),
                ('answer', models.JSONField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='sent_form_oldest')],
                'constraints': [models.UniqueConstraint(fields=('owner', 'key'), name='form_sent_once')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('name', models.CharField(max_length=200, verbose_name='file name')),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('size', models.PositiveBigIntegerField(verbose_name='size')),
                ('mime', models.CharField(max_length=120)),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('path', models.CharField(editable=False, max_length=160, unique=True)),
                ('owner', models.UUIDField(blank=True, editable=False, null=True)),
                ('scan', models.CharField(choices=[('OWN', 'Made by the portal'), ('OFF', 'Not scanned: there is no scanner'), ('WAITING', 'Not scanned yet'), ('CLEAN', 'Scanned, nothing found'), ('INFECTED', 'Malicious code found')], default='OWN', max_length=8, verbose_name='virus scan')),
                ('damaged_at', models.DateTimeField(blank=True, null=True, verbose_name='found damaged')),
                ('uploaded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('owner__isnull', False)), fields=['owner'], name='attachment_owner'), models.Index(condition=models.Q(('scan', 'WAITING')), fields=['created_at'], name='attachment_to_scan')],
                'constraints': [models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='attachment_is_not_empty'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='attachment_sha256_is_hex'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='attachment_has_a_name'), models.CheckConstraint(condition=models.Q(('scan__in', ['OWN', 'OFF', 'WAITING', 'CLEAN', 'INFECTED'])), name='attachment_scan_is_known')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(verbose_name='time')),
                ('actor_name', models.CharField(blank=True, max_length=100, verbose_name='name')),
                ('roles', models.CharField(blank=True, max_length=200, verbose_name='roles')),
                ('action', models.CharField(max_length=60, verbose_name='action')),
                ('result', models.CharField(choices=[('done', 'Done'), ('refused', 'Refused'), ('failed', 'Failed')], default='done', max_length=7, verbose_name='result')),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.CharField(max_length=64)),
                ('subject_label', models.CharField(max_length=250, verbose_name='object')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('facts', models.JSONField(default=dict)),
                ('address', models.CharField(blank=True, max_length=45, verbose_name='address')),
                ('request_id', models.CharField(blank=True, max_length=64, verbose_name='request')),
                ('method', models.CharField(blank=True, max_length=10)),
                ('path', models.CharField(blank=True, max_length=300, verbose_name='path')),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64, unique=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['subject_type', 'subject_id', '-id'], name='audit_subject'), models.Index(fields=['actor', '-id'], name='audit_actor'), models.Index(fields=['at'], name='audit_at'), models.Index(condition=models.Q(('result', 'done'), _negated=True), fields=['result', '-id'], name='audit_not_done')],
                'constraints': [models.UniqueConstraint(fields=('previous',), name='audit_chain_has_no_fork'), models.CheckConstraint(condition=models.Q(('id__gt', 0)), name='audit_counts_from_one'), models.CheckConstraint(condition=models.Q(('result__in', ['done', 'refused', 'failed'])), name='audit_result_is_known'), models.CheckConstraint(condition=models.Q(('hash__regex', '^[0-9a-f]{64}$'), ('previous__regex', '^[0-9a-f]{64}$')), name='audit_hashes_are_hex')],
            },
        ),
        migrations.CreateModel(
            name='ExportLog',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('slug', models.CharField(max_length=60, verbose_name='export')),
                ('format', models.CharField(choices=[('xlsx', 'Excel workbook (XLSX)'), ('csv', 'CSV'), ('json', 'JSON'), ('jsonl', 'JSON lines')], max_length=5, verbose_name='format')),
                ('params', models.JSONField(blank=True, default=dict, verbose_name='filter')),
                ('row_count', models.PositiveIntegerField(verbose_name='rows')),
                ('size', models.PositiveBigIntegerField(verbose_name='size')),
                ('purpose', models.CharField(blank=True, max_length=200, verbose_name='purpose')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['user', '-created_at'], name='export_log_user')],
                'constraints': [models.CheckConstraint(condition=models.Q(('format__in', ['xlsx', 'csv', 'json', 'jsonl'])), name='export_log_format_is_known'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='export_log_sha256_is_hex')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('params', models.JSONField(blank=True, default=dict)),
                ('state', models.CharField(choices=[('QUEUED', 'Queued'), ('RUNNING', 'Running'), ('DONE', 'Done'), ('FAILED', 'Failed'), ('CANCELLED', 'Cancelled')], default='QUEUED', max_length=10, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('max_attempts', models.PositiveSmallIntegerField(default=3)),
                ('run_after', models.DateTimeField(verbose_name='not before')),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('progress', models.PositiveSmallIntegerField(default=0, verbose_name='progress')),
                ('step', models.CharField(blank=True, max_length=120, verbose_name='step')),
                ('result', models.JSONField(blank=True, default=dict)),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='error')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='requested by')),
            ],
            options={
                'verbose_name': 'job',
                'verbose_name_plural': 'jobs',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'QUEUED')), fields=['run_after'], name='job_waiting'), models.Index(condition=models.Q(('state', 'RUNNING')), fields=['lease_until'], name='job_running'), models.Index(fields=['requested_by', '-created_at'], name='job_requested_by')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED'])), name='job_state_is_known'), models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='job_progress_is_a_percentage'), models.CheckConstraint(condition=models.Q(('attempts__lte', models.F('max_attempts'))), name='job_attempts_within_limit'), models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('started_at__isnull', False), ('state', 'RUNNING')), models.Q(models.Q(('state', 'RUNNING'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='job_running_iff_leased'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('state__in', ['CANCELLED', 'DONE', 'FAILED'])), models.Q(models.Q(('state__in', ['CANCELLED', 'DONE', 'FAILED']), _negated=True), ('finished_at__isnull', True)), _connector='OR'), name='job_ended_iff_finished_at'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'DONE'), _negated=True), ('progress', 100), _connector='OR')), name='job_done_is_complete'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'FAILED'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR')), name='job_failed_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(max_length=60)),
                ('params', models.JSONField(blank=True, default=dict)),
                ('url', models.CharField(blank=True, max_length=300)),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'notification',
                'verbose_name_plural': 'notifications',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['recipient', '-created_at', '-id'], name='notification_inbox'), models.Index(condition=models.Q(('read_at', None)), fields=['recipient'], name='notification_unread')],
                'constraints': [models.CheckConstraint(condition=models.Q(('url', ''), ('url__regex', '^/([^/\\\\]|$)'), _connector='OR'), name='notification_url_is_a_local_path')],
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('page', models.CharField(max_length=80)),
                ('name', models.CharField(max_length=40, verbose_name='name of the filter')),
                ('query', models.CharField(max_length=1000)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'page', 'name'), name='filter_saved_once_under_a_name')],
            },
        ),
    ]


import uuid
from decimal import Decimal

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('consortia', '0001_initial'),
        ('funding', '0001_initial'),
        ('kernel', '0003_bigrams'),
        ('members', '0005_documents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EvaluationCycle',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('year', models.PositiveSmallIntegerField(unique=True, verbose_name='year')),
                ('opens_on', models.DateField(verbose_name='self-reports from')),
                ('due_on', models.DateField(verbose_name='self-reports until')),
                ('status', models.CharField(choices=[('OPEN', 'Open'), ('CLOSED', 'Closed')], default='OPEN', editable=False, max_length=8, verbose_name='status')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rules', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cycles', to='funding.ruleset', verbose_name='rule set')),
            ],
            options={
                'ordering': ['-year'],
            },
        ),
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('values', models.JSONField(default=dict, verbose_name='indicator values')),
                ('summary', models.TextField(blank=True, max_length=5000, verbose_name='summary of the year')),
                ('problems', models.TextField(blank=True, max_length=3000, verbose_name='problems and plans')),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('status', models.CharField(choices=[('FILLING', 'Self-report being written'), ('SUBMITTED', 'Waiting for the district'), ('RETURNED', 'Returned for correction'), ('VERIFIED', 'Waiting for expert scores'), ('SCORED', 'Waiting for grading'), ('GRADED', 'Waiting for confirmation'), ('FINAL', 'Final'), ('ABSENT', 'Did not take part')], default='FILLING', editable=False, max_length=10, verbose_name='status')),
                ('submitted_at', models.DateTimeField(null=True, verbose_name='filed at')),
                ('snapshot', models.JSONField(null=True)),
                ('snapshot_hash', models.CharField(blank=True, max_length=64)),
                ('returned_count', models.PositiveSmallIntegerField(default=0, verbose_name='times returned')),
                ('return_note', models.TextField(blank=True, verbose_name='what is to be corrected')),
                ('verified_at', models.DateTimeField(null=True, verbose_name='verified at')),
                ('verification', models.TextField(blank=True, verbose_name='opinion of the verification')),
                ('declared_at', models.DateTimeField(null=True, verbose_name='declared at')),
                ('scores', models.JSONField(default=dict, verbose_name='scores')),
                ('expert_opinion', models.TextField(blank=True, max_length=3000, verbose_name='expert opinion')),
                ('scored_at', models.DateTimeField(null=True, verbose_name='scored at')),
                ('bonus', models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=4, verbose_name='bonus')),
                ('bonus_note', models.CharField(blank=True, max_length=500, verbose_name='reason of the bonus')),
                ('deduction', models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=4, verbose_name='deduction')),
                ('deduction_note', models.CharField(blank=True, max_length=500, verbose_name='reason of the deduction')),
                ('veto', models.CharField(blank=True, choices=[('FALSIFICATION', 'Proven falsification'), ('MISUSE', 'Misuse of funds'), ('ACCIDENT', 'Major safety, quality or environmental accident'), ('REFUSAL', 'Refusal of an inspection'), ('LEAD_GONE', 'Lead lost its legal personality or moved out of the city')], max_length=14, verbose_name='veto')),
                ('sheet', models.JSONField(default=dict)),
                ('total', models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name='score')),
                ('grade', models.CharField(blank=True, choices=[('EXCELLENT', 'Excellent'), ('GOOD', 'Good'), ('QUALIFIED', 'Qualified'), ('UNQUALIFIED', 'Unqualified')], max_length=12, verbose_name='grade')),
                ('grade_note', models.TextField(blank=True, max_length=3000, verbose_name='rationale of the grade')),
                ('graded_at', models.DateTimeField(null=True, verbose_name='graded at')),
                ('finalised_at', models.DateTimeField(null=True, verbose_name='confirmed at')),
                ('consortium', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='consortia.consortium', verbose_name='consortium')),
                ('expert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='members.expert')),
                ('finalised_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('graded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('verified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='reports.evaluationcycle', verbose_name='year')),
            ],
            options={
                'ordering': ['consortium__code'],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('metric', models.CharField(blank=True, max_length=20, verbose_name='indicator')),
                ('label', models.CharField(max_length=120, verbose_name='what it proves')),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='reports.evaluation')),
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('number', models.CharField(max_length=24, unique=True, verbose_name='number')),
                ('template_version', models.CharField(max_length=10)),
                ('language', models.CharField(default='zh-hans', max_length=8, verbose_name='language')),
                ('snapshot', models.JSONField()),
                ('snapshot_hash', models.CharField(max_length=64)),
                ('is_final', models.BooleanField(default=False, verbose_name='of a final grade')),
                ('status', models.CharField(choices=[('QUEUED', 'Being made'), ('STORED', 'Ready'), ('FAILED', 'Failed')], default='QUEUED', editable=False, max_length=8, verbose_name='status')),
                ('pages', models.PositiveSmallIntegerField(null=True, verbose_name='pages')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='reports.evaluation')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment')),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.job')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='AgreementDocument',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('language', models.CharField(max_length=8, verbose_name='language')),
                ('template_version', models.CharField(max_length=10)),
                ('snapshot', models.JSONField()),
                ('snapshot_hash', models.CharField(max_length=64)),
                ('pages', models.PositiveSmallIntegerField(null=True, verbose_name='pages')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='consortia.agreement')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment')),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.job')),
            ],
            options={
                'ordering': ['-created_at', '-language'],
                'constraints': [models.UniqueConstraint(fields=('agreement', 'language', 'template_version', 'snapshot_hash'), name='same_agreement_same_document'), models.CheckConstraint(condition=models.Q(models.Q(('file', None), ('pages', None)), models.Q(('file__isnull', False), ('pages__isnull', False)), _connector='OR'), name='agreement_document_has_pages')],
            },
        ),
        migrations.AddConstraint(
            model_name='evaluationcycle',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__gt', models.F('opens_on'))), name='cycle_dates_in_order', violation_error_message='The last day must be after the first.'),
        ),
        migrations.AddIndex(
            model_name='evaluation',
            index=models.Index(fields=['cycle', 'status'], name='evaluation_queue'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.UniqueConstraint(fields=('cycle', 'consortium'), name='evaluated_once_a_year'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['SUBMITTED', 'VERIFIED', 'SCORED', 'GRADED', 'FINAL']), _negated=True), models.Q(('snapshot__isnull', False), ('submitted_at__isnull', False), ('submitted_by__isnull', False), models.Q(('snapshot_hash', ''), _negated=True)), _connector='OR'), name='filed_means_by_whom_and_what'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['VERIFIED', 'SCORED', 'GRADED', 'FINAL']), _negated=True), ('verified_by__isnull', False), _connector='OR'), name='self_report_verified_means_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['SCORED', 'GRADED', 'FINAL']), _negated=True), models.Q(('declared_at__isnull', False), ('expert__isnull', False), ('scored_at__isnull', False)), _connector='OR'), name='year_scored_means_declared_expert'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['GRADED', 'FINAL']), _negated=True), models.Q(('graded_by__isnull', False), ('total__isnull', False), models.Q(('grade', ''), _negated=True)), _connector='OR'), name='year_graded_means_total_and_grade'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'FINAL'), _negated=True), models.Q(('finalised_at__isnull', False), ('finalised_by__isnull', False)), _connector='OR'), name='final_means_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('finalised_by', None), models.Q(('finalised_by', models.F('graded_by')), _negated=True), _connector='OR'), name='year_grader_does_not_confirm'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('total', None), models.Q(('total__gte', 0), ('total__lte', 105)), _connector='OR'), name='year_total_in_range'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('bonus__gte', 0), ('bonus__lte', 5), models.Q(('bonus', 0), models.Q(('bonus_note', ''), _negated=True), _connector='OR')), name='bonus_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('deduction__gte', 0), ('deduction__lte', 10), models.Q(('deduction', 0), models.Q(('deduction_note', ''), _negated=True), _connector='OR')), name='deduction_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('veto', ''), ('grade__in', ['', 'UNQUALIFIED']), _connector='OR'), name='veto_means_unqualified'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['-created_at', '-id'], name='report_newest'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(fields=('evaluation', 'template_version', 'language', 'snapshot_hash'), name='same_snapshot_same_report'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'STORED'), _negated=True), models.Q(('file__isnull', False), ('pages__isnull', False)), _connector='OR'), name='stored_means_file'),
        ),
    ]

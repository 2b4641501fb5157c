"""Grades are told, appealed against and publicised before they are final."""

import django.db.models.deletion
import django.utils.timezone
import portal.kernel.fields
import uuid
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortia', '0023_contact_of_a_consortium'),
        ('kernel', '0011_pdf_exports_checked'),
        ('members', '0017_sentence_of_a_share'),
        ('reports', '0014_recovery_documents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                ('kind', models.CharField(choices=[('APPEAL', 'Appeal of the lead'), ('OBJECTION', 'Objection to the published list')], max_length=9, verbose_name='kind')),
                ('total', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='score')),
                ('grade', models.CharField(choices=[('EXCELLENT', 'Excellent'), ('GOOD', 'Good'), ('QUALIFIED', 'Qualified'), ('UNQUALIFIED', 'Unqualified')], max_length=12, verbose_name='grade')),
                ('indicators', models.JSONField(default=list, verbose_name='indicators')),
                ('grounds', models.TextField(max_length=3000, verbose_name='grounds')),
                ('objector', models.CharField(blank=True, choices=[('PERSON', 'Person, with real name'), ('ORGANISATION', 'Organisation; hands in the sealed original')], max_length=12, verbose_name='objector')),
                ('name', portal.kernel.fields.EncryptedField(blank=True, mask='person', max_length=120, verbose_name='real name or name of the organisation')),
                ('contact', portal.kernel.fields.EncryptedField(blank=True, mask='contact', max_length=120, verbose_name='telephone or e-mail')),
                ('answer_due', models.DateField(verbose_name='answer due')),
                ('status', models.CharField(choices=[('OPEN', 'Open'), ('UPHELD', 'Upheld'), ('DISMISSED', 'Dismissed')], default='OPEN', editable=False, max_length=9, verbose_name='status')),
                ('remedy', models.CharField(blank=True, choices=[('GRADE', 'Grade the year again'), ('SCORE', 'Have another expert score it'), ('FILE', 'Let the lead correct its self-report')], max_length=5, verbose_name='what is done again')),
                ('finding', models.TextField(blank=True, max_length=3000, verbose_name='finding')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='AppealFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('ordinal', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['ordinal'],
            },
        ),
        migrations.CreateModel(
            name='GradeList',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('document_number', models.CharField(max_length=40, unique=True, verbose_name='document number')),
                ('meeting_on', models.DateField(verbose_name='day of the meeting')),
                ('meeting_number', models.CharField(max_length=40, verbose_name='number of the minutes')),
                ('starts_on', models.DateField(verbose_name='begins on')),
                ('ends_on', models.DateField(verbose_name='ends on')),
                ('rows', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('published_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-starts_on', '-created_at'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='evaluation',
            name='filed_means_by_whom_and_what',
        ),
        migrations.RemoveConstraint(
            model_name='evaluation',
            name='self_report_verified_means_by_whom',
        ),
        migrations.RemoveConstraint(
            model_name='evaluation',
            name='year_scored_means_declared_expert',
        ),
        migrations.RemoveConstraint(
            model_name='evaluation',
            name='year_graded_means_total_and_grade',
        ),
        migrations.AddField(
            model_name='evaluation',
            name='accepted_at',
            field=models.DateTimeField(null=True, verbose_name='grade accepted at'),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='appeal_until',
            field=models.DateField(null=True, verbose_name='appeals until'),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='confirmed_at',
            field=models.DateTimeField(null=True, verbose_name='grade confirmed at'),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.SeparateDatabaseAndState(  # the database knows no choices
            state_operations=[
                migrations.AlterField(
                    model_name='evaluation',
                    name='finalised_at',
                    field=models.DateTimeField(null=True, verbose_name='final since'),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(  # the database knows no choices
            state_operations=[
                migrations.AlterField(
                    model_name='evaluation',
                    name='status',
                    field=models.CharField(choices=[('FILLING', 'Self-report being written'), ('SUBMITTED', 'Waiting for the district'), ('RETURNED', 'Returned for correction'), ('VERIFIED', 'Waiting for expert scores'), ('SCORED', 'Waiting for grading'), ('GRADED', 'Waiting for confirmation'), ('FEEDBACK', 'Open to appeal'), ('APPEALED', 'Appeal being examined'), ('PUBLICISED', 'Being publicised'), ('FINAL', 'Final'), ('ABSENT', 'Did not take part'), ('EXEMPT', 'Exempt')], default='FILLING', editable=False, max_length=10, verbose_name='status'),
                ),
            ],
        ),
        migrations.AddField(
            model_name='appeal',
            name='confirmed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appeal',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appeal',
            name='evaluation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='reports.evaluation'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='filed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appeal',
            name='graded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appealfile',
            name='appeal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='reports.appeal'),
        ),
        migrations.AddField(
            model_name='appealfile',
            name='attachment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment'),
        ),
        migrations.AddField(
            model_name='gradelist',
            name='cycle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grade_lists', to='reports.evaluationcycle', verbose_name='year'),
        ),
        migrations.AddField(
            model_name='gradelist',
            name='published_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='grade_list',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='reports.gradelist'),
        ),
        AddConstraintNotValid(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['SUBMITTED', 'VERIFIED', 'SCORED', 'GRADED', 'FEEDBACK', 'APPEALED', 'PUBLICISED', 'FINAL']), _negated=True), models.Q(('snapshot__isnull', False), ('submitted_at__isnull', False), ('submitted_by__isnull', False), models.Q(('snapshot_hash', ''), _negated=True)), _connector='OR'), name='filed_means_by_whom_and_what'),
        ),
        AddConstraintNotValid(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['VERIFIED', 'SCORED', 'GRADED', 'FEEDBACK', 'APPEALED', 'PUBLICISED', 'FINAL']), _negated=True), ('verified_by__isnull', False), _connector='OR'), name='self_report_verified_means_by_whom'),
        ),
        AddConstraintNotValid(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['SCORED', 'GRADED', 'FEEDBACK', 'APPEALED', 'PUBLICISED', 'FINAL']), _negated=True), models.Q(('declared_at__isnull', False), ('expert__isnull', False), ('scored_at__isnull', False)), _connector='OR'), name='year_scored_means_declared_expert'),
        ),
        AddConstraintNotValid(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['GRADED', 'FEEDBACK', 'APPEALED', 'PUBLICISED', 'FINAL']), _negated=True), models.Q(('graded_by__isnull', False), ('total__isnull', False), models.Q(('grade', ''), _negated=True)), _connector='OR'), name='year_graded_means_total_and_grade'),
        ),
        AddConstraintNotValid(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('graded_by')), _negated=True), _connector='OR'), name='year_grader_tells_no_grade'),
        ),
        AddConstraintNotValid(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['FEEDBACK', 'APPEALED', 'PUBLICISED', 'FINAL']), _negated=True), models.Q(('appeal_until__isnull', False), ('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='grade_told_by_whom_and_until'),
        ),
        AddConstraintNotValid(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'PUBLICISED'), _negated=True), ('grade_list__isnull', False), _connector='OR'), name='grade_publicised_on_a_list'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'APPEAL'), ('status', 'OPEN')), fields=('evaluation',), name='one_open_appeal_a_grade', violation_error_message='An appeal is being examined already.'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('filed_by__isnull', False), ('kind', 'APPEAL'), ('objector', '')), models.Q(('filed_by', None), ('kind', 'OBJECTION'), models.Q(('objector', ''), _negated=True)), _connector='OR'), name='appeal_says_whose'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('status', 'OPEN')), models.Q(models.Q(('status', 'OPEN'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('finding', ''), _negated=True)), _connector='OR'), name='appeal_decided_by_whom_and_why'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'UPHELD'), models.Q(('remedy', ''), _negated=True)), models.Q(models.Q(('status', 'UPHELD'), _negated=True), ('remedy', '')), _connector='OR'), name='upheld_appeal_has_a_remedy'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('graded_by')), _negated=True), _connector='OR'), name='grader_decides_no_appeal'),
        ),
        migrations.AddConstraint(
            model_name='appealfile',
            constraint=models.UniqueConstraint(fields=('appeal', 'ordinal'), name='appeal_evidence_once'),
        ),
        migrations.AddConstraint(
            model_name='gradelist',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on')), ('meeting_on__lte', models.F('starts_on'))), name='grade_list_dates_in_order', violation_error_message='The meeting comes first, then the publication.'),
        ),
    ]

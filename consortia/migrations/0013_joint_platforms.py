"""Joint platforms in depth: who builds them, what they do in a year, and their direct recognition.

The kinds of platform are choices of a column of text: nothing changes in the table.
"""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortia', '0012_links_between'),
        ('kernel', '0004_watched_views'),
        ('members', '0012_registered_abroad_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CoBuilder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('outside', models.CharField(blank=True, max_length=120, verbose_name='organisation outside the consortium')),
                ('share', models.DecimalField(blank=True, decimal_places=4, max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='share (%)')),
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='DirectCondition',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('text_zh', models.CharField(max_length=200)),
                ('text_en', models.CharField(max_length=200)),
                ('hard', models.BooleanField(default=True, verbose_name='required')),
                ('measure', models.CharField(blank=True, choices=[('BUILDERS', 'Builders'), ('AREA', 'Area (m²)'), ('EQUIPMENT', 'Value of the equipment (×10k yuan)'), ('MONTHS', 'Months since opening'), ('STAFF', 'People at work in the newest year'), ('INCUBATEES', 'Incubated enterprises in the newest year'), ('SERVED', 'Organisations served in the newest year'), ('INCOME', 'Service income of the newest year (×10k yuan)')], max_length=10, verbose_name='measured by')),
                ('least', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='at least')),
                ('value', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='on record')),
                ('met', models.BooleanField(null=True, verbose_name='met')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='remark')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='DirectEvidence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('label', models.CharField(max_length=120, verbose_name='what it proves')),
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='DirectRecognition',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                ('status', models.CharField(choices=[('PROPOSED', "Waiting for the district's opinion"), ('RETURNED', 'Returned for completion'), ('DISTRICT_OPINION', 'Waiting for the check of conditions'), ('CONDITION_CHECK', 'Conditions checked'), ('EXPERT_OPINION', 'Experts heard'), ('MEETING', 'Waiting for the meeting'), ('RECOGNISED', 'Recognised'), ('NOT_RECOGNISED', 'Not recognised'), ('WITHDRAWN', 'Withdrawn by the consortium'), ('REVOKED', 'Recognition revoked')], default='PROPOSED', editable=False, max_length=16, verbose_name='status')),
                ('moved_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='waiting since')),
                ('grounds', models.TextField(max_length=2000, verbose_name='grounds')),
                ('terms_version', models.PositiveSmallIntegerField(default=0, help_text='0: the defaults of the portal.')),
                ('years', models.PositiveSmallIntegerField(verbose_name='valid for years')),
                ('experts', models.BooleanField(default=False, verbose_name='experts are heard')),
                ('returned_because', models.TextField(blank=True, max_length=2000, verbose_name='reason of the return')),
                ('supported', models.BooleanField(null=True, verbose_name='the district supports it')),
                ('opinion', models.TextField(blank=True, max_length=2000, verbose_name='opinion of the district')),
                ('check_note', models.TextField(blank=True, max_length=2000, verbose_name='remark on the check')),
                ('favoured', models.BooleanField(null=True, verbose_name='the experts are in favour')),
                ('expert_count', models.PositiveSmallIntegerField(null=True, verbose_name='number of experts')),
                ('heard_on', models.DateField(null=True, verbose_name='experts heard on')),
                ('expert_opinion', models.TextField(blank=True, max_length=4000, verbose_name="experts' opinion")),
                ('reason', models.TextField(blank=True, max_length=2000, verbose_name='reason of the decision')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('meeting', models.CharField(blank=True, max_length=120, verbose_name='meeting')),
                ('meeting_on', models.DateField(null=True, verbose_name='day of the meeting')),
                ('valid_from', models.DateField(null=True, verbose_name='valid from')),
                ('valid_until', models.DateField(null=True, verbose_name='valid until')),
                ('published_on', models.DateField(null=True, verbose_name='published on')),
                ('reminded_on', models.DateField(null=True)),
                ('revoked_because', models.TextField(blank=True, max_length=2000, verbose_name='reason of the revocation')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Obligation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('clause', models.CharField(choices=[('goals', 'Goals and tasks'), ('division', 'Division of work'), ('governance', 'Decision-making and governance'), ('funds', 'Raising and using funds'), ('ip_background', 'Background intellectual property'), ('ip_foreground', 'Foreground intellectual property'), ('benefits', 'Benefit distribution'), ('risks', 'Risk sharing'), ('flow', 'Sharing of staff, equipment and data'), ('management', 'Supervision and management of outcomes'), ('diffusion', 'Diffusion of publicly funded results'), ('incentives', 'Incentives for cooperation'), ('confidentiality', 'Confidentiality'), ('joining', 'Joining'), ('leaving', 'Leaving'), ('dissolution', 'Term, dissolution and liquidation'), ('breach', 'Liability for breach')], max_length=15, verbose_name='clause')),
                ('duty', models.CharField(max_length=200, verbose_name='obligation')),
                ('due', models.DateField(blank=True, help_text='Empty for a duty that lasts.', null=True, verbose_name='due on')),
                ('state', models.CharField(choices=[('DUE', 'To be fulfilled'), ('FULFILLED', 'Fulfilled'), ('BREACHED', 'Breached')], default='DUE', max_length=9, verbose_name='state')),
                ('settled_on', models.DateField(blank=True, help_text='Empty while it is to be fulfilled.', null=True, verbose_name='fulfilled or breached on')),
                ('remark', models.CharField(blank=True, max_length=300, verbose_name='remark')),
            ],
            options={
                'ordering': ['member__name', 'due', 'created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PlatformYear',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)], verbose_name='year')),
                ('staff', models.PositiveIntegerField(default=0, help_text='At a station: researchers who work in it.', verbose_name='people at work')),
                ('incubatees', models.PositiveIntegerField(default=0, verbose_name='incubated enterprises')),
                ('graduates', models.PositiveIntegerField(default=0, verbose_name='enterprises that have outgrown it')),
                ('served', models.PositiveIntegerField(default=0, verbose_name='organisations served')),
                ('times', models.PositiveIntegerField(default=0, verbose_name='times of service')),
                ('hours', models.PositiveIntegerField(default=0, verbose_name='hours open to others')),
                ('income', models.DecimalField(decimal_places=2, default=0, max_digits=18, validators=[django.core.validators.MinValueValidator(0)], verbose_name='service income')),
            ],
            options={
                'ordering': ['-year'],
            },
        ),
        migrations.CreateModel(
            name='TermsVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('KEY_LAB', 'Municipal key laboratory'), ('NEW_RD', 'New-type R&D institution'), ('ACADEMICIAN', 'Academician workstation'), ('POSTDOC', 'Postdoctoral workstation'), ('ENTERPRISE', 'Large-enterprise research institute'), ('INCUBATOR', 'Incubator'), ('PARK', 'Industrial park'), ('SERVICE', 'Public service platform'), ('PILOT_LINE', 'Pilot line'), ('JOINT_LAB', 'Joint laboratory')], max_length=12, verbose_name='kind')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('conditions', models.JSONField(default=list)),
                ('years', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)], verbose_name='valid for years')),
                ('experts', models.BooleanField(default=False, verbose_name='experts are heard')),
                ('basis', models.CharField(max_length=200, verbose_name='basis')),
            ],
            options={
                'ordering': ['kind', '-version'],
            },
        ),
        migrations.AddField(
            model_name='cobuilder',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.organisation', verbose_name='member'),
        ),
        migrations.AddField(
            model_name='cobuilder',
            name='platform',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='co_builders', to='consortia.platform'),
        ),
        migrations.AddField(
            model_name='directevidence',
            name='attachment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment'),
        ),
        migrations.AddField(
            model_name='directrecognition',
            name='checked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='directrecognition',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='directrecognition',
            name='expert_file',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment'),
        ),
        migrations.AddField(
            model_name='directrecognition',
            name='opined_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='directrecognition',
            name='platform',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recognitions', to='consortia.platform'),
        ),
        migrations.AddField(
            model_name='directrecognition',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='directevidence',
            name='recognition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='consortia.directrecognition'),
        ),
        migrations.AddField(
            model_name='directcondition',
            name='recognition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conditions', to='consortia.directrecognition'),
        ),
        migrations.AddField(
            model_name='obligation',
            name='consortium',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='consortia.consortium'),
        ),
        migrations.AddField(
            model_name='obligation',
            name='created_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='obligation',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.organisation', verbose_name='member'),
        ),
        migrations.AddField(
            model_name='obligation',
            name='proof',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment'),
        ),
        migrations.AddField(
            model_name='platformyear',
            name='platform',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='years', to='consortia.platform'),
        ),
        migrations.AddField(
            model_name='termsversion',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='cobuilder',
            constraint=models.UniqueConstraint(fields=('platform', 'organisation'), name='co_builder_once', violation_error_message='This builder is named already.'),
        ),
        migrations.AddConstraint(
            model_name='cobuilder',
            constraint=models.UniqueConstraint(condition=models.Q(('outside', ''), _negated=True), fields=('platform', 'outside'), name='outside_builder_once', violation_error_message='This builder is named already.'),
        ),
        migrations.AddConstraint(
            model_name='cobuilder',
            constraint=models.CheckConstraint(condition=models.Q(('organisation', None), ('outside', ''), _connector='XOR'), name='co_builder_is_inside_or_outside', violation_error_message='Name a member, or an organisation outside.'),
        ),
        migrations.AddConstraint(
            model_name='cobuilder',
            constraint=models.CheckConstraint(condition=models.Q(('share', None), models.Q(('share__gt', 0), ('share__lte', 100)), _connector='OR'), name='co_builder_share_in_range'),
        ),
        migrations.AddIndex(
            model_name='directrecognition',
            index=models.Index(fields=['status', 'moved_at'], name='direct_status'),
        ),
        migrations.AddConstraint(
            model_name='directrecognition',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['NOT_RECOGNISED', 'RECOGNISED', 'REVOKED', 'WITHDRAWN']), _negated=True), fields=('platform',), name='one_direct_at_a_time', violation_error_message='A direct recognition of this platform is running already.'),
        ),
        migrations.AddConstraint(
            model_name='directrecognition',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'RECOGNISED')), fields=('document_number',), name='direct_document_number_once', violation_error_message='Another platform was recognised under this document number.'),
        ),
        migrations.AddConstraint(
            model_name='directrecognition',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(models.Q(('decided_by', models.F('proposed_by')), _negated=True), models.Q(('decided_by', models.F('opined_by')), _negated=True), models.Q(('decided_by', models.F('checked_by')), _negated=True)), _connector='OR'), name='decider_did_not_prepare_direct'),
        ),
        migrations.AddConstraint(
            model_name='directrecognition',
            constraint=models.CheckConstraint(condition=models.Q(('checked_by', None), models.Q(models.Q(('checked_by', models.F('proposed_by')), _negated=True), models.Q(('checked_by', models.F('opined_by')), _negated=True)), _connector='OR'), name='checker_did_not_opine_direct'),
        ),
        migrations.AddConstraint(
            model_name='directrecognition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['RECOGNISED', 'NOT_RECOGNISED', 'REVOKED']), models.Q(('decided_by', None), _negated=True), ('meeting_on__isnull', False)), models.Q(models.Q(('status__in', ['RECOGNISED', 'NOT_RECOGNISED', 'REVOKED']), _negated=True), ('decided_by', None)), _connector='OR'), name='direct_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='directrecognition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'RECOGNISED'), _negated=True), models.Q(models.Q(('document_number', ''), _negated=True), ('valid_from__isnull', False), ('valid_until__gt', models.F('valid_from')), ('valid_until__isnull', False)), _connector='OR'), name='recognised_with_number_and_term'),
        ),
        migrations.AddConstraint(
            model_name='directrecognition',
            constraint=models.CheckConstraint(condition=models.Q(('published_on', None), ('status', 'RECOGNISED'), _connector='OR'), name='only_recognised_is_published'),
        ),
        migrations.AddConstraint(
            model_name='directcondition',
            constraint=models.UniqueConstraint(fields=('recognition', 'position'), name='direct_condition_once'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_on', None), ('state', 'DUE')), models.Q(models.Q(('state', 'DUE'), _negated=True), ('settled_on__isnull', False)), _connector='OR'), name='obligation_settled_on_a_day', violation_error_message='Give the day for what is fulfilled or breached, and for nothing else.'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'BREACHED'), _negated=True), models.Q(('remark', ''), _negated=True), _connector='OR'), name='breach_means_what', violation_error_message='Say what the breach consists in.'),
        ),
        migrations.AddConstraint(
            model_name='platformyear',
            constraint=models.UniqueConstraint(fields=('platform', 'year'), name='one_service_year', violation_error_message='The figures of this year are recorded already.'),
        ),
        migrations.AddConstraint(
            model_name='platformyear',
            constraint=models.CheckConstraint(condition=models.Q(('income__gte', 0)), name='service_income_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='termsversion',
            constraint=models.UniqueConstraint(fields=('kind', 'version'), name='terms_version_once'),
        ),
        migrations.AddConstraint(
            model_name='termsversion',
            constraint=models.CheckConstraint(condition=models.Q(('years__gte', 1), ('years__lte', 10)), name='terms_years_in_range'),
        ),
        # Last, for until the end of the transaction nobody reads the platforms.
        migrations.AddField(
            model_name='platform',
            name='address',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='address'),
        ),
        migrations.AddField(
            model_name='platform',
            name='district',
            field=models.ForeignKey(blank=True, help_text='Empty for a platform outside the city.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.district', verbose_name='district'),
        ),
        migrations.AddField(
            model_name='platform',
            name='equipment_value',
            field=models.DecimalField(blank=True, db_default=0, decimal_places=2, default=0, max_digits=18, validators=[django.core.validators.MinValueValidator(0)], verbose_name='value of the equipment'),
        ),
        migrations.AddField(
            model_name='platform',
            name='incubation',
            field=models.CharField(blank=True, choices=[('SPACE', 'Space and service'), ('INVESTING', 'Space, service and investment'), ('EARLY', 'Incubation ahead of founding')], db_default='', default='', help_text='Only for incubators and parks.', max_length=9, verbose_name='mode of incubation'),
        ),
        migrations.AddField(
            model_name='platform',
            name='introduction',
            field=models.TextField(blank=True, db_default='', default='', max_length=2000, verbose_name='introduction'),
        ),
        migrations.AddField(
            model_name='platform',
            name='redeveloped',
            field=models.BooleanField(db_default=False, default=False, help_text='Land that was used poorly before, or production moved upstairs.', verbose_name='on redeveloped industrial land'),
        ),
        migrations.AddField(
            model_name='platform',
            name='share',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='share (%)'),
        ),
        migrations.AddField(
            model_name='platform',
            name='stage',
            field=models.CharField(blank=True, choices=[('RESEARCH', 'Basic industrial research'), ('INCUBATION', 'Incubation of innovation projects'), ('TECHNICAL', 'Public technical service'), ('OPEN_LAB', 'Open laboratory service')], db_default='', default='', max_length=10, verbose_name='mainly offers'),
        ),
        migrations.SeparateDatabaseAndState(state_operations=[
        migrations.AlterField(
            model_name='platform',
            name='kind',
            field=models.CharField(choices=[('KEY_LAB', 'Municipal key laboratory'), ('NEW_RD', 'New-type R&D institution'), ('ACADEMICIAN', 'Academician workstation'), ('POSTDOC', 'Postdoctoral workstation'), ('ENTERPRISE', 'Large-enterprise research institute'), ('INCUBATOR', 'Incubator'), ('PARK', 'Industrial park'), ('SERVICE', 'Public service platform'), ('PILOT_LINE', 'Pilot line'), ('JOINT_LAB', 'Joint laboratory')], max_length=12, verbose_name='kind'),
        ),
        ]),
        AddConstraintNotValid(
            model_name='platform',
            constraint=models.CheckConstraint(condition=models.Q(('share', None), models.Q(('share__gt', 0), ('share__lte', 100)), _connector='OR'), name='builder_share_in_range'),
        ),
        AddConstraintNotValid(
            model_name='platform',
            constraint=models.CheckConstraint(condition=models.Q(('equipment_value__gte', 0)), name='equipment_value_not_negative'),
        ),
    ]

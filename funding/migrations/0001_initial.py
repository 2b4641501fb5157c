
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import portal.kernel.fields
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('consortia', '0001_initial'),
        ('kernel', '0003_bigrams'),
        ('members', '0005_documents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RuleSet',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('data', models.JSONField(verbose_name='rules')),
                ('sha256', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                ('requested_tier', models.CharField(choices=[('A', 'Tier A'), ('B', 'Tier B'), ('C', 'Tier C (cultivation)')], max_length=1, verbose_name='requested tier')),
                ('requested_amount', models.DecimalField(decimal_places=2, max_digits=18, validators=[django.core.validators.MinValueValidator(0)], verbose_name='requested amount')),
                ('objective', models.TextField(blank=True, max_length=3000, verbose_name='objective')),
                ('foundation', models.TextField(blank=True, max_length=3000, verbose_name='foundation of cooperation')),
                ('route', models.TextField(blank=True, max_length=6000, verbose_name='technical route')),
                ('commercialisation', models.TextField(blank=True, max_length=3000, verbose_name='commercialisation')),
                ('elements', models.TextField(blank=True, max_length=3000, verbose_name='talent, platforms and funds')),
                ('justification', models.TextField(blank=True, max_length=1000, verbose_name='justification of deviations')),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('sections', models.JSONField(default=dict)),
                ('status', models.CharField(choices=[('DRAFT', 'Draft'), ('SUBMITTED', 'Waiting for recommendation'), ('RETURNED', 'Returned for correction'), ('NOT_RECOMMENDED', 'Not recommended'), ('RECOMMENDED', 'Waiting for the formal check'), ('REJECTED', 'Failed the formal check'), ('CHECKED', 'Waiting for experts'), ('REVIEWING', 'Under expert review'), ('GRADED', 'Waiting for the decision'), ('DECIDED', 'Proposed for approval'), ('PUBLICISED', 'In public notice'), ('OBJECTED', 'Objection being handled'), ('APPROVED', 'Approved'), ('NOT_APPROVED', 'Not approved'), ('WITHDRAWN', 'Withdrawn')], default='DRAFT', editable=False, max_length=16, verbose_name='status')),
                ('moved_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='last step')),
                ('submitted_at', models.DateTimeField(null=True, verbose_name='submitted at')),
                ('declarations', models.JSONField(default=dict)),
                ('snapshot', models.JSONField(null=True)),
                ('snapshot_hash', models.CharField(blank=True, max_length=64)),
                ('findings', models.JSONField(default=list)),
                ('return_note', models.TextField(blank=True, verbose_name='what is to be corrected')),
                ('correction_due', models.DateField(null=True, verbose_name='correction due')),
                ('returned_count', models.PositiveSmallIntegerField(default=0)),
                ('recommended_at', models.DateTimeField(null=True)),
                ('opinion', models.TextField(blank=True, verbose_name="district's opinion")),
                ('checked_at', models.DateTimeField(null=True)),
                ('check_items', models.JSONField(default=list)),
                ('check_note', models.TextField(blank=True, verbose_name='note of the check')),
                ('score', models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name='score')),
                ('graded_at', models.DateTimeField(null=True)),
                ('proposed_tier', models.CharField(blank=True, choices=[('A', 'Tier A'), ('B', 'Tier B'), ('C', 'Tier C (cultivation)')], max_length=1, verbose_name='proposed tier')),
                ('proposed_amount', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='proposed amount')),
                ('rationale', models.TextField(blank=True, verbose_name='rationale')),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_tier', models.CharField(blank=True, choices=[('A', 'Tier A'), ('B', 'Tier B'), ('C', 'Tier C (cultivation)')], max_length=1, verbose_name='decided tier')),
                ('decided_amount', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='decided amount')),
                ('meeting', models.CharField(blank=True, max_length=120, verbose_name='meeting')),
                ('decision_note', models.TextField(blank=True, max_length=2000, verbose_name='reasons of the decision')),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consortium', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='consortia.consortium', verbose_name='consortium')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.district', verbose_name='district')),
                ('graded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recommended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-moved_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ApplicationFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('label', models.CharField(max_length=120, verbose_name='what it is')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='funding.application')),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment')),
            ],
            options={
                'ordering': ['created_at'],
            },
        ),
        migrations.CreateModel(
            name='Award',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('tier', models.CharField(choices=[('A', 'Tier A'), ('B', 'Tier B'), ('C', 'Tier C (cultivation)')], max_length=1, verbose_name='tier')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='amount')),
                ('document_number', models.CharField(max_length=40, verbose_name='approval document')),
                ('approved_on', models.DateField(verbose_name='approved on')),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='award', to='funding.application')),
                ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consortium', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='consortia.consortium')),
            ],
            options={
                'ordering': ['-approved_on', 'consortium__code'],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='round')),
                ('batch', models.PositiveSmallIntegerField(unique=True, verbose_name='cumulative batch')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('document_number', models.CharField(blank=True, max_length=40, verbose_name='document number')),
                ('guidelines', models.TextField(blank=True, max_length=20000, verbose_name='guidelines')),
                ('opens_at', models.DateTimeField(verbose_name='opens')),
                ('closes_at', models.DateTimeField(verbose_name='closes')),
                ('budget', models.DecimalField(decimal_places=2, max_digits=18, validators=[django.core.validators.MinValueValidator(0)], verbose_name='budget')),
                ('cap_a', models.DecimalField(decimal_places=2, default=Decimal('2000000'), max_digits=18, verbose_name='cap of tier A')),
                ('cap_b', models.DecimalField(decimal_places=2, default=Decimal('1000000'), max_digits=18, verbose_name='cap of tier B')),
                ('cap_c', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=18, verbose_name='cap of tier C')),
                ('status', models.CharField(choices=[('DRAFT', 'Draft'), ('PUBLISHED', 'Published'), ('CONCLUDED', 'Concluded')], default='DRAFT', editable=False, max_length=10, verbose_name='status')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rules', models.ForeignKey(limit_choices_to={'data__has_key': 'tranches'}, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='funding.ruleset', verbose_name='rule set')),
            ],
            options={
                'ordering': ['-batch'],
            },
        ),
        migrations.AddField(
            model_name='application',
            name='call',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='funding.call', verbose_name='call'),
        ),
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                ('terms', models.JSONField(verbose_name='terms')),
                ('sha256', models.CharField(max_length=64)),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='until')),
                ('status', models.CharField(choices=[('OFFERED', "Waiting for the lead's signature"), ('SIGNED', "Waiting for the bureau's signature"), ('EFFECTIVE', 'Effective')], default='OFFERED', editable=False, max_length=10, verbose_name='status')),
                ('signed_at', models.DateTimeField(null=True, verbose_name='signed at')),
                ('countersigned_at', models.DateTimeField(null=True, verbose_name='countersigned at')),
                ('award', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='contract', to='funding.award')),
                ('countersigned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                ('kind', models.CharField(choices=[('PERSON', 'Person, with real name'), ('ORGANISATION', 'Organisation; hands in the sealed original')], max_length=12, verbose_name='objector')),
                ('name', portal.kernel.fields.EncryptedField(mask='person', max_length=120, verbose_name='real name or name of the organisation')),
                ('contact', portal.kernel.fields.EncryptedField(mask='contact', max_length=120, verbose_name='telephone or e-mail')),
                ('grounds', models.TextField(max_length=3000, verbose_name='grounds')),
                ('status', models.CharField(choices=[('OPEN', 'Being handled'), ('DISMISSED', 'Dismissed'), ('UPHELD', 'Upheld')], default='OPEN', editable=False, max_length=10, verbose_name='status')),
                ('received_at', models.DateTimeField(verbose_name='received at')),
                ('finding', models.TextField(blank=True, max_length=3000, verbose_name='finding')),
                ('handled_at', models.DateTimeField(null=True)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='funding.application')),
                ('handled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['received_at'],
            },
        ),
        migrations.CreateModel(
            name='PublicNotice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('document_number', models.CharField(max_length=40, verbose_name='document number')),
                ('starts_on', models.DateField(verbose_name='begins on')),
                ('ends_on', models.DateField(verbose_name='ends on')),
                ('rows', models.JSONField(default=list)),
                ('sha256', models.CharField(max_length=64)),
                ('published_at', models.DateTimeField()),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='funding.call', verbose_name='call')),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-starts_on'],
            },
        ),
        migrations.AddField(
            model_name='application',
            name='notice',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='funding.publicnotice'),
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('ordinal', models.PositiveSmallIntegerField()),
                ('status', models.CharField(choices=[('ASSIGNED', 'Waiting for the declaration'), ('ACCEPTED', 'Scoring'), ('SUBMITTED', 'Handed in'), ('RECUSED', 'Recused')], default='ASSIGNED', editable=False, max_length=10, verbose_name='status')),
                ('assigned_at', models.DateTimeField()),
                ('declared_at', models.DateTimeField(null=True, verbose_name='declared at')),
                ('conflict', models.CharField(blank=True, max_length=500, verbose_name='conflict of interest')),
                ('opinion', models.TextField(blank=True, max_length=3000, verbose_name='overall opinion')),
                ('suggested_tier', models.CharField(blank=True, choices=[('A', 'Tier A'), ('B', 'Tier B'), ('C', 'Tier C (cultivation)'), ('NONE', 'No support')], max_length=4, verbose_name='suggested tier')),
                ('total', models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name='total')),
                ('submitted_at', models.DateTimeField(null=True, verbose_name='handed in at')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='funding.application')),
                ('assigned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='members.expert', verbose_name='expert')),
            ],
            options={
                'ordering': ['ordinal'],
            },
        ),
        migrations.CreateModel(
            name='ReviewScore',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('indicator', models.CharField(max_length=10, verbose_name='indicator')),
                ('score', models.DecimalField(decimal_places=1, max_digits=4, null=True, verbose_name='score')),
                ('comment', models.CharField(blank=True, max_length=1000, verbose_name='comment')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='funding.review')),
            ],
            options={
                'ordering': ['indicator'],
            },
        ),
        migrations.CreateModel(
            name='Tranche',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('sequence', models.PositiveSmallIntegerField(verbose_name='tranche')),
                ('percent', models.DecimalField(decimal_places=4, max_digits=7, verbose_name='share (%)')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='amount due')),
                ('condition', models.CharField(choices=[('CONTRACT', 'Contract effective'), ('EVALUATION', 'Annual evaluation at least qualified')], max_length=12, verbose_name='condition')),
                ('condition_met_on', models.DateField(null=True, verbose_name='condition met on')),
                ('status', models.CharField(choices=[('PLANNED', 'Planned'), ('REQUESTED', 'Waiting for verification'), ('VERIFIED', 'Waiting for the finance review'), ('REVIEWED', 'Waiting for approval'), ('APPROVED', 'Waiting for payment'), ('PAID', 'Paid'), ('CONFIRMED', 'Receipt confirmed'), ('ON_HOLD', 'On hold'), ('CANCELLED', 'Cancelled')], default='PLANNED', editable=False, max_length=10, verbose_name='status')),
                ('requested_at', models.DateTimeField(null=True, verbose_name='requested at')),
                ('request_note', models.TextField(blank=True, max_length=1000, verbose_name='statement')),
                ('verified_at', models.DateTimeField(null=True, verbose_name='verified at')),
                ('reviewed_at', models.DateTimeField(null=True, verbose_name='reviewed at')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='approved at')),
                ('hold_reason', models.CharField(blank=True, max_length=300, verbose_name='reason of the hold')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tranches', to='funding.award')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('verified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['award', 'sequence'],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='amount paid')),
                ('paid_on', models.DateField(verbose_name='paid on')),
                ('voucher', models.CharField(max_length=40, unique=True, verbose_name='voucher number')),
                ('recorded_at', models.DateTimeField()),
                ('receipt_on', models.DateField(null=True, verbose_name='receipt confirmed on')),
                ('receipt_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tranche', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='payment', to='funding.tranche')),
            ],
            options={
                'ordering': ['-paid_on'],
            },
        ),
        migrations.AddConstraint(
            model_name='award',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__lte', Decimal('2000000')), ('tier', 'A')), models.Q(('amount__lte', Decimal('1000000')), ('tier', 'B')), ('tier', 'C'), _connector='OR'), name='award_within_the_tier'),
        ),
        migrations.AddConstraint(
            model_name='award',
            constraint=models.CheckConstraint(condition=models.Q(('amount__range', (0, Decimal('1000000000000000')))), name='award_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='contract_term_in_order'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'OFFERED'), models.Q(('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='signed_means_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'EFFECTIVE'), _negated=True), models.Q(('countersigned_at__isnull', False), ('countersigned_by__isnull', False)), _connector='OR'), name='effective_means_countersigned'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('countersigned_by', None), models.Q(('countersigned_by', models.F('signed_by')), _negated=True), _connector='OR'), name='two_sign_a_contract'),
        ),
        migrations.AddIndex(
            model_name='objection',
            index=models.Index(fields=['status', 'received_at'], name='objection_queue'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'OPEN'), models.Q(('handled_by__isnull', False), models.Q(('finding', ''), _negated=True)), _connector='OR'), name='handled_means_by_whom_and_finding'),
        ),
        migrations.AddConstraint(
            model_name='publicnotice',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='notice_period_in_order'),
        ),
        migrations.AddConstraint(
            model_name='publicnotice',
            constraint=models.UniqueConstraint(fields=('document_number',), name='notice_number_once'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['-moved_at', '-id'], name='application_newest'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['status', '-moved_at', '-id'], name='application_status'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['district', '-moved_at', '-id'], name='application_district'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['call', '-moved_at', '-id'], name='application_call'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['requested_amount', 'id'], name='application_amount'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['NOT_RECOMMENDED', 'REJECTED', 'NOT_APPROVED', 'WITHDRAWN']), _negated=True), fields=('call', 'consortium'), name='one_running_application_a_call', violation_error_message='This consortium has an application in this call already.'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['DRAFT', 'WITHDRAWN']), models.Q(('snapshot__isnull', False), ('submitted_at__isnull', False), ('submitted_by__isnull', False), models.Q(('snapshot_hash', ''), _negated=True)), _connector='OR'), name='submitted_means_snapshot'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['GRADED', 'DECIDED', 'PUBLICISED', 'OBJECTED', 'APPROVED']), _negated=True), models.Q(('graded_by__isnull', False), ('proposed_amount__isnull', False), ('score__isnull', False)), _connector='OR'), name='graded_means_score_and_proposal'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['DECIDED', 'PUBLICISED', 'OBJECTED', 'APPROVED']), _negated=True), models.Q(('decided_amount__isnull', False), ('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('decided_tier', ''), _negated=True)), _connector='OR'), name='decided_means_tier_and_amount'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['PUBLICISED', 'OBJECTED', 'APPROVED']), _negated=True), ('notice__isnull', False), _connector='OR'), name='publicised_means_notice'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('status', 'APPROVED')), models.Q(models.Q(('status', 'APPROVED'), _negated=True), ('approved_at', None), ('approved_by', None)), _connector='OR'), name='approved_means_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('graded_by')), _negated=True), _connector='OR'), name='grader_does_not_decide'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('graded_by')), _negated=True), _connector='OR'), name='grader_does_not_approve'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('requested_amount__range', (0, Decimal('1000000000000000')))), name='requested_amount_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proposed_amount', None), ('proposed_amount__range', (0, Decimal('1000000000000000'))), _connector='OR'), models.Q(('decided_amount', None), ('decided_amount__range', (0, Decimal('1000000000000000'))), _connector='OR')), name='decided_amounts_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('score', None), models.Q(('score__gte', 0), ('score__lte', 100)), _connector='OR'), name='score_in_100'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(fields=('application', 'expert'), name='expert_reviews_once'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(fields=('application', 'ordinal'), name='review_ordinal_once'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'SUBMITTED'), _negated=True), models.Q(('submitted_at__isnull', False), ('total__isnull', False), models.Q(('suggested_tier', ''), _negated=True)), _connector='OR'), name='handed_in_means_scored'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['ACCEPTED', 'SUBMITTED']), _negated=True), ('declared_at__isnull', False), _connector='OR'), name='no_scoring_before_declaration'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('total', None), models.Q(('total__gte', 0), ('total__lte', 100)), _connector='OR'), name='review_total_in_range'),
        ),
        migrations.AddConstraint(
            model_name='reviewscore',
            constraint=models.UniqueConstraint(fields=('review', 'indicator'), name='indicator_scored_once'),
        ),
        migrations.AddConstraint(
            model_name='reviewscore',
            constraint=models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 100)), name='score_in_range'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.UniqueConstraint(fields=('year', 'round'), name='call_round_once_a_year'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='call_closes_after_it_opens', violation_error_message='The call must close after it opens.'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('budget__range', (0, Decimal('1000000000000000'))), ('cap_a__range', (0, Decimal('1000000000000000'))), ('cap_b__range', (0, Decimal('1000000000000000'))), ('cap_c__range', (0, Decimal('1000000000000000')))), name='call_money_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'DRAFT'), models.Q(('document_number', ''), _negated=True), _connector='OR'), name='published_call_has_a_document'),
        ),
        migrations.AddIndex(
            model_name='tranche',
            index=models.Index(fields=['status', 'requested_at'], name='tranche_queue'),
        ),
        migrations.AddConstraint(
            model_name='tranche',
            constraint=models.UniqueConstraint(fields=('award', 'sequence'), name='tranche_once'),
        ),
        migrations.AddConstraint(
            model_name='tranche',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lte', Decimal('1000000000000000')), ('percent__gt', 0), ('percent__lte', 100)), name='tranche_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='tranche',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['VERIFIED', 'REVIEWED', 'APPROVED', 'PAID', 'CONFIRMED']), _negated=True), models.Q(('requested_by__isnull', False), ('verified_by__isnull', False)), _connector='OR'), name='verified_means_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='tranche',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['REVIEWED', 'APPROVED', 'PAID', 'CONFIRMED']), _negated=True), ('reviewed_by__isnull', False), _connector='OR'), name='reviewed_means_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='tranche',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['APPROVED', 'PAID', 'CONFIRMED']), _negated=True), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('condition_met_on__isnull', False)), _connector='OR'), name='payment_approved_means_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='tranche',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reviewed_by', None), models.Q(('reviewed_by', models.F('verified_by')), _negated=True), _connector='OR'), models.Q(('approved_by', None), models.Q(models.Q(('approved_by', models.F('verified_by')), _negated=True), models.Q(('approved_by', models.F('reviewed_by')), _negated=True)), _connector='OR')), name='three_people_release_money'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lte', Decimal('1000000000000000'))), name='payment_positive'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('receipt_by', None), ('receipt_on', None)), models.Q(('receipt_by__isnull', False), ('receipt_on__gte', models.F('paid_on'))), _connector='OR'), name='receipt_after_the_payment'),
        ),
    ]


import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import portal.kernel.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='District',
            fields=[
                ('code', models.CharField(max_length=6, primary_key=True, serialize=False, verbose_name='code')),
                ('name_zh', models.CharField(max_length=30, unique=True, verbose_name='Chinese name')),
                ('name_en', models.CharField(max_length=60, verbose_name='English name')),
                ('focus', models.CharField(blank=True, max_length=200, verbose_name='focus industries')),
                ('is_gb2260', models.BooleanField(default=True)),
                ('column', models.DecimalField(decimal_places=1, default=0, max_digits=3)),
                ('row', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('title', models.CharField(blank=True, max_length=60, verbose_name='position')),
                ('phone', portal.kernel.fields.EncryptedField(blank=True, mask='phone', max_length=20, verbose_name='mobile telephone')),
                ('language', models.CharField(default='zh-hans', max_length=8, verbose_name='language')),
                ('shortcuts', models.BooleanField(default=True, verbose_name='keyboard shortcuts')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('notice_version', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='accepted privacy notice')),
                ('notice_at', models.DateTimeField(editable=False, null=True, verbose_name='accepted at')),
                ('restricted_at', models.DateTimeField(editable=False, null=True, verbose_name='restricted at')),
                ('restriction_ground', models.CharField(blank=True, editable=False, max_length=300, verbose_name='legal ground')),
                ('sealed_identity', portal.kernel.fields.EncryptedField(blank=True, editable=False, mask='all')),
                ('reactivated_at', models.DateTimeField(editable=False, null=True)),
                ('stale_warned_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'ordering': ['email'],
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_in_lower_case')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('id_scheme', models.CharField(choices=[('USCC', 'Unified social credit code'), ('FOREIGN', 'Foreign registration'), ('NONE', 'No code')], default='USCC', max_length=8, verbose_name='identified by')),
                ('uscc', models.CharField(blank=True, max_length=18, null=True, unique=True, verbose_name='unified social credit code')),
                ('uscc_override', models.CharField(blank=True, max_length=300, verbose_name='reason for an unusual code')),
                ('type', models.CharField(choices=[('ENTERPRISE', 'Enterprise'), ('UNIVERSITY', 'University'), ('INSTITUTE', 'Research institute'), ('NEW_RD_INSTITUTION', 'New-type R&D institution'), ('KEY_LAB', 'Key laboratory'), ('MEDICAL', 'Hospital'), ('FUND', 'Fund'), ('BANK', 'Bank'), ('INVESTMENT', 'Investment company'), ('INTERMEDIARY', 'Service agency'), ('ASSOCIATION', 'Association'), ('PUBLIC_SERVICE', 'Public service platform'), ('SERVICE_COMPLEX', 'Innovation service complex'), ('INNOVATION_CENTRE', 'Innovation centre'), ('OFFSHORE_CENTRE', 'Offshore innovation centre'), ('GOVERNMENT', 'Government body'), ('OTHER', 'Other')], default='ENTERPRISE', max_length=20, verbose_name='type')),
                ('lead_class', models.CharField(choices=[('TOP500', 'World or China top 500, or subsidiary'), ('LISTED', 'Listed company or subsidiary'), ('CHAMPION', 'Pre-listing, single-item champion or little giant'), ('SEGMENT', 'Technology leader of a segment'), ('HNTE', 'Other high- and new-technology enterprise'), ('NONE', 'None of these')], default='NONE', max_length=10, verbose_name='class as a lead')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='address')),
                ('legal_representative', models.CharField(blank=True, max_length=60, verbose_name='legal representative')),
                ('established_on', models.DateField(blank=True, null=True, verbose_name='established on')),
                ('ownership', models.CharField(blank=True, choices=[('STATE', 'State-owned'), ('PRIVATE', 'Private'), ('FOREIGN', 'Foreign-invested'), ('MIXED', 'Mixed ownership'), ('PUBLIC', 'Public institution'), ('OTHER', 'Other ownership')], max_length=8, verbose_name='ownership')),
                ('size_class', models.CharField(blank=True, choices=[('LARGE', 'Large'), ('MEDIUM', 'Medium'), ('SMALL', 'Small'), ('MICRO', 'Micro')], max_length=8, verbose_name='size')),
                ('listing', models.CharField(choices=[('NONE', 'Not listed'), ('MAIN', 'Main board'), ('CHINEXT', 'ChiNext'), ('STAR', 'STAR Market'), ('BEIJING', 'Beijing Stock Exchange'), ('OVERSEAS', 'Listed overseas')], default='NONE', max_length=8, verbose_name='listing')),
                ('chain_link', models.CharField(blank=True, choices=[('ASSEMBLY', 'Final assembly'), ('MACHINE', 'Complete machines'), ('SYSTEM', 'Systems'), ('COMPONENT', 'Components'), ('MATERIAL', 'Materials'), ('EQUIPMENT', 'Manufacturing equipment'), ('SOFTWARE', 'Software'), ('SERVICE', 'Services')], max_length=10, verbose_name='makes')),
                ('service', models.CharField(blank=True, choices=[('RESEARCH', 'R&D and design'), ('INFORMATION', 'Information technology services'), ('APPRAISAL', 'Science and technology appraisal'), ('TESTING', 'Inspection, testing and certification'), ('CONSULTING', 'Management consulting'), ('LEGAL', 'Legal services'), ('ACCOUNTING', 'Accounting and tax services')], max_length=12, verbose_name='kind of service')),
                ('industry_code', models.CharField(blank=True, max_length=4, validators=[django.core.validators.RegexValidator('^\\d{4}\\Z', 'Four digits, as in GB/T 4754.')], verbose_name='industry code')),
                ('registered_capital', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='registered capital')),
                ('adcode', models.CharField(blank=True, max_length=6, validators=[django.core.validators.RegexValidator('^\\d{6}\\Z', 'Six digits, as in GB/T 2260.')], verbose_name='division code')),
                ('province', models.CharField(blank=True, max_length=60, verbose_name='province or country')),
                ('city', models.CharField(blank=True, max_length=60, verbose_name='city')),
                ('status', models.CharField(choices=[('ACTIVE', 'Active'), ('SUSPENDED', 'Suspended'), ('DEREGISTERED', 'Deregistered')], default='ACTIVE', editable=False, max_length=12, verbose_name='status')),
                ('verified_at', models.DateTimeField(editable=False, null=True, verbose_name='verified at')),
                ('verified_name', models.CharField(blank=True, editable=False, max_length=200)),
                ('verified_code', models.CharField(blank=True, editable=False, max_length=18)),
                ('verified_in', models.CharField(blank=True, editable=False, max_length=200, verbose_name='verified in')),
                ('bank_name', models.CharField(blank=True, max_length=120, verbose_name='bank and branch')),
                ('bank_account', portal.kernel.fields.EncryptedField(blank=True, mask='account', max_length=40, verbose_name='bank account')),
                ('words', models.TextField(default='', editable=False)),
                ('district', models.ForeignKey(blank=True, help_text='Empty when it is registered outside the city.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='members.district', verbose_name='district')),
                ('parent', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='subsidiaries', to='members.organisation', verbose_name='parent organisation')),
                ('verified_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('ORG_ADMIN', 'Organisation administrator'), ('APPLICANT', 'Lead applicant'), ('SIGNATORY', 'Authorised signatory'), ('CONFIRMER', 'Member confirmer')], max_length=20), size=None, verbose_name='roles')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='members.organisation')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='IntegrityRecord',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('level', models.CharField(choices=[('MINOR', 'Minor'), ('SERIOUS', 'Serious'), ('GRAVE', 'Grave')], max_length=10, verbose_name='level')),
                ('behaviour', models.CharField(max_length=300, verbose_name='behaviour')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('measure', models.CharField(blank=True, max_length=300, verbose_name='measure')),
                ('effective_from', models.DateField(verbose_name='in force from')),
                ('effective_to', models.DateField(blank=True, null=True, verbose_name='in force until')),
                ('appealed_on', models.DateField(blank=True, null=True, verbose_name='appealed on')),
                ('appeal', models.CharField(blank=True, max_length=500, verbose_name='appeal')),
                ('lifted_on', models.DateField(editable=False, null=True, verbose_name='lifted on')),
                ('lift_reason', models.CharField(blank=True, max_length=300, verbose_name='why it was lifted')),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='integrity_records', to='members.organisation')),
            ],
            options={
                'ordering': ['-effective_from'],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('role', models.CharField(choices=[('ORG_ADMIN', 'Organisation administrator'), ('APPLICANT', 'Lead applicant'), ('SIGNATORY', 'Authorised signatory'), ('CONFIRMER', 'Member confirmer'), ('DISTRICT_OFFICER', 'District recommender'), ('ACCEPTANCE', 'Acceptance desk'), ('OFFICER', 'Programme officer'), ('HEAD', 'Division head'), ('LEADER', 'Bureau leader'), ('SECRETARY', 'Meeting secretary'), ('EXPERT', 'Expert'), ('FINANCE', 'Finance officer'), ('SUPERVISOR', 'Supervision'), ('LIAISON', 'Liaison officer'), ('SYSTEM_ADMIN', 'System administrator'), ('SECURITY_ADMIN', 'Security administrator'), ('AUDIT_ADMIN', 'Audit administrator')], max_length=20, verbose_name='role')),
                ('work', models.JSONField(default=dict, verbose_name='open work')),
                ('at', models.DateTimeField(verbose_name='handed over at')),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('district', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.district')),
                ('leaver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to=settings.AUTH_USER_MODEL)),
                ('successor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='takeovers', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='members.organisation')),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='Expert',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('status', models.CharField(choices=[('APPLIED', 'Applied'), ('NOMINATED', 'Nominated'), ('UNIT_CONFIRMED', 'Confirmed by the employer'), ('ENTRY_CHECKED', 'Entry checked'), ('ACTIVE', 'In the pool'), ('SUSPENDED', 'Suspended'), ('REMOVED', 'Left the pool')], default='APPLIED', editable=False, max_length=16, verbose_name='status')),
                ('kind', models.CharField(choices=[('TECH', 'Technology'), ('INDUSTRY', 'Industry'), ('FINANCE', 'Finance'), ('INVEST', 'Investment'), ('LEGAL', 'Law'), ('MGMT', 'Management')], default='TECH', max_length=10, verbose_name='kind')),
                ('fields', models.JSONField(blank=True, default=list, verbose_name='sub-fields')),
                ('hnte_fields', models.JSONField(blank=True, default=list, verbose_name='fields of technology')),
                ('title_level', models.CharField(choices=[('SENIOR', 'Senior title'), ('ASSOCIATE', 'Associate senior title'), ('OTHER', 'Other title or none')], default='OTHER', max_length=10, verbose_name='professional title')),
                ('born', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year of birth')),
                ('region', models.CharField(choices=[('CITY', 'In the city'), ('OUTSIDE', 'Outside the city')], default='CITY', max_length=8, verbose_name='region')),
                ('yearly_limit', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)], verbose_name='reviews a year at most')),
                ('refreshed_at', models.DateTimeField(editable=False, null=True, verbose_name='data confirmed at')),
                ('unit_source', models.CharField(blank=True, editable=False, max_length=300, verbose_name='how the employer confirmed')),
                ('checked_at', models.DateTimeField(editable=False, null=True, verbose_name='checked at')),
                ('admitted_at', models.DateTimeField(editable=False, null=True, verbose_name='in the pool since')),
                ('ground', models.CharField(blank=True, editable=False, max_length=300, verbose_name='reason')),
                ('suspended_until', models.DateField(editable=False, null=True, verbose_name='suspended until')),
                ('identity_number', portal.kernel.fields.EncryptedField(blank=True, mask='identity', max_length=24, verbose_name='identity number')),
                ('bank_name', models.CharField(blank=True, max_length=120, verbose_name='bank and branch')),
                ('bank_account', portal.kernel.fields.EncryptedField(blank=True, mask='account', max_length=40, verbose_name='bank account')),
                ('consent_version', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='consent to sensitive data')),
                ('consented_at', models.DateTimeField(editable=False, null=True, verbose_name='consented at')),
                ('checked_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nominated_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit_confirmed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='expert', to=settings.AUTH_USER_MODEL)),
                ('employer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='experts', to='members.organisation')),
            ],
            options={
                'ordering': ['user__name'],
            },
        ),
        migrations.CreateModel(
            name='Employment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='employer outside the portal')),
                ('position', models.CharField(blank=True, max_length=60, verbose_name='position')),
                ('since', models.DateField(verbose_name='from')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='employments', to='members.expert')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.organisation')),
            ],
            options={
                'ordering': ['-since'],
            },
        ),
        migrations.CreateModel(
            name='PastPassword',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('hash', models.CharField(max_length=128)),
                ('set_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='past_passwords', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-set_at'],
            },
        ),
        migrations.CreateModel(
            name='Qualification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('HNTE', 'High- and new-technology enterprise'), ('SMALL_TECH', 'Technology-based small or medium enterprise'), ('SPECIALISED', 'Specialised and sophisticated enterprise'), ('LITTLE_GIANT', 'Little giant'), ('CHAMPION', 'Single-item champion'), ('GAZELLE', 'Gazelle'), ('UNICORN', 'Unicorn'), ('FORTUNE500', 'World top 500'), ('CHINA500', 'China top 500'), ('CHAIN_LEADER', 'Leader of an industrial chain'), ('SEGMENT_LEADER', 'Leader of a segment'), ('OTHER', 'Another qualification')], max_length=16, verbose_name='qualification')),
                ('label', models.CharField(blank=True, max_length=120, verbose_name='what it is called')),
                ('level', models.CharField(blank=True, choices=[('NATIONAL', 'National'), ('PROVINCIAL', 'Provincial'), ('CITY', 'City'), ('DISTRICT', 'District')], max_length=10, verbose_name='level')),
                ('certificate', models.CharField(blank=True, max_length=60, verbose_name='certificate number')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('list_year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1990)], verbose_name='year of the list')),
                ('rank', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(500)], verbose_name='place')),
                ('status', models.CharField(choices=[('STATED', 'Stated, not verified'), ('VERIFIED', 'Verified'), ('DECLINED', 'Not recognised'), ('WITHDRAWN', 'Withdrawn')], default='STATED', editable=False, max_length=10, verbose_name='status')),
                ('checked_at', models.DateTimeField(null=True, verbose_name='checked at')),
                ('remark', models.CharField(blank=True, max_length=300, verbose_name='remark')),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='qualifications', to='members.organisation')),
                ('stated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-valid_from', 'kind', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('role', models.CharField(choices=[('ORG_ADMIN', 'Organisation administrator'), ('APPLICANT', 'Lead applicant'), ('SIGNATORY', 'Authorised signatory'), ('CONFIRMER', 'Member confirmer'), ('DISTRICT_OFFICER', 'District recommender'), ('ACCEPTANCE', 'Acceptance desk'), ('OFFICER', 'Programme officer'), ('HEAD', 'Division head'), ('LEADER', 'Bureau leader'), ('SECRETARY', 'Meeting secretary'), ('EXPERT', 'Expert'), ('FINANCE', 'Finance officer'), ('SUPERVISOR', 'Supervision'), ('LIAISON', 'Liaison officer'), ('SYSTEM_ADMIN', 'System administrator'), ('SECURITY_ADMIN', 'Security administrator'), ('AUDIT_ADMIN', 'Audit administrator')], max_length=20, verbose_name='role')),
                ('granted_at', models.DateTimeField(verbose_name='granted at')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                ('district', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to='members.district')),
                ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to='members.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='role_grants', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['role'],
            },
        ),
        migrations.CreateModel(
            name='RoleProposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('role', models.CharField(choices=[('SYSTEM_ADMIN', 'System administrator'), ('SECURITY_ADMIN', 'Security administrator'), ('AUDIT_ADMIN', 'Audit administrator')], max_length=20, verbose_name='role')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='reason or document')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed at')),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('confirmed', models.BooleanField(default=False, verbose_name='confirmed')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='role_proposals', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-proposed_at'],
            },
        ),
        migrations.CreateModel(
            name='SignInGuard',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('scope', models.CharField(choices=[('ACCOUNT', 'Account, from unknown devices'), ('DEVICE', 'Account, from a known device'), ('ADDRESS', 'Network address')], max_length=10, verbose_name='kind')),
                ('key', models.CharField(max_length=64)),
                ('label', models.CharField(blank=True, max_length=60)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('since', models.DateTimeField()),
                ('locked_until', models.DateTimeField(null=True, verbose_name='locked until')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-locked_until'],
            },
        ),
        migrations.CreateModel(
            name='UsedCode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('key', models.CharField(max_length=64)),
                ('used_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='YearFigures',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('revenue', models.DecimalField(decimal_places=2, max_digits=18, validators=[django.core.validators.MinValueValidator(0)], verbose_name='revenue')),
                ('net_profit', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='net profit')),
                ('total_assets', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='total assets')),
                ('rd_expense', models.DecimalField(decimal_places=2, max_digits=18, validators=[django.core.validators.MinValueValidator(0)], verbose_name='R&D expense')),
                ('staff', models.PositiveIntegerField(default=0, verbose_name='staff')),
                ('rd_staff', models.PositiveIntegerField(default=0, verbose_name='R&D staff')),
                ('source', models.CharField(choices=[('OWN', 'Own statement'), ('AUDITED', 'Audited accounts'), ('TAX', 'Tax filing'), ('STATISTICS', 'Official statistics'), ('IMPORT', 'Import')], default='OWN', max_length=10, verbose_name='source')),
                ('auditor', models.CharField(blank=True, max_length=120, verbose_name='auditor')),
                ('stated_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='stated at')),
                ('status', models.CharField(choices=[('STATED', 'Stated, not verified'), ('VERIFIED', 'Verified'), ('QUESTIONED', 'Questioned')], default='STATED', editable=False, max_length=10, verbose_name='status')),
                ('checked_at', models.DateTimeField(null=True, verbose_name='checked at')),
                ('remark', models.CharField(blank=True, max_length=300, verbose_name='remark')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2000)], verbose_name='year')),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='years', to='members.organisation')),
                ('stated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-year'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PastFigures',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('revenue', models.DecimalField(decimal_places=2, max_digits=18, validators=[django.core.validators.MinValueValidator(0)], verbose_name='revenue')),
                ('net_profit', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='net profit')),
                ('total_assets', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='total assets')),
                ('rd_expense', models.DecimalField(decimal_places=2, max_digits=18, validators=[django.core.validators.MinValueValidator(0)], verbose_name='R&D expense')),
                ('staff', models.PositiveIntegerField(default=0, verbose_name='staff')),
                ('rd_staff', models.PositiveIntegerField(default=0, verbose_name='R&D staff')),
                ('source', models.CharField(choices=[('OWN', 'Own statement'), ('AUDITED', 'Audited accounts'), ('TAX', 'Tax filing'), ('STATISTICS', 'Official statistics'), ('IMPORT', 'Import')], default='OWN', max_length=10, verbose_name='source')),
                ('auditor', models.CharField(blank=True, max_length=120, verbose_name='auditor')),
                ('stated_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='stated at')),
                ('status', models.CharField(choices=[('STATED', 'Stated, not verified'), ('VERIFIED', 'Verified'), ('QUESTIONED', 'Questioned')], default='STATED', editable=False, max_length=10, verbose_name='status')),
                ('checked_at', models.DateTimeField(null=True, verbose_name='checked at')),
                ('remark', models.CharField(blank=True, max_length=300, verbose_name='remark')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('replaced_at', models.DateTimeField(verbose_name='replaced at')),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('figures', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='past', to='members.yearfigures')),
            ],
            options={
                'ordering': ['-version'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CorrectionRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('field', models.CharField(choices=[('name', 'Name'), ('title', 'Position'), ('other', 'Something else')], max_length=10, verbose_name='what is wrong')),
                ('wanted', models.CharField(blank=True, max_length=60, verbose_name='what it should be')),
                ('explanation', models.TextField(blank=True, max_length=1000, verbose_name='explanation')),
                ('status', models.CharField(choices=[('OPEN', 'Waiting for an answer'), ('CORRECTED', 'Corrected'), ('DECLINED', 'Not corrected')], default='OPEN', editable=False, max_length=10, verbose_name='status')),
                ('due_on', models.DateField(verbose_name='answer due on')),
                ('answer', models.TextField(blank=True, max_length=1000, verbose_name='answer')),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status', 'OPEN'), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='correction_answered_by_whom'), models.CheckConstraint(condition=models.Q(models.Q(('field', 'other'), models.Q(('explanation', ''), _negated=True)), models.Q(models.Q(('field', 'other'), _negated=True), models.Q(('wanted', ''), _negated=True)), _connector='OR'), name='correction_says_what'), models.UniqueConstraint(condition=models.Q(('status', 'OPEN')), fields=('person', 'field'), name='one_open_correction_a_field')],
            },
        ),
        migrations.CreateModel(
            name='EmailChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='email_change', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='new_email_in_lower_case')],
            },
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['name'], name='organisation_name'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('id_scheme', 'USCC'), ('uscc__isnull', False)), models.Q(models.Q(('id_scheme', 'USCC'), _negated=True), ('uscc', None)), _connector='OR'), name='organisation_code_fits_scheme'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verified_at', None), ('verified_by', None), ('verified_code', ''), ('verified_in', ''), ('verified_name', '')), models.Q(('verified_at__isnull', False), ('verified_by__isnull', False), models.Q(('verified_name', ''), _negated=True), models.Q(('verified_in', ''), _negated=True)), _connector='OR'), name='organisation_is_verified_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('industry_code', ''), ('industry_code__regex', '^\\d{4}$'), _connector='OR'), name='industry_code_has_four_digits'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('adcode', ''), ('adcode__regex', '^\\d{6}$'), _connector='OR'), name='division_code_has_six_digits'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('registered_capital', None), ('registered_capital__gte', 0), _connector='OR'), name='capital_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('withdrawn_at', None)), fields=('organisation', 'email'), name='one_open_invitation'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('roles', []), _negated=True), name='invitation_names_a_role'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='invitation_email_in_lower_case'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_at', None), ('withdrawn_at', None), _connector='OR'), name='invitation_ends_one_way'),
        ),
        migrations.AddConstraint(
            model_name='integrityrecord',
            constraint=models.CheckConstraint(condition=models.Q(('effective_to', None), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='integrity_term_in_order'),
        ),
        migrations.AddConstraint(
            model_name='integrityrecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lift_reason', ''), ('lifted_by', None), ('lifted_on', None)), models.Q(('lifted_by__isnull', False), ('lifted_on__isnull', False), models.Q(('lift_reason', ''), _negated=True)), _connector='OR'), name='integrity_lifted_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='integrityrecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('appeal', ''), ('appealed_on', None)), models.Q(('appealed_on__isnull', False), models.Q(('appeal', ''), _negated=True)), _connector='OR'), name='integrity_appeal_has_a_day'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('successor', None), models.Q(('successor', models.F('leaver')), _negated=True), _connector='OR'), name='nobody_succeeds_oneself'),
        ),
        migrations.AddConstraint(
            model_name='expert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['ACTIVE', 'SUSPENDED']), _negated=True), ('admitted_at__isnull', False), _connector='OR'), name='expert_was_admitted'),
        ),
        migrations.AddConstraint(
            model_name='expert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'ENTRY_CHECKED'), _negated=True), models.Q(('checked_at__isnull', False), ('checked_by__isnull', False)), _connector='OR'), name='expert_entry_checked_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='expert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'NOMINATED'), _negated=True), ('nominated_by__isnull', False), _connector='OR'), name='expert_nominated_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='expert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['SUSPENDED', 'REMOVED']), _negated=True), models.Q(('ground', ''), _negated=True), _connector='OR'), name='expert_out_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='expert',
            constraint=models.CheckConstraint(condition=models.Q(('suspended_until', None), ('status', 'SUSPENDED'), _connector='OR'), name='only_a_suspension_has_an_end'),
        ),
        migrations.AddConstraint(
            model_name='expert',
            constraint=models.CheckConstraint(condition=models.Q(('yearly_limit__range', (1, 10))), name='expert_limit_in_range'),
        ),
        migrations.AddConstraint(
            model_name='employment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation', None), models.Q(('name', ''), _negated=True)), models.Q(('name', ''), ('organisation__isnull', False)), _connector='OR'), name='employer_is_an_organisation_or_a_name'),
        ),
        migrations.AddConstraint(
            model_name='employment',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='employment_in_order'),
        ),
        migrations.AddConstraint(
            model_name='employment',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('expert',), name='one_present_employer'),
        ),
        migrations.AddIndex(
            model_name='pastpassword',
            index=models.Index(fields=['user', '-set_at'], name='past_password'),
        ),
        migrations.AddConstraint(
            model_name='qualification',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='qualification_term_in_order'),
        ),
        migrations.AddConstraint(
            model_name='qualification',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['CHINA500', 'FORTUNE500']), ('list_year__isnull', False), ('rank__isnull', False), ('rank__range', (1, 500))), models.Q(models.Q(('kind__in', ['CHINA500', 'FORTUNE500']), _negated=True), ('list_year', None), ('rank', None)), _connector='OR'), name='ranking_has_year_and_place'),
        ),
        migrations.AddConstraint(
            model_name='qualification',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'OTHER'), _negated=True), models.Q(('label', ''), _negated=True), _connector='OR'), name='another_qualification_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='qualification',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['STATED', 'WITHDRAWN']), models.Q(('status', 'VERIFIED'), ('checked_at__isnull', False), ('checked_by__isnull', False)), models.Q(('status', 'DECLINED'), ('checked_at__isnull', False), ('checked_by__isnull', False), models.Q(('remark', ''), _negated=True)), _connector='OR'), name='qualification_checked_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='qualification',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['STATED', 'VERIFIED'])), fields=('organisation', 'kind', 'label', 'valid_from', 'certificate'), name='qualification_stated_once'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('district', None), ('organisation__isnull', False), ('role__in', ['APPLICANT', 'CONFIRMER', 'ORG_ADMIN', 'SIGNATORY'])), models.Q(('district__isnull', False), ('organisation', None), ('role', 'DISTRICT_OFFICER')), models.Q(models.Q(('role__in', ['APPLICANT', 'CONFIRMER', 'ORG_ADMIN', 'SIGNATORY', 'DISTRICT_OFFICER']), _negated=True), ('district', None), ('organisation', None)), _connector='OR'), name='role_is_bound_where_it_must_be'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('user', 'role', 'organisation', 'district'), name='role_is_granted_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None), ('role__in', ['AUDIT_ADMIN', 'SECURITY_ADMIN', 'SYSTEM_ADMIN'])), fields=('user',), name='one_administrator_role_a_person'),
        ),
        migrations.AddConstraint(
            model_name='roleproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('user',), name='one_open_proposal_a_person'),
        ),
        migrations.AddConstraint(
            model_name='roleproposal',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['AUDIT_ADMIN', 'SECURITY_ADMIN', 'SYSTEM_ADMIN'])), name='proposal_is_for_an_administrator'),
        ),
        migrations.AddConstraint(
            model_name='roleproposal',
            constraint=models.CheckConstraint(condition=models.Q(('proposed_by', models.F('user')), _negated=True), name='nobody_proposes_oneself'),
        ),
        migrations.AddConstraint(
            model_name='roleproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed', False), ('decided_at', None), ('decided_by', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='proposal_is_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='roleproposal',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed', False), models.Q(models.Q(('decided_by', models.F('proposed_by')), _negated=True), models.Q(('decided_by', models.F('user')), _negated=True)), _connector='OR'), name='proposal_is_confirmed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='signinguard',
            constraint=models.UniqueConstraint(fields=('scope', 'key'), name='one_count_for_each_guarded_thing'),
        ),
        migrations.AddConstraint(
            model_name='usedcode',
            constraint=models.UniqueConstraint(fields=('user', 'key'), name='a_code_counts_once'),
        ),
        migrations.AddConstraint(
            model_name='yearfigures',
            constraint=models.UniqueConstraint(fields=('organisation', 'year'), name='one_statement_a_year'),
        ),
        migrations.AddConstraint(
            model_name='yearfigures',
            constraint=models.CheckConstraint(condition=models.Q(('rd_expense__gte', 0), ('revenue__gte', 0), models.Q(('total_assets', None), ('total_assets__gte', 0), _connector='OR')), name='yearfigures_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='yearfigures',
            constraint=models.CheckConstraint(condition=models.Q(('rd_staff__lte', models.F('staff'))), name='yearfigures_rd_staff_within_staff'),
        ),
        migrations.AddConstraint(
            model_name='yearfigures',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_at', None), ('checked_by', None), ('remark', ''), ('status', 'STATED')), models.Q(('status', 'VERIFIED'), ('checked_at__isnull', False), ('checked_by__isnull', False)), models.Q(('status', 'QUESTIONED'), ('checked_at__isnull', False), ('checked_by__isnull', False), models.Q(('remark', ''), _negated=True)), _connector='OR'), name='yearfigures_checked_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='pastfigures',
            constraint=models.UniqueConstraint(fields=('figures', 'version'), name='one_past_version'),
        ),
        migrations.AddConstraint(
            model_name='pastfigures',
            constraint=models.CheckConstraint(condition=models.Q(('rd_expense__gte', 0), ('revenue__gte', 0), models.Q(('total_assets', None), ('total_assets__gte', 0), _connector='OR')), name='pastfigures_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='pastfigures',
            constraint=models.CheckConstraint(condition=models.Q(('rd_staff__lte', models.F('staff'))), name='pastfigures_rd_staff_within_staff'),
        ),
        migrations.AddConstraint(
            model_name='pastfigures',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_at', None), ('checked_by', None), ('remark', ''), ('status', 'STATED')), models.Q(('status', 'VERIFIED'), ('checked_at__isnull', False), ('checked_by__isnull', False)), models.Q(('status', 'QUESTIONED'), ('checked_at__isnull', False), ('checked_by__isnull', False), models.Q(('remark', ''), _negated=True)), _connector='OR'), name='pastfigures_checked_by_somebody'),
        ),
    ]

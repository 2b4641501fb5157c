"""What a final grade proposes, decided by a person."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funding', '0084_change_of_members'),
        ('reports', '0012_pdf_exports_checked'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Consequence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('ordinal', models.PositiveSmallIntegerField(default=1)),
                ('kind', models.CharField(choices=[('NEXT', 'Open the next tranche'), ('REDUCE', 'Open the next tranche, reduced'), ('HOLD', 'Put a tranche on hold'), ('CANCEL', 'Cancel a tranche'), ('RECTIFY', 'Order a rectification'), ('EXIT', 'Open an exit case'), ('UPGRADE', 'Invite to apply for a higher tier')], max_length=10, verbose_name='kind')),
                ('percent', models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name='part that is paid (%)')),
                ('basis', models.JSONField()),
                ('status', models.CharField(choices=[('PROPOSED', 'Proposed'), ('ACCEPTED', 'Accepted'), ('DECLINED', 'Declined')], default='PROPOSED', editable=False, max_length=10, verbose_name='status')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consequences', to='reports.evaluation')),
                ('tranche', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consequences', to='funding.tranche')),
            ],
            options={
                'ordering': ['evaluation', 'ordinal'],
                'constraints': [models.UniqueConstraint(fields=('evaluation', 'kind', 'tranche'), name='consequence_once', nulls_distinct=False, violation_error_message='This consequence stands already.'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('NEXT', 'REDUCE', 'HOLD', 'CANCEL')), ('tranche__isnull', False)), models.Q(models.Q(('kind__in', ('NEXT', 'REDUCE', 'HOLD', 'CANCEL')), _negated=True), ('tranche', None)), _connector='OR'), name='consequence_names_its_tranche', violation_error_message='A consequence about money names its tranche.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'REDUCE'), ('percent__gt', 0), ('percent__lt', 100)), models.Q(models.Q(('kind', 'REDUCE'), _negated=True), ('percent', None)), _connector='OR'), name='reduction_says_to_what', violation_error_message='A reduction says what is still paid.'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('status', 'PROPOSED')), models.Q(models.Q(('status', 'PROPOSED'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='consequence_decided_by_whom', violation_error_message='A decision says who took it.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'DECLINED'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='declined_consequence_has_a_reason', violation_error_message='Say why it is declined.')],
            },
        ),
    ]

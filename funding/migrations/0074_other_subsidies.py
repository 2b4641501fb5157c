"""Money from other programmes: a register, and what supervision concludes about it beside an application."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("funding", "0073_approval_limits"),
        ('kernel', '0009_outages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OtherSubsidy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('credit_code', models.CharField(max_length=18, verbose_name='unified social credit code')),
                ('holder', models.CharField(max_length=120, verbose_name='organisation')),
                ('department', models.CharField(max_length=120, verbose_name='department')),
                ('programme', models.CharField(max_length=120, verbose_name='programme')),
                ('project', models.CharField(max_length=200, verbose_name='project')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='amount')),
                ('content', models.TextField(blank=True, max_length=2000, verbose_name='what it pays for')),
                ('by_official', models.BooleanField(default=False, verbose_name='registered by an official')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='withdrawn at')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason of the withdrawal')),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment', verbose_name='document')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-year', '-created_at'],
            },
        ),
        migrations.CreateModel(
            name='OverlapFinding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('degree', models.PositiveSmallIntegerField(verbose_name='overlap (%)')),
                ('verdict', models.CharField(choices=[('NONE', 'No overlap'), ('PARTIAL', 'Overlaps in part'), ('DOUBLE', 'Paid for twice')], max_length=8, verbose_name='conclusion')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('judged_at', models.DateTimeField(verbose_name='concluded at')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overlaps', to='funding.application')),
                ('judged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subsidy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='funding.othersubsidy')),
            ],
            options={
                'ordering': ['-judged_at'],
            },
        ),
        migrations.AddIndex(
            model_name='othersubsidy',
            index=models.Index(fields=['credit_code', 'year'], name='subsidy_of_an_organisation'),
        ),
        migrations.AddConstraint(
            model_name='othersubsidy',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('credit_code', 'year', 'department', 'project'), name='subsidy_registered_once', violation_error_message='This subsidy is registered already.'),
        ),
        migrations.AddConstraint(
            model_name='othersubsidy',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lte', Decimal('1000000000000000'))), name='subsidy_positive', violation_error_code='amount', violation_error_message='Give more than zero.'),
        ),
        migrations.AddConstraint(
            model_name='othersubsidy',
            constraint=models.CheckConstraint(condition=models.Q(('credit_code__regex', '^[0-9A-HJ-NPQRTUWXY]{18}$')), name='subsidy_code_in_shape', violation_error_code='credit_code', violation_error_message='A credit code has 18 signs.'),
        ),
        migrations.AddConstraint(
            model_name='othersubsidy',
            constraint=models.CheckConstraint(condition=models.Q(('year__gte', 2000), ('year__lte', 2100)), name='subsidy_year_in_range', violation_error_code='year', violation_error_message='This is not a year.'),
        ),
        migrations.AddConstraint(
            model_name='othersubsidy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='subsidy_withdrawn_by_somebody', violation_error_message='Who withdrew it, when and why belong together.'),
        ),
        migrations.AddConstraint(
            model_name='overlapfinding',
            constraint=models.UniqueConstraint(fields=('application', 'subsidy'), name='overlap_concluded_once'),
        ),
        migrations.AddConstraint(
            model_name='overlapfinding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), ('degree__lte', 100)), name='overlap_concluded_with_reason', violation_error_message='A conclusion has a reason.'),
        ),
    ]

"""Contracts that end early."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("funding", "0082_acceptance_consents"),
        ('kernel', '0009_outages'),
        ('members', '0017_sentence_of_a_share'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Termination',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('NO_FAULT', 'Termination without fault'), ('FAULT', 'Termination for breach')], default='NO_FAULT', max_length=8, verbose_name='kind')),
                ('reason', models.CharField(max_length=1000, verbose_name='reason')),
                ('findings', models.CharField(blank=True, max_length=1000, verbose_name='findings of the officer')),
                ('status', models.CharField(choices=[('ASKED', 'Waiting for the officer'), ('PROPOSED', 'Waiting for the decision'), ('DECIDED', 'In force'), ('REFUSED', 'Refused'), ('WITHDRAWN', 'Withdrawn')], default='ASKED', editable=False, max_length=9, verbose_name='status')),
                ('put_forward_at', models.DateTimeField(null=True, verbose_name='put forward at')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('claims', models.JSONField(default=list)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terminations', to='funding.contract')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('put_forward_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.AddConstraint(
            model_name='termination',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('ASKED', 'PROPOSED'))), fields=('contract',), name='one_open_termination', violation_error_message='The termination of this contract is under way already.'),
        ),
        migrations.AddConstraint(
            model_name='termination',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'DECIDED')), fields=('contract',), name='terminated_once', violation_error_message='This contract is terminated already.'),
        ),
        migrations.AddConstraint(
            model_name='termination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['PROPOSED', 'DECIDED']), _negated=True), models.Q(('put_forward_at__isnull', False), ('put_forward_by__isnull', False)), _connector='OR'), name='termination_put_forward_by_whom', violation_error_message='A proposal says who put it forward.'),
        ),
        migrations.AddConstraint(
            model_name='termination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('status', 'DECIDED'), models.Q(('document_number', ''), _negated=True)), models.Q(models.Q(('status', 'DECIDED'), _negated=True), ('decided_at', None), ('decided_by', None)), _connector='OR'), name='termination_decided_by_whom', violation_error_message='A termination says who decided it and by which document.'),
        ),
        migrations.AddConstraint(
            model_name='termination',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('put_forward_by')), _negated=True), _connector='OR'), name='two_terminate_a_contract', violation_error_message='Who put the termination forward does not decide it.'),
        ),
        migrations.AddConstraint(
            model_name='termination',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='termination_has_a_reason', violation_error_message='A termination has a reason.'),
        ),
    ]

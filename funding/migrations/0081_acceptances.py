"""Projects that are to be accepted."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("funding", "0080_amendment_consents"),
        ('kernel', '0009_outages'),
        ('members', '0017_sentence_of_a_share'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('summary', models.TextField(max_length=4000, verbose_name='summary of the final report')),
                ('results', models.JSONField()),
                ('statement', models.JSONField()),
                ('status', models.CharField(choices=[('REQUESTED', 'Waiting for the parties'), ('CONFIRMED', 'Waiting for the check of the file'), ('CHECKED', 'Waiting for the opinion'), ('ASSESSED', 'Waiting for the decision'), ('DECIDED', 'Decided'), ('RETURNED', 'Returned'), ('WITHDRAWN', 'Withdrawn')], default='REQUESTED', editable=False, max_length=10, verbose_name='status')),
                ('checked_at', models.DateTimeField(null=True, verbose_name='checked at')),
                ('opinion_form', models.CharField(blank=True, choices=[('PANEL', 'Meeting of a panel'), ('WRITTEN', 'Written review')], max_length=8, verbose_name='form of the opinion')),
                ('meeting', models.CharField(blank=True, max_length=120, verbose_name='meeting')),
                ('opinion_on', models.DateField(null=True, verbose_name='day of the opinion')),
                ('experts', models.TextField(blank=True, max_length=500, verbose_name='experts')),
                ('opinion', models.TextField(blank=True, max_length=4000, verbose_name='opinion')),
                ('advice', models.CharField(blank=True, choices=[('PASSED', 'Passed'), ('CONCLUDED', 'Concluded without full acceptance'), ('NOT_PASSED', 'Not passed')], max_length=10, verbose_name='conclusion advised')),
                ('assessed_at', models.DateTimeField(null=True, verbose_name='opinion recorded at')),
                ('conclusion', models.CharField(blank=True, choices=[('PASSED', 'Passed'), ('CONCLUDED', 'Concluded without full acceptance'), ('NOT_PASSED', 'Not passed')], max_length=10, verbose_name='conclusion')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='returned or withdrawn at')),
                ('accounts', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment', verbose_name='final statement of expenditure')),
                ('assessed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='funding.contract')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opinion_file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment', verbose_name='signed opinion')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment', verbose_name='final report')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('REQUESTED', 'CONFIRMED', 'CHECKED', 'ASSESSED'))), fields=('contract',), name='one_open_acceptance', violation_error_message='The acceptance of this project is under way already.'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'DECIDED')), fields=('contract',), name='accepted_once', violation_error_message='The acceptance of this project is decided already.'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('ASSESSED', 'DECIDED')), _negated=True), models.Q(('assessed_at__isnull', False), ('assessed_by__isnull', False), ('checked_at__isnull', False), ('checked_by__isnull', False), ('opinion_file__isnull', False), ('opinion_on__isnull', False), models.Q(('opinion', ''), _negated=True), models.Q(('advice', ''), _negated=True), models.Q(('opinion_form', ''), _negated=True), models.Q(('experts', ''), _negated=True)), _connector='OR'), name='acceptance_assessed_by_whom', violation_error_message='An opinion says how, when and by whom it came about.'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('status', 'DECIDED'), models.Q(('conclusion', ''), _negated=True)), models.Q(models.Q(('status', 'DECIDED'), _negated=True), ('conclusion', ''), ('decided_at', None), ('decided_by', None)), _connector='OR'), name='acceptance_decided_by_whom', violation_error_message='A conclusion says who came to it.'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(models.Q(('decided_by', models.F('checked_by')), _negated=True), models.Q(('decided_by', models.F('assessed_by')), _negated=True)), _connector='OR'), name='two_accept_a_project', violation_error_message='Who handled the acceptance does not decide it.'),
        ),
    ]

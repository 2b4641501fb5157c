"""What is to change in contracts."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("funding", "0078_recoveries"),
        ('members', '0017_sentence_of_a_share'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('EXTENSION', 'Extension of the term'), ('TARGETS', 'Change of targets'), ('BUDGET', 'Adjustment of the budget')], max_length=10, verbose_name='kind')),
                ('reason', models.CharField(max_length=1000, verbose_name='reason')),
                ('changes', models.JSONField()),
                ('replaced', models.JSONField()),
                ('base', models.CharField(max_length=64)),
                ('status', models.CharField(choices=[('PROPOSED', 'Waiting for the consent of the parties'), ('CONSENTED', 'Waiting for the officer'), ('CHECKED', 'Waiting for the decision'), ('IN_FORCE', 'In force'), ('REFUSED', 'Refused'), ('WITHDRAWN', 'Withdrawn')], default='PROPOSED', editable=False, max_length=10, verbose_name='status')),
                ('checked_at', models.DateTimeField(null=True, verbose_name='checked at')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='funding.contract')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ('PROPOSED', 'CONSENTED', 'CHECKED'))), fields=('contract',), name='one_open_amendment', violation_error_message='An amendment of this contract is under way already.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'IN_FORCE'), _negated=True), models.Q(('checked_at__isnull', False), ('checked_by__isnull', False), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='amendment_in_force_means_by_whom', violation_error_message='An amendment in force says who checked and who decided it.'), models.CheckConstraint(condition=models.Q(('decided_by', None), ('checked_by', None), models.Q(('decided_by', models.F('checked_by')), _negated=True), _connector='OR'), name='two_decide_an_amendment', violation_error_message='Who checked an amendment does not decide it.')],
            },
        ),
    ]

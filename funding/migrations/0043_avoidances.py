"""Names that an applicant asks to keep from the review of its application."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funding', '0042_lifted_recusals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Avoidance',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('PERSON', 'One expert'), ('ORGANISATION', 'Everybody of an organisation')], default='PERSON', max_length=12, verbose_name='what is named')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('reason', models.CharField(max_length=500, verbose_name='why')),
                ('accepted', models.BooleanField(null=True, verbose_name='accepted')),
                ('judged_at', models.DateTimeField(null=True)),
                ('judgement', models.CharField(blank=True, max_length=500, verbose_name='reason of the judgement')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='avoidances', to='funding.application')),
                ('judged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['created_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('application', 'kind', 'name'), name='avoidance_named_once', violation_error_message='This name is on the list already.'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='avoidance_has_a_reason', violation_error_message='Please give a reason.'), models.CheckConstraint(condition=models.Q(models.Q(('accepted', None), ('judged_at', None), ('judged_by', None), ('judgement', '')), models.Q(('accepted__isnull', False), ('judged_at__isnull', False), ('judged_by__isnull', False), models.Q(('judgement', ''), _negated=True)), _connector='OR'), name='avoidance_judged_with_a_reason', violation_error_message='Please give a reason.')],
            },
        ),
    ]

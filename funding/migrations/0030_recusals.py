"""Officials who keep away from a case."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funding', '0029_previews'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Recusal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('ground', models.CharField(max_length=500, verbose_name='why')),
                ('recused_at', models.DateTimeField(verbose_name='recused at')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recusals', to='funding.application')),
                ('declared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='official')),
            ],
            options={
                'ordering': ['recused_at', 'id'],
                'indexes': [models.Index(fields=['person', 'application'], name='recusal_of_a_person')],
                'constraints': [models.UniqueConstraint(fields=('application', 'person'), name='official_recused_once', violation_error_message='This official keeps away from the case already.'), models.CheckConstraint(condition=models.Q(('ground', ''), _negated=True), name='official_recused_for_a_reason')],
            },
        ),
    ]

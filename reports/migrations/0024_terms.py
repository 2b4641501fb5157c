"""When an expert was asked, and who was reminded of which term."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0023_typical_cases'),
    ]

    operations = [
        migrations.AddField(
            model_name='evaluation',
            name='asked_at',
            field=models.DateTimeField(null=True, verbose_name='expert asked at'),
        ),
        migrations.CreateModel(
            name='EvaluationReminder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('term', models.CharField(choices=[('FILE', 'Self-report due'), ('VERIFY', 'Verification due'), ('SCORE', 'Scores due')], max_length=6, verbose_name='term')),
                ('due', models.DateField(verbose_name='due')),
                ('is_late', models.BooleanField(default=False, verbose_name='after the term')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='reports.evaluation')),
            ],
            options={
                'ordering': ['created_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('evaluation', 'term', 'due', 'is_late'), name='reminded_once'), models.CheckConstraint(condition=models.Q(('term__in', ['FILE', 'VERIFY', 'SCORE'])), name='term_is_known')],
            },
        ),
    ]

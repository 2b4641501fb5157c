"""What the parties say to an acceptance."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("funding", "0081_acceptances"),
        ('kernel', '0009_outages'),
        ('members', '0017_sentence_of_a_share'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AcceptanceConsent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('given_at', models.DateTimeField(verbose_name='confirmed at')),
                ('acceptance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='funding.acceptance')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.organisation', verbose_name='organisation')),
            ],
            options={
                'ordering': ['given_at'],
            },
        ),
        migrations.AddConstraint(
            model_name='acceptanceconsent',
            constraint=models.UniqueConstraint(fields=('acceptance', 'organisation'), name='party_confirms_acceptance_once', violation_error_message='This organisation has confirmed already.'),
        ),
    ]

"""Every party of a contract confirms its part and signs."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("funding", "0075_sums_by_year"),
        ('members', '0017_sentence_of_a_share'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ContractParty',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('ordinal', models.PositiveSmallIntegerField(verbose_name='order')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='confirmed at')),
                ('signed_at', models.DateTimeField(null=True, verbose_name='signed at')),
                ('reminded_at', models.DateTimeField(null=True, verbose_name='reminded at')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='funding.contract')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.organisation', verbose_name='organisation')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['contract', 'ordinal'],
                'constraints': [models.UniqueConstraint(fields=('contract', 'organisation'), name='party_once', violation_error_message='This organisation is a party of the contract already.'), models.UniqueConstraint(fields=('contract', 'signed_by'), name='one_person_signs_for_one_party', violation_error_message='Nobody signs a contract on two sides.'), models.CheckConstraint(condition=models.Q(('signed_at', None), models.Q(('confirmed_at__isnull', False), ('signed_at__gte', models.F('confirmed_at'))), _connector='OR'), name='party_confirms_before_it_signs', violation_error_message='A party confirms its part before it signs.'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='party_confirmed_by_whom', violation_error_message='A confirmation says by whom it is.'), models.CheckConstraint(condition=models.Q(models.Q(('signed_at', None), ('signed_by', None)), models.Q(('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='party_signed_by_whom', violation_error_message='A signature says by whom it is.')],
            },
        ),
    ]

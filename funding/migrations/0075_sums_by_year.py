"""Indexes that answer what a year awarded and paid without reading the tables."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('funding', '0074_other_subsidies'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='award',
            index=models.Index(fields=['year'], include=('tier', 'amount', 'consortium', 'application'), name='award_of_a_year'),
        ),
        AddIndexConcurrently(
            model_name='payment',
            index=models.Index(condition=models.Q(('standing__isnull', False)), fields=['paid_on'], include=('amount', 'tranche'), name='payments_by_day'),
        ),
    ]

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

import portal.kernel.search


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('consortia', '0008_words_of_the_guidelines'),
        ('kernel', '0003_bigrams'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='keytechnology',
            index=django.contrib.postgres.indexes.GinIndex(portal.kernel.search.Bigrams(portal.kernel.search.Fold('name')), name='technology_words'),
        ),
        AddIndexConcurrently(
            model_name='outcome',
            index=django.contrib.postgres.indexes.GinIndex(portal.kernel.search.Bigrams(portal.kernel.search.Fold('name')), name='outcome_words'),
        ),
    ]

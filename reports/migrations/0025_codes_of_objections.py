"""By which an objector follows the own objection to a grade."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0024_terms'),
    ]

    operations = [
        migrations.AddField(
            model_name='appeal',
            name='code_hash',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=64),
        ),
    ]

"""Why a file cannot be read is kept in each language."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0014_fields_of_constraints'),
    ]

    operations = [
        migrations.AddField(
            model_name='importbatch',
            name='trouble_said',
            field=models.JSONField(db_default={}, default=dict, editable=False),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funding', '0016_budget'),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='form_version',
            field=models.ForeignKey(blank=True, help_text='Sections beside those that every application has. Fixed once the call is published.', limit_choices_to={'status': 'PUBLISHED'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='funding.formversion', verbose_name='designed form'),
        ),
    ]

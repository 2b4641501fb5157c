"""The rights that members bring along have a state, and may be in dispute."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consortia", "0014_joint_platforms_checked")]
    operations = [
        migrations.AddField(
            model_name='backgroundip',
            name='dispute',
            field=models.CharField(blank=True, db_default='', default='', help_text='Who contests the right and why; empty while nobody does.', max_length=300, verbose_name='dispute'),
        ),
        migrations.AddField(
            model_name='backgroundip',
            name='state',
            field=models.CharField(choices=[('PENDING', 'Applied for'), ('VALID', 'In force'), ('ENDED', 'Ended')], db_default='VALID', default='VALID', max_length=7, verbose_name='state of the right'),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("funding", "0010_call_kinds")]

    operations = [
        migrations.AddField(
            model_name='application',
            name='kind',
            field=models.CharField(choices=[('NEW', 'New consortium'), ('UPGRADE', 'Upgrade to a higher tier')], db_default='NEW', default='NEW', editable=False, max_length=8, verbose_name='kind'),
        ),
    ]

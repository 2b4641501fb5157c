from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funding', '0031_draws'),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='credit_step',
            field=models.BooleanField(db_default=False, default=True, verbose_name='supervision checks integrity'),
        ),
    ]

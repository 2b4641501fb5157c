from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funding', '0018_answers'),
    ]

    operations = [
        migrations.AddField(
            model_name='applicationfile',
            name='question',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
    ]

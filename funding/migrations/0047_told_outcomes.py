from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("funding", "0046_invitations_validated")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="told_at",
            field=models.DateTimeField(null=True, verbose_name="outcome told"),
        ),
    ]

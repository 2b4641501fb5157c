from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("kernel", "0005_mail")]

    operations = [
        AddIndexConcurrently(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("mail__in", ["DIGEST", "ONCE"])),
                fields=["recipient", "created_at"],
                name="notification_to_mail",
            ),
        ),
    ]

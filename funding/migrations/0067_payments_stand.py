"""Every payment that was recorded so far stands."""

from typing import Any

from django.db import migrations, models


def stand(apps: Any, _editor: Any) -> None:
    apps.get_model("funding", "Payment").objects.filter(standing=None, returned_on=None).update(
        standing=models.F("tranche")
    )


class Migration(migrations.Migration):

    dependencies = [
        ("funding", "0066_returned_payments"),
    ]

    operations = [
        migrations.RunPython(stand, migrations.RunPython.noop),
    ]

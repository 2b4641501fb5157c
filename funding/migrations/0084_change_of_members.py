"""Amendments may change who is a party of a contract."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("funding", "0083_terminations"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="amendment",
                    name="kind",
                    field=models.CharField(choices=[("EXTENSION", "Extension of the term"), ("TARGETS", "Change of targets"), ("BUDGET", "Adjustment of the budget"), ("MEMBERS", "Change of members")], max_length=10, verbose_name="kind"),
                ),
            ],
        ),
    ]

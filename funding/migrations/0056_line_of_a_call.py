import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funding", "0055_line_of_an_award"),
    ]

    operations = [
        migrations.AddField(
            model_name="call",
            name="line",
            field=models.ForeignKey(
                blank=True,
                help_text="What its awards are paid from. Left empty: the only line of the year, if there is one.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="funding.budgetline",
                verbose_name="budget line",
            ),
        ),
    ]

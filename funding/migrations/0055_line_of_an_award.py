import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funding", "0054_budget_lines"),
    ]

    operations = [
        migrations.AddField(
            model_name="award",
            name="line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="awards",
                to="funding.budgetline",
                verbose_name="budget line",
            ),
        ),
    ]

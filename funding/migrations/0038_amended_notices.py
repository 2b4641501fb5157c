import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("funding", "0037_objections_validated"), ("kernel", "0009_outages")]

    operations = [
        migrations.AddField("publicnotice", "amends", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="amendments", to="funding.publicnotice", verbose_name="amends")),
        migrations.CreateModel(
            name="ObjectionFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("attachment", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.attachment")),
                ("objection", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="funding.objection")),
            ],
            options={"ordering": ["ordinal"], "constraints": [models.UniqueConstraint(fields=("objection", "ordinal"), name="objection_evidence_once")]},
        ),
    ]

"""The documents behind figures, qualifications and integrity records.

They stand apart from 0001 because the kernel's first migration needs the users of 0001: leave them out of 0001 when it
is made anew.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


def document() -> models.ForeignKey:
    return models.ForeignKey(
        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.attachment"
    )


def audited(name: str) -> models.CheckConstraint:
    by_somebody = ~Q(auditor="") & Q(document__isnull=False)
    return models.CheckConstraint(condition=~Q(source="AUDITED") | by_somebody, name=f"{name}_audited_by_whom")


class Migration(migrations.Migration):
    dependencies = [("members", "0004_parents_form_no_circle"), ("kernel", "0001_initial")]
    operations = [
        *(
            migrations.AddField(model, "document", document())
            for model in ("yearfigures", "pastfigures", "qualification", "integrityrecord")
        ),
        AddConstraintNotValid("yearfigures", audited("yearfigures")),
        AddConstraintNotValid("pastfigures", audited("pastfigures")),
    ]

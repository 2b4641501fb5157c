"""What the notice of a claim is printed from."""

from typing import Any

from django.db.models import QuerySet

from funding.models import Recovery
from funding.selectors.recoveries import may_object_until
from portal.kernel.audit import plain


def noticed_recoveries() -> QuerySet[Recovery]:
    """Claims whose notice is served, with what it says."""
    rows = Recovery.objects.filter(noticed_on__isnull=False)
    return rows.select_related(
        "organisation", "award__consortium", "award__contract", "award__application__call__rules"
    )


def recovery_snapshot(recovery: Recovery) -> dict[str, Any]:
    """The claim as it was served: no person stands in it."""
    award = recovery.award
    made: dict[str, Any] = plain({
        "number": recovery.number, "document_number": recovery.document_number,
        "organisation": recovery.organisation.name, "code": recovery.organisation.uscc or "",
        "consortium": award.consortium.name, "award": award.document_number,
        "contract": str(getattr(award, "contract", "")), "ground": recovery.ground, "reason": recovery.reason,
        "amount": recovery.amount, "noticed_on": recovery.noticed_on, "due_on": recovery.due_on,
        "objections_until": may_object_until(recovery),
    })  # fmt: skip
    return made

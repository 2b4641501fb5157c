"""The notice of a claim as a document: made as it is served, in the official language."""

from datetime import datetime

from django.db import transaction

from funding.models import Recovery
from reports.models import RecoveryDocument
from reports.selectors.recoveries import noticed_recoveries, recovery_snapshot
from reports.services.made import Paper, order_document

LANGUAGE = "zh-hans"  # the notice is an official paper


def _title(document: RecoveryDocument) -> str:
    return str(document.snapshot["document_number"])


PAPER = Paper(
    model=RecoveryDocument, job="reports.render_recovery", file="recovery_notice", version="1", title=_title
)  # fmt: skip


@transaction.atomic
def order_recovery_notice(*, recovery: Recovery, at: datetime) -> RecoveryDocument:
    """What is there already stays as it is."""
    served = RecoveryDocument.objects.filter(recovery=recovery).first()
    if served:
        return served
    snapshot, actor = recovery_snapshot(recovery), recovery.approved_by
    return order_document(paper=PAPER, of=recovery, snapshot=snapshot, language=LANGUAGE, actor=actor, at=at)


def order_lacking_recovery_notices(*, at: datetime) -> int:
    """Documents of claims that were served without one; how many."""
    found = list(RecoveryDocument.objects.lacking_of(noticed_recoveries().select_related("approved_by")))
    for recovery in found:
        order_recovery_notice(recovery=recovery, at=at)
    return len(found)

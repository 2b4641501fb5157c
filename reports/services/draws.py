"""Records of draws as documents: ordered by the desk or the witness, made by a job, stored once."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from funding.models import Draw
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action
from reports.models import DrawDocument
from reports.selectors.draws import draw_snapshot
from reports.services.made import enqueue_document, keep_document, retry_document

DRAW_TEMPLATE = "1"
JOB_KIND = "reports.render_draw"
FILE_KIND = "draw_document"


@transaction.atomic
def order_draw_document(*, draw: Draw, language: str, actor: Any, at: datetime) -> DrawDocument:
    """The record as it stands; what was made of it before is given again, what failed is tried again."""
    require(actor, "reports.order_draw_document", draw)
    if draw.record is None:
        raise TransitionRefused(_("The draw has not taken place."))
    snapshot = draw_snapshot(draw)
    row, created = DrawDocument.objects.get_or_create(
        draw=draw, language=language, template_version=DRAW_TEMPLATE, snapshot_hash=audit.sha256(snapshot),
        defaults={"snapshot": snapshot, "created_at": at, "requested_by": actor},
    )  # fmt: skip
    if created:
        enqueue_document(document=row, kind=JOB_KIND, requested_by=actor, at=at)
        facts = {"language": language, "snapshot": row.snapshot_hash}
        audit.record(actor=actor, action=Action.ORDER_DOCUMENT, subject=draw, at=at, facts=facts)
    elif row.has_given_up:
        retry_document(document=row, permission="reports.order_draw_document", of=draw, actor=actor, at=at)
    return row


def store_draw_document(*, document: DrawDocument, path: Path, pages: int, at: datetime) -> DrawDocument:
    """Keep the file that the job made."""
    title = str(document.snapshot["number"])
    return keep_document(document=document, title=title, kind=FILE_KIND, path=path, pages=pages, at=at)

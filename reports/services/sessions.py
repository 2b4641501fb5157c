"""Minutes of sessions as documents: ordered once they are locked, made by a job, stored once."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from funding.enums import SessionStatus
from funding.models import ReviewSession
from funding.selectors.sessions import minutes_snapshot
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action
from reports.models import SessionDocument
from reports.services.made import enqueue_document, keep_document, retry_document

SESSION_TEMPLATE = "1"
JOB_KIND = "reports.render_session"
FILE_KIND = "session_document"


@transaction.atomic
def order_session_document(*, session: ReviewSession, language: str, actor: Any, at: datetime) -> SessionDocument:
    """The locked minutes; what was made of it before is given again, what failed is tried again."""
    require(actor, "funding.print_minutes", session)
    if session.status != SessionStatus.LOCKED:
        raise TransitionRefused(_("The minutes are not locked yet."))
    snapshot = minutes_snapshot(session) | {"minutes_hash": session.minutes_hash}
    row, created = SessionDocument.objects.get_or_create(
        session=session, language=language, template_version=SESSION_TEMPLATE, snapshot_hash=audit.sha256(snapshot),
        defaults={"snapshot": snapshot, "created_at": at, "requested_by": actor},
    )  # fmt: skip
    if created:
        enqueue_document(document=row, kind=JOB_KIND, requested_by=actor, at=at)
        facts = {"language": language, "snapshot": row.snapshot_hash}
        audit.record(actor=actor, action=Action.ORDER_DOCUMENT, subject=session, at=at, facts=facts)
    elif row.has_given_up:
        retry_document(document=row, permission="funding.print_minutes", of=session, actor=actor, at=at)
    return row


def store_session_document(*, document: SessionDocument, path: Path, pages: int, at: datetime) -> SessionDocument:
    """Keep the file that the job made."""
    title = str(document.snapshot["number"])
    return keep_document(document=document, title=title, kind=FILE_KIND, path=path, pages=pages, at=at)

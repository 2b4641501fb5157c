"""Minutes of sessions as documents, ordered once they are locked."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from funding.enums import SessionStatus
from funding.models import ReviewSession
from funding.selectors.sessions import minutes_of
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused
from reports.models import SessionDocument
from reports.services.made import Paper, order_document

PAPER = Paper(
    model=SessionDocument, job="reports.render_session", file="session_document", version="1",
    permission="funding.print_minutes",
)  # fmt: skip


def order_session_document(*, session: ReviewSession, language: str, actor: Any, at: datetime) -> SessionDocument:
    """The locked minutes."""
    require(actor, PAPER.permission, session)
    if session.status != SessionStatus.LOCKED:
        raise TransitionRefused(_("The minutes are not locked yet."))
    snapshot = minutes_of(session) | {"minutes_hash": session.minutes_hash}
    return order_document(paper=PAPER, of=session, snapshot=snapshot, language=language, actor=actor, at=at)

"""Records of draws as documents, ordered by the desk or the witness."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from funding.models import Draw
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused
from reports.models import DrawDocument
from reports.selectors.draws import draw_snapshot
from reports.services.made import Paper, order_document

PAPER = Paper(
    model=DrawDocument, job="reports.render_draw", file="draw_document", version="1",
    permission="reports.order_draw_document",
)  # fmt: skip


def order_draw_document(*, draw: Draw, language: str, actor: Any, at: datetime) -> DrawDocument:
    """The record as it stands."""
    require(actor, PAPER.permission, draw)
    if draw.record is None:
        raise TransitionRefused(_("The draw has not taken place."))
    return order_document(paper=PAPER, of=draw, snapshot=draw_snapshot(draw), language=language, actor=actor, at=at)

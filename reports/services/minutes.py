"""Minutes of decision meetings as documents, ordered by whoever may see the list."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from funding.enums import ScenarioStatus
from funding.models import Scenario
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused
from reports.models import MinutesDocument
from reports.selectors.minutes import minutes_snapshot
from reports.services.made import Paper, order_document

PAPER = Paper(
    model=MinutesDocument, job="reports.render_minutes", file="minutes", version="1",
    permission="reports.order_minutes",
)  # fmt: skip


def order_minutes(*, scenario: Scenario, language: str, actor: Any, at: datetime) -> MinutesDocument:
    """The minutes of a list that was decided."""
    require(actor, PAPER.permission, scenario)
    if scenario.status != ScenarioStatus.DECIDED:
        raise TransitionRefused(_("The meeting has not decided on this list."))
    snapshot = minutes_snapshot(scenario)
    return order_document(paper=PAPER, of=scenario, snapshot=snapshot, language=language, actor=actor, at=at)

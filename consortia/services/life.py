"""The timeline of a consortium: rows are only ever added, in the transaction of what they tell."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Consortium, LifeEvent
from consortia.rules.platforms import DirectAction


@dataclass(frozen=True)
class Paper:
    """The document and the meeting behind an act."""

    document_number: str = ""
    meeting: str = ""
    meeting_on: date | None = None

    def facts(self) -> dict[str, Any]:
        """For the audit trail."""
        day = self.meeting_on.isoformat() if self.meeting_on else ""
        return {name: value for name, value in (asdict(self) | {"meeting_on": day}).items() if value}


NO_PAPER = Paper()


def note_event(
    *,
    consortium: Consortium,
    kind: Action | DirectAction,
    actor: Any,
    at: datetime,
    by: str = "",
    reason: str = "",
    paper: Paper = NO_PAPER,
    tier_before: str = "",
    tier_after: str = "",
) -> LifeEvent:
    """Add an event; `by` is the acting organisation, empty for the bureau."""
    return LifeEvent.objects.create(
        consortium=consortium, kind=kind.value, actor=actor, at=at, created_at=at, by=by, reason=reason,
        tier_before=tier_before, tier_after=tier_after, **asdict(paper),
    )  # fmt: skip


def require_reason(*, note: str) -> str:
    """The reason without blanks around it. Raises ValidationError."""
    if not note.strip():
        raise ValidationError({"note": _("Give the reason.")})
    return note.strip()


def require_paper(*, paper: Paper, at: datetime) -> None:
    """An act of weight names its document and its meeting. Raises ValidationError for each that is missing."""
    missing = {name: [_("This is needed here.")] for name, value in asdict(paper).items() if not value}
    if paper.meeting_on and paper.meeting_on > at.date():
        missing["meeting_on"] = [_("The meeting is still to come.")]
    if missing:
        raise ValidationError(missing)

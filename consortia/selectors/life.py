"""The timeline of a consortium for its readers, and what stands in the way of an upgrade."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Consortium, LifeEvent
from consortia.rules.platforms import DirectAction
from consortia.workflow.life import has_a_direction, has_a_fund, has_tasks
from members.enums import OFFICIALS

A = Action
Text = str | Promise

LOOKS: Mapping[str, tuple[Text, str, str]] = {
    A.CREATE: (_("The consortium was formed"), "brand", "affiliate"),
    A.ABANDON: (_("Given up while it was being prepared"), "", "logout"),
    A.START: (_("Recognised in tier %(after)s"), "ok", "rosette"),
    A.UPGRADE: (_("Tier raised from %(before)s to %(after)s"), "ok", "trending-up"),
    A.DOWNGRADE: (_("Tier lowered from %(before)s to %(after)s"), "warn", "trending-down"),
    A.RECTIFY: (_("Rectification ordered"), "warn", "tool"),
    A.REPORT_RECTIFICATION: (_("Rectification reported"), "", "report"),
    A.RESUME: (_("Rectification accepted"), "ok", "player-play"),
    A.GRADUATE: (_("Graduated"), "ok", "award"),
    A.AMEND: (_("The profile was amended"), "", "edit"),
    A.SET_SHARES: (_("Another shareholding of the company recorded"), "", "chart-bar"),
    A.REQUEST_EXIT: (_("Asked to leave"), "warn", "logout"),
    A.PROPOSE_LEAD_CHANGE: (_("Another lead proposed"), "warn", "arrows-exchange"),
    A.WITHDRAW_LEAD_CHANGE: (_("Proposal of another lead taken back"), "", "arrow-back-up"),
    A.APPROVE_LEAD_CHANGE: (_("The lead passed to another organisation"), "brand", "arrows-exchange"),
    A.REJECT_LEAD_CHANGE: (_("The lead stays"), "", "ban"),
    A.OPEN_EXIT: (_("Exit case opened"), "bad", "folder-open"),
    A.SERVE_NOTICE: (_("Notice served"), "warn", "mail"),
    A.FILE_STATEMENT: (_("Statement filed"), "", "message-report"),
    A.ASSESS_EXIT: (_("Settlement assessed"), "", "calculator"),
    A.DECIDE_EXIT: (_("The meeting has decided"), "brand", "gavel"),
    A.PUBLICISE_EXIT: (_("Decision to leave publicised"), "warn", "speakerphone"),
    A.APPEAL_EXIT: (_("Appeal filed"), "", "scale"),
    A.UPHOLD_EXIT: (_("Decision upheld"), "", "scale"),
    A.REVERSE_EXIT: (_("Decision reversed; the consortium stays"), "ok", "arrow-back-up"),
    A.WITHDRAW_EXIT: (_("Application for exit taken back; the consortium stays"), "ok", "arrow-back-up"),
    A.DISMISS_EXIT: (_("Exit case dismissed; the consortium stays"), "ok", "arrow-back-up"),
    A.EXIT: (_("Left the programme"), "", "logout"),
    A.REVOKE: (_("Recognition revoked"), "bad", "ban"),
    DirectAction.RECOGNISE: (_("A joint platform was directly recognised"), "ok", "rosette"),
    DirectAction.REVOKE: (_("The recognition of a joint platform was revoked"), "bad", "ban"),
}
PUBLIC = [
    A.START,
    A.UPGRADE,
    A.DOWNGRADE,
    A.APPROVE_LEAD_CHANGE,
    A.GRADUATE,
    A.PUBLICISE_EXIT,
    A.REVERSE_EXIT,
    A.EXIT,
    A.REVOKE,
]


@dataclass(frozen=True)
class Lived:
    """One event in the reader's language; what the reader must not know is empty."""

    at: datetime
    text: str
    kind: str
    icon: str
    who: str = ""
    reason: str = ""
    document_number: str = ""
    meeting: str = ""
    meeting_on: date | None = None


def life_of(consortium: Consortium, reader: Any) -> list[Lived]:
    """Newest first. Reasons and persons are for officials and the lead's own people."""
    near = reader.holds_any(OFFICIALS) or consortium.lead_id in reader.organisation_ids
    return [_lived(row, near) for row in consortium.life.select_related("actor")]


def public_life(consortium: Consortium) -> list[Lived]:
    """What anybody may know: what happened when, and by which document."""
    rows = consortium.life.filter(kind__in=[one.value for one in PUBLIC])
    return [Lived(row.at, *_look(row), document_number=row.document_number) for row in rows]


def _lived(row: LifeEvent, near: bool) -> Lived:
    place = row.by or str(settings.CITY["bureau"])
    who = gettext("%(person)s · %(organisation)s") % {"person": row.actor, "organisation": place} if near else place
    reason = row.reason if near else ""
    return Lived(row.at, *_look(row), who, reason, row.document_number, row.meeting, row.meeting_on)


def _look(row: LifeEvent) -> tuple[str, str, str]:
    text, kind, icon = LOOKS.get(row.kind, (row.kind, "", "point"))
    return str(text) % {"before": row.tier_before, "after": row.tier_after}, kind, icon


def upgrade_gates(consortium: Consortium, at: datetime) -> list[tuple[str, bool]]:
    """The three gates of an upgrade, and whether each stands open."""
    gates = (
        (_("A clear direction: the key-technology list"), has_a_direction),
        (_("Concrete research tasks with milestones"), has_tasks),
        (_("A dedicated investment fund"), has_a_fund),
    )
    return [(str(label), gate(consortium, at) is None) for label, gate in gates]

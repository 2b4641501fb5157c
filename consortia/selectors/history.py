"""The trail of a consortium as sentences: who did what, when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Consortium, Milestone
from members.enums import OFFICIALS
from members.models import User
from portal.kernel.models import AuditEntry

Text = str | Promise
A = Action

SENTENCES: Mapping[str, tuple[Text, str, str]] = {
    A.CREATE: (_("formed the consortium"), "brand", "affiliate"),
    A.UPDATE: (_("updated the profile"), "", "edit"),
    A.START: (_("started the build period in tier %(tier)s; recognised on %(recognised_on)s"), "ok", "rosette"),
    A.RECTIFY: (_("ordered rectification"), "warn", "alert-triangle"),
    A.RESUME: (_("accepted the rectification"), "ok", "player-play"),
    A.GRADUATE: (_("let the consortium graduate"), "ok", "award"),
    A.EXIT: (_("recorded that the consortium leaves"), "", "logout"),
    A.REVOKE: (_("revoked the recognition"), "bad", "ban"),
    A.CHANGE_TIER: (_("changed the tier from %(before)s to %(after)s"), "brand", "arrows-exchange"),
    A.INVITE: (_("invited %(name)s"), "", "user-plus"),
    A.REVISE: (_("changed the part of %(name)s, which has to confirm it again"), "warn", "edit"),
    A.CONFIRM: (_("confirmed its part"), "ok", "user-check"),
    A.DECLINE: (_("declined to take part"), "bad", "user-x"),
    A.LEAVE: (_("recorded that %(name)s leaves"), "", "user-off"),
    A.DRAFT_AGREEMENT: (_("laid down version %(version)s of the agreement"), "brand", "file-text"),
    A.SIGN_AGREEMENT: (_("signed version %(version)s of the agreement"), "ok", "signature"),
    A.ADD_TECHNOLOGY: (_("added the technology “%(name)s”"), "", "plus"),
    A.UPDATE_TECHNOLOGY: (_("changed the technology “%(name)s”"), "", "edit"),
    A.REMOVE_TECHNOLOGY: (_("removed the technology “%(name)s”"), "", "trash"),
    A.RECORD_READINESS: (_("recorded TRL %(after)s for “%(name)s” (before: %(before)s)"), "ok", "trending-up"),
    A.ADD_TASK: (_("added the research task “%(name)s”"), "", "plus"),
    A.UPDATE_TASK: (_("changed the research task “%(name)s”"), "", "edit"),
    A.REMOVE_TASK: (_("removed the research task “%(name)s”"), "", "trash"),
    A.ADD_MILESTONE: (_("added the milestone “%(name)s”"), "", "flag"),
    A.UPDATE_MILESTONE: (_("changed the milestone “%(name)s”"), "", "edit"),
    A.REMOVE_MILESTONE: (_("removed the milestone “%(name)s”"), "", "trash"),
    A.REACH: (_("recorded the milestone “%(name)s” as reached"), "ok", "flag"),
    A.MISS: (_("recorded the milestone “%(name)s” as missed"), "bad", "clock-exclamation"),
    A.ADD_OUTCOME: (_("recorded the outcome “%(name)s”"), "ok", "certificate"),
    A.UPDATE_OUTCOME: (_("changed the outcome “%(name)s”"), "", "edit"),
    A.REMOVE_OUTCOME: (_("removed the outcome “%(name)s”"), "", "trash"),
    A.ADD_PLATFORM: (_("recorded the joint platform “%(name)s”"), "", "building-community"),
    A.UPDATE_PLATFORM: (_("changed the joint platform “%(name)s”"), "", "edit"),
    A.REMOVE_PLATFORM: (_("removed the joint platform “%(name)s”"), "", "trash"),
    A.ADD_FUND: (_("recorded the fund “%(name)s”"), "", "coin-yuan"),
    A.UPDATE_FUND: (_("changed the fund “%(name)s”"), "", "edit"),
    A.REMOVE_FUND: (_("removed the fund “%(name)s”"), "", "trash"),
}


@dataclass(frozen=True)
class Event:
    """One line of the timeline in the reader's language."""

    at: datetime
    who: str
    text: str
    kind: str
    icon: str
    note: str


def trail_of(consortium: Consortium) -> QuerySet[AuditEntry]:
    """The entries of the consortium, its participations and its milestones, newest first."""
    participations = map(str, consortium.participations.values_list("pk", flat=True))
    milestones = map(str, Milestone.objects.filter(task__consortium=consortium).values_list("pk", flat=True))
    return AuditEntry.objects.filter(
        Q(subject_type="consortia.consortium", subject_id=str(consortium.pk))
        | Q(subject_type="consortia.participation", subject_id__in=list(participations))
        | Q(subject_type="consortia.milestone", subject_id__in=list(milestones))
    ).order_by("-at", "-id")


def events(entries: Iterable[AuditEntry], consortium: Consortium, reader: User) -> list[Event]:
    """Sentences for this reader: officials and one's own colleagues are shown people, others organisations."""
    return [_event(entry, consortium, reader) for entry in entries]


def _event(entry: AuditEntry, consortium: Consortium, reader: User) -> Event:
    text, kind, icon = SENTENCES.get(entry.action, (_("acted"), "", "point"))
    own = {str(place) for place in reader.organisation_ids}
    official = reader.holds_any(OFFICIALS)
    near = official or entry.facts.get("by_id") in own
    note = entry.note if near or str(consortium.lead_id) in own else ""
    return Event(entry.at, _who(entry, near), _filled(text, entry.facts), kind, icon, note)


def _who(entry: AuditEntry, near: bool) -> str:
    organisation = entry.facts.get("by") or str(settings.CITY["bureau"])
    if not near:
        return str(organisation)
    return gettext("%(person)s · %(organisation)s") % {"person": entry.actor_name, "organisation": organisation}


def _filled(text: Text, facts: Mapping[str, Any]) -> str:
    """Entries keep what was known then; a fact that is missing leaves a gap, never an error."""
    known = {"name": "", "tier": "", "recognised_on": "", "before": "", "after": "", "version": ""}
    return str(text) % {**known, **facts}

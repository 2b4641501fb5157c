"""A change of the lead for its readers: who is asked, what each has said, and what still stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import (
    AT_WORK,
    JOINED,
    PRESENT,
    Layer,
    LeadChangeGround,
    ParticipationRole,
    ParticipationStatus,
    PartItem,
    Standing,
)
from consortia.models import Consortium, LeadChange, LeadConsent, Participation
from consortia.rules.leadchanges import LEADS_PER_SUB_FIELD
from consortia.rules.profile import LEADING
from consortia.selectors.parts import part_states
from members.enums import OrganisationStatus, Role
from members.models import IntegrityRecord, Organisation
from members.selectors import holders
from portal.kernel.audit import sha256
from portal.kernel.enumerating import enumerated
from portal.kernel.workflow import Reason

# The rooms above say what of theirs stands in the way of another lead, and what has to follow it.
Look = Callable[[LeadChange, datetime], list[Reason]]
OBSTACLES: list[Look] = []
CONSEQUENCES: list[Look] = []
# … and why an organisation cannot lead a consortium at all.
BARS: list[Callable[[Consortium, Organisation], list[Reason]]] = []


def content_of(change: LeadChange) -> dict[str, Any]:
    """What is consented to: who leads instead of whom and why, and the parts of both as they read now."""
    both = change.consortium.participations.present().filter(organisation__in=[change.old_lead_id, change.new_lead_id])
    parts = part_states(change.consortium, list(both))
    return {
        "old": str(change.old_lead_id),
        "new": str(change.new_lead_id),
        "ground": change.ground,
        "reason": change.reason,
        "parts": {str(part.participation.organisation_id): _fingerprints(part) for part in parts},
    }


def _fingerprints(part: Any) -> dict[str, str]:
    return {item.value: part.item(item).sha256 for item in PartItem}


@dataclass(frozen=True)
class Word:
    """What one member that is asked has said."""

    participation: Participation
    newest: LeadConsent | None
    sha256: str

    @property
    def standing(self) -> Standing:
        """A yes counts while the proposal reads as it did then."""
        if self.newest is None or not self.newest.agrees:
            return Standing.NEVER
        return Standing.CONFIRMED if self.newest.sha256 == self.sha256 else Standing.LAPSED

    @property
    def agrees(self) -> bool:
        """Nothing more is wanted from it."""
        return self.standing == Standing.CONFIRMED

    @property
    def refuses(self) -> bool:
        """Its last word is no."""
        return self.newest is not None and not self.newest.agrees


def asked(change: LeadChange) -> QuerySet[Participation]:
    """The core members and the one that is to lead; the lead so far only where it hands over itself."""
    joined = Q(status__in=JOINED) | Q(status=ParticipationStatus.INVITED, invited_until=None)
    rows = change.consortium.participations.filter(joined, status__in=PRESENT).select_related("organisation")
    concerned = rows.filter(Q(layer=Layer.CORE) | Q(organisation=change.new_lead_id) | Q(role=ParticipationRole.LEAD))
    if change.ground != LeadChangeGround.HANDED_OVER:
        concerned = concerned.exclude(organisation=change.old_lead_id)
    return concerned.order_by("role", "created_at", "id")


def words(change: LeadChange) -> list[Word]:
    """What each of them has said, as it counts now."""
    fingerprint = sha256(content_of(change))
    newest: dict[Any, LeadConsent] = {}
    for row in change.consents.select_related("given_by").order_by("given_at", "created_at", "id"):
        newest[row.participation_id] = row
    return [Word(row, newest.get(row.pk), fingerprint) for row in asked(change)]


def may_lead(consortium: Consortium) -> QuerySet[Organisation]:
    """Members that could be named: of a kind that may form a consortium, joined, in order, registered in the city."""
    joined = consortium.participations.filter(status=ParticipationStatus.CONFIRMED, role=ParticipationRole.MEMBER)
    return Organisation.objects.filter(
        pk__in=joined.values("organisation"), type__in=LEADING, status=OrganisationStatus.ACTIVE,
        district__isnull=False,
    )  # fmt: skip


def barred(consortium: Consortium, organisation: Organisation) -> list[Reason]:
    """What the rooms above know against this organisation as its lead."""
    return [reason for look in BARS for reason in look(consortium, organisation)]


def speaks_for(user: Any, organisation: Any) -> bool:
    """Whether the user writes or signs for it."""
    return any(user.holds(role, organisation=organisation) for role in (Role.APPLICANT, Role.SIGNATORY))


def open_change(consortium: Consortium) -> LeadChange | None:
    """The one being decided, if any."""
    return consortium.lead_changes.open().select_related("old_lead", "new_lead").first()


def consequences(change: LeadChange, at: datetime) -> list[Reason]:
    """What has to follow the change."""
    return [reason for look in CONSEQUENCES for reason in look(change, at)]


# --- what stands in the way: each guard says a sentence -------------------------------------------
def everybody_consents(change: LeadChange, _at: datetime) -> Reason | None:
    """Each core member and the new lead, to the proposal as it reads now."""
    waiting = enumerated(word.participation.organisation.name for word in words(change) if not word.agrees)
    return (
        _("These have not consented to the proposal as it reads now: %(names)s.") % {"names": waiting}
        if waiting
        else None
    )


def lead_was_heard(change: LeadChange, at: datetime) -> Reason | None:
    """Nobody loses the lead unheard."""
    if change.heard_until is None or change.answered_at or timezone.localdate(at) > change.heard_until:
        return None
    return _("The lead so far may answer until %(day)s.") % {"day": change.heard_until.isoformat()}


def lead_may_answer(change: LeadChange, at: datetime) -> Reason | None:
    """Once, and in time."""
    if change.heard_until is None:
        return _("The lead itself has proposed this.")
    if change.answered_at:
        return _("The lead so far has answered already.")
    return _("The time to answer is over.") if timezone.localdate(at) > change.heard_until else None


def new_lead_may_lead(change: LeadChange, at: datetime) -> Reason | None:
    """An active member that fulfils the rules for a lead."""
    name, today = change.new_lead.name, timezone.localdate(at)
    if not may_lead(change.consortium).filter(pk=change.new_lead_id).exists():
        return _("%(name)s is no confirmed member of a kind that may lead, in order and of this city.") % {"name": name}
    if reasons := barred(change.consortium, change.new_lead):
        return " ".join(str(reason) for reason in reasons)
    if IntegrityRecord.objects.barring(today).filter(organisation=change.new_lead_id).exists():
        return _("A serious integrity record bars %(name)s.") % {"name": name}
    if led_elsewhere(change) >= LEADS_PER_SUB_FIELD:
        return _("%(name)s leads another consortium of this sub-field.") % {"name": name}
    return None


def led_elsewhere(change: LeadChange) -> int:
    """How many recognised consortia of the sub-field the new lead leads."""
    rows = Consortium.objects.filter(lead=change.new_lead_id, sub_field=change.consortium.sub_field_id)
    return rows.filter(status__in=AT_WORK).exclude(pk=change.consortium_id).count()


def somebody_acts_for_it(change: LeadChange, _at: datetime) -> Reason | None:
    """The work of a lead needs people: one who writes and one who signs."""
    missing = [role for role in (Role.APPLICANT, Role.SIGNATORY) if not _held(role, change.new_lead_id)]
    if not missing:
        return None
    return _("Nobody holds these roles at %(name)s: %(roles)s. Its administrator appoints somebody.") % {
        "name": change.new_lead.name, "roles": enumerated(role.label for role in missing)
    }  # fmt: skip


def _held(role: Role, organisation: Any) -> bool:
    return holders(role, organisation=organisation).exists()


def nothing_is_under_way(change: LeadChange, at: datetime) -> Reason | None:
    """What the rooms above hold in the name of the lead so far."""
    found = [str(reason) for look in OBSTACLES for reason in look(change, at)]
    return " ".join(found) or None

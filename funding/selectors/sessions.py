"""Sessions as their readers see them: which are due, who leaves, what the minutes hold."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from funding.enums import Action, ApplicationStatus, ReviewMode, ReviewStatus, SeatRole, SessionKind, SessionStatus
from funding.models import Application, Call, Consolidation, Recusal, Review, ReviewSession, SessionSeat, SessionSlot
from funding.rules.sessions import Check, runs, terms_of, visit_is_due
from funding.selectors.experts import bound_people
from funding.selectors.reviews import assess
from members.enums import BUREAU
from members.models import RoleGrant, User
from portal.kernel.audit import plain, trail

A, K = ApplicationStatus, SessionKind
BOTH = (SeatRole.CHAIR, SeatRole.SECRETARY)
STEPPED_BACK = _("Stepped back from the review of this case")


# --- what a case needs -------------------------------------------------------------------------
def missing_sessions(application: Application) -> list[SessionKind]:
    """The kinds of session that have still to be held before the case is graded."""
    call = application.call
    if not (call.defence or call.site_visit):
        return []
    held = _held(application)
    found = [K.DEFENCE] if call.defence and K.DEFENCE not in held else []
    if call.site_visit and K.SITE_VISIT not in held:
        assessment = assess(application)
        proposed = {assessment.proposal.tier} if assessment else set()
        found += [K.SITE_VISIT] if visit_due(application, proposed) else []
    return found


def lacks_visit(application: Application, tiers: Collection[str]) -> bool:
    """Whether the site has to be visited before one of these tiers is given, and was not."""
    due = application.call.site_visit and visit_due(application, tiers)
    return due and K.SITE_VISIT not in _held(application)


def visit_due(application: Application, tiers: Collection[str] = ()) -> bool:
    """Whether the call's rules ask for a visit of this case; `tiers` are considered beside the one asked for."""
    asked = {application.requested_tier, *tiers}
    return visit_is_due(terms_of(application.call.rules.data), application.number, asked)


def _held(application: Application) -> set[str]:
    rows = SessionSlot.everything.filter(application=application, session__status=SessionStatus.LOCKED)
    return set(rows.values_list("kind", flat=True))


def kinds_of(call: Call) -> list[SessionKind]:
    """The kinds of session that a call asks for."""
    wanted = {K.DEFENCE: call.defence, K.SITE_VISIT: call.site_visit}
    return [kind for kind, is_wanted in wanted.items() if is_wanted]


def to_hear(call: Call, kind: str, user: Any) -> QuerySet[Application]:
    """Cases under review that no session of this kind holds."""
    there = SessionSlot.everything.filter(application=OuterRef("pk"), kind=kind, dropped=False)
    rows = Application.everything.visible_to(user).filter(~Exists(there), call=call, status=A.REVIEWING)
    return rows.select_related("consortium__lead", "call__rules").order_by("number")


def calls_to_hear() -> QuerySet[Call]:
    """Published calls that ask for sessions and have cases under review."""
    waiting = Application.objects.filter(call=OuterRef("pk"), status=A.REVIEWING)
    rows = Call.objects.filter(Exists(waiting)).defer("guidelines")
    return rows.filter(defence=True) | rows.filter(site_visit=True)


# --- the second declaration --------------------------------------------------------------------
def discussed_at(application: Application) -> datetime | None:
    """When the panel last met: in a session whose minutes are locked, or in a discussion that is summed up."""
    call = application.call
    talks = call.review_mode == ReviewMode.LEAD_REVIEWER
    if not (talks or call.defence or call.site_visit):
        return None
    rows = SessionSlot.everything.filter(application=application, session__status=SessionStatus.LOCKED)
    moments = [at for pair in rows.values_list("session__chair_locked_at", "session__secretary_locked_at")
               for at in pair if at]  # fmt: skip
    if talks:
        summary = Consolidation.objects.filter(application=application, consolidated_at__isnull=False)
        moments += [at for at in summary.values_list("consolidated_at", flat=True) if at]
    return max(moments, default=None)


def silent_reviews(application: Application) -> list[Review]:
    """Reviews that count whose experts have not declared again since the panel met."""
    if not terms_of(application.call.rules.data).second_declaration:
        return []
    met = discussed_at(application)
    if met is None:
        return []
    rows = application.reviews.filter(status=ReviewStatus.SUBMITTED)
    return [one for one in rows if one.declared_again_at is None or one.declared_again_at < met]


def is_to_declare_again(review: Review) -> bool:
    """Whether this expert is asked for the second declaration now."""
    counts = review.status == ReviewStatus.SUBMITTED and review.application.status == A.REVIEWING
    return counts and any(one.pk == review.pk for one in silent_reviews(review.application))


def sessions_card(application: Application, user: Any) -> dict[str, Any]:
    """What funding/_sessions_card.html needs: the appointments that this reader may see, and what is still due."""
    call = application.call
    if not (call.defence or call.site_visit):
        return {}
    rows = SessionSlot.everything.visible_to(user).filter(application=application, dropped=False)
    waits = application.status == A.REVIEWING and application.is_insider(user)
    return {
        "slots": rows.select_related("session").order_by("session__starts_at"),
        "sessions_missing": missing_sessions(application) if waits else [],
    }


# --- who sits there and who leaves -------------------------------------------------------------
def reviewers(applications: Iterable[Application]) -> QuerySet[User]:
    """The experts who review these cases."""
    rows = Review.everything.filter(application__in=list(applications)).exclude(status=ReviewStatus.RECUSED)
    return User.objects.filter(pk__in=rows.values("expert__user")).order_by("name", "pk")


def officials_to_seat() -> QuerySet[User]:
    """The people of the bureau."""
    grants = RoleGrant.objects.in_force().filter(role__in=sorted(BUREAU))
    return User.objects.filter(pk__in=grants.values("user"), is_active=True).order_by("name", "pk")


def people_to_chair(call: Call) -> QuerySet[User]:
    """The bureau, and the experts of the call."""
    cases = Application.everything.filter(call=call, status=A.REVIEWING)
    rows = Review.everything.filter(application__in=cases).exclude(status=ReviewStatus.RECUSED)
    both = User.objects.filter(pk__in=rows.values("expert__user")) | officials_to_seat()
    return both.distinct().order_by("name", "pk")


def leavers(application: Application, people: Collection[UUID], at: datetime) -> dict[UUID, str]:
    """Of these people who leaves the room for the case, and why; in the portal's first language."""
    with override(settings.LANGUAGE_CODE):
        found = bound_people(application, people, at)
        stepped = Review.everything.filter(
            application=application, status=ReviewStatus.RECUSED, expert__user__in=people
        )
        found |= dict.fromkeys(stepped.values_list("expert__user", flat=True), str(STEPPED_BACK))
        away = Recusal.objects.filter(application=application, person__in=people)
        return found | dict(away.values_list("person", "ground"))


# --- the page ----------------------------------------------------------------------------------
def session_rows(rows: QuerySet[ReviewSession]) -> QuerySet[ReviewSession]:
    """What a list of sessions shows."""
    return rows.select_related("call").defer("call__guidelines")


def agenda(session: ReviewSession, user: Any) -> list[SessionSlot]:
    """The cases of a session that this reader may see, in their order."""
    rows = SessionSlot.everything.visible_to(user).filter(session=session)
    rows = rows.select_related("session__call__rules", "application__consortium__lead")
    return list(rows.prefetch_related("absences__person", "presences__person", "files__attachment"))


@dataclass(frozen=True)
class Out:
    """A time during which somebody is out of the room."""

    starts_at: datetime
    ends_at: datetime


def times_out(session: ReviewSession, user: Any) -> list[Out]:
    """When the reader leaves the room; nothing is said of the cases."""
    slots = {slot.position: slot for slot in SessionSlot.everything.filter(session=session, absences__person=user)}
    for slot in slots.values():
        slot.session = session
    return [Out(slots[first].starts_at, slots[last].ends_at) for first, last in runs(slots)]


def seats_of(session: ReviewSession) -> list[SessionSeat]:
    """Everybody with a seat: chair and keeper of the minutes first."""
    order = {role: place for place, role in enumerate([*BOTH, SeatRole.EXPERT, SeatRole.OFFICIAL])}
    rows = session.seats.select_related("person")
    return sorted(rows, key=lambda seat: (order[SeatRole(seat.role)], seat.person.name))


@dataclass(frozen=True)
class Line:
    """A line of the list for a visit as it was answered."""

    check: Check
    holds: bool | None
    note: str


def check_lines(slot: SessionSlot) -> list[Line]:
    """The list for the visit; nothing for a defence."""
    if slot.kind != K.SITE_VISIT:
        return []
    given = slot.checklist
    checks: Sequence[Check] = terms_of(slot.session.call.rules.data).checklist
    return [Line(one, given.get(one.code, {}).get("holds"), given.get(one.code, {}).get("note", "")) for one in checks]


# --- the minutes -------------------------------------------------------------------------------
def moves_of(session: ReviewSession) -> list[tuple[datetime, Any, str]]:
    """When the session should have begun before it was moved, by whom and why; from the audit trail, oldest first."""
    rows = trail(session).filter(action=Action.MOVE_SESSION).order_by("at", "pk")
    return [(datetime.fromisoformat(row.facts["from"]), row.at, row.note) for row in rows]


def minutes_of(session: ReviewSession) -> dict[str, Any]:
    """What the minutes say: once they are locked what they said then, whoever is called otherwise since.

    Those that were locked before they were frozen are put together anew.
    """
    kept: dict[str, Any] = session.frozen
    return kept or minutes_snapshot(session)


@dataclass(frozen=True)
class Heard:
    """A case in the agenda, by the names that the minutes give."""

    slot: SessionSlot
    consortium: str
    lead: str
    absences: tuple[str, ...]


@dataclass(frozen=True)
class Seated:
    """Somebody with a seat, as the minutes say."""

    name: str
    role: str
    signed_in_at: datetime | None


def heard(session: ReviewSession, user: Any) -> list[Heard]:
    """The agenda of a session as far as it is open to the reader."""
    kept = {one["position"]: one for one in session.frozen.get("slots", ())}
    return [_heard(slot, kept.get(slot.position)) for slot in agenda(session, user)]


def _heard(slot: SessionSlot, kept: dict[str, Any] | None) -> Heard:
    if kept:
        return Heard(slot, kept["consortium"], kept["lead"], tuple(name for name, _why in kept["absences"]))
    consortium = slot.application.consortium
    names = tuple(one.person.name for one in slot.absences.all())
    return Heard(slot, consortium.name, consortium.lead.name, names)


def seated(session: ReviewSession, seats: Iterable[SessionSeat]) -> list[Seated]:
    """Who has a seat."""
    if kept := session.frozen.get("seats"):
        return [Seated(name, str(SeatRole(role).label), at and datetime.fromisoformat(at)) for name, role, at in kept]
    return [Seated(one.person.name, one.get_role_display(), one.signed_in_at) for one in seats]


def minutes_snapshot(session: ReviewSession) -> dict[str, Any]:
    """What the two lock: what stands there now."""
    slots = session.slots.select_related("application__consortium__lead", "session__call__rules")
    rows = slots.prefetch_related("absences__person", "presences__person", "files__attachment")
    made: dict[str, Any] = plain({
        "number": session.number, "kind": session.kind, "call": session.call.title,
        "document_number": session.call.document_number, "starts_at": session.starts_at, "minutes": session.minutes,
        "place": session.place, "address": session.address, "invited_at": session.invited_at,
        "locked": {"chair": session.chair_locked_at, "secretary": session.secretary_locked_at},
        "seats": [[seat.person.name, seat.role, seat.signed_in_at] for seat in seats_of(session)],
        "slots": [_slot_facts(slot) for slot in rows],
        **({"moved": moved} if (moved := moves_of(session)) else {}),
    })  # fmt: skip
    return made


def _slot_facts(slot: SessionSlot) -> dict[str, Any]:
    return {
        "position": slot.position, "starts_at": slot.starts_at, "ends_at": slot.ends_at,
        "application": slot.application.number, "consortium": slot.application.consortium.name,
        "lead": slot.application.consortium.lead.name,
        "absences": [[one.person.name, one.why] for one in slot.absences.all()],
        "presences": [[one.person.name, one.signed_in_at] for one in slot.presences.all()],
        "checklist": [[line.check.label, line.holds, line.note] for line in check_lines(slot)],
        "conclusion": slot.conclusion, "concluded_at": slot.concluded_at,
        "files": [[one.title, one.attachment.sha256] for one in slot.files.all()],
    }  # fmt: skip

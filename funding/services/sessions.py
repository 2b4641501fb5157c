"""Defences and site visits: arranged in an order, invited to, signed in to, concluded, locked by two people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, SeatRole, SessionStatus
from funding.enums import ApplicationStatus as A
from funding.models import (
    Application,
    Call,
    ReviewSession,
    SessionAbsence,
    SessionSeat,
    SessionSlot,
    SlotFile,
    SlotPresence,
)
from funding.rules.sessions import Item, arranged, terms_of
from funding.selectors.sessions import kinds_of, leavers, minutes_snapshot, reviewers
from funding.services.reviews import ask_again
from funding.services.telling import lead_people
from funding.workflow import SESSION
from members.models import User
from portal.kernel import audit, files
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

register("funding.session_invited", _("You have a seat in the session %(name)s; see when you are needed."), urgent=True)
register("funding.slot_invited", _("“%(name)s” is invited: %(session)s. See time and place."), urgent=True)
register(
    "funding.session_moved", _("The session %(name)s is moved to %(when)s (Beijing time): %(reason)s"), urgent=True
)
register(
    "funding.slot_moved",
    _("The appointment of “%(name)s” is moved to %(when)s (Beijing time): %(reason)s"),
    urgent=True,
)
register("funding.session_cancelled", _("The session %(name)s is cancelled: %(reason)s"), urgent=True)
register("funding.slot_cancelled", _("The appointment of “%(name)s” is cancelled: %(session)s."), urgent=True)
register("funding.session_to_lock", _("The minutes of the session %(name)s wait for your lock."))
register("funding.session_locked", _("The minutes of the session %(name)s are locked."))

FILES = "session"
MB = 1024 * 1024
MOST_FILES = 30
files.LIMITS[FILES] = files.Limit(20 * MB, (".pdf", ".jpg", ".jpeg", ".png", ".docx", ".xlsx"))
NOT_OPEN = _("Nothing is added to minutes that are locked or not begun.")
HEARD_ALREADY = _("One of these applications has a session of this kind already.")


@dataclass(frozen=True)
class Plan:
    """Where and when, and for how long each case."""

    starts_at: datetime
    minutes: int
    place: str = ""
    address: str = ""


@dataclass(frozen=True)
class Table:
    """Who sits there beside the experts of the cases."""

    chair: User
    secretary: User
    officials: Sequence[User] = ()


# --- arranging ---------------------------------------------------------------------------------
def arrange_session(
    *, call: Call, kind: str, applications: Collection[Application], plan: Plan, table: Table, actor: User,
    at: datetime,
) -> ReviewSession:  # fmt: skip
    """Put cases in an order in which everybody who has to leave leaves once. Raises ValidationError for fields."""
    require(actor, "funding.arrange_session", call)
    try:
        with transaction.atomic():
            keys = [one.pk for one in applications]
            rows = Application.everything.select_for_update(of=("self",)).filter(pk__in=keys, call=call)
            cases = list(rows.select_related("call__rules", "consortium__lead").order_by("pk"))
            _require_arrangeable(call, kind, cases, plan, actor, at)
            return _arrange(call, kind, cases, plan, table, actor, at)
    except IntegrityError as error:
        raise TransitionRefused(HEARD_ALREADY) from error


def _require_arrangeable(
    call: Call, kind: str, cases: Sequence[Application], plan: Plan, actor: User, at: datetime
) -> None:
    for case in cases:
        require(actor, "funding.hear_case", case)
    checks = (
        (kind not in kinds_of(call), _("The call asks for no session of this kind.")),
        (not cases, _("Choose at least one application.")),
        (any(case.status != A.REVIEWING for case in cases), _("An application is no longer under review.")),
    )
    if reasons := [text for broken, text in checks if broken]:
        raise TransitionRefused(*reasons)
    if plan.starts_at <= at:
        raise ValidationError({"starts_at": _("A session lies in the future.")})


def _arrange(
    call: Call, kind: str, cases: Sequence[Application], plan: Plan, table: Table, actor: User, at: datetime
) -> ReviewSession:
    session = ReviewSession(
        call=call, kind=kind, starts_at=plan.starts_at, minutes=plan.minutes, place=plan.place, address=plan.address,
        arranged_by=actor, created_at=at,
    )  # fmt: skip
    session.number = f"{call.prefix}MS{timezone.localdate(plan.starts_at):%Y%m%d}-{session.pk.hex[:6].upper()}"
    session.full_clean(exclude=["call", "arranged_by", "invited_at", "chair_locked_at", "secretary_locked_at"])
    roles = _roles(cases, table)
    out = {case.pk: leavers(case, set(roles), at) for case in cases}
    _require_free(table, out)
    session.save(force_insert=True)
    SessionSeat.objects.bulk_create(
        SessionSeat(session=session, person_id=person, role=role, created_at=at) for person, role in roles.items()
    )
    _order(session, cases, out, at)
    facts = {"seats": len(roles), "starts_at": plan.starts_at}
    audit.record(actor=actor, action=Action.ARRANGE_SESSION, subject=session, at=at, facts=facts)
    return session


def _roles(cases: Sequence[Application], table: Table) -> dict[UUID, str]:
    """Chair and keeper of the minutes keep their seats even if they review or are named twice."""
    if table.chair == table.secretary:
        raise ValidationError({"secretary": _("Chair and keeper of the minutes are two people.")})
    roles: dict[UUID, str] = dict.fromkeys((one.pk for one in table.officials), SeatRole.OFFICIAL)
    roles |= dict.fromkeys(reviewers(cases).values_list("pk", flat=True), SeatRole.EXPERT)
    return roles | {table.chair.pk: SeatRole.CHAIR, table.secretary.pk: SeatRole.SECRETARY}


def _require_free(table: Table, out: Mapping[UUID, Mapping[UUID, str]]) -> None:
    """Who conducts the session is there for all of it."""
    text = _("This person would have to leave the room for a case: choose somebody else.")
    away = {person for some in out.values() for person in some}
    wrong = {name: text for name, person in (("chair", table.chair), ("secretary", table.secretary))
             if person.pk in away}  # fmt: skip
    if wrong:
        raise ValidationError(wrong)


def _order(
    session: ReviewSession, cases: Sequence[Application], out: Mapping[UUID, Mapping[UUID, str]], at: datetime
) -> None:
    """Fix the agenda with who leaves when."""
    by_number = {case.number: case for case in cases}
    items = [Item(case.number, frozenset(out[case.pk])) for case in cases]
    order = arranged(items, timezone.localdate(session.starts_at))
    for position, item in enumerate(order, 1):
        case = by_number[item.number]
        slot = SessionSlot.everything.create(
            session=session, application=case, kind=session.kind, position=position, created_at=at
        )
        SessionAbsence.objects.bulk_create(
            SessionAbsence(slot=slot, person_id=person, why=why, created_at=at)
            for person, why in sorted(out[case.pk].items())
        )


def invite_to_session(*, session: ReviewSession, actor: User, at: datetime) -> ReviewSession:
    """Fix the agenda, look once more who has to leave, and tell everybody; each lead of its own slot alone."""
    with SESSION.moving(session, Action.INVITE_TO_SESSION, actor=actor, at=at) as locked:
        locked.invited_at = at
        _look_again(locked, at)
    for slot in _slots(session):
        params = {"name": slot.application.told_as, "session": session.get_kind_display()}
        notify(recipients=lead_people(consortium=slot.consortium), kind="funding.slot_invited", params=params,
               url=slot.get_absolute_url(), at=at)  # fmt: skip
    _tell_seats(session, "funding.session_invited", at)
    return session


def _look_again(session: ReviewSession, at: datetime) -> None:
    """Ties that became known since the session was arranged."""
    people = set(session.seats.values_list("person", flat=True))
    conducting = session.seats.filter(role__in=[SeatRole.CHAIR, SeatRole.SECRETARY])
    leading = set(conducting.values_list("person", flat=True))
    for slot in _slots(session):
        found = leavers(slot.application, people, at)
        if leading & found.keys():
            raise TransitionRefused(_("Chair or keeper of the minutes has a tie to a case: arrange another session."))
        known = set(slot.absences.values_list("person", flat=True))
        SessionAbsence.objects.bulk_create(
            SessionAbsence(slot=slot, person_id=person, why=why, created_at=at)
            for person, why in sorted(found.items()) if person not in known
        )  # fmt: skip


def move_session(
    *, session: ReviewSession, starts_at: datetime, place: str, address: str, note: str, actor: User, at: datetime
) -> ReviewSession:
    """Another time or place for those invited; the agenda keeps its order. Raises ValidationError for fields."""
    facts: dict[str, Any] = {}
    with SESSION.moving(session, Action.MOVE_SESSION, actor=actor, at=at, note=note.strip(), facts=facts) as locked:
        _require_movable(locked, starts_at, (place, address), note, at)
        facts |= {"from": locked.starts_at, "place": locked.place, "address": locked.address, "to": starts_at}
        locked.starts_at, locked.place, locked.address = starts_at, place, address
        locked.full_clean(exclude=["call", "arranged_by", "chair_locked_at", "secretary_locked_at"])
        _look_again(locked, at)
    for slot in _slots(session):
        params = {"name": slot.application.told_as, "when": _told(slot.starts_at), "reason": note.strip()}
        notify(recipients=lead_people(consortium=slot.consortium), kind="funding.slot_moved", params=params,
               url=slot.get_absolute_url(), at=at)  # fmt: skip
    _tell_seats(session, "funding.session_moved", at, when=_told(session.starts_at), reason=note.strip())
    return session


def _require_movable(
    session: ReviewSession, starts_at: datetime, where: tuple[str, str], note: str, at: datetime
) -> None:
    wrong: dict[str, Any] = {}
    if starts_at <= at:
        wrong["starts_at"] = _("A session lies in the future.")
    if not note.strip():
        wrong["note"] = _("Please give a reason.")
    if wrong:
        raise ValidationError(wrong)
    if (starts_at, *where) == (session.starts_at, session.place, session.address):
        raise TransitionRefused(_("Time and place are the ones it has already."))


def _told(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def cancel_session(*, session: ReviewSession, note: str, actor: User, at: datetime) -> ReviewSession:
    """Give it up; its cases can be put into another one."""
    invited = session.status == SessionStatus.INVITED
    with SESSION.moving(session, Action.CANCEL_SESSION, actor=actor, at=at, note=note) as locked:
        if not note.strip():
            raise ValidationError({"note": _("Please give a reason.")})
        locked.reason = note.strip()
        locked.slots.update(dropped=True)
    if invited:
        for slot in _slots(session):
            params = {"name": slot.application.told_as, "session": session.get_kind_display()}
            notify(recipients=lead_people(consortium=slot.consortium), kind="funding.slot_cancelled", params=params,
                   url=slot.application.get_absolute_url(), at=at)  # fmt: skip
        _tell_seats(session, "funding.session_cancelled", at)
    return session


def _slots(session: ReviewSession) -> list[SessionSlot]:
    rows = session.slots.select_related("session__call", "application__call__rules", "application__consortium__lead")
    return list(rows.order_by("position"))


def _tell_seats(session: ReviewSession, kind: str, at: datetime, **more: str) -> None:
    people = User.objects.filter(pk__in=session.seats.values("person"))
    params = {"name": session.number, "reason": session.reason, **more}
    notify(recipients=people, kind=kind, params=params, url=session.get_absolute_url(), at=at)


# --- during the session ------------------------------------------------------------------------
@transaction.atomic
def sign_in_to_session(*, session: ReviewSession, actor: User, at: datetime) -> SessionSeat:
    """Say that one is there; on the day of the session, until one of the two locks the minutes."""
    locked = _open_session(session, at)
    require(actor, "funding.attend_session", locked)
    seat = locked.seats.select_for_update().get(person=actor)
    if seat.signed_in_at:
        raise TransitionRefused(_("You have signed in already."))
    seat.signed_in_at = at
    seat.save(update_fields=["signed_in_at"])
    audit.record(actor=actor, action=Action.SIGN_IN, subject=locked, at=at, facts={"as": seat.role})
    return seat


@transaction.atomic
def sign_in_to_slot(*, slot: SessionSlot, actor: User, at: datetime) -> SlotPresence:
    """The same for somebody of the applicant's."""
    _open_session(slot.session, at)
    require(actor, "funding.attend_slot", slot)
    if slot.presences.filter(person=actor).exists():
        raise TransitionRefused(_("You have signed in already."))
    made = SlotPresence.objects.create(slot=slot, person=actor, signed_in_at=at, created_at=at)
    audit.record(actor=actor, action=Action.SIGN_IN, subject=slot, at=at)
    return made


def _open_session(session: ReviewSession, at: datetime) -> ReviewSession:
    """Locked for this transaction; on its day and not locked by anybody."""
    locked = ReviewSession.everything.select_for_update(of=("self",)).get(pk=session.pk)
    if locked.status != SessionStatus.INVITED or locked.is_being_locked:
        raise TransitionRefused(NOT_OPEN)
    if timezone.localdate(at) < timezone.localdate(locked.starts_at):
        raise TransitionRefused(_("One signs in on the day of the session."))
    return locked


@transaction.atomic
def conclude_slot(
    *, slot: SessionSlot, conclusion: str, checklist: Mapping[str, Mapping[str, Any]], actor: User, at: datetime
) -> SessionSlot:
    """Write what came of a case; it may be rewritten until the minutes are locked."""
    _open_session(slot.session, at)
    locked = SessionSlot.everything.select_for_update(of=("self",)).get(pk=slot.pk)
    require(actor, "funding.conclude_slot", locked)
    if not conclusion.strip():
        raise ValidationError({"conclusion": _("Please write the conclusion.")})
    asked = {check.code for check in terms_of(locked.session.call.rules.data).checklist}
    locked.checklist = {code: dict(given) for code, given in checklist.items() if code in asked}
    locked.conclusion, locked.concluded_by, locked.concluded_at = conclusion.strip(), actor, at
    locked.save(update_fields=["checklist", "conclusion", "concluded_by", "concluded_at"])
    facts = {"conclusion": locked.conclusion, "checklist": locked.checklist}
    audit.record(actor=actor, action=Action.CONCLUDE_SLOT, subject=locked, at=at, facts=facts)
    return locked


@transaction.atomic
def attach_to_slot(*, slot: SessionSlot, upload: Any, title: str, actor: User, at: datetime) -> SlotFile:
    """Add a photo or document. Raises FileRefused."""
    _open_session(slot.session, at)
    require(actor, "funding.conclude_slot", slot)
    if slot.files.count() >= MOST_FILES:
        raise TransitionRefused(gettext("There are %(most)s files already.") % {"most": MOST_FILES})
    attachment = files.store(upload, actor=actor, kind=FILES, at=at)
    row = SlotFile.objects.create(slot=slot, attachment=attachment, title=title, added_by=actor, created_at=at)
    facts = {"title": title, "sha256": attachment.sha256}
    audit.record(actor=actor, action=Action.ATTACH_TO_SLOT, subject=slot, at=at, facts=facts)
    return row


# --- the minutes -------------------------------------------------------------------------------
def lock_session(*, session: ReviewSession, actor: User, at: datetime) -> ReviewSession:
    """Lock the minutes as chair or as who keeps them; with the second lock they are final, with a hash."""
    with SESSION.moving(session, Action.LOCK_SESSION, actor=actor, at=at) as locked:
        role = locked.seats.get(person=actor).role
        field = "chair_locked_at" if role == SeatRole.CHAIR else "secretary_locked_at"
        if getattr(locked, field):
            raise TransitionRefused(_("You have locked the minutes already; the other of the two has still to."))
        setattr(locked, field, at)
        if locked.chair_locked_at and locked.secretary_locked_at:
            locked.frozen = minutes_snapshot(locked)
            locked.minutes_hash = audit.sha256(locked.frozen)
            for slot in _slots(locked):
                ask_again(application=slot.application, at=at)
        _tell_locked(locked, actor, at)
    return session


def _tell_locked(session: ReviewSession, actor: User, at: datetime) -> None:
    """The other of the two, or those who arranged it."""
    others = session.seats.filter(role__in=[SeatRole.CHAIR, SeatRole.SECRETARY]).exclude(person=actor)
    is_final = bool(session.minutes_hash)
    people = [session.arranged_by] if is_final else list(User.objects.filter(pk__in=others.values("person")))
    kind = "funding.session_locked" if is_final else "funding.session_to_lock"
    notify(recipients=people, kind=kind, params={"name": session.number}, url=session.get_absolute_url(), at=at)

"""Sessions: arranged, invited to, locked by two people."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from funding.enums import Action, SeatRole, SessionKind, SessionStatus
from funding.models import ReviewSession
from funding.rules.sessions import terms_of
from portal.kernel.workflow import Reason, Workflow, step

S = SessionStatus


def is_to_come(session: ReviewSession, at: datetime) -> Reason | None:
    """Nobody is invited to what has begun."""
    return None if session.starts_at > at else _("The session should have begun already: arrange another one.")


def has_begun(session: ReviewSession, at: datetime) -> Reason | None:
    """Minutes are of what took place."""
    return None if session.starts_at <= at else _("The session has not begun.")


def conductors_are_there(session: ReviewSession, _at: datetime) -> Reason | None:
    """Chair and keeper of the minutes have signed in."""
    rows = session.seats.filter(role__in=[SeatRole.CHAIR, SeatRole.SECRETARY], signed_in_at=None)
    return _("Chair and keeper of the minutes sign in first.") if rows.exists() else None


def everything_concluded(session: ReviewSession, _at: datetime) -> Reason | None:
    """Each case has a conclusion, and each visited one a complete list."""
    slots = list(session.slots.all())
    if any(not slot.conclusion for slot in slots):
        return _("A case has no conclusion yet.")
    if session.kind != SessionKind.SITE_VISIT:
        return None
    asked = {check.code for check in terms_of(session.call.rules.data).checklist}
    whole = all(asked <= slot.checklist.keys() for slot in slots)
    return None if whole else _("A line of the list for the visit is not answered.")


def nobody_has_locked(session: ReviewSession, _at: datetime) -> Reason | None:
    """Minutes that one person has locked are not dropped."""
    return _("The minutes are being locked already.") if session.is_being_locked else None


def has_not_taken_place(session: ReviewSession, _at: datetime) -> Reason | None:
    """What somebody came to, or was concluded, is not moved."""
    came = session.seats.exclude(signed_in_at=None).exists() or session.slots.exclude(presences=None).exists()
    began = came or session.slots.exclude(conclusion="").exists()
    return _("Somebody has signed in or a conclusion is written: the session took place.") if began else None


def locked_by_both(session: ReviewSession) -> str:
    """The second of the two locks."""
    return S.LOCKED if session.chair_locked_at and session.secretary_locked_at else S.INVITED


SESSION: Workflow[ReviewSession] = Workflow(
    step(Action.INVITE_TO_SESSION, {S.PREPARED}, S.INVITED, "funding.arrange_session", is_to_come),
    step(Action.LOCK_SESSION, {S.INVITED}, locked_by_both, "funding.conduct_session", has_begun, conductors_are_there,
         everything_concluded),
    step(Action.MOVE_SESSION, {S.INVITED}, S.INVITED, "funding.arrange_session", nobody_has_locked,
         has_not_taken_place),
    step(Action.CANCEL_SESSION, {S.PREPARED, S.INVITED}, S.CANCELLED, "funding.arrange_session", nobody_has_locked),
    told=("number", "minutes_hash"),
)  # fmt: skip

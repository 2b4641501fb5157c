"""The participation of a member, and its departure."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, ConsortiumStatus, DepartureStatus, ParticipationRole, ParticipationStatus
from consortia.models import Departure, Participation
from consortia.workflow.life import consortium_is_alive, nothing_is_handed_in
from portal.kernel.enumerating import enumerated
from portal.kernel.workflow import Reason, Workflow, step

P = ParticipationStatus
D = DepartureStatus
A = Action


def not_the_lead(participation: Participation, _at: datetime) -> Reason | None:
    """The lead stays: another lead needs another consortium."""
    if participation.role == ParticipationRole.LEAD:
        return _("The lead organisation cannot leave its own consortium.")
    return None


def is_an_invitation(participation: Participation, _at: datetime) -> Reason | None:
    """Whoever has confirmed before does not drop out: what it does must be handed over."""
    if not participation.is_invitation:
        return _("This organisation has confirmed before; it leaves by a departure, in which its work is handed over.")
    return None


def has_joined(participation: Participation, _at: datetime) -> Reason | None:
    """An invitation that was never confirmed is declined or withdrawn instead."""
    if participation.is_invitation:
        return _("This organisation has not joined yet: the invitation can be declined or withdrawn.")
    return None


def consortium_prepares(participation: Participation, _at: datetime) -> Reason | None:
    """Once it is recognised, what a member does is handed over to somebody who agrees."""
    if participation.consortium.status == ConsortiumStatus.PREPARING:
        return None
    return _("The consortium is not being prepared any more; a member leaves it by a departure.")


def its_time_is_over(participation: Participation, at: datetime) -> Reason | None:
    """An invitation stands until the end of its last day."""
    if participation.is_over(timezone.localdate(at)):
        return None
    return _("The time to answer is not over yet.")


def it_can_be_answered(participation: Participation, at: datetime) -> Reason | None:
    """What is over is over on the first day after, also before the nightly step closes it."""
    over = participation.is_over(timezone.localdate(at))
    return _("The time to answer this invitation has passed.") if over else None


def not_reminded_today(participation: Participation, at: datetime) -> Reason | None:
    """One reminder a day is enough."""
    last = participation.reminded_at
    if last and timezone.localdate(last) == timezone.localdate(at):
        return _("This organisation has been reminded today already.")
    return None


def everybody_agreed(departure: Departure, _at: datetime) -> Reason | None:
    """Nothing is left without a taker who wants it."""
    waiting = [str(row) for row in departure.items.all() if not row.is_settled]
    if waiting:
        return _("These still wait for a taker or for its consent: %(rows)s.") % {"rows": enumerated(waiting)}
    return None


PARTICIPATION: Workflow[Participation] = Workflow(
    step(A.REVISE, {P.INVITED, P.CONFIRMED}, P.INVITED, "consortia.revise_participation", consortium_is_alive),
    step(
        A.CONFIRM, {P.INVITED}, P.CONFIRMED, "consortia.confirm_participation",
        consortium_is_alive, it_can_be_answered,
    ),
    step(
        A.CONFIRM_ITEM, {P.INVITED}, P.INVITED, "consortia.confirm_participation",
        consortium_is_alive, it_can_be_answered,
    ),
    step(A.LAPSE, {P.CONFIRMED}, P.INVITED, "consortia.lapse_participation"),
    step(
        A.REMIND, {P.INVITED}, P.INVITED, "consortia.remind_participation", consortium_is_alive, not_reminded_today
    ),
    step(
        A.DECLINE, {P.INVITED}, P.DECLINED, "consortia.decline_participation",
        not_the_lead, consortium_is_alive, is_an_invitation,
    ),
    step(
        A.WITHDRAW, {P.INVITED}, P.WITHDRAWN, "consortia.withdraw_participation",
        not_the_lead, consortium_is_alive, is_an_invitation,
    ),
    step(A.EXPIRE, {P.INVITED}, P.EXPIRED, "", not_the_lead, is_an_invitation, its_time_is_over),
    step(
        A.STEP_BACK, {P.INVITED, P.CONFIRMED}, P.LEFT, "consortia.step_back_participation",
        not_the_lead, has_joined, consortium_prepares, nothing_is_handed_in,
    ),
    step(
        A.REQUEST_DEPARTURE, {P.INVITED, P.CONFIRMED}, P.LEAVING, "consortia.request_departure",
        not_the_lead, consortium_is_alive, has_joined,
    ),
    step(A.STAY, {P.LEAVING}, P.INVITED, "consortia.request_departure", consortium_is_alive),
    step(A.LEAVE, {P.LEAVING}, P.LEFT, "consortia.settle_departure", not_the_lead, consortium_is_alive),
)  # fmt: skip

DEPARTURE: Workflow[Departure] = Workflow(
    step(A.ALLOCATE_DEPARTURE, {D.OPEN}, D.OPEN, "consortia.allocate_departure", consortium_is_alive),
    step(A.CANCEL_DEPARTURE, {D.OPEN}, D.CANCELLED, "consortia.cancel_departure", consortium_is_alive),
    step(
        A.SETTLE_DEPARTURE, {D.OPEN}, D.SETTLED, "consortia.settle_departure",
        consortium_is_alive, everybody_agreed,
    ),
)  # fmt: skip

"""Tranches: requested by the lead, verified, reviewed and approved by three people, paid once."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from funding.enums import Action, TrancheStatus
from funding.models import Award, Payment, Tranche
from funding.rules.spending import reference
from funding.services.ledger import NOTE, disburse, release_commitment, release_part
from funding.services.limits import require_within_limit
from funding.services.telling import tell_lead, tell_role
from funding.workflow import TRANCHE
from funding.workflow.money import CLOSES
from members.enums import Role
from members.models import User
from portal.kernel.workflow import TransitionRefused

CLOSED_WITH = tuple(CLOSES)  # the states in which a tranche ends with its contract
CENT, FINE = Decimal("0.01"), Decimal("0.0001")  # of an amount, of a percentage
CLEARED = ("requested", "verified", "reviewed", "approved")


def meet_condition(*, tranche: Tranche, actor: User, met_on: date, at: datetime, note: str = "") -> Tranche:
    """Record that what the tranche waits for has happened."""
    with TRANCHE.moving(tranche, Action.MEET_CONDITION, actor=actor, at=at, note=note) as locked:
        locked.condition_met_on = met_on
        tell_lead(consortium=locked.award.consortium, kind="funding.tranche_requestable", subject=locked, at=at)
    return tranche


def request_tranche(*, tranche: Tranche, actor: User, statement: str, at: datetime) -> Tranche:
    """The lead asks for the money and states what it was or will be used for."""
    with TRANCHE.moving(tranche, Action.REQUEST, actor=actor, at=at, note=statement) as locked:
        locked.requested_by, locked.requested_at, locked.request_note = actor, at, statement
        _tell_next(locked, Role.OFFICER, "funding.tranche_requested", at)
    return tranche


def verify_tranche(*, tranche: Tranche, actor: User, at: datetime, note: str = "") -> Tranche:
    """The programme officer finds the condition met and the request in order."""
    with TRANCHE.moving(tranche, Action.VERIFY, actor=actor, at=at, note=note) as locked:
        locked.verified_by, locked.verified_at = actor, at
        _tell_next(locked, Role.FINANCE, "funding.tranche_verified", at)
    return tranche


def review_tranche(*, tranche: Tranche, actor: User, at: datetime, note: str = "") -> Tranche:
    """A finance officer, not the verifier, reviews."""
    with TRANCHE.moving(tranche, Action.REVIEW, actor=actor, at=at, note=note) as locked:
        locked.reviewed_by, locked.reviewed_at = actor, at
        _tell_next(locked, Role.LEADER, "funding.tranche_reviewed", at)
    return tranche


def approve_tranche(*, tranche: Tranche, actor: User, at: datetime, note: str = "") -> Tranche:
    """A leader, neither verifier nor reviewer, approves; the award's row is locked so that its sum holds."""
    facts = {"amount": f"{tranche.amount:.2f}"}
    with TRANCHE.moving(tranche, Action.APPROVE_PAYMENT, actor=actor, at=at, note=note, facts=facts) as locked:
        Award.objects.select_for_update(no_key=True).get(pk=locked.award_id)  # an entry of another refers to it
        if obstacles := TRANCHE.obstacles(locked, Action.APPROVE_PAYMENT, at):
            raise TransitionRefused(*obstacles)
        require_within_limit(actor=actor, amount=locked.amount)
        locked.approved_by, locked.approved_at = actor, at
        _tell_next(locked, Role.FINANCE, "funding.tranche_approved", at)
    return tranche


def pay_tranche(*, tranche: Tranche, actor: User, voucher: str, paid_on: date, at: datetime) -> Payment:
    """Record the one payment of the tranche, of exactly its amount."""
    voucher = reference(voucher)
    facts = {"voucher": voucher, "amount": f"{tranche.amount:.2f}", "paid_on": paid_on}
    with TRANCHE.moving(tranche, Action.PAY, actor=actor, at=at, facts=facts) as locked:
        if not timezone.localdate(locked.approved_at) <= paid_on <= timezone.localdate(at):
            raise ValidationError({"paid_on": _("The day of payment lies between the approval and today.")})
        order = locked.order if locked.status == TrancheStatus.SENT else None
        payment = _record_payment(
            tranche=locked, standing=locked, order=order, amount=locked.amount, paid_on=paid_on, voucher=voucher,
            recorded_by=actor, recorded_at=at,
        )  # fmt: skip
        disburse(payment=payment, actor=actor, at=at)
        tell_lead(consortium=locked.award.consortium, kind="funding.tranche_paid", subject=locked, at=at)
    return payment


def _record_payment(*, voucher: str, **facts: Any) -> Payment:
    """Two payments at once may carry the same voucher number: only the database sees both."""
    try:
        with transaction.atomic():
            return Payment.objects.create(voucher=voucher, **facts)
    except IntegrityError:
        raise ValidationError({"voucher": _("This voucher number is recorded for another payment.")}) from None


def confirm_receipt(*, tranche: Tranche, actor: User, received_on: date, at: datetime) -> Tranche:
    """The lead confirms that the money has arrived."""
    facts = {"received_on": received_on}
    with TRANCHE.moving(tranche, Action.CONFIRM_RECEIPT, actor=actor, at=at, facts=facts) as locked:
        payment = Payment.objects.select_for_update(no_key=True).get(standing=locked)
        if not payment.paid_on <= received_on <= timezone.localdate(at):
            raise ValidationError({"received_on": _("The day of receipt lies between the payment and today.")})
        payment.receipt_by, payment.receipt_on = actor, received_on
        payment.save(update_fields=["receipt_by", "receipt_on"])
    return tranche


def return_request(*, tranche: Tranche, actor: User, reason: str, at: datetime) -> Tranche:
    """Send the request back to the lead; who verified or reviewed does so anew."""
    with TRANCHE.moving(tranche, Action.RETURN_REQUEST, actor=actor, at=at, note=reason) as locked:
        _clear(locked)
        tell_lead(consortium=locked.award.consortium, kind="funding.tranche_returned", subject=locked, at=at)
    return tranche


def hold_tranche(*, tranche: Tranche, actor: User, reason: str, at: datetime) -> Tranche:
    """Stop a tranche that is not approved yet."""
    with TRANCHE.moving(tranche, Action.HOLD, actor=actor, at=at, note=reason) as locked:
        locked.hold_reason = reason
        tell_lead(consortium=locked.award.consortium, kind="funding.tranche_held", subject=locked, at=at)
    return tranche


def release_tranche(*, tranche: Tranche, actor: User, reason: str, at: datetime) -> Tranche:
    """End the hold; the tranche is to be requested again."""
    with TRANCHE.moving(tranche, Action.RELEASE, actor=actor, at=at, note=reason) as locked:
        locked.hold_reason = ""
        _clear(locked)
        tell_lead(consortium=locked.award.consortium, kind="funding.tranche_released", subject=locked, at=at)
    return tranche


def reduce_tranche(*, tranche: Tranche, percent: Decimal, actor: User, reason: str, at: datetime) -> Tranche:
    """Pay only a part of it, in per cent of what was due; the rest is committed no more."""
    facts: dict[str, Decimal] = {}
    with TRANCHE.moving(tranche, Action.REDUCE_TRANCHE, actor=actor, at=at, note=reason, facts=facts) as locked:
        before, part = locked.amount, percent / 100
        locked.amount, locked.percent = (before * part).quantize(CENT), (locked.percent * part).quantize(FINE)
        facts |= {"before": before, "after": locked.amount}
        release_part(tranche=locked, amount=before - locked.amount, actor=actor, at=at, note=reason[:NOTE])
        tell_lead(consortium=locked.award.consortium, kind="funding.tranche_reduced", subject=locked, at=at)
    return tranche


def cancel_tranche(*, tranche: Tranche, actor: User, reason: str, at: datetime) -> Tranche:
    """Give a tranche up for good."""
    with TRANCHE.moving(tranche, Action.CANCEL, actor=actor, at=at, note=reason) as locked:
        locked.hold_reason = ""
        release_commitment(tranche=locked, actor=actor, at=at, note=reason[:NOTE])
        tell_lead(consortium=locked.award.consortium, kind="funding.tranche_cancelled", subject=locked, at=at)
    return tranche


def close_tranche(*, tranche: Tranche, actor: User, reason: str, at: datetime) -> Tranche:
    """With the end of the contract it is given up, however far it has come."""
    with TRANCHE.moving(tranche, Action.CLOSE_TRANCHE, actor=actor, at=at, note=reason) as locked:
        locked.hold_reason = ""
        release_commitment(tranche=locked, actor=actor, at=at, note=reason[:NOTE])
        tell_lead(consortium=locked.award.consortium, kind="funding.tranche_cancelled", subject=locked, at=at)
    return tranche


def _clear(tranche: Tranche) -> None:
    for name in CLEARED:
        setattr(tranche, f"{name}_by", None)
        setattr(tranche, f"{name}_at", None)


def _tell_next(tranche: Tranche, role: Role, kind: str, at: datetime) -> None:
    tell_role(role, consortium=tranche.award.consortium, kind=kind, subject=tranche, at=at)

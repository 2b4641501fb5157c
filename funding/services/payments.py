"""Payment batches, and what becomes of their orders at the treasury and the bank."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import BudgetLine, Payment, PaymentBatch, PaymentOrder, Tranche
from funding.selectors.payments import listed
from funding.services.ledger import take_back
from funding.services.limits import require_within_limit
from funding.services.telling import tell_lead, tell_role
from funding.workflow import BATCH, TRANCHE
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit, notifications
from portal.kernel.authz import require
from portal.kernel.numbering import next_number

NOTHING = _("Tick at least one tranche.")
OTHER_LINE = _("A batch is paid from one budget line; “%(name)s” is paid from another.")
notifications.register("funding.batch_prepared", _("Payment batch %(number)s was prepared; please release it."))
notifications.register("funding.batch_released", _("Payment batch %(number)s was released; please send it."))
notifications.register("funding.batch_dropped", _("Payment batch %(number)s was given up."))


# --- batches -----------------------------------------------------------------------------------
@transaction.atomic
def prepare_batch(
    *, line: BudgetLine, tranches: Iterable[Tranche], document_number: str, purpose: str, actor: User, at: datetime
) -> PaymentBatch:
    """Order the payment of approved tranches from one line. Raises ValidationError or TransitionRefused."""
    require(actor, "funding.prepare_batch")
    rows = _locked(one.pk for one in tranches)
    _require_payable(line, rows)
    year = timezone.localdate(at).year
    batch = PaymentBatch(
        number=f"BF-{year}-{next_number(f'batch-{year}'):03d}", line=line, document_number=document_number.strip(),
        purpose=purpose.strip(), prepared_by=actor, prepared_at=at, created_at=at,
    )  # fmt: skip
    batch.full_clean(exclude=["number", "prepared_by", "released_by", "released_at", "sent_by", "sent_at"])
    batch.save(force_insert=True)
    for sequence, tranche in enumerate(rows, 1):
        _order(batch, sequence, tranche, actor, at)
    facts = {"document_number": batch.document_number, "orders": len(rows), "amount": f"{_sum(rows):.2f}"}
    audit.record(actor=actor, action=Action.PREPARE_BATCH, subject=batch, at=at, facts=facts)
    _tell(batch, Role.LEADER, "funding.batch_prepared", actor, at)
    return batch


def _locked(keys: Iterable[object]) -> list[Tranche]:
    """All rows before the first entry of the trail, or two such acts deadlock."""
    rows = Tranche.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(keys))
    return list(rows.select_related("award__line", "award__consortium__lead").order_by("pk"))


def _require_payable(line: BudgetLine, rows: Sequence[Tranche]) -> None:
    if not rows:
        raise ValidationError({"tranches": NOTHING})
    for one in rows:
        if one.award.line_id != line.pk:
            raise ValidationError({"tranches": OTHER_LINE % {"name": one}})


def _order(batch: PaymentBatch, sequence: int, tranche: Tranche, actor: User, at: datetime) -> None:
    facts = {"batch": batch.number, "amount": f"{tranche.amount:.2f}"}
    with TRANCHE.moving(tranche, Action.LIST_TRANCHE, actor=actor, at=at, facts=facts) as locked:
        payee = locked.award.consortium.lead
        PaymentOrder.objects.create(
            batch=batch, sequence=sequence, number=f"{batch.number}-{sequence:03d}", tranche=locked, standing=locked,
            amount=locked.amount, payee=payee, payee_name=payee.name, bank_name=payee.bank_name,
            bank_account=payee.bank_account.reveal(), created_at=at,
        )  # fmt: skip


def _sum(rows: Iterable[Tranche]) -> Decimal:
    return sum((one.amount for one in rows), Decimal(0))


def release_batch(*, batch: PaymentBatch, actor: User, at: datetime, note: str = "") -> PaymentBatch:
    """A leader, not the one who prepared it, lets the list go as it is; its hash stays."""
    with transaction.atomic():
        _lock_tranches(batch)
        with BATCH.moving(batch, Action.RELEASE_BATCH, actor=actor, at=at, note=note) as locked:
            require_within_limit(actor=actor, amount=locked.orders.aggregate(whole=Sum("amount"))["whole"])
            locked.released_by, locked.released_at = actor, at
            locked.sha256 = audit.sha256(listed(locked))
        _tell(batch, Role.FINANCE, "funding.batch_released", actor, at)
    return batch


def send_batch(*, batch: PaymentBatch, actor: User, at: datetime, note: str = "") -> PaymentBatch:
    """The list is with the treasury."""
    with transaction.atomic():
        rows = _lock_tranches(batch)
        with BATCH.moving(batch, Action.SEND_BATCH, actor=actor, at=at, note=note) as locked:
            locked.sent_by, locked.sent_at = actor, at
        for tranche in rows:
            with TRANCHE.moving(tranche, Action.SEND_TRANCHE, actor=actor, at=at, facts={"batch": batch.number}):
                pass
    return batch


def drop_batch(*, batch: PaymentBatch, actor: User, reason: str, at: datetime) -> PaymentBatch:
    """Nothing of it is paid; its tranches wait for another batch."""
    with transaction.atomic():
        rows = _lock_tranches(batch)
        with BATCH.moving(batch, Action.DROP_BATCH, actor=actor, at=at, note=reason) as locked:
            locked.reason = reason.strip()
        batch.orders.update(standing=None)
        for tranche in rows:
            facts = {"batch": batch.number}
            with TRANCHE.moving(tranche, Action.UNLIST_TRANCHE, actor=actor, at=at, note=reason, facts=facts):
                pass
        _tell(batch, Role.FINANCE, "funding.batch_dropped", actor, at)
    return batch


def _lock_tranches(batch: PaymentBatch) -> list[Tranche]:
    return _locked(batch.orders.filter(standing__isnull=False).values_list("tranche", flat=True))


def _tell(batch: PaymentBatch, role: Role, kind: str, actor: User, at: datetime) -> None:
    others = holders(role).exclude(pk=actor.pk)
    url = batch.get_absolute_url()
    notifications.notify(recipients=others, kind=kind, params={"number": batch.number}, url=url, at=at)


# --- what became of an order -------------------------------------------------------------------
def fail_order(*, tranche: Tranche, actor: User, failed_on: date, reason: str, at: datetime) -> Tranche:
    """The money never left: the tranche waits for another batch, the lead looks at its account."""
    with TRANCHE.moving(tranche, Action.FAIL_ORDER, actor=actor, at=at, note=reason) as locked:
        order = PaymentOrder.objects.select_for_update(no_key=True).get(standing=locked)
        _require_day("failed_on", order.batch.sent_at, failed_on, at)
        order.standing, order.failed_on, order.failure = None, failed_on, reason.strip()
        order.save(update_fields=["standing", "failed_on", "failure"])
        tell_lead(consortium=locked.award.consortium, kind="funding.payment_failed", subject=locked, at=at)
    return tranche


def return_payment(*, tranche: Tranche, actor: User, returned_on: date, reason: str, at: datetime) -> Tranche:
    """The bank sent the money back: it is committed again, by an entry of its own, and waits for another batch."""
    with TRANCHE.moving(tranche, Action.RETURN_PAYMENT, actor=actor, at=at, note=reason) as locked:
        payment = Payment.objects.select_for_update(no_key=True, of=("self",)).get(standing=locked)
        if not payment.paid_on <= returned_on <= timezone.localdate(at):
            raise ValidationError({"returned_on": _("The day of the return lies between the payment and today.")})
        payment.standing, payment.returned_on, payment.return_reason = None, returned_on, reason.strip()
        payment.save(update_fields=["standing", "returned_on", "return_reason"])
        PaymentOrder.objects.filter(standing=locked).update(standing=None)
        take_back(payment=payment, actor=actor, at=at)
        consortium = locked.award.consortium
        tell_lead(consortium=consortium, kind="funding.payment_returned", subject=locked, at=at)
        tell_role(Role.OFFICER, consortium=consortium, kind="funding.payment_returned", subject=locked, at=at)
    return tranche


def _require_day(field: str, begun: datetime | None, day: date, at: datetime) -> None:
    if begun is None or not timezone.localdate(begun) <= day <= timezone.localdate(at):
        raise ValidationError({field: _("The day lies between the sending of the batch and today.")})

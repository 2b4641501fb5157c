"""Named reads of payment batches, orders and bank statements."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funding.enums import BatchStatus, LineOutcome, TrancheStatus
from funding.models import (
    BankStatement,
    BudgetLine,
    Payment,
    PaymentBatch,
    PaymentOrder,
    StatementLine,
    Tranche,
)
from funding.models.recusal import kept_from

PAYABLE = (TrancheStatus.APPROVED, TrancheStatus.RETURNED)
UNKNOWN = _("No order has this number.")
NO_NUMBER = _("The line names no order; choose the one that it belongs to.")
OTHER_AMOUNT = _("The order is for %(amount)s yuan.")
OTHER_PAYEE = _("The order is for %(name)s.")
NOT_SENT = _("The batch of this order is not with the treasury; somebody has to find out what was paid.")
GIVEN_UP = _("This order was given up or failed; somebody has to find out what was paid.")
NEVER_PAID = _("No payment is recorded that could have come back.")
TWICE = _("Another line says already that this was paid: find out whether the money went out twice.")
IS_PAID = _("The order is recorded as paid; record the return instead.")


# --- batches -----------------------------------------------------------------------------------
def batches(user: Any) -> QuerySet[PaymentBatch]:
    """Batches with how many orders they hold and what these come to."""
    found: QuerySet[PaymentBatch] = PaymentBatch.objects.visible_to(user).select_related("line", "prepared_by")
    paid = Q(orders__payment__isnull=False)
    return found.annotate(
        count=Count("orders"), total=Sum("orders__amount"), done=Count("orders", filter=paid),
        failed=Count("orders", filter=Q(orders__failed_on__isnull=False)),
    )  # fmt: skip


def batch_page(user: Any) -> QuerySet[PaymentBatch]:
    """A batch with everybody who acted on it."""
    return batches(user).select_related("line__programme", "released_by", "sent_by")


def orders_of(batch: PaymentBatch, user: Any) -> QuerySet[PaymentOrder]:
    """Its orders, without those of cases that the reader keeps away from."""
    rows = PaymentOrder.objects.visible_to(user).filter(batch=batch)
    return rows.select_related("tranche__award__consortium", "payment", "batch")


def listed(batch: PaymentBatch) -> list[list[str]]:
    """What is released: number, payee, bank, end of the account and amount of each order."""
    return [
        [one.number, one.payee_name, one.bank_name, one.account_end, f"{one.amount:.2f}"]
        for one in batch.orders.order_by("sequence")
    ]


def payable(user: Any, line: BudgetLine | None = None) -> QuerySet[Tranche]:
    """Tranches that can be put into a batch, oldest approval first."""
    rows = Tranche.objects.visible_to(user).filter(status__in=PAYABLE, award__line__isnull=False)
    rows = rows.select_related("award__consortium__lead", "award__line__programme").order_by("approved_at", "pk")
    return rows.filter(award__line=line) if line else rows


# --- statements --------------------------------------------------------------------------------
def statements(user: Any) -> QuerySet[BankStatement]:
    """Statements with how many lines they have and how many wait."""
    found: QuerySet[BankStatement] = BankStatement.objects.visible_to(user).select_related("imported_by", "file")
    waiting = Count("lines", filter=Q(lines__settled_at=None))
    return found.annotate(count=Count("lines"), waiting=waiting, total=Sum("lines__amount"))


@dataclass(frozen=True)
class Match:
    """What a line of a statement would do; `problem` says why it does nothing by itself."""

    line: StatementLine
    order: PaymentOrder | None = None
    payment: Payment | None = None  # recorded already: the line only confirms it
    problem: str | Promise = ""


def lines_of(statement: BankStatement, user: Any) -> list[StatementLine]:
    """The lines of a statement; those of cases that the reader keeps away from are left out."""
    rows = statement.lines.exclude(kept_from(user, "order__tranche__award__application"))
    rows = rows.exclude(kept_from(user, "payment__tranche__award__application"))
    return list(rows.select_related("order__tranche__award__consortium", "payment", "settled_by"))


def matches(lines: Iterable[StatementLine]) -> list[Match]:
    """What each unsettled line would do; three queries for those that name an order."""
    waiting = list(lines)
    numbers = {one.order_number for one in waiting if one.order_number}
    orders = PaymentOrder.objects.filter(number__in=numbers).select_related("batch", "tranche", "payment")
    orders = orders.prefetch_related("payment__lines")
    by_number = {one.number: one for one in orders}
    vouchers = {one.reference for one in waiting if not one.order_number}
    by_voucher = {one.voucher: one for one in Payment.objects.filter(voucher__in=vouchers)}
    return [_match(one, by_number.get(one.order_number), by_voucher.get(one.reference)) for one in waiting]


def match(line: StatementLine, order: PaymentOrder | None = None) -> Match:
    """What one line would do; `order` where somebody says which one it is."""
    if order is None:
        return matches([line])[0]
    return _with_order(line, order, said=True)


def _match(line: StatementLine, order: PaymentOrder | None, payment: Payment | None) -> Match:
    if order is not None:
        return _with_order(line, order, said=False)
    if line.order_number:
        return Match(line, problem=UNKNOWN)
    if payment and payment.amount == line.amount and line.outcome == LineOutcome.PAID and not payment.lines.exists():
        return Match(line, payment=payment)
    return Match(line, problem=NO_NUMBER)


def _with_order(line: StatementLine, order: PaymentOrder, *, said: bool) -> Match:
    if order.amount != line.amount:
        return Match(line, order, problem=OTHER_AMOUNT % {"amount": f"{order.amount:,.2f}"})
    if not said and _plain(order.payee_name) != _plain(line.payee_name):
        return Match(line, order, problem=OTHER_PAYEE % {"name": order.payee_name})
    payment: Payment | None = getattr(order, "payment", None)
    return {LineOutcome.PAID: _paid, LineOutcome.FAILED: _failed, LineOutcome.RETURNED: _returned}[
        LineOutcome(line.outcome)
    ](line, order, payment)


def _paid(line: StatementLine, order: PaymentOrder, payment: Payment | None) -> Match:
    if payment is not None:
        told = any(one.outcome == LineOutcome.PAID for one in payment.lines.all())
        return Match(line, order, payment, problem=TWICE if told else "")
    if order.standing_id is None:
        return Match(line, order, problem=GIVEN_UP)
    return Match(line, order, problem="" if order.batch.status == BatchStatus.SENT else NOT_SENT)


def _failed(line: StatementLine, order: PaymentOrder, payment: Payment | None) -> Match:
    if payment is not None:
        return Match(line, order, payment, problem=IS_PAID)
    if order.failed_on or (order.standing_id and order.batch.status == BatchStatus.SENT):
        return Match(line, order)
    return Match(line, order, problem=GIVEN_UP if order.standing_id is None else NOT_SENT)


def _returned(line: StatementLine, order: PaymentOrder, payment: Payment | None) -> Match:
    return Match(line, order, payment, problem="" if payment is not None else NEVER_PAID)


def _plain(name: str) -> str:
    """Without the differences that nobody means: width, blanks, brackets."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


# --- reconciliation ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Reconciled:
    """A year of payments against the statements, in yuan."""

    paid: Decimal
    returned: Decimal
    confirmed: Decimal  # of what was paid, what a statement says, too
    open_lines: int

    @property
    def net(self) -> Decimal:
        """What went out and stayed out."""
        return self.paid - self.returned

    @property
    def difference(self) -> Decimal:
        """What no statement has confirmed yet."""
        return self.paid - self.confirmed


def reconciled(year: int, user: Any) -> Reconciled:
    """Three queries."""
    away = ~kept_from(user, "tranche__award__application")
    payments = Payment.objects.filter(away, paid_on__year=year).order_by()
    told = StatementLine.objects.filter(outcome=LineOutcome.PAID, payment__isnull=False).values("payment")
    none = Decimal(0)
    sums = payments.aggregate(paid=Sum("amount"), confirmed=Sum("amount", filter=Q(pk__in=told)))
    back = Payment.objects.filter(away, returned_on__year=year).aggregate(sum=Sum("amount"))["sum"]
    waiting = StatementLine.objects.filter(settled_at=None).count()
    return Reconciled(sums["paid"] or none, back or none, sums["confirmed"] or none, waiting)


def unconfirmed(year: int, user: Any) -> QuerySet[Payment]:
    """Payments of the year that no statement has named, oldest first."""
    told = StatementLine.objects.filter(outcome=LineOutcome.PAID, payment__isnull=False).values("payment")
    rows = Payment.objects.filter(~kept_from(user, "tranche__award__application"), paid_on__year=year)
    return rows.exclude(pk__in=told).select_related("tranche__award__consortium").order_by("paid_on", "pk")

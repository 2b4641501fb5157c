"""F03: what the treasury is asked to pay, order by order."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, F, QuerySet, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.models import Payment, PaymentOrder
from portal.kernel.exporting import Column
from reports.exporters.awards import NIL, below
from reports.exporters.report import ZERO, Check, Report, paid_in_books, summed


def orders(user: Any) -> QuerySet[PaymentOrder]:
    """What the reader may see."""
    return PaymentOrder.objects.visible_to(user)


def with_batches(rows: QuerySet[PaymentOrder]) -> QuerySet[PaymentOrder]:
    """With batch, budget line, project and payment."""
    return rows.select_related("batch__line", "batch__prepared_by", "batch__released_by", "tranche__award__consortium",
                               "payment")  # fmt: skip


def checked_orders(rows: QuerySet[PaymentOrder]) -> Iterable[Check]:
    """What was paid by these orders and did not come back, beside the ledger."""
    found = rows.order_by().values("pk")
    paid = summed(Payment.objects.filter(order__in=found, standing__isnull=False), "amount")
    yield Check(_("paid"), paid, paid_in_books(entry__payment__order__in=found))


def paid_on(row: Any) -> Any:
    """When it was paid, if it was."""
    payment = getattr(row, "payment", None)
    return payment.paid_on if payment else None


STANDING = Case(When(standing__isnull=False, then=F("amount")), default=NIL)

PAYMENT_ORDERS = Report(
    number="F03",
    slug="payment-orders",
    title=_("Details of the payment batches"),
    about=_("What the treasury is asked to pay to whom; of accounts only the end."),
    base=orders,
    rows=with_batches,
    order=("batch__number", "sequence", "id"),
    filters={
        **below("tranche__award"),
        "period": "batch__prepared_at__date",
        "q": ("batch__number__istartswith", "payee_name", "batch__document_number"),
    },
    checks=checked_orders,
    permission="funding.view_budget",
    signed=True,
    off_paper=frozenset(
        {
            "of_it_neither_failed_nor_given_up_nor_returned",
            "status_of_the_batch",
            "paid_on",
            "failed_on",
            "prepared_by",
            "released_by",
        }
    ),
    columns=(
        Column(_("Batch"), lambda row: row.batch.number, width=16),
        Column(_("No. in the batch"), lambda row: row.sequence, kind="int"),
        Column(_("Payee"), lambda row: row.payee_name, width=36),
        Column(_("Bank and branch"), lambda row: row.bank_name, width=36),
        Column(_("End of the account"), lambda row: f"****{row.account_end}", width=14),
        Column(_("Amount"), lambda row: row.amount, kind="money", total="amount"),
        Column(
            _("Of it neither failed nor given up nor returned"),
            lambda row: row.amount if row.standing_id else ZERO,
            kind="money",
            total=STANDING,
        ),
        Column(_("Purpose of the payment"), lambda row: row.batch.purpose, width=24),
        Column(_("Budget item"), lambda row: row.batch.line.subject, width=12),
        Column(_("Consortium"), lambda row: row.tranche.award.consortium.name, width=40),
        Column(_("Document"), lambda row: row.batch.document_number, width=22),
        Column(_("Status of the batch"), lambda row: row.batch.get_status_display()),
        Column(_("Paid on"), paid_on, kind="date"),
        Column(_("Failed on"), lambda row: row.failed_on, kind="date"),
        Column(pgettext_lazy("list", "Prepared by"), lambda row: row.batch.prepared_by),
        Column(_("Released by"), lambda row: row.batch.released_by),
    ),
)

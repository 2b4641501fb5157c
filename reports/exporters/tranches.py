"""F02: the tranche ledger."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from funding.models import Payment, Tranche
from portal.kernel.exporting import Column, Export, Params
from reports.exporters.awards import notes, numbered, of_year

CENT = Decimal("0.01")
ORDER = ("award__year", "award__consortium__code", "award", "sequence")


def rows(user: Any, params: Params) -> QuerySet[Tranche]:
    """Tranches that the user may see, of awards of one year if asked for, numbered."""
    tranches = Tranche.objects.visible_to(user).select_related(
        "award__consortium__lead", "payment", "verified_by", "reviewed_by", "approved_by"
    )
    return numbered(of_year(tranches, "award__year", params), ORDER)


def of_payment(value: Callable[[Payment], Any]) -> Callable[[Any], Any]:
    """A column of the tranche's payment; empty where there is none."""

    def cell(tranche: Any) -> Any:
        payment = getattr(tranche, "payment", None)
        return value(payment) if payment else None

    return cell


def paid(tranche: Tranche) -> Decimal:
    """What was paid, in yuan."""
    amount: Decimal | None = of_payment(lambda payment: payment.amount)(tranche)
    return amount or Decimal(0)


TRANCHE_LEDGER = Export(
    slug="tranches",
    title=_("F02 Tranche ledger"),
    permission="reports.export_funding",
    rows=rows,
    notes=notes,
    columns=(
        Column(_("No."), lambda tranche: tranche.position, kind="int", width=6),
        Column(_("Year"), lambda tranche: tranche.award.year, kind="int"),
        Column(_("Consortium code"), lambda tranche: tranche.award.consortium.code),
        Column(_("Consortium"), lambda tranche: tranche.award.consortium.name, width=40),
        Column(_("Lead organisation"), lambda tranche: tranche.award.consortium.lead.name, width=36),
        Column(_("Tier"), lambda tranche: tranche.award.tier, width=6),
        Column(_("Tranche"), lambda tranche: tranche.sequence, kind="int"),
        Column(_("Share of the award"), lambda tranche: tranche.percent.quantize(CENT), kind="percent"),
        Column(_("Amount due"), lambda tranche: tranche.amount, kind="money"),
        Column(_("Condition"), lambda tranche: tranche.get_condition_display(), width=24),
        Column(_("Condition met on"), lambda tranche: tranche.condition_met_on, kind="date"),
        Column(_("Requested at"), lambda tranche: tranche.requested_at, kind="date"),
        Column(_("Verified by"), lambda tranche: tranche.verified_by),
        Column(_("Reviewed by"), lambda tranche: tranche.reviewed_by),
        Column(_("Approved by"), lambda tranche: tranche.approved_by),
        Column(_("Amount paid"), paid, kind="money"),
        Column(_("Paid on"), of_payment(lambda payment: payment.paid_on), kind="date"),
        Column(_("Voucher number"), of_payment(lambda payment: payment.voucher), width=18),
        Column(_("Receipt confirmed on"), of_payment(lambda payment: payment.receipt_on), kind="date"),
        Column(_("Amount not paid"), lambda tranche: tranche.amount - paid(tranche), kind="money"),
        Column(_("Status"), lambda tranche: tranche.get_status_display()),
        Column(_("Reason of the hold"), lambda tranche: tranche.hold_reason, width=30),
    ),
)

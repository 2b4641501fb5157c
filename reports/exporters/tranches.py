"""F02 and F13: the tranches, and what is held up or at risk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from consortia.models import Rectification
from funding.enums import Action, TrancheStatus
from funding.models import Award, Payment, Tranche
from portal.kernel.exporting import Column
from portal.kernel.models import AuditEntry
from reports.exporters.awards import NIL, OF_AWARD, awards, below
from reports.exporters.report import Check, Report, paid_in_books, summed

CENT = Decimal("0.01")


def tranches(user: Any) -> QuerySet[Tranche]:
    """What the reader may see."""
    return Tranche.objects.visible_to(user)


def with_people(rows: QuerySet[Tranche]) -> QuerySet[Tranche]:
    """With everybody who signed, and the payment."""
    return rows.select_related("award__consortium__lead", "payment", "verified_by", "reviewed_by", "approved_by")


def checked_tranches(rows: QuerySet[Tranche]) -> Iterable[Check]:
    """What was paid of these tranches, beside the payments in the ledger."""
    found = rows.order_by().values("pk")
    paid = summed(Payment.objects.filter(standing__in=found), "amount")
    yield Check(_("paid"), paid, paid_in_books(entry__tranche__in=found))


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


def unpaid(tranche: Tranche) -> Decimal:
    """What is still to be paid, in yuan: nothing of what was cancelled."""
    return Decimal(0) if tranche.status == TrancheStatus.CANCELLED else tranche.amount - paid(tranche)


UNPAID = Case(When(status=TrancheStatus.CANCELLED, then=NIL), default=F("amount") - Coalesce(F("payment__amount"), NIL))

TRANCHE_LEDGER = Report(
    number="F02",
    slug="tranches",
    title=_("Tranche ledger"),
    about=_("Every instalment with its condition, who verified, reviewed and approved it, and its payment."),
    base=tranches,
    rows=with_people,
    order=("award__year", "award__consortium__code", "award_id", "sequence"),
    filters={**below("award"), "period": "payment__paid_on", "tranche_status": "status"},
    checks=checked_tranches,
    rules="award__application__call__rules",
    columns=(
        Column(_("Year"), lambda tranche: tranche.award.year, kind="int"),
        Column(_("Consortium code"), lambda tranche: tranche.award.consortium.code),
        Column(_("Consortium"), lambda tranche: tranche.award.consortium.name, width=40),
        Column(_("Lead organisation"), lambda tranche: tranche.award.consortium.lead.name, width=36),
        Column(_("Tier"), lambda tranche: tranche.award.tier, width=6),
        Column(_("Tranche"), lambda tranche: tranche.sequence, kind="int"),
        Column(_("Share of the award"), lambda tranche: tranche.percent.quantize(CENT), kind="percent"),
        Column(_("Amount due"), lambda tranche: tranche.amount, kind="money", total="amount"),
        Column(_("Condition"), lambda tranche: tranche.get_condition_display(), width=24),
        Column(_("Condition met on"), lambda tranche: tranche.condition_met_on, kind="date"),
        Column(_("Requested at"), lambda tranche: tranche.requested_at, kind="date"),
        Column(_("Verified by"), lambda tranche: tranche.verified_by),
        Column(_("Reviewed by"), lambda tranche: tranche.reviewed_by),
        Column(_("Approved by"), lambda tranche: tranche.approved_by),
        Column(_("Amount paid"), paid, kind="money", total="payment__amount"),
        Column(_("Paid on"), of_payment(lambda payment: payment.paid_on), kind="date"),
        Column(_("Voucher number"), of_payment(lambda payment: payment.voucher), width=18),
        Column(_("Receipt confirmed on"), of_payment(lambda payment: payment.receipt_on), kind="date"),
        Column(_("Amount not paid"), unpaid, kind="money", total=UNPAID),
        Column(_("Status"), lambda tranche: tranche.get_status_display()),
        Column(_("Reason of the hold"), lambda tranche: tranche.hold_reason, width=30),
    ),
)


# --- F13 ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Matter:
    """Something that stands still or has to be put right; money in yuan."""

    award: Award
    what: str
    why: str
    amount: Decimal | None
    since: date | None
    who: str
    until: date | None
    status: str


def matters(rows: QuerySet[Award]) -> list[Matter]:
    """Tranches on hold and orders to put things right that are open, of these awards; four queries."""
    held = Tranche.objects.filter(award__in=rows.order_by(), status=TrancheStatus.ON_HOLD)
    tranches = list(held.select_related("award__consortium").order_by("award__consortium__code", "sequence"))
    acts = _acts(tranches)
    open_orders = Rectification.objects.filter(closed_on=None, consortium__awards__in=rows.order_by())
    latest: dict[Any, Award] = {}
    for award in rows.select_related("consortium__liaison_officer").order_by("approved_on"):
        latest[award.consortium_id] = award
    found = [_held(one, acts.get(str(one.pk))) for one in tranches]
    orders = open_orders.distinct().order_by("due", "id")
    return [*found, *(_order(one, latest[one.consortium_id]) for one in orders)]


def _acts(tranches: list[Tranche]) -> dict[str, AuditEntry]:
    """The last hold of each."""
    label = Tranche._meta.label_lower  # noqa: SLF001
    keys = [str(one.pk) for one in tranches]
    entries = AuditEntry.objects.filter(subject_type=label, subject_id__in=keys, action=Action.HOLD).order_by("id")
    return {entry.subject_id: entry for entry in entries}


def _held(tranche: Tranche, act: AuditEntry | None) -> Matter:
    what = gettext("Tranche %(number)s on hold") % {"number": tranche.sequence}
    since = timezone.localdate(act.at) if act else None
    return Matter(tranche.award, what, tranche.hold_reason, tranche.amount, since, act.actor_name if act else "", None,
                  tranche.get_status_display())  # fmt: skip


def _order(order: Rectification, award: Award) -> Matter:
    who = str(award.consortium.liaison_officer or "")
    since = timezone.localdate(order.created_at)
    late = order.is_overdue(timezone.localdate())
    status = gettext("Overdue") if late else gettext("Open")
    return Matter(award, gettext("Order to put things right"), order.demands, None, since, who, order.due, status)


HOLDS = Report(
    number="F13",
    slug="holds",
    title=_("Holds and risks"),
    about=_("Tranches on hold, and orders to put things right that are still open."),
    base=awards,
    rows=matters,
    filters=OF_AWARD,
    columns=(
        Column(_("Consortium code"), lambda row: row.award.consortium.code),
        Column(_("Consortium"), lambda row: row.award.consortium.name, width=40),
        Column(_("Matter"), lambda row: row.what, width=28),
        Column(_("Reason"), lambda row: row.why, width=40),
        Column(_("Amount"), lambda row: row.amount, kind="money"),
        Column(_("Since"), lambda row: row.since, kind="date"),
        Column(pgettext_lazy("person", "Responsible"), lambda row: row.who),
        Column(pgettext_lazy("day", "Until"), lambda row: row.until, kind="date"),
        Column(_("Status"), lambda row: row.status),
    ),
)

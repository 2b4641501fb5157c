"""F04, F10 and F17: how far the budget is spent, what was moved within the year, and what was paid in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, ExtractYear
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import AccountKind, AppropriationKind, AppropriationStatus, EntryKind
from funding.models import Appropriation, BudgetLine, LedgerAccount, LedgerEntry, Payment, Posting
from funding.selectors.ledger import PAID, LineSums, sums_of
from portal.kernel.exporting import Column
from reports.exporters.awards import NIL
from reports.exporters.report import ZERO, Check, Filters, Report, paid_in_books, summed

CONFIRMED = AppropriationStatus.CONFIRMED
OF_LINE: Filters = {"year": "year", "programme": "programme", "q": ("name", "subject")}


def lines(user: Any) -> QuerySet[BudgetLine]:
    """What the reader may see."""
    return BudgetLine.objects.visible_to(user)


# --- F04 ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LineRow:
    """A line with its sums, and with those of the same programme and item the year before."""

    now: LineSums
    before: LineSums | None

    @property
    def change(self) -> Decimal | None:
        """How much more was paid than the year before, on the scale of 100."""
        if self.before is None or not self.before.paid:
            return None
        return ((self.now.paid - self.before.paid) * 100 / self.before.paid).quantize(Decimal("0.01"))


def execution(rows: QuerySet[BudgetLine]) -> list[LineRow]:
    """The lines by year, each beside that of the year before; five queries."""
    wanted = list(rows.select_related("programme").order_by("year", "programme__code", "subject"))
    years = {line.year - 1 for line in wanted}
    earlier = BudgetLine.objects.filter(year__in=years, programme__in={line.programme_id for line in wanted})
    known = {line.pk: line for line in [*wanted, *earlier.select_related("programme")]}
    sums = {sum_.line.pk: sum_ for sum_ in sums_of(known.values())}
    of = {(sum_.line.programme_id, sum_.line.subject, sum_.line.year): sum_ for sum_ in sums.values()}
    return [LineRow(sums[line.pk], of.get((line.programme_id, line.subject, line.year - 1))) for line in wanted]


def checked_lines(rows: QuerySet[BudgetLine]) -> Iterable[Check]:
    """What the documents give to these lines, and what the awards and payments take, beside the accounts."""
    found = rows.order_by().values("pk")
    documents = Appropriation.objects.filter(line__in=found, status=CONFIRMED)
    accounts = LedgerAccount.objects.filter(line__in=found)
    yield Check(
        _("appropriated by confirmed documents"), summed(documents, "amount"),
        -summed(accounts.filter(kind=AccountKind.APPROPRIATED), "balance"),
    )  # fmt: skip
    sums = sums_of(rows)
    payments = Payment.objects.filter(standing__award__line__in=found)
    yield Check(_("paid"), summed(payments, "amount"), sum((one.paid for one in sums), ZERO))


EXECUTION = Report(
    number="F04",
    slug="execution",
    title=_("Budget execution"),
    about=_("Every budget line with what was appropriated, awarded and paid, beside the year before."),
    base=lines,
    rows=execution,
    filters=OF_LINE,
    checks=checked_lines,
    permission="funding.view_budget",
    signed=True,
    off_paper=frozenset({"budget_line", "paid_the_year_before"}),
    columns=(
        Column(_("Year"), lambda row: row.now.line.year, kind="int"),
        Column(_("Funding programme"), lambda row: row.now.line.programme, width=30),
        Column(_("Budget line"), lambda row: row.now.line.name, width=30),
        Column(_("Budget item"), lambda row: row.now.line.subject, width=12),
        Column(_("Beginning of the year"), lambda row: row.now.initial, kind="money"),
        Column(_("Adjusted"), lambda row: row.now.adjusted, kind="money"),
        Column(_("Appropriated"), lambda row: row.now.appropriated, kind="money"),
        Column(_("Committed"), lambda row: row.now.committed, kind="money"),
        Column(_("Paid"), lambda row: row.now.paid, kind="money"),
        Column(_("Paid of the appropriated"), lambda row: row.now.executed.quantize(Decimal("0.01")), kind="percent"),
        Column(_("Available"), lambda row: row.now.available, kind="money"),
        Column(_("Claimed back and received"), lambda row: row.now.recovered, kind="money"),
        Column(_("Paid the year before"), lambda row: row.before.paid if row.before else None, kind="money"),
        Column(_("Paid compared with the year before"), lambda row: row.change, kind="percent"),
    ),
)


# --- F10 ---------------------------------------------------------------------------------------
def adjustments(user: Any) -> QuerySet[Appropriation]:
    """What the reader may see of what came and went within a year."""
    rows: QuerySet[Appropriation] = Appropriation.objects.visible_to(user)
    return rows.filter(kind=AppropriationKind.ADJUSTMENT)


def with_before(rows: QuerySet[Appropriation]) -> QuerySet[Appropriation]:
    """Each with what its line had by documents that were confirmed `before` it."""
    earlier = Appropriation.objects.filter(
        line=OuterRef("line"), status=CONFIRMED, confirmed_at__lt=Coalesce(OuterRef("confirmed_at"), OuterRef("now"))
    )
    sums = earlier.order_by().values("line").annotate(sum=Sum("amount")).values("sum")
    found = rows.annotate(now=Coalesce("confirmed_at", "recorded_at"))
    earlier_sum = Coalesce(Subquery(sums), NIL)
    return found.annotate(before=earlier_sum).select_related("line__programme", "recorded_by", "confirmed_by")


ADJUSTMENTS = Report(
    number="F10",
    slug="adjustments",
    title=_("Budget adjustments"),
    about=_("What was given to budget lines or taken from them within a year, by which document and by whom."),
    base=adjustments,
    rows=with_before,
    order=("line__year", "line__programme__code", "line__subject", "decided_on", "id"),
    filters={"year": "line__year", "period": "decided_on", "programme": "line__programme", "line": "line"},
    checks=lambda rows: [
        Check(
            _("confirmed adjustments"), summed(rows.filter(status=CONFIRMED), "amount"),
            summed(
                Posting.objects.filter(
                    account__kind=AccountKind.AVAILABLE, entry__kind=EntryKind.APPROPRIATION,
                    entry__key__in=[f"appropriation:{key}" for key in rows.values_list("pk", flat=True)],
                ),
                "amount",
            ),
        )
    ],
    permission="funding.view_budget",
    columns=(
        Column(_("Year"), lambda row: row.line.year, kind="int"),
        Column(_("Budget line"), lambda row: row.line.name, width=30),
        Column(_("Budget item"), lambda row: row.line.subject, width=12),
        Column(_("Budget before"), lambda row: row.before, kind="money", total=None),
        Column(_("Adjustment"), lambda row: row.amount, kind="money", total=None),
        Column(_("Of it confirmed"), lambda row: row.amount if row.status == CONFIRMED else ZERO, kind="money",
               total=Case(When(status=CONFIRMED, then=F("amount")), default=NIL)),
        Column(_("Budget afterwards"), lambda row: row.before + row.amount, kind="money", total=None),
        Column(_("Document"), lambda row: row.document_number, width=24),
        Column(_("Date of the document"), lambda row: row.decided_on, kind="date"),
        Column(_("Reason"), lambda row: row.reason, width=40),
        Column(_("Recorded by"), lambda row: row.recorded_by),
        Column(_("Confirmed by"), lambda row: row.confirmed_by),
        Column(_("Confirmed at"), lambda row: row.confirmed_at, kind="date"),
        Column(_("Status"), lambda row: row.get_status_display()),
    ),
)  # fmt: skip


# --- F17 ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class YearOfLine:
    """What was paid in a year out of one line, and came back in it, in yuan; `booked` is the net sum in the ledger."""

    year: int
    line: str
    batch: int
    payments: int
    amount: Decimal
    returned: Decimal
    booked: Decimal

    @property
    def net(self) -> Decimal:
        """Paid, without what came back; below zero where more came back of what earlier years had paid."""
        return self.amount - self.returned

    @property
    def difference(self) -> Decimal:
        """Zero when both agree."""
        return self.net - self.booked


def movements(user: Any) -> QuerySet[LedgerEntry]:
    """Payments and their returns, each on its own day, for the bureau, but those that the reader keeps away from."""
    rows: QuerySet[LedgerEntry] = LedgerEntry.objects.visible_to(user)
    return rows.filter(kind__in=PAID)


def settled(rows: QuerySet[LedgerEntry]) -> list[YearOfLine]:
    """By year, line and batch of the call: a return counts in the year in which it came back; two queries."""
    found = rows.order_by().annotate(
        year=ExtractYear("happened_on"), line=F("award__line__name"), batch=F("award__application__call__batch")
    )
    keys = ("year", "line", "batch")
    amount = Sum("payment__amount", filter=Q(kind=EntryKind.PAYMENT), default=ZERO)
    back = Sum("payment__amount", filter=Q(kind=EntryKind.RETURN), default=ZERO)
    count = Count("pk", filter=Q(kind=EntryKind.PAYMENT))
    paid = found.values_list(*keys).annotate(count=count, amount=amount, back=back).order_by(*keys)
    held = Sum("postings__amount", filter=Q(postings__account__kind=AccountKind.HELD), default=ZERO)
    books = {tuple(key): total for *key, total in found.values_list(*keys).annotate(held=held)}
    return [
        YearOfLine(year, line, batch, count, sum_, back, books[year, line, batch])
        for year, line, batch, count, sum_, back in paid
    ]


def net_of(rows: QuerySet[LedgerEntry]) -> Decimal:
    """What was paid by the payments themselves, without what came back."""
    return summed(rows.filter(kind=EntryKind.PAYMENT), "payment__amount") - summed(
        rows.filter(kind=EntryKind.RETURN), "payment__amount"
    )


SETTLEMENT = Report(
    number="F17",
    slug="settlement",
    title=_("Annual settlement"),
    about=_("What was paid and came back in each year by budget line and batch, beside the ledger."),
    base=movements,
    rows=settled,
    filters={
        "year": "happened_on__year",
        "period": "happened_on",
        "programme": "award__line__programme",
        "line": "award__line",
    },
    checks=lambda rows: [Check(_("paid"), net_of(rows), paid_in_books(entry__in=rows.order_by()))],
    permission="funding.view_budget",
    signed=True,
    columns=(
        Column(_("Year"), lambda row: row.year, kind="int"),
        Column(_("Cumulative batch"), lambda row: row.batch, kind="int"),
        Column(_("Budget line"), lambda row: row.line, width=30),
        Column(_("Payments"), lambda row: row.payments, kind="count"),
        Column(_("Amount paid"), lambda row: row.amount, kind="money"),
        Column(_("Returned"), lambda row: row.returned, kind="money"),
        Column(_("Net amount"), lambda row: row.net, kind="money"),
        Column(_("In the ledger"), lambda row: row.booked, kind="money"),
        Column(_("Difference"), lambda row: row.difference, kind="money"),
        Column(
            _("Remark"),
            lambda row: gettext("Differs from the ledger") if row.difference else gettext("Agrees with the ledger"),
            width=16,
        ),
    ),
)

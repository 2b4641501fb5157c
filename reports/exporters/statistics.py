"""F05, F06, F07 and F22: the awards by tier, district, sub-field and year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from consortia.enums import OutcomeKind, Tier
from consortia.models import Outcome, SubField
from funding.enums import STANDING, BudgetSource, TrancheStatus
from funding.models import Award, Cofunding, Expenditure, Payment, Tranche
from members.models import District
from portal.kernel.exporting import Column
from reports.enums import EvaluationStatus, Grade
from reports.exporters.awards import OF_AWARD, awards, checked_awards, checked_to_the_end, reductions, shared
from reports.exporters.report import ZERO, Report
from reports.models import Evaluation

TWO = Decimal("0.01")
MILLION = Decimal(1_000_000)
OUTPUTS = (OutcomeKind.PATENT, OutcomeKind.STANDARD, OutcomeKind.PRODUCT)


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """On the scale of 100, two decimals; None of nothing."""
    return (part * 100 / whole).quantize(TWO) if whole else None


@dataclass
class Sums:
    """The awards of one kind; money in yuan."""

    of: Any
    tiers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Tier.values, 0))
    awarded: Decimal = ZERO
    paid: Decimal = ZERO
    cancelled: Decimal = ZERO
    caps: Decimal = ZERO
    whole: Decimal = ZERO  # awarded in all rows together
    outputs: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTPUTS, 0))
    private: Decimal = ZERO  # own and other money spent
    district_due: Decimal = ZERO  # what the district adds by the contracts
    district_paid: Decimal = ZERO  # what of it has arrived with the leads
    grades: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Grade.values, 0))

    @property
    def count(self) -> int:
        """How many awards."""
        return sum(self.tiers.values())

    @property
    def unpaid(self) -> Decimal:
        """Awarded, neither paid nor cancelled."""
        return self.awarded - self.cancelled - self.paid

    @property
    def average(self) -> Decimal | None:
        """For each award."""
        return self.awarded / self.count if self.count else None

    @property
    def produced(self) -> int:
        """All outputs together."""
        return sum(self.outputs.values())

    @property
    def per_million(self) -> Decimal | None:
        """Outputs for each million yuan awarded."""
        return (self.produced * MILLION / self.awarded).quantize(TWO) if self.awarded else None

    @property
    def leverage(self) -> Decimal | None:
        """Own and other money spent for each yuan paid."""
        return (self.private / self.paid).quantize(TWO) if self.paid else None


def gathered(rows: QuerySet[Award], path: str) -> dict[Any, Sums]:
    """The awards by a field of theirs, with caps, payments and what was cancelled; four queries."""
    found: dict[Any, Sums] = defaultdict(lambda: Sums(None))
    caps = tuple(f"application__call__cap_{tier.lower()}" for tier in Tier.values)
    cells = rows.order_by().values_list(path, "tier", *caps).annotate(Count("pk"), Sum("amount"))
    for key, tier, *limits, count, amount in cells:
        sums = found[key]
        sums.tiers[tier] += count
        sums.awarded += amount
        sums.caps += dict(zip(Tier.values, limits, strict=True))[tier] * count
    payments = Payment.objects.filter(standing__award__in=rows.order_by())
    for key, paid in payments.order_by().values_list(f"standing__award__{path}").annotate(Sum("amount")):
        found[key].paid = paid
    dropped = Tranche.objects.filter(award__in=rows.order_by(), status=TrancheStatus.CANCELLED)
    for key, cancelled in dropped.order_by().values_list(f"award__{path}").annotate(Sum("amount")):
        found[key].cancelled = cancelled
    cut = reductions().filter(entry__award__in=rows.order_by())
    for key, reduced in cut.values_list(f"entry__award__{path}").annotate(Sum("amount")):
        found[key].cancelled += reduced
    return found


def named(found: dict[Any, Sums], names: Iterable[tuple[Any, Any]], *, empty: bool) -> list[Sums]:
    """The sums in the order of the names, each with its own and the whole; those without an award if wanted."""
    whole = sum((one.awarded for one in found.values()), ZERO)
    rows = []
    for key, of in names:
        if key in found or empty:
            sums = found.get(key) or Sums(None)
            sums.of, sums.whole = of, whole
            rows.append(sums)
    return rows


def by_tier(rows: QuerySet[Award]) -> list[Sums]:
    """One row a tier."""
    return named(gathered(rows, "tier"), ((tier.value, tier) for tier in Tier), empty=True)


def by_district(rows: QuerySet[Award]) -> list[Sums]:
    """One row a district."""
    found = gathered(rows, "consortium__district")
    due = rows.order_by().values_list("consortium__district").annotate(due=Sum(shared("district")))
    for code, amount in due:
        found[code].district_due = amount or ZERO
    came = Cofunding.objects.arrived().filter(award__in=rows.order_by()).order_by()
    for code, amount in came.values_list("award__consortium__district").annotate(Sum("amount")):
        found[code].district_paid = amount
    return named(found, ((one.pk, one) for one in District.objects.all()), empty=True)


def by_field(rows: QuerySet[Award]) -> list[Sums]:
    """One row a sub-field with an award, with what its consortia brought forth."""
    found = gathered(rows, "consortium__sub_field")
    outcomes = Outcome.objects.counted_once().filter(
        consortium__in=rows.order_by().values("consortium"), kind__in=OUTPUTS
    )
    counts = outcomes.order_by().values_list("consortium__sub_field", "kind").annotate(Count("pk"))
    for code, kind, count in counts:
        found[code].outputs[kind] = count
    return named(found, ((one.pk, one) for one in SubField.objects.all()), empty=False)


def by_year(rows: QuerySet[Award]) -> list[Sums]:
    """One row a year, with the money of others that was spent and the grades of the year."""
    found = gathered(rows, "year")
    spent = Expenditure.objects.filter(award__in=rows.order_by(), status__in=STANDING).exclude(
        source=BudgetSource.GRANT
    )
    for year, private in spent.order_by().values_list("award__year").annotate(Sum("amount")):
        found[year].private = private
    final = Q(status=EvaluationStatus.FINAL, consortium__in=rows.order_by().values("consortium"))
    grades = Evaluation.objects.filter(final).order_by().values_list("cycle__year", "grade").annotate(Count("pk"))
    for year, grade, count in grades:
        found[year].grades[grade] = count
    return named(found, ((year, year) for year in sorted(found)), empty=False)


def counted(part: str, code: str, title: Any) -> Column:
    """How many are of a tier, or of a grade."""

    def value(row: Sums) -> int:
        found: int = getattr(row, part)[code]
        return found

    return Column(title, value, kind="count", key=f"{part}_{code.lower()}")


COUNT = Column(_("Awards"), lambda row: row.count, kind="count")
AWARDED = Column(_("Awarded"), lambda row: row.awarded, kind="money")
AVERAGE = Column(_("Average award"), lambda row: row.average, kind="money", total=None)
PAID = Column(_("Paid"), lambda row: row.paid, kind="money")
CANCELLED = Column(_("Amount cancelled"), lambda row: row.cancelled, kind="money")
UNPAID = Column(_("Not paid"), lambda row: row.unpaid, kind="money")
EXECUTED = Column(_("Paid of the awarded"), lambda row: share(row.paid, row.awarded), kind="percent")
SHARE = Column(_("Share of all awards"), lambda row: share(row.awarded, row.whole), kind="percent")
TIERS = (
    counted("tiers", Tier.A, _("Tier A")), counted("tiers", Tier.B, _("Tier B")), counted("tiers", Tier.C, _("Tier C")),
)  # fmt: skip
OUTPUT_COLUMNS = (
    Column(_("Patents"), lambda row: row.outputs[OutcomeKind.PATENT], kind="count"),
    Column(_("Standards"), lambda row: row.outputs[OutcomeKind.STANDARD], kind="count"),
    Column(_("New products"), lambda row: row.outputs[OutcomeKind.PRODUCT], kind="count"),
)

BY_TIER = Report(
    number="F05",
    slug="by-tier",
    title=_("Awards by tier"),
    about=_("How many awards each tier has, how much, what is paid, and what the caps would have allowed."),
    base=awards,
    rows=by_tier,
    filters=OF_AWARD,
    checks=checked_to_the_end,
    rules="application__call__rules",
    columns=(
        Column(_("Tier"), lambda row: row.of.label, width=20), COUNT, AWARDED, AVERAGE, PAID, CANCELLED,
        UNPAID, EXECUTED,
        Column(_("Sum of the caps"), lambda row: row.caps, kind="money"), SHARE,
    ),
)  # fmt: skip

BY_DISTRICT = Report(
    number="F06",
    slug="by-district",
    title=_("Awards by district"),
    about=_("How many consortia of each district were awarded, how much, and what is paid."),
    base=awards,
    rows=by_district,
    filters=OF_AWARD,
    checks=checked_to_the_end,
    rules="application__call__rules",
    columns=(
        Column(_("District"), lambda row: row.of, width=20),
        Column(_("District code"), lambda row: row.of.code, width=10),
        *TIERS, COUNT, AWARDED, PAID, CANCELLED, UNPAID, EXECUTED,
        Column(_("Due from the district"), lambda row: row.district_due, kind="money"),
        Column(_("Arrived from the district"), lambda row: row.district_paid, kind="money"),
        Column(_("Arrived of what is due"), lambda row: share(row.district_paid, row.district_due), kind="percent"),
        AVERAGE, SHARE,
    ),
)  # fmt: skip

BY_FIELD = Report(
    number="F07",
    slug="by-field",
    title=_("Awards by sub-field"),
    about=_("How many consortia of each sub-field were awarded, how much, and what they brought forth."),
    base=awards,
    rows=by_field,
    filters=OF_AWARD,
    checks=checked_awards,
    rules="application__call__rules",
    columns=(
        Column(_("Cluster"), lambda row: row.of.cluster, width=24), Column(_("Sub-field"), lambda row: row.of),
        *TIERS, COUNT, AWARDED, PAID, *OUTPUT_COLUMNS,
        Column(_("Outputs per million yuan"), lambda row: row.per_million, kind="number"),
    ),
)  # fmt: skip

TREND = Report(
    number="F22",
    slug="trend",
    title=_("Trend over the years"),
    about=_("Awards, payments, the money of others and the grades, year by year."),
    base=awards,
    rows=by_year,
    filters=OF_AWARD,
    checks=checked_awards,
    rules="application__call__rules",
    columns=(
        Column(_("Year"), lambda row: row.of, kind="int"), *TIERS, COUNT, AWARDED, PAID, EXECUTED,
        Column(_("Own and other money spent"), lambda row: row.private, kind="money"),
        Column(_("Own and other money for each yuan paid"), lambda row: row.leverage, kind="number"),
        *(counted("grades", grade, grade.label) for grade in Grade),
    ),
)  # fmt: skip

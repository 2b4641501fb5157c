"""F12: what the money of each award brought about."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from consortia.enums import JOINED, OutcomeKind
from consortia.models import Outcome, Participation
from funding.enums import STANDING, BudgetSource
from funding.models import Award, Expenditure
from members.models import YearFigures
from portal.kernel.exporting import Column
from reports.enums import EvaluationStatus
from reports.exporters.awards import OF_AWARD, awards, checked_awards, with_paid
from reports.exporters.report import ZERO, Report
from reports.exporters.statistics import TWO
from reports.models import Evaluation

Key = Any


@dataclass(frozen=True)
class Performance:
    """An award and what came of it; money in yuan, all of the consortium's outcomes."""

    award: Any
    private: Decimal
    patents: int
    sales: Decimal
    rd_growth: Decimal | None
    staff: int | None
    evaluation: Evaluation | None

    @property
    def leverage(self) -> Decimal | None:
        """Own and other money spent for each yuan paid."""
        return (self.private / self.award.paid).quantize(TWO) if self.award.paid else None


@dataclass(frozen=True)
class People:
    """What the members of a consortium state: R&D expense now and a year before, and their staff."""

    growth: Decimal | None = None
    staff: int | None = None


def performances(rows: QuerySet[Award]) -> list[Performance]:
    """One row an award; six queries."""
    found = list(with_paid(rows).select_related("consortium").order_by("year", "consortium__code", "approved_on", "id"))
    consortia = {award.consortium_id for award in found}
    private = _private(rows)
    outcomes = _outcomes(consortia)
    people = _people(consortia)
    evaluations = _evaluations(consortia)
    return [
        Performance(
            award, private.get(award.pk, ZERO), outcomes[award.consortium_id, OutcomeKind.PATENT][0],
            outcomes[award.consortium_id, OutcomeKind.PRODUCT][1], people[award.consortium_id].growth,
            people[award.consortium_id].staff, evaluations.get(award.consortium_id),
        )
        for award in found
    ]  # fmt: skip


def _private(rows: QuerySet[Award]) -> dict[Key, Decimal]:
    """What was spent of each award that was not the grant's."""
    spent = Expenditure.objects.filter(award__in=rows.order_by(), status__in=STANDING)
    own = spent.exclude(source=BudgetSource.GRANT).order_by()
    return dict(own.values_list("award").annotate(Sum("amount")))


def _outcomes(consortia: set[Key]) -> dict[Key, tuple[int, Decimal]]:
    """How many of each kind, and what they come to in yuan."""
    rows = Outcome.objects.counted_once().filter(consortium__in=consortia).order_by()
    found: dict[Key, tuple[int, Decimal]] = defaultdict(lambda: (0, ZERO))
    for consortium, kind, count, amount in rows.values_list("consortium", "kind").annotate(Count("pk"), Sum("amount")):
        found[consortium, kind] = (count, amount)
    return found


def _people(consortia: set[Key]) -> dict[Key, People]:
    """From the last year that members stated, over those that stated the year before as well; two queries."""
    members = Participation.objects.filter(consortium__in=consortia, status__in=JOINED).order_by()
    pairs = list(members.values_list("consortium", "organisation"))
    stated: dict[Key, dict[int, tuple[Decimal, int]]] = defaultdict(dict)
    figures = YearFigures.objects.filter(organisation__in={organisation for _consortium, organisation in pairs})
    for organisation, year, expense, staff in figures.order_by().values_list(
        "organisation", "year", "rd_expense", "staff"
    ):
        stated[organisation][year] = (expense, staff)
    of: dict[Key, list[dict[int, tuple[Decimal, int]]]] = defaultdict(list)
    for consortium, organisation in pairs:
        of[consortium].append(stated[organisation])
    found: dict[Key, People] = defaultdict(People)
    found.update({consortium: _summed_up(years) for consortium, years in of.items()})
    return found


def _summed_up(members: list[dict[int, tuple[Decimal, int]]]) -> People:
    years = [year for member in members for year in member]
    if not years:
        return People()
    last = max(years)
    both = [member for member in members if last in member and last - 1 in member]
    growth = sum((member[last][0] - member[last - 1][0] for member in both), ZERO) if both else None
    return People(growth, sum(member[last][1] for member in members if last in member))


def _evaluations(consortia: set[Key]) -> dict[Key, Evaluation]:
    """The last final evaluation of each."""
    final = Evaluation.objects.filter(consortium__in=consortia, status=EvaluationStatus.FINAL)
    rows = final.select_related("cycle").only("consortium", "total", "grade", "cycle__year")
    return {one.consortium_id: one for one in rows.order_by("cycle__year")}


PERFORMANCE = Report(
    number="F12",
    slug="performance",
    title=_("Performance of the funds"),
    about=_("What each award was joined by, and what the consortium brought forth; members' figures of the last year."),
    base=awards,
    rows=performances,
    filters=OF_AWARD,
    checks=checked_awards,
    rules="application__call__rules",
    columns=(
        Column(_("Year"), lambda row: row.award.year, kind="int"),
        Column(_("Consortium code"), lambda row: row.award.consortium.code),
        Column(_("Consortium"), lambda row: row.award.consortium.name, width=40),
        Column(_("Tier"), lambda row: row.award.tier, width=6),
        Column(_("Awarded amount"), lambda row: row.award.amount, kind="money"),
        Column(_("Paid"), lambda row: row.award.paid, kind="money"),
        Column(_("Own and other money spent"), lambda row: row.private, kind="money"),
        Column(_("Own and other money for each yuan paid"), lambda row: row.leverage, kind="number"),
        Column(_("Growth of the R&D expense of the members"), lambda row: row.rd_growth, kind="money", total=None),
        Column(_("Sales of new products"), lambda row: row.sales, kind="money", total=None),
        Column(_("Patents"), lambda row: row.patents, kind="count", total=None),
        Column(_("Staff of the members"), lambda row: row.staff, kind="count", total=None),
        Column(_("Year of the evaluation"), lambda row: row.evaluation and row.evaluation.cycle.year, kind="int"),
        Column(_("Score"), lambda row: row.evaluation and row.evaluation.total, kind="number"),
        Column(_("Grade of the evaluation"), lambda row: row.evaluation and row.evaluation.get_grade_display()),
    ),
)

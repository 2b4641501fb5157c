"""What the city has reached beside what it wants to reach, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateTimeField, F, Max, Min, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import ExtractYear
from django.utils import timezone

from consortia.enums import ALIVE, OutcomeKind
from consortia.enums import Action as ConsortiumAction
from consortia.models import Consortium, LifeEvent, Outcome, ResearchTask
from funding.models import Award, Payment
from reports.enums import IN_YUAN, TargetMetric
from reports.models import CityTarget

M = TargetMetric
ENDS = (ConsortiumAction.GRADUATE, ConsortiumAction.EXIT, ConsortiumAction.REVOKE)
Actuals = dict[tuple[str, int], Decimal]


@dataclass(frozen=True)
class Line:
    """A year of a figure: the target that stands, and what was reached by its end, or until today."""

    target: CityTarget
    actual: Decimal | None  # None where the year has not begun

    @property
    def percent(self) -> Decimal | None:
        """How much of the target is reached."""
        return None if self.actual is None else self.target.share_of(self.actual)


@dataclass(frozen=True)
class Figure:
    """A figure with the years that have a target."""

    metric: TargetMetric
    lines: tuple[Line, ...]

    @property
    def is_money(self) -> bool:
        """Whether it is a sum, in yuan."""
        return self.metric in IN_YUAN


def figures(user: Any, today: date) -> list[Figure]:
    """Every figure that has a target, its years in order."""
    targets = list(CityTarget.objects.visible_to(user).standing())
    found = actuals({one.year for one in targets if one.year <= today.year}, today)
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    for one in sorted(targets, key=lambda one: one.year):
        lines[one.metric].append(Line(one, found.get((one.metric, one.year))))
    return [Figure(metric, tuple(lines[metric])) for metric in M if metric in lines]


def versions(user: Any) -> QuerySet[CityTarget]:
    """All that was ever set, newest first."""
    return CityTarget.objects.visible_to(user).select_related("set_by").order_by("-created_at", "-version")


def actuals(years: Iterable[int], until: date) -> Actuals:
    """Each figure at the end of each year, or on the last day that counts; sums in yuan. Five queries."""
    wanted = sorted(years)
    if not wanted:
        return {}
    ends = {year: min(date(year, 12, 31), until) for year in wanted}
    return {**_stocks(ends), **_projects(ends), **_flows(wanted[0], until, wanted)}


def _stocks(ends: dict[int, date]) -> Actuals:
    """What there was on the last day: of consortia that were at work then."""
    ended = LifeEvent.objects.filter(consortium=OuterRef("pk"), kind__in=ENDS).order_by().values("consortium")
    last = Subquery(ended.annotate(last=Max("at")).values("last"), output_field=DateTimeField())
    rows: list[Any] = list(
        Consortium.objects.published().order_by().annotate(ended=last)
        .values_list("recognised_on", "status", "ended", "sub_field", "district")
    )  # fmt: skip
    found: Actuals = {}
    for year, day in ends.items():
        here = [row for row in rows if row[0] <= day and _at_work(row[1], row[2], day)]
        found[M.CONSORTIA, year] = Decimal(len(here))
        found[M.NEW, year] = Decimal(sum(date(year, 1, 1) <= row[0] <= day for row in rows))
        found[M.SUB_FIELDS, year] = Decimal(len({row[3] for row in here}))
        found[M.DISTRICTS, year] = Decimal(len({row[4] for row in here}))
    return found


def _at_work(status: str, ended: datetime | None, day: date) -> bool:
    return status in ALIVE or (ended is not None and timezone.localdate(ended) > day)


def _projects(ends: dict[int, date]) -> Actuals:
    """Public projects begun by the last day, each number once."""
    known = Consortium.objects.published().values("pk")
    rows = ResearchTask.objects.filter(consortium__in=known).exclude(project_number="").order_by()
    starts = [row["first"] for row in rows.values("project_number").annotate(first=Min("start"))]
    return {(M.PROJECTS, year): Decimal(sum(start <= day for start in starts)) for year, day in ends.items()}


def _flows(first: int, until: date, wanted: list[int]) -> Actuals:
    """What happened in each year, up to the last day."""
    span = (date(first, 1, 1), until)
    awards = Award.objects.filter(year__range=(first, until.year)).order_by().values(of=F("year"))
    payments = Payment.objects.filter(standing__isnull=False, paid_on__range=span).order_by()
    known = Consortium.objects.published().values("pk")
    outcomes = Outcome.objects.counted_once().filter(kind=OutcomeKind.CONTRACT, date__range=span, consortium__in=known)
    sums = {
        M.AWARDS: awards.annotate(sum=Count("pk")),
        M.PAID: payments.values(of=ExtractYear("paid_on")).annotate(sum=Sum("amount")),
        M.CONTRACTS: outcomes.order_by().values(of=ExtractYear("date")).annotate(sum=Sum("amount")),
    }
    found: Actuals = {(metric, year): Decimal(0) for metric in sums for year in wanted}
    for metric, rows in sums.items():
        found |= {(metric, row["of"]): Decimal(row["sum"] or 0) for row in rows if row["of"] in wanted}
    return found

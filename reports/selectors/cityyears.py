"""The year of the city beside other years, its groups and its process, for its summary; a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Max, Q, QuerySet, Sum
from django.db.models.functions import Cast, Extract, ExtractYear

from consortia.enums import EXIT_ENDED, ConsortiumStatus, MilestoneStatus
from consortia.models import Consortium, ExitCase, Milestone, Outcome
from funding.enums import (
    AppropriationStatus,
    CofundingStatus,
    RecoveryStatus,
    TrancheStatus,
)
from funding.models import Appropriation, Award, Cofunding, Recovery, RecoveryReceipt, Tranche
from reports.enums import EvaluationStatus, Grade
from reports.models import Appeal, CityTarget, Evaluation, EvaluationCycle, TypicalCase
from reports.selectors.citywork import Facts, Window, at_work, plain, sums
from reports.selectors.targets import actuals

TREND = 5  # years: the year itself and those before
QUARTILES = (0, 0.25, 0.5, 0.75, 1)
DAY = 86_400
COMPARED = 3  # evaluations from which on an expert's median says something
STEPS = (
    ("verified", "submitted_at", "verified_at"),
    ("scored", "verified_at", "scored_at"),
    ("graded", "scored_at", "graded_at"),
    ("confirmed", "graded_at", "confirmed_at"),
    ("final", "confirmed_at", "finalised_at"),
)


class Percentile(Aggregate):
    """An interpolated percentile."""

    template = "percentile_cont(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def quartiles(rows: QuerySet[Any], of: Any = "total", **keys: Any) -> list[Facts]:
    """Least, quartiles and most of each group, two decimals."""
    named: dict[str, Any] = {f"p{n}": Percentile(of, share=share) for n, share in enumerate(QUARTILES)}
    found: Iterable[Any] = rows.order_by().values(**keys).annotate(count=Count("pk"), **named).order_by(*keys)
    return [
        {**{key: plain(row[key]) for key in keys}, "count": row["count"], "at": [f"{row[one]:.2f}" for one in named]}
        for row in found
    ]


# --- targets and trends ------------------------------------------------------------------------
def targets_and_figures(year: int, until: date) -> Facts:
    """Targets of the years of the trend and of the next one; every figure of these years."""
    years = range(year - TREND + 1, year + 1)
    rows = CityTarget.objects.standing().filter(year__range=(years[0], year + 1)).order_by("metric", "year")
    found = actuals(years, until)
    return {
        "targets": sums(rows.values("metric", "year", "value", "version", "document")),
        "figures": [
            {"metric": metric, "year": of, "value": plain(value)} for (metric, of), value in sorted(found.items())
        ],
    }


def trends(cycle: EvaluationCycle, window: Window) -> Facts:
    """Outcomes, grants and final grades over the years."""
    first = cycle.year - TREND + 1
    known = Consortium.objects.published().filter(recognised_on__lte=window[1]).order_by().values("pk")
    span = (date(first, 1, 1), window[1])
    outcomes = Outcome.objects.counted_once().filter(date__range=span, consortium__in=known)
    by_year = outcomes.order_by().values("kind", in_year=ExtractYear("date")).annotate(count=Count("pk"))
    awards = Award.objects.filter(year__range=(first, cycle.year)).order_by().values(in_year=F("year"))
    final = Evaluation.objects.filter(status=EvaluationStatus.FINAL, cycle__year__range=(first, cycle.year))
    grades = final.order_by().values(in_year=F("cycle__year"), mark=F("grade")).annotate(count=Count("pk"))
    return {
        "outcomes": sums(by_year.order_by("in_year", "kind")),
        "granted": sums(awards.annotate(sum=Sum("amount")).order_by("in_year")),
        "grades": sums(grades.order_by("in_year", "mark")),
        "points": quartiles(final, in_year=F("cycle__year")),
    }


# --- comparison --------------------------------------------------------------------------------
def groups(cycle: EvaluationCycle) -> Facts:
    """Points within tiers, sub-fields, and both; where points were lost."""
    final = Evaluation.objects.filter(cycle=cycle, status=EvaluationStatus.FINAL).order_by()
    field, tier = F("consortium__sub_field"), F("consortium__tier")
    return {
        "fields": quartiles(final, key=field),
        "cells": quartiles(final, field=field, of_tier=tier),
        "indicators": _indicators(final),
        "vetoes": sums(final.exclude(veto="").values("veto").annotate(count=Count("pk")).order_by("veto")),
        "cut": final.filter(deduction__gt=0).count(),
    }


def _indicators(final: QuerySet[Evaluation]) -> list[Facts]:
    """Of each indicator the points given and those that could be given, over all sheets."""
    given: defaultdict[str, Decimal] = defaultdict(Decimal)
    most: defaultdict[str, Decimal] = defaultdict(Decimal)
    for lines in final.values_list("sheet__lines", flat=True).iterator():
        for line in lines or ():
            given[line["code"]] += Decimal(line["score"])
            most[line["code"]] += Decimal(line["max"])
    return [{"code": code, "given": plain(given[code]), "most": plain(most[code])} for code in sorted(most)]


# --- process -----------------------------------------------------------------------------------
def process(cycle: EvaluationCycle) -> Facts:
    """How long the steps took, what came back, what was contested, how the work was shared out."""
    rows = Evaluation.objects.filter(cycle=cycle).order_by()
    named: dict[str, Any] = {}
    for name, begin, end in STEPS:
        days = Cast(Extract(F(end) - F(begin), "epoch"), FloatField()) / DAY
        held = Q(**{f"{begin}__isnull": False, f"{end}__gte": F(begin)})
        named[f"{name}_count"] = Count("pk", filter=held)
        named[f"{name}_median"] = Percentile(days, share=0.5, filter=held)
        named[f"{name}_most"] = Max(days, filter=held)
    found = rows.aggregate(
        **named, sent_back=Count("pk", filter=Q(returned_count__gt=0)), returns=Sum("returned_count")
    )
    appeals = Appeal.objects.filter(evaluation__cycle=cycle).order_by().values("kind", "status")
    scored = rows.filter(expert__isnull=False).values("expert").annotate(count=Count("pk"), mean=_mean())
    experts = [(row["count"], row["mean"]) for row in scored]
    return {
        "steps": [
            {"step": name, **{one: plain(found[f"{name}_{one}"]) for one in ("count", "median", "most")}}
            for name, _begin, _end in STEPS
        ],
        "sent_back": found["sent_back"],
        "returns": found["returns"] or 0,
        "appeals": sums(appeals.annotate(count=Count("pk")).order_by("kind", "status")),
        "experts": _workload(experts),
    }


def _mean() -> Any:
    return Percentile("total", share=0.5)


def _workload(experts: list[tuple[int, float | None]]) -> Facts:
    """Nobody's name: how many, the most and the mean a head, and how far their medians lie apart."""
    medians = [mean for count, mean in experts if mean is not None and count >= COMPARED]
    counts = [count for count, _mean in experts]
    return {
        "count": len(experts),
        "most": max(counts, default=0),
        "mean": f"{sum(counts) / len(counts):.1f}" if counts else "0.0",
        "spread": f"{max(medians) - min(medians):.2f}" if medians else "0.00",
    }


# --- money beside grants and payments ----------------------------------------------------------
def other_money(years: tuple[date, date]) -> Facts:
    """Appropriations, money from the districts and money claimed back, by year."""
    lines = Appropriation.objects.filter(
        status=AppropriationStatus.CONFIRMED, line__year__range=(years[0].year, years[1].year)
    )
    added = Cofunding.objects.filter(status=CofundingStatus.CONFIRMED, arrived_on__range=years)
    claims = Recovery.objects.filter(noticed_on__range=years).exclude(status=RecoveryStatus.STOPPED)
    back = RecoveryReceipt.objects.filter(arrived_on__range=years, reversed_at=None)
    return {
        "budget": _by_year(lines, F("line__year")),
        "cofunding": _by_year(added, ExtractYear("arrived_on")),
        "claimed": _by_year(claims, ExtractYear("noticed_on")),
        "recovered": _by_year(back, ExtractYear("arrived_on")),
    }


def _by_year(rows: QuerySet[Any], year: Any) -> list[Facts]:
    found = rows.order_by().values(in_year=year).annotate(count=Count("pk"), sum=Sum("amount"))
    return sums(found.order_by("in_year"))


# --- cases, risks ------------------------------------------------------------------------------
def cases(cycle: EvaluationCycle) -> list[Facts]:
    """Excellent in the year, on a list that was published: with the outcomes of the year."""
    rows = Evaluation.objects.filter(
        cycle=cycle, status=EvaluationStatus.FINAL, grade=Grade.EXCELLENT, grade_list__isnull=False
    )
    made = Count("consortium__outcomes", distinct=True, filter=Q(consortium__outcomes__date__range=cycle.window))
    found = rows.values(
        code=F("consortium__code"), name=F("consortium__name"), lead=F("consortium__lead__name"),
        sub_field=F("consortium__sub_field"), tier=F("consortium__tier"),
    )  # fmt: skip
    return sums(found.annotate(outcomes=made).order_by("code"))


def practices(cycle: EvaluationCycle) -> list[Facts]:
    """What others can learn, from the cases of the year that were published."""
    rows = TypicalCase.objects.shown().filter(evaluation__cycle=cycle).order_by("evaluation__consortium__code", "id")
    texts = ("title_zh", "title_en", "practice_zh", "practice_en")
    return list(rows.values(*texts, name=F("evaluation__consortium__name")))


def risks(cycle: EvaluationCycle, window: Window, on: date) -> Facts:
    """What is late, held back or in doubt on the day of the data."""
    alive = at_work(window)
    late = Milestone.objects.filter(task__consortium__in=alive.values("pk"), due__lt=on, status=MilestoneStatus.PLANNED)
    held = Tranche.objects.filter(status=TrancheStatus.ON_HOLD)
    open_claims = Recovery.objects.filter(due_on__lt=on, status__in=(RecoveryStatus.NOTICED, RecoveryStatus.PARTLY))
    planned = Tranche.objects.filter(status=TrancheStatus.PLANNED).aggregate(count=Count("pk"), sum=Sum("amount"))
    final = Evaluation.objects.filter(cycle=cycle, status=EvaluationStatus.FINAL, grade=Grade.UNQUALIFIED)
    stopped = held.aggregate(count=Count("pk"), sum=Sum("amount"))
    return {
        "milestones": late.count(),
        "rectifying": alive.filter(status=ConsortiumStatus.RECTIFYING).count(),
        "exits": ExitCase.objects.exclude(status__in=EXIT_ENDED).count(),
        "unqualified": final.count(),
        "held": {"count": stopped["count"], "sum": plain(stopped["sum"] or Decimal(0))},
        "overdue_claims": open_claims.count(),
        "planned": {"count": planned["count"], "sum": plain(planned["sum"] or Decimal(0))},
    }

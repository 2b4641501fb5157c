"""What the consortia of the city worked on in a year, for its summary: sums, in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Sum

from consortia.enums import ALIVE, MilestoneStatus, OutcomeKind
from consortia.models import (
    Consortium,
    Fund,
    Investment,
    JointTraining,
    KeyTechnology,
    Milestone,
    Outcome,
    Participation,
    Platform,
    Recognition,
    ResearchTask,
    SharingRecord,
    Talent,
)
from members.enums import QualificationKind, QualificationStatus
from members.models import Qualification

Facts = dict[str, Any]
Window = tuple[date, date]
CENT = Decimal("0.01")
SMALL = (QualificationKind.SMALL_TECH, QualificationKind.SPECIALISED, QualificationKind.LITTLE_GIANT)


def plain(value: Any) -> Any:
    """As it stands in a snapshot."""
    if isinstance(value, Decimal):
        return f"{value.quantize(CENT)}"
    if isinstance(value, float):
        return f"{value:.2f}"
    return value if value is None or isinstance(value, int | str) else str(value)


def sums(rows: Iterable[Mapping[str, Any]]) -> list[Facts]:
    """Rows of the database as they stand in a snapshot."""
    return [{name: plain(value) for name, value in row.items()} for row in rows]


def at_work(window: Window) -> QuerySet[Consortium]:
    """Consortia granted by the end of the window that are at work."""
    known = Consortium.objects.published().filter(recognised_on__lte=window[1]).order_by()
    return known.filter(status__in=ALIVE)


def _groups(rows: QuerySet[Any], *keys: str, **figures: Any) -> list[Facts]:
    found = rows.order_by().values(*keys).annotate(count=Count("pk"), **figures).order_by(*keys)
    return sums(found)


# --- tasks -------------------------------------------------------------------------------------
def tasks(window: Window, until: date) -> Facts:
    """Tasks, milestones and technologies of the consortia at work, breakthroughs of the year."""
    alive = at_work(window).values("pk")
    running = ResearchTask.objects.filter(consortium__in=alive, start__lte=window[1], end__gte=window[0])
    due = Milestone.objects.filter(task__consortium__in=alive, due__range=(window[0], min(until, window[1])))
    public = ResearchTask.objects.filter(consortium__in=alive, start__lte=window[1]).exclude(project_number="")
    numbers = public.order_by().values("project_level").annotate(count=Count("project_number", distinct=True))
    means = {"start": Avg("trl_start"), "now": Avg("trl_now"), "target": Avg("trl_target")}
    in_time = Count("pk", filter=Q(status=MilestoneStatus.REACHED, reached_on__lte=F("due")))
    return {
        "classes": _groups(running, "task_class", sum=Sum(F("budget_grant") + F("budget_own"))),
        "milestones": _groups(due, "status", in_time=in_time),
        "technologies": _groups(KeyTechnology.objects.filter(consortium__in=alive), "problem_class", **means),
        "projects": sums(numbers.order_by("project_level")),
        "breakthroughs": _groups(_outcomes(window, kind=OutcomeKind.BREAKTHROUGH), "breakthrough_level"),
    }


def _outcomes(window: Window, **which: Any) -> QuerySet[Outcome]:
    known = Consortium.objects.published().filter(recognised_on__lte=window[1]).values("pk")
    return Outcome.objects.counted_once().filter(date__range=window, consortium__in=known, **which)


# --- collaboration -----------------------------------------------------------------------------
def collaboration(window: Window) -> Facts:
    """Small enterprises, shared resources and joint outcomes."""
    alive = at_work(window)
    present = Participation.objects.present().filter(consortium__in=alive.values("pk"))
    verified = Qualification.objects.filter(
        kind__in=SMALL, status=QualificationStatus.VERIFIED, organisation__in=present.order_by().values("organisation")
    )
    new = Q(valid_from__range=window)
    small = verified.order_by().values("kind").annotate(
        count=Count("organisation", distinct=True), new=Count("organisation", distinct=True, filter=new)
    )  # fmt: skip
    shared = SharingRecord.objects.filter(consortium__in=alive.values("pk"), date__range=window)
    made = _outcomes(window).order_by().aggregate(
        count=Count("pk", distinct=True), joint=Count("pk", distinct=True, filter=Q(co_owners__isnull=False))
    )  # fmt: skip
    several = present.order_by().values("organisation").annotate(times=Count("consortium", distinct=True))
    return {
        "small": sums(small.order_by("kind")),
        "sharing": _groups(shared, "resource", "unit", sum=Sum("quantity"), charge=Sum("charge")),
        "outcomes": made,
        "shared_members": several.filter(times__gt=1).count(),
    }


# --- platforms, people, capital ----------------------------------------------------------------
def resources(window: Window) -> Facts:
    """Platforms by kind, people at other members, funds and what they invested, recognitions."""
    alive = at_work(window).values("pk")
    platforms = Platform.objects.filter(consortium__in=alive, opened_on__lte=window[1])
    opened = {"new": Count("pk", filter=Q(opened_on__gte=window[0])), "area": Sum("area")}
    overlapping = {"consortium__in": alive, "start__lte": window[1], "end__gte": window[0]}
    people = {"people": Sum("headcount")}
    invested = Investment.objects.filter(fund__consortium__in=alive, date__range=window).order_by()
    money = {"scale": Sum("scale"), "paid_in": Sum("paid_in")}
    return {
        "platforms": _groups(platforms, "kind", **opened),
        "talents": _groups(Talent.objects.filter(**overlapping), "mode", months=Sum("person_months"), **people),
        "trained": _groups(JointTraining.objects.filter(**overlapping), "degree", **people),
        "funds": _groups(Fund.objects.filter(consortium__in=alive), "kind", **money),
        "invested": sums(
            [invested.aggregate(count=Count("pk"), sum=Sum("amount"), here=Sum("amount", filter=Q(landed=True)))]
        ),
        "recognitions": _groups(Recognition.objects.filter(consortium__in=alive, date__range=window), "level"),
    }

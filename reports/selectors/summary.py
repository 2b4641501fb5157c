"""Everything the summary of a year says about the city, frozen: sums of the database, in a fixed number of queries.

Amounts are yuan with two decimals, days ISO 8601, enums by value. Nobody's name is in it but those of organisations.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear
from django.utils import timezone

from consortia.enums import ALIVE
from consortia.models import Consortium, Outcome, Participation, SubField
from funding.models import Award, Payment
from members.models import District
from reports.enums import EvaluationStatus, Grade
from reports.models import Consequence, Evaluation, EvaluationCycle
from reports.models.evaluation import DECIDED
from reports.selectors import cityranks, citywork, cityyears
from reports.selectors.citywork import plain, sums
from reports.selectors.cityyears import quartiles

SCHEMA = 4
YEARS = 3  # of the trends: the year itself and those before


def city_snapshot(cycle: EvaluationCycle, *, at: datetime) -> dict[str, Any]:
    """JSON-able and canonical. Consortia are those at work on the day of the order; the rest is of the year."""
    day = timezone.localdate(at)
    return {
        "schema": SCHEMA,
        "year": cycle.year,
        "as_of": day.isoformat(),
        "window": [day.isoformat() for day in cycle.window],
        "rules": {"code": cycle.rules.code, "data": cycle.rules.data},
        "districts": [_names(one.pk, one.name_zh, one.name_en) for one in District.objects.all()],
        "sub_fields": [_names(one.pk, one.name_zh, one.name_en) for one in SubField.objects.all()],
        **cityyears.targets_and_figures(cycle.year, min(day, cycle.window[1])),
        "trends": cityyears.trends(cycle, cycle.window),
        "consortia": _consortia(cycle),
        "members": _members(cycle),
        "tasks": citywork.tasks(cycle.window, day),
        "outputs": _outputs(cycle),
        "fields": cityranks.fields(cycle.window, _years(cycle)),
        "ranks": cityranks.leads(cycle.window, _years(cycle)),
        "collaboration": {**citywork.collaboration(cycle.window), **cityranks.network(cycle.window)},
        "resources": citywork.resources(cycle.window),
        "money": {**_money(cycle), **cityyears.other_money(_years(cycle))},
        "evaluation": {**_evaluation(cycle), **cityyears.groups(cycle)},
        "process": cityyears.process(cycle),
        "cases": cityyears.cases(cycle),
        "practices": cityyears.practices(cycle),
        "risks": cityyears.risks(cycle, cycle.window, day),
        "list": _list(cycle),
    }


def is_final(snapshot: dict[str, Any]) -> bool:
    """Whether every evaluation of the year is decided."""
    states = snapshot["evaluation"]["states"]
    return bool(states) and all(row["status"] in DECIDED for row in states)


def _names(key: Any, zh: str, en: str) -> dict[str, str]:
    return {"id": str(key), "zh": zh, "en": en}


def _known(cycle: EvaluationCycle) -> QuerySet[Consortium]:
    """Granted by the end of the year, whatever became of them."""
    return Consortium.objects.published().filter(recognised_on__lte=cycle.window[1]).order_by()


def _alive(cycle: EvaluationCycle) -> QuerySet[Consortium]:
    return _known(cycle).filter(status__in=ALIVE)


def _counted(rows: QuerySet[Any], **keys: Any) -> list[dict[str, Any]]:
    """How many there are of each combination, in a fixed order."""
    found = rows.order_by().values(**keys).annotate(count=Count("pk")).order_by(*keys)
    return [{name: plain(value) for name, value in row.items()} for row in found]


# --- consortia ---------------------------------------------------------------------------------
def _consortia(cycle: EvaluationCycle) -> dict[str, Any]:
    alive = _alive(cycle)
    return {
        "states": _counted(_known(cycle), state=F("status"), of_tier=F("tier")),
        "recognised": _counted(_known(cycle), in_year=ExtractYear("recognised_on"), of_tier=F("tier")),
        "ended": _counted(_known(cycle).exclude(status__in=ALIVE), state=F("status")),
        "cells": _counted(alive, field=F("sub_field"), place=F("district")),
        "leads": _counted(alive, kind=F("lead__lead_class"), owner=F("lead__ownership"), size=F("lead__size_class")),
    }


def _members(cycle: EvaluationCycle) -> list[dict[str, Any]]:
    """Organisations that take part, each once, by type and by whether they sit in the city."""
    rows = Participation.objects.present().filter(consortium__in=_alive(cycle).values("pk"))
    once = Count("organisation", distinct=True)
    outside = Count("organisation", distinct=True, filter=Q(organisation__district=None))
    found = rows.order_by().values(kind=F("organisation__type")).annotate(count=once, outside=outside)
    return sums(found.order_by("kind"))


# --- outputs and money -------------------------------------------------------------------------
def _years(cycle: EvaluationCycle) -> tuple[date, date]:
    return date(cycle.year - YEARS + 1, 1, 1), cycle.window[1]


def _outputs(cycle: EvaluationCycle) -> list[dict[str, Any]]:
    """What counts, by kind and year; a number that two claim is counted once."""
    rows = Outcome.objects.counted_once().filter(date__range=_years(cycle), consortium__in=_known(cycle).values("pk"))
    found = rows.order_by().values("kind", in_year=ExtractYear("date"))
    return sums(found.annotate(count=Count("pk"), sum=Sum("amount")).order_by("kind", "in_year"))


def _money(cycle: EvaluationCycle) -> dict[str, Any]:
    first = cycle.year - YEARS + 1
    awards = Award.objects.filter(year__range=(first, cycle.year)).order_by()
    payments = Payment.objects.filter(standing__isnull=False, paid_on__range=_years(cycle)).order_by()
    by_tier, by_year = F("tranche__award__tier"), ExtractYear("paid_on")
    return {
        "awards": sums(
            awards.values(in_year=F("year"), of_tier=F("tier"))
            .annotate(count=Count("pk"), sum=Sum("amount")).order_by("in_year", "of_tier")
        ),
        "payments": sums(
            payments.values(in_year=by_year, of_tier=by_tier)
            .annotate(count=Count("pk"), sum=Sum("amount")).order_by("in_year", "of_tier")
        ),
    }  # fmt: skip


# --- evaluation --------------------------------------------------------------------------------
def _evaluation(cycle: EvaluationCycle) -> dict[str, Any]:
    """Grades and points of final evaluations only."""
    rows = Evaluation.objects.filter(cycle=cycle).order_by()
    final = rows.filter(status=EvaluationStatus.FINAL)
    of = "consortium__"
    return {
        "states": _states(rows),
        "tiers": _counted(final, key=F(f"{of}tier"), mark=F("grade")),
        "districts": _counted(final, key=F(f"{of}district"), mark=F("grade")),
        "sub_fields": _counted(final, key=F(f"{of}sub_field"), mark=F("grade")),
        "points": quartiles(final, key=F(f"{of}tier")),
        "consequences": _consequences(cycle),
    }


def _states(rows: QuerySet[Evaluation]) -> list[dict[str, Any]]:
    return sums(rows.values("status").annotate(count=Count("pk")).order_by("status"))


def _consequences(cycle: EvaluationCycle) -> list[dict[str, Any]]:
    rows = Consequence.objects.filter(evaluation__cycle=cycle, evaluation__status=EvaluationStatus.FINAL).order_by()
    return sums(rows.values("kind", "status").annotate(count=Count("pk")).order_by("kind", "status"))


# --- annex -------------------------------------------------------------------------------------
def _list(cycle: EvaluationCycle) -> list[dict[str, Any]]:
    """Every consortium at work; its final grade where that honours, so that a gap may stand for any other."""
    final = Evaluation.objects.filter(cycle=cycle, status=EvaluationStatus.FINAL)
    named = final.filter(grade__in=(Grade.EXCELLENT, Grade.GOOD))
    grades = dict(named.order_by().values_list("consortium", "grade"))
    rows = _alive(cycle).values_list("pk", "code", "name", "lead__name", "sub_field", "district", "tier")
    return [
        {"code": code, "name": name, "lead": lead, "sub_field": str(field), "district": str(place), "tier": tier,
         "grade": grades.get(key, "")}
        for key, code, name, lead, field, place, tier in rows.order_by("code").iterator()
    ]  # fmt: skip

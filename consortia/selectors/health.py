"""The figures behind the health of consortia, for a page of them at once."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from consortia.enums import AT_WORK, ConsortiumStatus, MilestoneStatus, ParticipationStatus, SevenOnes
from consortia.models import Consortium, Contribution, Milestone, Participation, SevenOnesYear
from consortia.rules.health import Health, Vitals, health
from consortia.rules.sevenones import OneStatus


def healths(consortia: Collection[Consortium], *, today: date) -> dict[UUID, Health]:
    """The health of each consortium at work, in five queries; others are not judged and have none."""
    judged = {one.pk: one for one in consortia if one.status in AT_WORK}
    figures: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for found in (
        _milestones(judged, today), _silence(judged, today), _promises(judged), _arrivals(judged),
        _seven(judged, today),
    ):  # fmt: skip
        for pk, facts in found.items():
            figures[pk] |= facts
    return {pk: health(Vitals(**_period(one, today), **figures[pk])) for pk, one in judged.items()}


def with_health(rows: list[Consortium], *, today: date) -> list[Consortium]:
    """The rows of a page, each with its `health`, None where there is nothing to judge."""
    found = healths(rows, today=today)
    for row in rows:
        row.health = found.get(row.pk)  # type: ignore[attr-defined]
    return rows


def _milestones(judged: Collection[UUID], today: date) -> dict[UUID, dict[str, Any]]:
    late = Milestone.objects.filter(task__consortium__in=judged, due__lt=today).exclude(status=MilestoneStatus.REACHED)
    rows = late.order_by().values_list("task__consortium").annotate(n=Count("pk"), first=Min("due"))
    return {pk: {"late_milestones": n, "days_late": (today - first).days} for pk, n, first in rows}


def _silence(judged: Collection[UUID], today: date) -> dict[UUID, dict[str, Any]]:
    """Members whose answer is awaited, from the invitation or from what changed in their part."""
    waiting = Participation.objects.filter(consortium__in=judged, status=ParticipationStatus.INVITED)
    rows = waiting.order_by().values_list("consortium").annotate(n=Count("pk"), first=Min("invited_at"))
    return {pk: {"silent_members": n, "days_silent": (today - timezone.localdate(first)).days} for pk, n, first in rows}


def _promises(judged: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    present = Participation.objects.present().filter(consortium__in=judged).order_by()
    rows = present.values_list("consortium").annotate(sum=Coalesce(Sum(F("cash") + F("in_kind")), Decimal(0)))
    return {pk: {"promised": amount} for pk, amount in rows}


def _arrivals(judged: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    confirmed = Contribution.objects.filter(consortium__in=judged, confirmed_at__isnull=False).order_by()
    return {pk: {"arrived": amount} for pk, amount in confirmed.values_list("consortium").annotate(sum=Sum("amount"))}


def _seven(judged: Collection[UUID], today: date) -> dict[UUID, dict[str, Any]]:
    """What nobody has claimed for the last year, of consortia that worked in it, until the year is closed."""
    year = today.year - 1
    said = Q(seven_ones__status=OneStatus.CLAIMED) | Q(seven_ones__verified__isnull=False)
    owing = Consortium.objects.filter(~Exists(SevenOnesYear.objects.filter(year=year)), pk__in=judged)
    rows = owing.filter(recognised_on__lte=date(year, 12, 31)).order_by()
    counted = rows.annotate(n=Count("seven_ones", filter=said & Q(seven_ones__year=year))).values_list("pk", "n")
    days = (today - date(today.year, 1, 1)).days
    return {pk: {"unclaimed": len(SevenOnes) - n, "days_since_year": days} for pk, n in counted}


def _period(consortium: Consortium, today: date) -> dict[str, Any]:
    rectifying = consortium.status == ConsortiumStatus.RECTIFYING
    start, end = consortium.build_from, consortium.build_to
    if not start or not end:
        return {"is_rectifying": rectifying}
    return {"is_rectifying": rectifying, "elapsed": max((today - start).days, 0), "period": (end - start).days}

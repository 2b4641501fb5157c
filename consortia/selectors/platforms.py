"""Platforms for their pages: how far each is, what is on record, which conditions a kind has to meet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from consortia.enums import PlatformKind
from consortia.models import CoBuilder, DirectRecognition, Platform, PlatformYear, TermsVersion
from consortia.rules.platforms import DIRECT_ENDED, RENEWAL_DAYS, DirectStatus, Measure, PlatformState
from consortia.rules.recognition import DEFAULTS, Condition, Terms

WAN = Decimal(10_000)
S = PlatformState


@dataclass(frozen=True)
class Kind:
    """A kind with the number of its platforms, of those at work, and of those recognised."""

    kind: PlatformKind
    total: int
    open: int
    recognised: int


def for_pages(rows: QuerySet[Platform]) -> QuerySet[Platform]:
    """With everything that a list of platforms shows."""
    cases = DirectRecognition.objects.exclude(status=DirectStatus.WITHDRAWN).order_by("-created_at", "-id")
    return rows.select_related("consortium__lead", "consortium__district", "builder", "district").prefetch_related(
        Prefetch("co_builders", CoBuilder.objects.select_related("organisation")),
        Prefetch("recognitions", cases, to_attr="cases"),
        "years",
    )


def state_of(platform: Any, today: date) -> PlatformState:
    """How far it is; needs `for_pages`."""
    newest = next(iter(platform.cases), None)
    if recognition_of(platform, today):
        return S.RECOGNISED
    if newest is None:
        return S.OPEN if platform.is_open else S.BUILDING
    if newest.status not in DIRECT_ENDED:
        return S.PROPOSED
    return S.EXPIRED if newest.is_over(today) else S.NOT_RECOGNISED


def recognition_of(platform: Any, today: date) -> DirectRecognition | None:
    """The recognition that is in force; needs `for_pages`."""
    valid = (case for case in platform.cases if case.status == DirectStatus.RECOGNISED and not case.is_over(today))
    return next(valid, None)


def with_states(rows: Iterable[Any], today: date) -> list[Any]:
    """Each with its `state`, for its badge, and with the `recognition` that is in force."""
    found = list(rows)
    for row in found:
        row.state, row.recognition = state_of(row, today), recognition_of(row, today)
    return found


def counters(rows: QuerySet[Platform], today: date) -> list[Kind]:
    """Every kind with its numbers, in one query."""
    recognised = DirectRecognition.objects.in_force(today).filter(platform=OuterRef("pk"))
    counted = (
        rows.order_by()
        .annotate(recognised=Exists(recognised))
        .values("kind")
        .annotate(
            total=Count("pk"),
            open=Count("pk", filter=Q(opened_on__lte=today)),
            known=Count("pk", filter=Q(recognised=True)),
        )
    )
    found = {row["kind"]: row for row in counted}
    return [
        Kind(kind, found[kind]["total"], found[kind]["open"], found[kind]["known"])
        for kind in PlatformKind if kind in found
    ]  # fmt: skip


# --- conditions --------------------------------------------------------------------------------
def terms_of(kind: str) -> tuple[Terms | None, TermsVersion | None]:
    """What is in force for a kind, and the version that says so (None: the defaults); no terms, no recognition."""
    version = TermsVersion.objects.filter(kind=kind).order_by("-version").select_related("set_by").first()
    if version is None:
        return DEFAULTS.get(kind), None
    lines = tuple(Condition.of(data) for data in version.conditions)
    return Terms(lines, version.years, version.experts), version


def measured(platform: Platform, today: date) -> dict[str, Decimal | None]:
    """The figures on record, in the units of the measures; None where there is none."""
    year = platform.years.first()
    months = platform.months_open(today)
    return {
        Measure.BUILDERS: Decimal(sum(1 for share in shares(platform) if share)),
        Measure.AREA: Decimal(platform.area),
        Measure.EQUIPMENT: platform.equipment_value / WAN,
        Measure.MONTHS: None if months is None else Decimal(months),
        **of_year(year),
    }


def of_year(year: PlatformYear | None) -> dict[str, Decimal | None]:
    """The figures of the newest year."""
    if year is None:
        return dict.fromkeys((Measure.STAFF, Measure.INCUBATEES, Measure.SERVED, Measure.INCOME), None)
    return {
        Measure.STAFF: Decimal(year.staff),
        Measure.INCUBATEES: Decimal(year.incubatees),
        Measure.SERVED: Decimal(year.served),
        Measure.INCOME: year.income / WAN,
    }


def shares(platform: Platform) -> list[Decimal | None]:
    """The share of each builder, the first one's first; None where it is not settled."""
    return [platform.share, *platform.co_builders.values_list("share", flat=True)]


def held_until(platform: Platform, today: date) -> DirectRecognition | None:
    """The recognition that is too young to be renewed."""
    late = today + timedelta(days=RENEWAL_DAYS)
    return platform.recognitions.in_force(today).filter(valid_until__gt=late).first()


# --- direct recognitions -----------------------------------------------------------------------
def directs_for_list(rows: QuerySet[DirectRecognition]) -> QuerySet[DirectRecognition]:
    """With everything that the work list shows."""
    return rows.select_related("platform__consortium__lead", "platform__consortium__district", "platform__builder")


def public_platforms() -> QuerySet[DirectRecognition]:
    """The published recognitions, for the directory."""
    rows = DirectRecognition.objects.published()
    return (
        directs_for_list(rows)
        .select_related("platform__district")
        .prefetch_related(Prefetch("platform__co_builders", CoBuilder.objects.select_related("organisation")))
    )


def due_to_end(today: date, days: int) -> QuerySet[DirectRecognition]:
    """Recognitions that end within so many days, of whom nobody was reminded yet."""
    soon = DirectRecognition.objects.in_force(today).filter(valid_until__lte=today + timedelta(days=days))
    return soon.filter(reminded_on=None).select_related("platform__consortium__lead")

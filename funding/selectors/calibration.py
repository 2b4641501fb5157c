"""The calibration of a call's experts, under names that tell nobody who they are."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from funding.enums import ReviewStatus
from funding.models import Application, Call, Review
from funding.models.application import HEAVY
from funding.rules.calibration import Calibration, Judge, Mark, Outlier, Place, calibrate
from funding.selectors.decisions import RANKED
from members.models import User


@dataclass(frozen=True)
class CalibratedRow:
    """An application with its place; `left` and `width` draw the bounds of its rank in per cent of all ranks."""

    application: Application
    place: Place
    left: float
    width: float


@dataclass(frozen=True)
class Calibrated:
    """What the page shows."""

    call: Call
    rows: tuple[CalibratedRow, ...]
    judges: tuple[Judge, ...]
    outliers: tuple[tuple[Application, Outlier], ...]
    groups: int


def calibration(call: Call, user: User) -> Calibrated:
    """Of the panels of a call that are complete and that the reader may see, in a constant number of queries."""
    reviews = _complete(call, user)
    names = pseudonyms({expert for _case, expert, _total in reviews}, call)
    marks = [Mark(str(case), names[expert], total) for case, expert, total in reviews]
    found = calibrate(marks, call.rules.data["panel"]["trim_from"], str(call.pk))
    rows = Application.everything.filter(pk__in={case for case, _expert, _total in reviews})
    loaded = {str(row.pk): row for row in rows.select_related("consortium", "district").defer(*HEAVY)}
    return Calibrated(
        call, tuple(_rows(found, loaded)), found.judges,
        tuple((loaded[one.case], one) for one in found.outliers), found.groups,
    )  # fmt: skip


def pseudonyms(experts: set[UUID], call: Call) -> dict[UUID, str]:
    """E01, E02 …: the same on every page of a call, another one in every other call."""
    ordered = sorted(experts, key=lambda pk: hashlib.sha256(f"{call.pk}:{pk}".encode()).digest())
    return {pk: f"E{number:02}" for number, pk in enumerate(ordered, 1)}


def _complete(call: Call, user: User) -> list[tuple[UUID, UUID, Decimal]]:
    seen: QuerySet[Application] = Application.everything.visible_to(user).filter(call=call, status__in=RANKED)
    reviews = Review.everything.filter(application__in=seen).exclude(status=ReviewStatus.RECUSED).order_by()
    rows = list(reviews.values_list("application_id", "expert_id", "status", "total"))
    unfinished = {case for case, _expert, status, _total in rows if status != ReviewStatus.SUBMITTED}
    return [(case, expert, total or Decimal()) for case, expert, _status, total in rows if case not in unfinished]


def _rows(found: Calibration, loaded: Mapping[str, Application]) -> list[CalibratedRow]:
    step = 100 / max(len(found.places), 1)
    return [
        CalibratedRow(loaded[one.case], one, (one.low - 1) * step, (one.high - one.low + 1) * step)
        for one in found.places
    ]

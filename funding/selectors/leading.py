"""What the rule for lead reviewers looks at, and what it came to in words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from consortia.rules.taxonomy import root_code
from funding.enums import ReviewStatus
from funding.models import Application, Consolidation, Review
from funding.rules import leading
from funding.rules.leading import Chair
from funding.selectors.experts import EVERYWHERE


def chairs_of(application: Application, at: datetime, without: Review | None = None) -> list[Chair]:
    """Everybody on the panel, without the one that leaves."""
    panel = application.reviews.exclude(status=ReviewStatus.RECUSED).select_related("expert").order_by("ordinal")
    reviews = [one for one in panel if without is None or one.pk != without.pk]
    led = led_in(timezone.localdate(at).year, (one.expert_id for one in reviews), application)
    field = root_code(application.consortium.sub_field_id)
    return [_chair(one, field, led) for one in reviews]


def led_in(year: int, experts: Iterable[Any], but: Application) -> Counter[Any]:
    """By expert how many panels it leads that were asked in a year, besides this one."""
    rows: QuerySet[Any] = Consolidation.objects.filter(
        review__expert__in=list(experts), review__assigned_at__year=year, review__application__call__rehearsal=False
    )
    rows = rows.exclude(review__status=ReviewStatus.RECUSED).exclude(application=but)
    return Counter(rows.values_list("review__expert", flat=True))


def _chair(review: Review, field: str, led: Counter[Any]) -> Chair:
    expert = review.expert
    roots = {root_code(code) for code in expert.fields}
    judges = expert.kind not in EVERYWHERE and field in roots
    return Chair(review.pk, judges, len(roots - {field}), led[expert.pk], review.ordinal)


@dataclass(frozen=True)
class Choice:
    """Why somebody leads: what the rules went by, or who named it and for which reason."""

    named_by: Any
    reason: str
    grounds: list[str]


def choice_of(application: Application, lead: Review | None) -> Choice | None:
    """Nothing for panels of the time before the rule, nor where nobody leads."""
    if lead is None:
        return None
    row = Consolidation.objects.filter(application=application, review=lead).select_related("named_by").first()
    return Choice(row.named_by, row.reason, leading.told(row.basis)) if row and (row.named_by or row.basis) else None

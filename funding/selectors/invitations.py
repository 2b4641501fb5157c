"""Invitations of experts that wait for something: an answer, scores, somebody else for the seat."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from funding.enums import ApplicationStatus, Leaving, ReviewStatus
from funding.models import DrawEntry, Review
from funding.models.application import HEAVY

WAITING = (ReviewStatus.ASSIGNED, ReviewStatus.ACCEPTED)
LONG_TEXTS = tuple(f"application__{name}" for name in HEAVY)


def open_reviews(*states: ReviewStatus) -> QuerySet[Review]:
    """Of applications that are under review, rehearsed ones too."""
    rows = Review.everything.filter(status__in=states, application__status=ApplicationStatus.REVIEWING)
    rows = rows.select_related("application__call__rules", "expert__user").defer(*LONG_TEXTS)
    return rows.order_by("assigned_at", "pk")


def seats_to_fill() -> QuerySet[Review]:
    """Drawn experts who left before they handed in, and for whom nobody was called yet."""
    rows = open_reviews(ReviewStatus.RECUSED).filter(submitted_at=None)
    return rows.filter(drawn_as__replaced=False)


def to_invite_again(reviews: Iterable[Review]) -> set[UUID]:
    """Which of these lapsed, with nobody else called for the seat."""
    lapsed = {one.pk for one in reviews if one.left_for == Leaving.LAPSED}
    if not lapsed:
        return set()
    replaced = DrawEntry.objects.filter(review__in=lapsed, replaced=True).values_list("review", flat=True)
    return lapsed - set(replaced)


def waiting_tally(rows: QuerySet[Review]) -> dict[str, int]:
    """How many wait in each state."""
    kept = rows.filter(status__in=WAITING, application__status=ApplicationStatus.REVIEWING)
    return dict(kept.order_by().values_list("status").annotate(Count("pk")))


def waiting_for(rows: QuerySet[Review], state: ReviewStatus) -> QuerySet[Review]:
    """What the desk's list shows, with how often and when last each was reminded."""
    kept = rows.filter(status=state, application__status=ApplicationStatus.REVIEWING)
    told: QuerySet[Any] = kept.annotate(reminded=Count("reminders"), reminded_at=Max("reminders__at"))
    return told.select_related("application__call", "application__consortium__lead").defer(*LONG_TEXTS)

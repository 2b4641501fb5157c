"""Who leads a panel, whether it has summed up, and what it said."""

from collections.abc import Mapping

from funding.enums import ReviewMode, ReviewStatus
from funding.models import Application, Consolidation, PanelMessage, Review


def lead_review(application: Application) -> Review | None:
    """The review of who sums up: the one named, else the first of the panel; None where the call has none."""
    if application.call.review_mode != ReviewMode.LEAD_REVIEWER:
        return None
    named = Consolidation.objects.filter(application=application).values_list("review", flat=True).first()
    panel = list(application.reviews.exclude(status=ReviewStatus.RECUSED).order_by("ordinal"))
    return next((review for review in panel if review.pk == named), next(iter(panel), None))


def leads(review: Review) -> bool:
    """Whether this expert sums up."""
    return lead_review(review.application) == review


def consolidation_of(application: Application) -> Consolidation | None:
    """What the lead reviewer has written, finished or not."""
    return Consolidation.objects.filter(application=application).select_related("review").first()


def is_consolidated(application: Application) -> bool:
    """Whether nothing is to be waited for: summed up, or a call without a lead reviewer."""
    if application.call.review_mode != ReviewMode.LEAD_REVIEWER:
        return True
    return Consolidation.objects.filter(application=application, consolidated_at__isnull=False).exists()


def discussion(application: Application) -> Mapping[str, list[PanelMessage]]:
    """What was said, by criterion, oldest first."""
    found: dict[str, list[PanelMessage]] = {}
    for row in PanelMessage.objects.filter(review__application=application).select_related("review"):
        found.setdefault(row.indicator, []).append(row)
    return found

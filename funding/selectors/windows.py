"""What of the reviews of an application is open to a reader now, by the table of windows of its call."""

from dataclasses import dataclass
from typing import Any

from funding.enums import ApplicantStatus, ApplicationStatus, ReviewMode, ReviewStatus
from funding.models import Application, Consolidation, Review
from funding.models.application import HELD_BACK
from funding.rules import windows
from funding.rules.windows import Point
from funding.selectors.panels import consolidation_of, is_consolidated, leads
from funding.selectors.reviews import Assessment, assess, progress

S = ApplicationStatus
PUBLISHED = frozenset({ApplicantStatus.PUBLICISED, ApplicantStatus.APPROVED, ApplicantStatus.NOT_SUPPORTED})
GRADED = frozenset({S.GRADED, S.DECIDED, *HELD_BACK})  # what is told is published


@dataclass(frozen=True)
class Opened:
    """What a reader may see of the reviews now."""

    names: bool
    scores: bool
    remarks: bool
    aggregates: bool
    opinions: bool

    @property
    def anything(self) -> bool:
        """Whether there is something to be seen that the assessment holds."""
        return self.scores or self.aggregates or self.opinions or self.remarks


def point_of(application: Application) -> Point:
    """How far the review is; published when the outcome is told. Costs a query while it is running, none later."""
    if application.applicant_status in PUBLISHED:
        return Point.PUBLISHED
    if application.status in GRADED:
        return Point.GRADED
    if application.status != S.REVIEWING or not progress(application).is_complete:
        return Point.ASSIGNED
    return Point.CONSOLIDATED if is_consolidated(application) else Point.LOCKED


def viewers(application: Application, user: Any) -> set[str]:
    """The capacities in which somebody looks. An expert of the panel looks as nothing else."""
    own = application.reviews.filter(expert__user=user)
    if own.exists():
        return _of_the_panel(own.exclude(status=ReviewStatus.RECUSED).first())
    return outside_the_panel(application, user)


def _of_the_panel(review: Review | None) -> set[str]:
    """Who has stepped back or scores still sees nothing of the others."""
    if review is None or review.status != ReviewStatus.SUBMITTED:
        return set()
    return {windows.PANEL, windows.LEAD_REVIEWER} if leads(review) else {windows.PANEL}


def outside_the_panel(application: Application, user: Any) -> set[str]:
    """The same for who has no review of it, without a query."""
    found = {str(role) for role, _place, district in user.grants if district in {None, application.district_id}}
    if application.consortium.lead_id in user.organisation_ids:
        found.add(windows.APPLICANT)
    return found


def opened(application: Application, user: Any) -> Opened:
    """What this reader may see now."""
    rules, point, capacities = application.call.rules.data, point_of(application), viewers(application, user)
    return Opened(**{one: windows.is_open(rules, one, capacities, point) for one in windows.SUBJECTS})


def sees_aggregates(application: Application, user: Any) -> bool:
    """Whether the score of an application is open to somebody outside its panel, without a query."""
    graded = Point.GRADED if application.status in GRADED else Point.ASSIGNED
    point = Point.PUBLISHED if application.applicant_status in PUBLISHED else graded
    capacities = outside_the_panel(application, user)
    return windows.is_open(application.call.rules.data, windows.AGGREGATES, capacities, point)


def assessment_for(application: Application, opened: Opened) -> Assessment | None:
    """The assessment, for whoever may see some of it; the page shows what is opened."""
    return assess(application) if opened.anything else None


def opinions_for(application: Application, opened: Opened) -> list[Review]:
    """What the experts wrote, in the order of their blind names, once that is open to the reader."""
    if not opened.opinions or application.call.review_mode == ReviewMode.LEAD_REVIEWER:
        return []
    return list(application.reviews.filter(status=ReviewStatus.SUBMITTED).order_by("ordinal"))


def summary_for(application: Application, opened: Opened) -> Consolidation | None:
    """What the lead reviewer summed up, once that is finished and open to the reader."""
    found = consolidation_of(application) if opened.opinions else None
    return found if found and found.consolidated_at else None

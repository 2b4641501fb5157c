"""Which duties wait around reviews: doubts, reopenings, panels, sessions, second declarations."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Greatest

from consortia.enums import Tier
from funding.enums import (
    ApplicationStatus,
    DisputeStatus,
    ReopeningStatus,
    ReviewMode,
    ReviewStatus,
    ScenarioStatus,
    SeatRole,
    SessionKind,
    SessionStatus,
)
from funding.models import (
    Application,
    Avoidance,
    Call,
    Consolidation,
    DecisionMeeting,
    FactDispute,
    Reopening,
    Review,
    ReviewSession,
    SessionSeat,
    SessionSlot,
)
from funding.models.avoidance import JUDGED_IN
from funding.selectors.outcomes import calls_to_tell
from reports.selectors import duties

A = ApplicationStatus


def disputes(user: Any, _at: datetime) -> QuerySet[FactDispute]:
    """Computed facts that an expert doubts, in cases that the user does not review itself."""
    rows = FactDispute.objects.visible_to(user).filter(status=DisputeStatus.OPEN)
    return rows.filter(review__application__call__rehearsal=False).exclude(_reviewed_by(user))


def reopenings(user: Any, _at: datetime) -> QuerySet[Reopening]:
    """Locked reviews that another person wants to have reopened."""
    rows = Reopening.objects.visible_to(user).filter(status=ReopeningStatus.ASKED)
    rows = rows.filter(review__application__call__rehearsal=False).exclude(_reviewed_by(user))
    return duties.without(rows, user, "requested_by")


def _reviewed_by(user: Any) -> Exists:
    own = Review.objects.filter(application=OuterRef("review__application"), expert__user=user)
    return Exists(own)


def to_declare_again(user: Any, _at: datetime) -> QuerySet[Review]:
    """The user's reviews that count, of cases whose panel has met since the user last declared."""
    newer = Q(declared_again_at=None) | Q(met_at__gt=F("declared_again_at"))
    slots = SessionSlot.objects.filter(application=OuterRef("application"), session__status=SessionStatus.LOCKED)
    last = slots.annotate(met=Greatest("session__chair_locked_at", "session__secretary_locked_at")).order_by("-met")
    summed_up = Consolidation.objects.filter(
        application=OuterRef("application"), consolidated_at__isnull=False,
        application__call__review_mode=ReviewMode.LEAD_REVIEWER,
    )  # fmt: skip
    rows: QuerySet[Any] = duties.reviews(ReviewStatus.SUBMITTED)(user, _at)
    met = Greatest(Subquery(last.values("met")[:1]), Subquery(summed_up.values("consolidated_at")[:1]))
    found: QuerySet[Any] = rows.annotate(met_at=met).filter(newer, met_at__isnull=False)
    return found


def to_hear(user: Any, at: datetime) -> QuerySet[Any]:
    """Cases under review that have to be heard or visited and that no session holds."""
    there = SessionSlot.objects.filter(application=OuterRef("pk"), dropped=False)
    unheard = Q(call__defence=True) & ~Exists(there.filter(kind=SessionKind.DEFENCE))
    unseen = Q(call__site_visit=True, requested_tier=Tier.A) & ~Exists(there.filter(kind=SessionKind.SITE_VISIT))
    return duties.applications(A.REVIEWING)(user, at).filter(unheard | unseen)


def sessions_to_invite(user: Any, at: datetime) -> QuerySet[ReviewSession]:
    """Sessions of which nobody has been told yet."""
    return ReviewSession.objects.visible_to(user).filter(status=SessionStatus.PREPARED, starts_at__gt=at)


def sessions_to_lock(user: Any, at: datetime) -> QuerySet[ReviewSession]:
    """Sessions that have begun and whose minutes the user has still to lock."""
    rows = ReviewSession.objects.visible_to(user).filter(status=SessionStatus.INVITED, starts_at__lte=at)
    seats = SessionSeat.objects.filter(session=OuterRef("pk"), person=user)
    chairs = Q(Exists(seats.filter(role=SeatRole.CHAIR)), chair_locked_at=None)
    return rows.filter(chairs | Q(Exists(seats.filter(role=SeatRole.SECRETARY)), secretary_locked_at=None))


def to_sum_up(user: Any, _at: datetime) -> QuerySet[Review]:
    """The user's reviews whose panel is all in and waits for the user as its lead reviewer."""
    panel = Review.objects.filter(application=OuterRef("application")).exclude(status=ReviewStatus.RECUSED)
    named = Consolidation.objects.filter(application=OuterRef("application"))
    leads = Exists(named.filter(review=OuterRef("pk"))) | ~(
        Exists(named.exclude(review__status=ReviewStatus.RECUSED))
        | Exists(panel.filter(ordinal__lt=OuterRef("ordinal")))
    )
    handed_in = panel.filter(status=ReviewStatus.SUBMITTED).order_by().values("application")
    done = Subquery(handed_in.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    needed = Cast(F("application__call__rules__data__panel__required"), IntegerField())
    rows: QuerySet[Any] = duties.reviews(ReviewStatus.SUBMITTED)(user, _at)
    counted: QuerySet[Any] = rows.annotate(done=done, needed=needed)
    return counted.filter(
        leads, ~Exists(panel.exclude(status=ReviewStatus.SUBMITTED)),
        ~Exists(named.filter(consolidated_at__isnull=False)), done__gte=F("needed"),
        application__call__review_mode=ReviewMode.LEAD_REVIEWER,
    )  # fmt: skip


def unanswered(user: Any, at: datetime) -> QuerySet[Any]:
    """Applications under review with an invitation that nobody has answered yet."""
    waiting = Review.objects.filter(application=OuterRef("pk"), status=ReviewStatus.ASSIGNED, answer_by__isnull=False)
    return duties.applications(A.REVIEWING)(user, at).filter(Exists(waiting))


def late_scores(user: Any, at: datetime) -> QuerySet[Any]:
    """Applications under review with scores that should have been handed in by now."""
    late = Review.objects.filter(application=OuterRef("pk"), status=ReviewStatus.ACCEPTED, score_by__lt=at)
    return duties.applications(A.REVIEWING)(user, at).filter(Exists(late))


def names_to_judge(user: Any, _at: datetime) -> QuerySet[Any]:
    """Applications with a name to be avoided that nobody has judged yet."""
    unjudged = Avoidance.objects.filter(application=OuterRef("pk"), accepted=None)
    return Application.objects.visible_to(user).filter(Exists(unjudged), status__in=JUDGED_IN)


def meetings_to_close(user: Any, _at: datetime) -> QuerySet[DecisionMeeting]:
    """Decision meetings in the user's chair whose minutes are open."""
    return DecisionMeeting.objects.filter(closed_at=None, chair=user, scenario__status=ScenarioStatus.PROPOSED)


def outcomes_to_tell(user: Any, _at: datetime) -> QuerySet[Call]:
    """Calls in which somebody was declined whom no list will tell."""
    return calls_to_tell(user)

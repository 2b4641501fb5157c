"""Experts and what they do: draws, namings, reviews, disputes of computed facts, reopenings."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from funding.enums import (
    Action,
    ApplicationStatus,
    AssignmentStatus,
    DisputeStatus,
    DrawStatus,
    Leaving,
    NamingStatus,
    ReopeningStatus,
    ReviewStatus,
)
from funding.models import Assignment, Draw, FactDispute, Naming, Reopening, Review
from funding.selectors.assignments import everybody_waits, is_as_frozen, may_be_dropped
from funding.selectors.draws import application_takes_experts, draw_is_timely, is_replaced, randomness_is_public
from funding.selectors.sessions import discussed_at
from portal.kernel.workflow import Reason, Workflow, step

A = ApplicationStatus


def review_is_open(review: Review, _at: datetime) -> Reason | None:
    """Experts work while the application is under review."""
    return None if review.application.status == A.REVIEWING else _("This application is no longer under review.")


def answered_in_time(review: Review, at: datetime) -> Reason | None:
    """An invitation is accepted until its day is over."""
    return _("The time to answer this invitation is over.") if review.is_overdue(at) else None


def time_is_over(review: Review, at: datetime) -> Reason | None:
    """Nothing lapses before its day is over, nor what has none."""
    return None if review.is_overdue(at) else _("The time to answer this invitation is not over.")


def has_lapsed(review: Review, _at: datetime) -> Reason | None:
    """Who declined has answered."""
    lapsed = review.left_for == Leaving.LAPSED
    return None if lapsed else _("Only somebody who did not answer is invited once more.")


def seat_is_free(review: Review, _at: datetime) -> Reason | None:
    """Nobody is called back to a seat that was given away by the line of a draw."""
    return _("Somebody else was called for this seat.") if is_replaced(review) else None


def panel_has_met(review: Review, _at: datetime) -> Reason | None:
    """The second declaration is about what came up in a session or in the discussion."""
    met = discussed_at(review.application)
    return None if met else _("The second declaration follows the session or the discussion of the panel.")


def still_reviewed(part: FactDispute | Reopening, at: datetime) -> Reason | None:
    """What belongs to a review changes it only while that is possible."""
    return review_is_open(part.review, at)


DRAW: Workflow[Draw] = Workflow(
    step(Action.WITNESS_DRAW, {DrawStatus.PREPARED}, DrawStatus.WITNESSED, "funding.witness_draw",
         draw_is_timely, application_takes_experts),
    step(Action.DRAW_EXPERTS, {DrawStatus.WITNESSED}, DrawStatus.DRAWN, "funding.witness_draw",
         randomness_is_public, application_takes_experts),
    step(Action.CANCEL_DRAW, {DrawStatus.PREPARED, DrawStatus.WITNESSED}, DrawStatus.CANCELLED, "funding.cancel_draw"),
    told=("number", "pool_hash", "commitment", "randomness", "record_hash"),
)  # fmt: skip

B = AssignmentStatus
ASSIGNMENT: Workflow[Assignment] = Workflow(
    step(Action.PROPOSE_ASSIGNMENT, {B.SOLVING}, B.PROPOSED, ""),
    step(Action.HAND_OVER_ASSIGNMENT, {B.PROPOSED}, B.HANDED_OVER, "funding.change_assignment", everybody_waits),
    step(Action.AGREE_ASSIGNMENT, {B.HANDED_OVER}, B.AGREED, "funding.agree_assignment", everybody_waits, is_as_frozen),
    step(Action.DROP_ASSIGNMENT, {B.SOLVING, B.PROPOSED, B.HANDED_OVER, B.AGREED}, B.DROPPED,
         "funding.drop_assignment", may_be_dropped),
    told=("number", "mode", "problem_hash", "frozen_hash"),
)  # fmt: skip

NAMING: Workflow[Naming] = Workflow(
    step(Action.AGREE_EXPERTS, {NamingStatus.PROPOSED}, NamingStatus.AGREED, "funding.agree_experts",
         application_takes_experts),
    step(Action.REFUSE_EXPERTS, {NamingStatus.PROPOSED}, NamingStatus.REFUSED, "funding.agree_experts"),
)  # fmt: skip

REVIEW: Workflow[Review] = Workflow(
    step(Action.ACCEPT, {ReviewStatus.ASSIGNED}, ReviewStatus.ACCEPTED, "funding.declare_review", review_is_open,
         answered_in_time),
    step(Action.DECLINE_REVIEW, {ReviewStatus.ASSIGNED}, ReviewStatus.RECUSED, "funding.declare_review",
         review_is_open),
    step(Action.LAPSE_INVITATION, {ReviewStatus.ASSIGNED}, ReviewStatus.RECUSED, "", review_is_open, time_is_over),
    step(Action.INVITE_AGAIN, {ReviewStatus.RECUSED}, ReviewStatus.ASSIGNED, "funding.invite_again", review_is_open,
         has_lapsed, seat_is_free),
    step(Action.RECUSE, {ReviewStatus.ASSIGNED, ReviewStatus.ACCEPTED}, ReviewStatus.RECUSED,
         "funding.declare_review", review_is_open),
    step(Action.HAND_IN, {ReviewStatus.ACCEPTED}, ReviewStatus.SUBMITTED, "funding.score_review", review_is_open),
    step(Action.RELEASE_EXPERT, {ReviewStatus.ASSIGNED, ReviewStatus.ACCEPTED}, ReviewStatus.RECUSED,
         "funding.release_expert", review_is_open),
    step(Action.RECUSE_AGAIN, {ReviewStatus.SUBMITTED}, ReviewStatus.RECUSED, "funding.declare_again", review_is_open,
         panel_has_met),
    step(Action.REOPEN, {ReviewStatus.SUBMITTED}, ReviewStatus.ACCEPTED, "funding.reopen_review", review_is_open),
)  # fmt: skip

DISPUTE: Workflow[FactDispute] = Workflow(
    step(Action.UPHOLD_DISPUTE, {DisputeStatus.OPEN}, DisputeStatus.UPHELD, "funding.answer_dispute", still_reviewed),
    step(Action.DISMISS_DISPUTE, {DisputeStatus.OPEN}, DisputeStatus.DISMISSED, "funding.answer_dispute"),
    told=("indicator", "computed", "answer", "corrected", "evidence"),
)

REOPENING: Workflow[Reopening] = Workflow(
    step(Action.GRANT_REOPENING, {ReopeningStatus.ASKED}, ReopeningStatus.GRANTED, "funding.grant_reopening",
         still_reviewed),
    step(Action.REFUSE_REOPENING, {ReopeningStatus.ASKED}, ReopeningStatus.REFUSED, "funding.grant_reopening"),
    told=("reason", "answer"),
)  # fmt: skip

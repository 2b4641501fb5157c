"""Computed facts that an expert doubts, and locked reviews that are to be scored again."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, DisputeStatus, ReopeningStatus, ReviewStatus
from funding.models import Application, Consolidation, FactDispute, Reopening, Review, ReviewScore, ScoreChange
from funding.rules import scoring
from funding.rules.boards import parts_of
from funding.selectors.reviews import automatic_of
from funding.workflow import DISPUTE, REOPENING, REVIEW, review_is_open
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

register("funding.fact_disputed", _("An expert disputes a computed score of “%(name)s”; please answer."))
register("funding.dispute_answered", _("Your dispute about “%(name)s” has been answered."))
register("funding.reopening_asked", _("A locked review of “%(name)s” is to be reopened; please decide."), urgent=True)
register("funding.reopening_refused", _("The review of “%(name)s” is not reopened."))
register("funding.review_reopened", _("Your review of “%(name)s” is open again: %(reason)s"), urgent=True)

NOT_COMPUTED = _("Only a score that the portal computed can be disputed.")
ASKED_ALREADY = _("You have disputed this already; the answer is still to come.")
NOT_LOCKED = _("Only a review that was handed in is locked.")
WAITING = _("The supervisor has been asked already.")


# --- disputes ----------------------------------------------------------------------------------
@transaction.atomic
def dispute_fact(*, review: Review, indicator: str, grounds: str, actor: User, at: datetime) -> FactDispute:
    """Say why a computed score is wrong; scoring and handing in go on meanwhile."""
    locked = Review.everything.select_for_update(of=("self",)).get(pk=review.pk)
    require(actor, "funding.dispute_fact", locked)
    computed = automatic_of(locked.application)
    if reason := review_is_open(locked, at):
        raise TransitionRefused(reason)
    if indicator not in computed:
        raise TransitionRefused(NOT_COMPUTED)
    if locked.disputes.filter(indicator=indicator, status=DisputeStatus.OPEN).exists():
        raise TransitionRefused(ASKED_ALREADY)
    row = FactDispute.objects.create(
        review=locked, indicator=indicator, computed=computed[indicator], grounds=grounds, raised_at=at, created_at=at
    )
    audit.record(actor=actor, action=Action.DISPUTE, subject=row, at=at, facts={"indicator": indicator})
    _tell(holders(Role.OFFICER), row, "funding.fact_disputed", at)
    return row


def uphold_dispute(
    *, dispute: FactDispute, corrected: Decimal, evidence: str, answer: str, actor: User, at: datetime
) -> FactDispute:
    """Correct the computed score, with the evidence for it, in every review of the application; all of it recorded."""
    with transaction.atomic():
        application = _locked_application(dispute.review)
        with DISPUTE.moving(dispute, Action.UPHOLD_DISPUTE, actor=actor, at=at) as locked:
            _require_within(application, locked.indicator, corrected)
            locked.corrected, locked.evidence = corrected, evidence
            _answer(locked, answer, actor, at)
            _correct(application, locked, actor, at)
    return dispute


def dismiss_dispute(*, dispute: FactDispute, answer: str, actor: User, at: datetime) -> FactDispute:
    """The computed score stands, and the expert is told why."""
    with DISPUTE.moving(dispute, Action.DISMISS_DISPUTE, actor=actor, at=at) as locked:
        _answer(locked, answer, actor, at)
    return dispute


def _answer(dispute: FactDispute, answer: str, actor: User, at: datetime) -> None:
    if not answer.strip():
        raise TransitionRefused(_("Please give a reason."))
    dispute.answer, dispute.answered_by, dispute.answered_at = answer, actor, at
    _tell([dispute.review.expert.user], dispute, "funding.dispute_answered", at)


def _require_within(application: Application, code: str, corrected: Decimal) -> None:
    rubric = {one.code: one for one in scoring.indicators(application.call.rules.data)}
    if not 0 <= corrected <= rubric[code].maximum:
        text = gettext("The score lies between 0 and %(maximum)s.")
        raise TransitionRefused(text % {"maximum": rubric[code].maximum})


def _correct(application: Application, dispute: FactDispute, actor: User, at: datetime) -> None:
    """Put the corrected score into the reviews that are locked; the others take it when they are handed in."""
    locked = application.reviews.select_for_update(of=("self",)).filter(status=ReviewStatus.SUBMITTED)
    rows = ReviewScore.objects.filter(review__in=locked.values("pk"), indicator=dispute.indicator)
    for row in rows.select_related("review"):
        if row.score == dispute.corrected:
            continue
        ScoreChange.objects.create(
            review=row.review,
            indicator=row.indicator,
            old=row.score,
            new=dispute.corrected,
            by=actor,
            at=at,
            why=dispute.evidence,
        )
        row.score = dispute.corrected
        row.save(update_fields=["score"])
        scores = {one.indicator: one.score or Decimal() for one in row.review.scores.all()}
        row.review.total, row.review.parts = scoring.total(scores), parts_of(application.call.rules.data, scores)
        row.review.save(update_fields=["total", "parts"])


# --- reopening ---------------------------------------------------------------------------------
@transaction.atomic
def ask_reopening(*, review: Review, reason: str, actor: User, at: datetime) -> Reopening:
    """Ask the supervisor to let an expert score again."""
    locked = Review.everything.select_for_update(of=("self",)).get(pk=review.pk)
    require(actor, "funding.ask_reopening", locked)
    if refused := review_is_open(locked, at):
        raise TransitionRefused(refused)
    if locked.status != ReviewStatus.SUBMITTED:
        raise TransitionRefused(NOT_LOCKED)
    if locked.reopenings.filter(status=ReopeningStatus.ASKED).exists():
        raise TransitionRefused(WAITING)
    row = Reopening.objects.create(review=locked, reason=reason, requested_by=actor, requested_at=at, created_at=at)
    audit.record(actor=actor, action=Action.ASK_REOPENING, subject=row, at=at, note=reason)
    _tell(holders(Role.SUPERVISOR).exclude(pk=actor.pk), row, "funding.reopening_asked", at)
    return row


def grant_reopening(*, reopening: Reopening, actor: User, at: datetime, answer: str = "") -> Reopening:
    """Unlock the review; what was handed in stays as a version. The expert is told why."""
    with transaction.atomic():
        _locked_application(reopening.review)  # nobody grades meanwhile
        with REOPENING.moving(reopening, Action.GRANT_REOPENING, actor=actor, at=at) as locked:
            _undo_summary(locked, actor, at)
            review, reason = locked.review, locked.reason
            with REVIEW.moving(review, Action.REOPEN, actor=actor, at=at, note=reason) as opened:
                locked.before = _frozen(opened)
                opened.total = opened.parts = opened.submitted_at = None
            locked.decided_by, locked.decided_at, locked.answer = actor, at, answer
            _tell([review.expert.user], locked, "funding.review_reopened", at)
    return reopening


def refuse_reopening(*, reopening: Reopening, actor: User, at: datetime, answer: str) -> Reopening:
    """The review stays locked."""
    with REOPENING.moving(reopening, Action.REFUSE_REOPENING, actor=actor, at=at, note=answer) as locked:
        locked.decided_by, locked.decided_at, locked.answer = actor, at, answer
        _tell([locked.requested_by], locked, "funding.reopening_refused", at)
    return reopening


def _undo_summary(reopening: Reopening, actor: User, at: datetime) -> None:
    """The lead reviewer sums up anew what is scored anew; the text stays as a draft."""
    rows = Consolidation.objects.filter(application=reopening.review.application_id, consolidated_at__isnull=False)
    if rows.update(consolidated_at=None):
        audit.record(actor=actor, action=Action.UNDO_CONSOLIDATION, subject=reopening.review.application, at=at)


def _frozen(review: Review) -> dict[str, object]:
    scores = {row.indicator: str(row.score) for row in review.scores.all()}
    at = review.submitted_at.isoformat() if review.submitted_at else ""
    return {"scores": scores, "total": str(review.total), "opinion": review.opinion,
            "tier": review.suggested_tier, "at": at}  # fmt: skip


# --- both --------------------------------------------------------------------------------------
def _locked_application(review: Review) -> Application:
    return Application.everything.select_for_update(of=("self",)).get(pk=review.application_id)


def _tell(recipients: Iterable[User], part: FactDispute | Reopening, kind: str, at: datetime) -> None:
    to_expert = kind in {"funding.dispute_answered", "funding.review_reopened"}
    params = {"name": part.review.application.told_as, "reason": getattr(part, "reason", "")}
    url = part.review.get_absolute_url() if to_expert else part.get_absolute_url()
    notify(recipients=recipients, kind=kind, params=params, url=url, at=at)

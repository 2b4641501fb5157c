"""What experts do with reviews: declare, score, hand in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.enums import Action
from funding.models import Application, Review, ReviewScore
from funding.rules import scoring
from funding.rules.scoring import Indicator
from funding.selectors.reviews import automatic_of, progress
from funding.services.experts import tell
from funding.workflow import REVIEW
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import register
from portal.kernel.workflow import TransitionRefused

register("funding.review_recused", _("%(expert)s does not review “%(name)s”; another expert may be needed."))
register("funding.reviews_complete", _("All reviews of “%(name)s” are handed in; it can be graded."))

DECLARATION = "review-declaration-1"  # version of the text that the expert agrees to
OPINION_LENGTH = 20
SUGGESTIONS = frozenset({*Tier.values, "NONE"})


@dataclass(frozen=True)
class Entry:
    """What an expert gives for one indicator."""

    score: Decimal | None
    comment: str = ""


# --- the expert's declaration ------------------------------------------------------------------
def accept_review(*, review: Review, actor: User, at: datetime) -> Review:
    """Declare to have no conflict of interest and to keep confidentiality and integrity; opens the content."""
    facts = {"declared": ["no_conflict", "confidentiality", "integrity"], "text": DECLARATION}
    with REVIEW.moving(review, Action.ACCEPT, actor=actor, at=at, facts=facts) as locked:
        locked.declared_at = at
    return review


def recuse_review(*, review: Review, actor: User, conflict: str, at: datetime) -> Review:
    """Declare a conflict of interest; closes the content for good."""
    with REVIEW.moving(review, Action.RECUSE, actor=actor, at=at, note=conflict) as locked:
        locked.conflict = conflict
        tell(holders(Role.ACCEPTANCE), locked, "funding.review_recused", at)
    return review


# --- the expert's scores -----------------------------------------------------------------------
def save_scores(
    *, review: Review, actor: User, entries: Mapping[str, Entry], opinion: str, suggested_tier: str, at: datetime
) -> Review:
    """Keep a draft; scores may be missing, but none may be out of bounds."""
    with transaction.atomic():
        locked = Review.everything.select_for_update(of=("self",)).get(pk=review.pk)
        require(actor, "funding.score_review", locked)
        if reasons := REVIEW.obstacles(locked, Action.HAND_IN, at):
            raise TransitionRefused(*reasons)
        _write(locked, entries, opinion, suggested_tier)
        locked.save()
        facts = {"scores": locked.scores.exclude(score=None).count()}
        audit.record(actor=actor, action=Action.SAVE_SCORES, subject=locked, at=at, facts=facts)
    review.refresh_from_db()
    return review


def hand_in_review(
    *, review: Review, actor: User, entries: Mapping[str, Entry], opinion: str, suggested_tier: str, at: datetime
) -> Review:
    """Hand in for good: every indicator scored, an opinion, a tier. The automatic scores are stored with them."""
    with REVIEW.moving(review, Action.HAND_IN, actor=actor, at=at) as locked:
        # Serialises the last two experts, so that exactly one of them completes the panel.
        application = Application.everything.select_for_update(of=("self",)).get(pk=locked.application_id)
        _write(locked, entries, opinion, suggested_tier)
        _require_complete(locked)
        _store(locked, {code: Entry(score) for code, score in automatic_of(application).items()})
        scores = {row.indicator: row.score or Decimal() for row in locked.scores.all()}
        locked.total, locked.submitted_at = scoring.total(scores), at
        last = progress(application).done + 1 == _panel_size(application)
        if last:
            tell(holders(Role.OFFICER), locked, "funding.reviews_complete", at)
    return review


def _panel_size(application: Application) -> int:
    """How many reviews must come in; never less than the rules require."""
    state = progress(application)
    return max(state.needed, len(state.reviews) - state.recused)


def _write(review: Review, entries: Mapping[str, Entry], opinion: str, suggested_tier: str) -> None:
    rubric = {one.code: one for one in scoring.expert_indicators(review.application.call.rules.data)}
    _require_within(rubric, entries)
    review.opinion = opinion
    review.suggested_tier = suggested_tier if suggested_tier in SUGGESTIONS else ""
    _store(review, entries)


def _require_within(rubric: Mapping[str, Indicator], entries: Mapping[str, Entry]) -> None:
    wrong = [code for code, one in entries.items() if code not in rubric or not _fits(rubric[code], one.score)]
    if wrong:
        raise TransitionRefused(gettext("Out of bounds: %(codes)s.") % {"codes": gettext(", ").join(wrong)})


def _fits(indicator: Indicator, score: Decimal | None) -> bool:
    if score is None:
        return True
    return 0 <= score <= indicator.maximum and score == score.quantize(scoring.TENTH)


def _store(review: Review, entries: Mapping[str, Entry]) -> None:
    rows = [
        ReviewScore(review=review, indicator=code, score=one.score, comment=one.comment)
        for code, one in entries.items()
    ]
    ReviewScore.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["review", "indicator"], update_fields=["score", "comment"]
    )


def _require_complete(review: Review) -> None:
    reasons = []
    rubric = scoring.expert_indicators(review.application.call.rules.data)
    scored = set(review.scores.exclude(score=None).values_list("indicator", flat=True))
    if missing := [one.name for one in rubric if one.code not in scored]:
        reasons.append(gettext("Not scored yet: %(names)s.") % {"names": gettext(", ").join(missing)})
    if len(review.opinion.strip()) < OPINION_LENGTH:
        reasons.append(gettext("The overall opinion needs at least %(n)s characters.") % {"n": OPINION_LENGTH})
    if not review.suggested_tier:
        reasons.append(gettext("A tier must be suggested."))
    if reasons:
        raise TransitionRefused(*reasons)

"""What officials and experts do with reviews: assign, declare, score, hand in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.enums import Action, ExpertMode
from funding.models import Application, Review, ReviewScore
from funding.rules import scoring
from funding.rules.scoring import Indicator
from funding.selectors.experts import drawn, eligible
from funding.selectors.reviews import automatic_of, progress
from funding.workflow import APPLICATION, REVIEW
from members.enums import Role
from members.models import Expert, User
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

register("funding.review_assigned", _("You are asked to review “%(name)s”; please declare first."), urgent=True)
register("funding.review_released", _("You need not review “%(name)s” any more."))
register("funding.review_recused", _("%(expert)s does not review “%(name)s”; another expert may be needed."))
register("funding.reviews_complete", _("All reviews of “%(name)s” are handed in; it can be graded."))

DECLARATION = "review-declaration-1"  # version of the text that the expert agrees to
OPINION_LENGTH = 20
SUGGESTIONS = frozenset({*Tier.values, "NONE"})


@dataclass(frozen=True)
class Choice:
    """Which experts: named ones, or `count` drawn by a seed, which lets anybody repeat the draw."""

    experts: Sequence[Expert] = ()
    count: int = 0
    seed: str = ""


@dataclass(frozen=True)
class Entry:
    """What an expert gives for one indicator."""

    score: Decimal | None
    comment: str = ""


# --- who reviews -------------------------------------------------------------------------------
def assign_experts(
    *, application: Application, choice: Choice, actor: User, at: datetime, note: str = ""
) -> Application:
    """Begin the review with these experts."""
    facts: dict[str, Any] = {}
    with APPLICATION.moving(application, Action.ASSIGN, actor=actor, at=at, note=note, facts=facts) as locked:
        experts = _chosen(locked, choice, at)
        needed = locked.call.rules.data["panel"]["required"]
        if len(experts) < needed:
            text = ngettext("At least %(needed)s expert is needed.", "At least %(needed)s experts are needed.", needed)
            raise TransitionRefused(text % {"needed": needed})
        facts |= _assign(locked, experts, choice, actor, at)
    return application


def add_experts(*, application: Application, choice: Choice, actor: User, at: datetime, note: str = "") -> Application:
    """Add experts to a running review, for those who recused themselves or when opinions lie far apart."""
    facts: dict[str, Any] = {}
    with APPLICATION.moving(application, Action.ADD_EXPERT, actor=actor, at=at, note=note, facts=facts) as locked:
        experts = _chosen(locked, choice, at)
        if not experts:
            raise TransitionRefused(_("No expert is chosen."))
        facts |= _assign(locked, experts, choice, actor, at)
    return application


def _chosen(application: Application, choice: Choice, at: datetime) -> Sequence[Expert]:
    """The experts named, or as many as were asked for drawn from those eligible at this moment."""
    if not choice.seed:
        return choice.experts
    if application.call.expert_mode == ExpertMode.INVITED:
        raise TransitionRefused(_("In this call experts are invited: choose them by name."))
    experts = drawn(eligible(application, at).values(), choice.count, choice.seed)
    if len(experts) < choice.count:
        raise TransitionRefused(gettext("Only %(found)s experts are eligible.") % {"found": len(experts)})
    return experts


def _assign(
    application: Application, experts: Sequence[Expert], choice: Choice, actor: User, at: datetime
) -> dict[str, Any]:
    """Write the reviews and tell the experts; refuses whoever is not eligible at this moment."""
    open_to = eligible(application, at)
    barred = [str(expert) for expert in experts if expert.pk not in open_to]
    if barred or len({expert.pk for expert in experts}) < len(experts):
        names = gettext(", ").join(barred) or gettext("chosen twice")
        raise TransitionRefused(gettext("Not eligible: %(names)s.") % {"names": names})
    last = application.reviews.aggregate(last=Max("ordinal"))["last"] or 0
    for ordinal, expert in enumerate(experts, last + 1):
        review = Review.objects.create(
            application=application, expert=expert, ordinal=ordinal, assigned_by=actor, assigned_at=at
        )
        _tell([expert.user], review, "funding.review_assigned", at)
    method = {"method": "draw", "seed": choice.seed} if choice.seed else {"method": "choice"}
    return {**method, "experts": [expert.pk for expert in experts]}


def _tell(recipients: Any, review: Review, kind: str, at: datetime) -> None:
    application = review.application
    params = {"name": application.told_as, "expert": lazy(lambda: review.blind_name, str)()}
    notify(recipients=recipients, kind=kind, params=params, url=_place(review, kind), at=at)


def _place(review: Review, kind: str) -> str:
    to_expert = kind in {"funding.review_assigned", "funding.review_released"}
    return review.get_absolute_url() if to_expert else review.application.get_absolute_url()


def release_expert(*, review: Review, actor: User, note: str, at: datetime) -> Review:
    """Take an expert off the panel who does not answer or cannot go on; another one may be added."""
    with REVIEW.moving(review, Action.RELEASE_EXPERT, actor=actor, at=at, note=note) as locked:
        _tell([locked.expert.user], locked, "funding.review_released", at)
    return review


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
        _tell(holders(Role.ACCEPTANCE), locked, "funding.review_recused", at)
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
            _tell(holders(Role.OFFICER), locked, "funding.reviews_complete", at)
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

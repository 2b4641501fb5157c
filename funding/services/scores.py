"""What experts give: scores and opinions, saved part by part while they type, handed in and so locked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.enums import Action, ReopeningStatus
from funding.models import Application, Review, ReviewScore, ScoreChange
from funding.rules import scoring
from funding.rules.boards import parts_of
from funding.rules.scoring import Indicator
from funding.selectors.panels import lead_review
from funding.selectors.reviews import automatic_of, progress
from funding.services.applications import SectionChanged
from funding.services.experts import tell
from funding.workflow import REVIEW
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import register
from portal.kernel.workflow import TransitionRefused

register("funding.reviews_complete", _("All reviews of “%(name)s” are handed in; it can be graded."))
register("funding.to_consolidate", _("All reviews of “%(name)s” are handed in; please sum up."), urgent=True)

OPINION_LENGTH = 20
SUGGESTIONS = frozenset({*Tier.values, "NONE"})
TEXTS = {"opinion": _("overall opinion"), "suggested_tier": _("suggested tier"),
         "remark": _("confidential remark to the bureau")}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """What an expert gives for one indicator."""

    score: Decimal | None
    comment: str = ""


EMPTY = Entry(None)


@dataclass
class ScoresChanged(SectionChanged):
    """The same parts were saved from another page meanwhile; `parts` are their versions and what stands there."""

    parts: Mapping[str, tuple[int, Any]]
    labelled: bool = True


@dataclass(frozen=True)
class Typing:
    """Where it was typed: which versions of the parts were before the writer's eyes (None: any), on which page."""

    seen: Mapping[str, int] | None = None
    page: str = ""


def save_scores(
    *, review: Review, actor: User, entries: Mapping[str, Entry], at: datetime, opinion: str | None = None,
    suggested_tier: str | None = None, remark: str | None = None, typing: Typing | None = None,
) -> Review:  # fmt: skip
    """Keep what was typed so far; a text that is None stays. Scores may be missing, but none may be out of bounds.

    Raises ScoresChanged, and keeps nothing, when one of these very parts was saved otherwise from another page.
    """
    texts = _texts(opinion, suggested_tier, remark)
    with transaction.atomic():
        locked = Review.everything.select_for_update(of=("self",)).get(pk=review.pk)
        require(actor, "funding.score_review", locked)
        if reasons := REVIEW.obstacles(locked, Action.HAND_IN, at):
            raise TransitionRefused(*reasons)
        if _write(locked, entries, texts, typing or Typing(), actor, at):
            locked.save()
            facts = {"scores": locked.scores.exclude(score=None).count(), "version": locked.version}
            audit.record(actor=actor, action=Action.SAVE_SCORES, subject=locked, at=at, facts=facts)
    review.refresh_from_db()
    return review


def hand_in_review(
    *, review: Review, actor: User, entries: Mapping[str, Entry], opinion: str, suggested_tier: str, at: datetime,
    remark: str | None = None, typing: Typing | None = None,
) -> Review:  # fmt: skip
    """Hand in and lock: every indicator scored, an opinion, a tier. The automatic scores are stored with them."""
    texts = _texts(opinion, suggested_tier, remark)
    with REVIEW.moving(review, Action.HAND_IN, actor=actor, at=at) as locked:
        # Serialises the last two experts, so that exactly one of them completes the panel.
        application = Application.everything.select_for_update(of=("self",)).get(pk=locked.application_id)
        _write(locked, entries, texts, typing or Typing(), actor, at)
        _require_complete(locked)
        _store(locked, {code: Entry(score) for code, score in automatic_of(application).items()})
        scores = {row.indicator: row.score or Decimal() for row in locked.scores.all()}
        locked.total, locked.parts = scoring.total(scores), parts_of(application.call.rules.data, scores)
        locked.submitted_at = at
        last = progress(application).done + 1 == _panel_size(application)
        if last:
            _tell_complete(application, locked, at)
    return review


def _tell_complete(application: Application, last: Review, at: datetime) -> None:
    """The lead reviewer where the call has one, else the officers."""
    lead = lead_review(application)
    if lead is None:
        tell(recipients=holders(Role.OFFICER), review=last, kind="funding.reviews_complete", at=at)
    else:
        tell(recipients=[lead.expert.user], review=lead, kind="funding.to_consolidate", at=at)


def _texts(opinion: str | None, suggested_tier: str | None, remark: str | None) -> dict[str, str]:
    """Those that were touched."""
    given = {"opinion": opinion, "suggested_tier": suggested_tier, "remark": remark}
    if suggested_tier is not None and suggested_tier not in SUGGESTIONS:
        given["suggested_tier"] = ""
    return {name: text for name, text in given.items() if text is not None}


def _panel_size(application: Application) -> int:
    """How many reviews must come in; never less than the rules require."""
    state = progress(application)
    return max(state.needed, len(state.reviews) - state.recused)


# --- writing -----------------------------------------------------------------------------------
def _write(
    review: Review, entries: Mapping[str, Entry], texts: Mapping[str, str], typing: Typing, actor: User, at: datetime
) -> bool:
    """Keep the parts that differ from what stands there; whether there was one."""
    _require_within({one.code: one for one in rubric_of(review=review)}, entries)
    there = standing(review=review)
    fresh = {part: value for part, value in {**entries, **texts}.items() if value != there.get(part, EMPTY)}
    _refuse_changed(review, fresh, there, typing)
    if not fresh:
        return False
    scores = {part: value for part, value in fresh.items() if isinstance(value, Entry)}
    _record(review, {part: (there.get(part, EMPTY).score, one.score) for part, one in scores.items()}, actor, at)
    _store(review, scores)
    for part in fresh.keys() - scores.keys():
        setattr(review, part, fresh[part])
    review.version += 1
    mark = {"version": review.version, "page": typing.page, "at": at.isoformat()}
    review.saved = {**review.saved, **dict.fromkeys(fresh, mark)}
    return True


def rubric_of(*, review: Review) -> tuple[Indicator, ...]:
    """What the expert scores."""
    return scoring.expert_indicators(review.application.call.rules.data)


def standing(*, review: Review) -> dict[str, Any]:
    """What stands in each part of the sheet: an entry for an indicator, a text otherwise."""
    entries = {row.indicator: Entry(row.score, row.comment) for row in review.scores.all()}
    return {**entries, **{name: getattr(review, name) for name in TEXTS}}


def _refuse_changed(review: Review, fresh: Mapping[str, Any], there: Mapping[str, Any], typing: Typing) -> None:
    if typing.seen is None:
        return
    marks = {part: review.saved[part] for part in fresh if part in review.saved}
    newer = {
        part: mark
        for part, mark in marks.items()
        if mark["version"] > typing.seen.get(part, 0) and not (typing.page and typing.page == mark["page"])
    }
    if not newer:
        return
    last = max(newer.values(), key=lambda mark: int(mark["version"]))
    names = {one.code: one.name for one in rubric_of(review=review)}
    words = {str(TEXTS.get(part) or names[part]): _worded(there[part]) for part in newer}
    parts = {part: (mark["version"], there[part]) for part, mark in newer.items()}
    by = str(review.expert)
    raise ScoresChanged(words, last["version"], by, datetime.fromisoformat(last["at"]), parts)


def _worded(value: Any) -> str:
    if not isinstance(value, Entry):
        return str(value)
    return " ".join(str(one) for one in (value.score, value.comment) if one not in (None, ""))


def _require_within(rubric: Mapping[str, Indicator], entries: Mapping[str, Entry]) -> None:
    wrong = [code for code, one in entries.items() if code not in rubric or not _fits(rubric[code], one.score)]
    if wrong:
        raise TransitionRefused(gettext("Out of bounds: %(codes)s.") % {"codes": gettext(", ").join(wrong)})


def _fits(indicator: Indicator, score: Decimal | None) -> bool:
    if score is None:
        return True
    return 0 <= score <= indicator.maximum and score == score.quantize(scoring.TENTH)


def _record(
    review: Review, changed: Mapping[str, tuple[Decimal | None, Decimal | None]], actor: User, at: datetime
) -> None:
    """Who changed which score from what to what; why, once the review was locked and reopened."""
    last = review.reopenings.filter(status=ReopeningStatus.GRANTED).last()
    ScoreChange.objects.bulk_create(
        ScoreChange(review=review, indicator=code, old=old, new=new, by=actor, at=at, why=last.reason if last else "")
        for code, (old, new) in changed.items()
        if old != new
    )


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
    scored = set(review.scores.exclude(score=None).values_list("indicator", flat=True))
    if missing := [one.name for one in rubric_of(review=review) if one.code not in scored]:
        reasons.append(gettext("Not scored yet: %(names)s.") % {"names": gettext(", ").join(missing)})
    if len(review.opinion.strip()) < OPINION_LENGTH:
        reasons.append(gettext("The overall opinion needs at least %(n)s characters.") % {"n": OPINION_LENGTH})
    if not review.suggested_tier:
        reasons.append(gettext("A tier must be suggested."))
    if reasons:
        raise TransitionRefused(*reasons)

"""Reads for experts and for those who grade: one's own reviews, the sheet, the panel's assessment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from funding.enums import DisputeStatus, ReviewStatus
from funding.models import Application, FactDispute, Review
from funding.models.application import HEAVY
from funding.rules import scoring
from funding.rules.automatic import AutoScore, automatic_scores, facts_of, required_clauses
from funding.rules.scoring import Indicator, Panel, Proposal, Standing


def my_reviews(rows: QuerySet[Review]) -> QuerySet[Review]:
    """What the expert's list shows; nothing of the content."""
    return (
        rows.select_related("application__call", "application__consortium__lead", "application__consortium__sub_field")
        .defer(*(f"application__{name}" for name in HEAVY))
        .order_by("-assigned_at", "pk")
    )


# --- the expert's sheet ------------------------------------------------------------------------
@dataclass(frozen=True)
class SheetGroup:
    """A dimension of the rubric: what the portal scored, and what the expert scores."""

    dimension: scoring.Dimension
    automatic: tuple[tuple[Indicator, AutoScore], ...]
    expert: tuple[Indicator, ...]

    @property
    def automatic_total(self) -> Decimal:
        """What the automatic scores of this dimension add up to."""
        return sum((score.score for _indicator, score in self.automatic), Decimal())


def sheet(application: Application) -> list[SheetGroup]:
    """The rubric of the application's call with the automatic scores filled in."""
    rules = application.call.rules.data
    automatic = computed_scores(application)
    return [
        SheetGroup(
            dimension,
            tuple((one, automatic[one.code]) for one in dimension.indicators if one.is_auto),
            tuple(one for one in dimension.indicators if not one.is_auto),
        )
        for dimension in scoring.dimensions(rules)
    ]


def automatic_of(application: Application) -> dict[str, Decimal]:
    """Code → automatic score."""
    return {code: auto.score for code, auto in computed_scores(application).items()}


def computed_scores(application: Application) -> dict[str, AutoScore]:
    """What the portal computes from the snapshot, as corrected where a dispute was upheld."""
    computed = automatic_scores(application.snapshot or {}, application.call.rules.data)
    upheld = FactDispute.objects.filter(review__application=application, status=DisputeStatus.UPHELD)
    rows = upheld.order_by("answered_at").values_list("indicator", "corrected", "evidence")
    return {**computed, **{code: AutoScore(score, evidence, is_corrected=True) for code, score, evidence in rows}}


# --- the panel ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Progress:
    """How far the experts are: open to the review staff at any time, without a single score."""

    reviews: tuple[Review, ...]
    done: int
    needed: int
    recused: int

    @property
    def is_complete(self) -> bool:
        """Enough reviews are handed in and nobody is still scoring."""
        return self.needed <= self.done == len(self.reviews) - self.recused


def progress(application: Application) -> Progress:
    """The state of every review of the application."""
    reviews = tuple(application.reviews.select_related("expert__user").order_by("ordinal"))
    states = [review.status for review in reviews]
    return Progress(
        reviews=reviews,
        done=states.count(ReviewStatus.SUBMITTED),
        needed=application.call.rules.data["panel"]["required"],
        recused=states.count(ReviewStatus.RECUSED),
    )


@dataclass(frozen=True)
class Line:
    """One indicator with the experts' scores in the order of the panel."""

    indicator: Indicator
    evidence: str
    scores: tuple[Decimal, ...]

    @property
    def mean(self) -> Decimal:
        """Plain mean, for reading only."""
        return scoring.cents(sum(self.scores, Decimal()) / len(self.scores))


@dataclass(frozen=True)
class Group:
    """A dimension of the comparison."""

    dimension: scoring.Dimension
    lines: tuple[Line, ...]
    mean: Decimal


@dataclass(frozen=True)
class Assessment:
    """What a complete panel comes to, and what the rules propose for it."""

    reviews: tuple[Review, ...]
    groups: tuple[Group, ...]
    panel: Panel
    standing: Standing
    proposal: Proposal


def assess(application: Application) -> Assessment | None:
    """The assessment of the application; None while an expert is missing or still scoring."""
    state = progress(application)
    if not state.is_complete:
        return None
    reviews = _handed_in(application)
    sheets = [_scores(review, automatic_of(application)) for review in reviews]
    rules = application.call.rules.data
    panel = scoring.judge_panel([review.total or Decimal() for review in reviews], rules)
    standing = _standing(application, panel.mean, sheets)
    caps = {tier: _most(application, tier) for tier in scoring.TIERS}
    proposal = scoring.propose(standing, rules, caps)
    return Assessment(reviews, _groups(application, sheets), panel, standing, proposal)


def _most(application: Application, tier: str) -> Decimal:
    """What the tier may give here: its cap, and never more than was asked for."""
    cap, asked = application.call.cap(tier), application.requested_amount
    return cap if asked is None else min(cap, asked)


def _handed_in(application: Application) -> tuple[Review, ...]:
    rows = application.reviews.filter(status=ReviewStatus.SUBMITTED)
    return tuple(rows.prefetch_related("scores").order_by("ordinal"))


def _scores(review: Review, automatic: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Every indicator's score; what was stored at the hand-in goes before what the snapshot gives today."""
    return {**automatic, **{row.indicator: row.score for row in review.scores.all() if row.score is not None}}


def _standing(application: Application, score: Decimal, sheets: list[dict[str, Decimal]]) -> Standing:
    rules = application.call.rules.data
    facts = facts_of(application.snapshot or {})
    base, tasks = (_dimension_mean(rules, sheets, codes) for codes in (scoring.BASE, scoring.TASKS))
    return Standing(
        score=score,
        base=base,
        tasks=tasks,
        agreement=required_clauses(rules) <= facts.clauses,
        technologies=facts.technologies,
        capital=facts.has_capital,
    )


def _dimension_mean(rules: Any, sheets: list[dict[str, Decimal]], codes: Iterable[str]) -> Decimal:
    """Aggregated as the totals are, outliers left out."""
    values = [scoring.dimension_total(rules, scores, codes) for scores in sheets]
    return scoring.panel_mean(values, rules["panel"]["trim_from"])


def _groups(application: Application, sheets: list[dict[str, Decimal]]) -> tuple[Group, ...]:
    rules = application.call.rules.data
    automatic = computed_scores(application)
    return tuple(
        Group(
            dimension,
            tuple(_line(indicator, automatic, sheets) for indicator in dimension.indicators),
            _dimension_mean(rules, sheets, (dimension.code,)),
        )
        for dimension in scoring.dimensions(rules)
    )


def _line(indicator: Indicator, automatic: Mapping[str, AutoScore], sheets: list[dict[str, Decimal]]) -> Line:
    evidence = automatic[indicator.code].evidence if indicator.is_auto else ""
    return Line(indicator, evidence, tuple(scores.get(indicator.code, Decimal()) for scores in sheets))

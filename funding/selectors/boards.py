"""The tier board of a call: its cases from the database, counted under the lines that somebody tries."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import F, Func, IntegerField, Q, Sum, TextField
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Coalesce

from funding.enums import ApplicationStatus, ReviewStatus
from funding.models import Application, Call, Recusal, Review, ReviewScore
from funding.models.application import HEAVY
from funding.rules import scoring
from funding.rules.automatic import required_clauses
from funding.rules.boards import Bounds, Case, Choice, Lines, Points, Ranking, Row, Sheet, Terms, Weights, points, rank
from funding.rules.calibration import intervals
from funding.rules.scoring import TIERS
from funding.rules.sensitivity import Sensitivity, Wobble, sensitivity
from funding.selectors.calibration import pseudonyms
from funding.selectors.decisions import committed, may_rank
from portal.kernel.audit import sha256

S = ApplicationStatus
READY = [S.REVIEWING, S.GRADED]  # what a meeting still has before it
KEPT = 3600  # seconds; the key says what the bounds are made of
Dimensions = Sequence[scoring.Dimension]


@dataclass(frozen=True)
class Setting:
    """What somebody tries: lines, weights, tiers and amounts by hand."""

    lines: Lines
    weights: Weights
    choices: Mapping[str, Choice] = field(default_factory=dict)


@dataclass(frozen=True)
class Panels:
    """The cases of a call that can be ranked, and how many still wait for experts or for their window."""

    call: Call
    terms: Terms
    cases: tuple[Case, ...]
    waiting: int


@dataclass(frozen=True)
class BoardRow:
    """A row of the page; `cuts` are the tiers whose line lies just above it."""

    row: Row
    application: Application
    wobble: Wobble
    bounds: tuple[int, int]
    cuts: tuple[str, ...]
    so_far: Decimal


@dataclass(frozen=True)
class TierBoard:
    """Everything that the page shows."""

    panels: Panels
    setting: Setting
    ranking: Ranking
    sensitivity: Sensitivity
    rows: tuple[BoardRow, ...]
    below: tuple[str, ...]  # lines under the last row
    committed: Decimal

    @property
    def call(self) -> Call:
        """Whose board it is."""
        return self.panels.call

    @property
    def left(self) -> Decimal:
        """What the budget has left when all of it is granted; may be negative."""
        return self.call.budget - self.committed - self.ranking.asked

    @property
    def moving(self) -> tuple[BoardRow, ...]:
        """Those whom the lines, the weights or a hand move against the rules."""
        return tuple(one for one in self.rows if one.row.moves)

    @property
    def ungraded(self) -> int:
        """How many the officer has still to grade before a list can be put forward."""
        return sum(one.application.status != S.GRADED for one in self.rows)

    @property
    def grey(self) -> int:
        """How many stand in the grey zone."""
        return sum(bool(one.row.grey) for one in self.rows)


# --- the cases ---------------------------------------------------------------------------------
def panels(call: Call, user: Any) -> Panels:
    """In two queries, however many there are; what the reader keeps away from or may not see yet is left out."""
    rules = call.rules.data
    dimensions = scoring.dimensions(rules)
    sheets, unfinished = _sheets(call, dimensions)
    found, waiting = [], 0
    for row in _facts(call, user):
        given = sheets.get(row["pk"], [])
        complete = row["pk"] not in unfinished and len(given) >= rules["panel"]["required"]
        if not (complete and may_rank(call, user.roles, row["status"])):
            waiting += 1
        else:
            found.append(_case(call, row, given))
    return Panels(call, Terms(rules), tuple(found), waiting)


def _facts(call: Call, user: Any) -> Iterable[Mapping[str, Any]]:
    def size(part: str) -> Coalesce:
        length = Func(KeyTransform(part, "snapshot"), function="jsonb_array_length", output_field=IntegerField())
        return Coalesce(length, 0)

    rows = Application.everything.visible_to(user).filter(call=call, status__in=READY).order_by()
    return rows.annotate(
        clauses=F("snapshot__agreement__clauses"),
        listed=size("technologies"),
        capital=size("platforms") + size("funds"),
    ).values("pk", "status", "score", "requested_amount", "clauses", "listed", "capital")


def _sheets(call: Call, dimensions: Dimensions) -> tuple[dict[UUID, list[Sheet]], set[UUID]]:
    """What the experts handed in, under names that tell nobody who they are; and the cases with one still at work."""
    rows = Review.everything.filter(application__call=call, application__status__in=READY)
    rows = rows.exclude(status=ReviewStatus.RECUSED).order_by()
    table = list(rows.values_list("pk", "application", "expert", "status", "total", Cast("parts", TextField())))
    names = pseudonyms({row[2] for row in table}, call)
    old = _parts([row[0] for row in table if row[3] == ReviewStatus.SUBMITTED and row[5] is None], dimensions)
    stored = iter(json.loads(f"[{','.join(row[5] for row in table if row[5])}]"))  # all at once: a quarter of the time
    codes, nothing = [one.code for one in dimensions], (0,) * len(dimensions)
    sheets: dict[UUID, list[Sheet]] = {}
    unfinished: set[UUID] = set()
    for pk, case, expert, status, total, text in table:
        parts = next(stored) if text else None
        if status == ReviewStatus.SUBMITTED:
            of_each = tuple([parts[code] for code in codes]) if parts else old.get(pk, nothing)
            sheets.setdefault(case, []).append(Sheet(names[expert], points(total or 0), of_each))
        else:
            unfinished.add(case)
    return sheets, unfinished


def _parts(reviews: Sequence[UUID], dimensions: Dimensions) -> dict[UUID, tuple[Points, ...]]:
    """The points of each dimension of reviews that were handed in before they were stored with the total."""
    if not reviews:
        return {}
    sums = {f"part_{n}": _part(one) for n, one in enumerate(dimensions)}
    scores = ReviewScore.objects.filter(review__in=reviews).order_by().values("review").annotate(**sums)
    return {review: tuple(parts) for review, *parts in scores.values_list("review", *sums)}


def _part(dimension: scoring.Dimension) -> Coalesce:
    codes = [one.code for one in dimension.indicators]
    return Coalesce(Cast(Sum("score", filter=Q(indicator__in=codes)) * 100, IntegerField()), 0)


def _case(call: Call, row: Mapping[str, Any], sheets: Sequence[Sheet]) -> Case:
    asked = row["requested_amount"]
    caps = {tier: call.cap(tier) for tier in TIERS}
    return Case(
        pk=str(row["pk"]),
        sheets=tuple(sorted(sheets, key=lambda one: one.expert)),
        official=None if row["score"] is None else points(row["score"]),
        agreement=required_clauses(call.rules.data) <= frozenset(row["clauses"] or ()),
        technologies=row["listed"],
        capital=bool(row["capital"]),
        most={tier: cap if asked is None else min(cap, asked) for tier, cap in caps.items()},
    )


def keeps_away_from_one(call: Call, user: Any) -> bool:
    """Whether the board of this call is not whole for the reader."""
    return Recusal.objects.filter(person=user, application__call=call).exists()


# --- the board ---------------------------------------------------------------------------------
def likely_ranks(found: Panels) -> Bounds:
    """The bounds of each official rank; kept for as long as the panels stay as they are, since no line changes them."""
    totals = {one.pk: [sheet.total for sheet in one.sheets] for one in found.cases}
    key = f"funding.bounds.{sha256([str(found.call.pk), found.terms.trim_from, totals])}"
    kept: dict[str, list[int]] | None = cache.get(key)
    if kept is None:
        given = {pk: [Decimal(total) / 100 for total in some] for pk, some in totals.items()}
        kept = {pk: list(bounds) for pk, bounds in intervals(given, found.terms.trim_from, str(found.call.pk)).items()}
        cache.set(key, kept, KEPT)
    return {pk: (low, high) for pk, (low, high) in kept.items()}


def count(found: Panels, setting: Setting) -> tuple[Ranking, Sensitivity, Bounds]:
    """The arithmetic of the board."""
    bounds = likely_ranks(found)
    ranking = rank(
        found.cases, setting.lines, found.terms, weights=setting.weights, choices=setting.choices, bounds=bounds
    )
    return ranking, sensitivity(found.cases, setting.lines, found.terms, setting.weights), bounds


def tier_board(found: Panels, user: Any, setting: Setting) -> TierBoard:
    """The page; four queries beside those of the panels."""
    ranking, shaken, bounds = count(found, setting)
    loaded = rows_of_board(found)
    rows, so_far, open_cuts = [], Decimal(), list(TIERS)
    for row in ranking.rows:
        cuts = tuple(tier for tier in open_cuts if row.standing.score < setting.lines[tier])
        open_cuts = [tier for tier in open_cuts if tier not in cuts]
        so_far += row.amount
        pk = row.case.pk
        rows.append(BoardRow(row, loaded[pk], shaken.of[pk], bounds[pk], cuts, so_far))
    return TierBoard(found, setting, ranking, shaken, tuple(rows), tuple(open_cuts), committed(found.call, user))


def rows_of_board(found: Panels) -> dict[str, Application]:
    """The applications by their key."""
    wanted = Application.everything.filter(pk__in=[one.pk for one in found.cases]).defer(*HEAVY)
    return {str(one.pk): one for one in wanted.select_related("consortium__sub_field", "district")}


def as_graded(found: Panels) -> dict[str, Choice]:
    """Where the officers' grading departs from the rules, as choices by hand."""
    by_rule = {row.case.pk: row for row in rank(found.cases, found.terms.lines, found.terms).rows}
    graded = Application.everything.filter(pk__in=list(by_rule), status=S.GRADED)
    return {
        str(pk): Choice(tier, amount)
        for pk, tier, amount in graded.values_list("pk", "proposed_tier", "proposed_amount")
        if (tier, amount) != (by_rule[str(pk)].rule_tier, by_rule[str(pk)].rule_amount)
    }

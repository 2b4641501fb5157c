"""The tier board: from the experts' sheets and the lines between the tiers to tiers, money, ties and the grey zone.

Points are whole hundredths, so that five hundred cases are counted again while a line is being dragged; money is
Decimal, in yuan. Nothing here decides: the meeting does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import lcm
from operator import mul
from typing import Any

from funding.rules import scoring
from funding.rules.defaults import BOARD
from funding.rules.scoring import TIERS, Rules

Points = int  # hundredths
Lines = Mapping[str, Points]  # tier → the least score that reaches it
Weights = tuple[Points, ...]  # of each dimension, in the order of the rubric
Bounds = Mapping[str, tuple[int, int]]  # case → lowest and highest rank that is likely
NONE = ""  # no support
BETTER = (*TIERS, NONE)  # from the best on
POINTS, RANKS = "points", "ranks"  # why a case is in the grey zone


def points(value: Decimal | str | int) -> Points:
    """Points as hundredths."""
    return int(scoring.cents(Decimal(value)) * 100)


def as_points(value: Points) -> Decimal:
    """Hundredths as points."""
    return scoring.cents(Decimal(value) / 100)


def parts_of(rules: Rules, scores: Mapping[str, Decimal]) -> dict[str, Points]:
    """What the scores of each dimension add up to; a missing score counts nothing."""
    none = Decimal()
    return {
        one.code: points(sum((scores.get(indicator.code, none) for indicator in one.indicators), none))
        for one in scoring.dimensions(rules)
    }


# --- the terms ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Gate:
    """What a tier asks beside the score."""

    base: Points
    tasks: Points
    agreement: bool
    technologies: int
    capital: bool
    pays: bool  # money goes with it


class Terms:
    """What the rules of a call say about its board; where they say nothing, the defaults."""

    def __init__(self, rules: Rules) -> None:
        data: dict[str, Any] = {**BOARD, **(rules.get("board") or {})}
        self.rules = rules
        self.trim_from: int = rules["panel"]["trim_from"]
        self.approvals = int(data["approvals"])
        self.single = bool(data["single"])
        self.quotas: dict[str, int | None] = {tier: data["quotas"].get(tier) for tier in TIERS}
        self.grey = points(data["grey"])
        self.shift = points(data["shift"])
        self.swing = int(data["swing"])  # per cent
        rubric = scoring.dimensions(rules)
        self.dimensions = tuple(one.code for one in rubric)
        self.names = {one.code: one.name for one in rubric}
        self.weights: Weights = tuple(points(one.maximum) for one in rubric)
        self.base = tuple(n for n, code in enumerate(self.dimensions) if code in scoring.BASE)
        self.tasks = tuple(n for n, code in enumerate(self.dimensions) if code in scoring.TASKS)
        self.gates = {tier: _gate(tier, rules) for tier in TIERS}
        self._amounts: dict[tuple[str, Points, Decimal], Decimal] = {}
        self.lines: Lines = {tier: points(scoring.threshold(tier, rules)) for tier in TIERS}

    @cached_property
    def common(self) -> int:
        """What every weight divides."""
        return lcm(*(one for one in self.weights if one)) if any(self.weights) else 1

    def amount(self, tier: str, score: Points, most: Mapping[str, Decimal]) -> Decimal:
        """What the rules give; worked out once for the same question."""
        if tier == NONE:
            return Decimal()
        asked = (tier, score, most[tier])
        if asked not in self._amounts:
            self._amounts[asked] = scoring.propose_amount(tier, as_points(score), self.rules, most[tier])
        return self._amounts[asked]


def _gate(tier: str, rules: Rules) -> Gate:
    asked = rules["tiers"][tier]["gates"]
    return Gate(
        base=points(asked.get("base", 0)), tasks=points(asked.get("tasks", 0)), agreement=bool(asked.get("agreement")),
        technologies=int(asked.get("technologies", 0)), capital=bool(asked.get("capital")),
        pays=bool(Decimal(rules["amounts"][tier][1])),
    )  # fmt: skip


# --- the cases ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sheet:
    """What one expert gave: in total, and by dimension in the order of the rubric."""

    expert: str
    total: Points
    parts: tuple[Points, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """An application as the board sees it; `official` is the score that it was graded with, None before that."""

    pk: str
    sheets: tuple[Sheet, ...]
    official: Points | None
    agreement: bool
    technologies: int
    capital: bool
    most: Mapping[str, Decimal]  # what each tier may give here


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands before any line: its score, and the tiers whose gates are open to it."""

    score: Points
    open: tuple[str, ...]


def mean(values: Sequence[int], trim_from: int, by: int = 1) -> Points:
    """The panel's mean divided by `by`, halves upwards; from `trim_from` on without one highest and one lowest."""
    kept = sorted(values)[1:-1] if len(values) >= max(trim_from, 3) else values
    return half_up(sum(kept), len(kept) * by)


def half_up(number: int, by: int) -> int:
    """Rounded division of what is not negative."""
    return (2 * number + by) // (2 * by)


def units(weights: Weights, terms: Terms) -> tuple[int, ...]:
    """What a hundredth of a point of each dimension counts under these weights."""
    return tuple(
        weight * (terms.common // most) if most else 0
        for weight, most in zip(weights, terms.weights, strict=True)
    )  # fmt: skip


def weighted(parts: Iterable[Points], unit: Iterable[int]) -> int:
    """A sheet's sum under other weights, before it is brought to a hundred."""
    return sum(map(mul, parts, unit))


def score_of(case: Case, terms: Terms, weights: Weights) -> Points:
    """The official score, unless other weights are asked for; rounded once, when the panel's mean is taken."""
    if weights != terms.weights:
        unit = units(weights, terms)
        sums = [10_000 * weighted(one.parts, unit) for one in case.sheets]
        return mean(sums, terms.trim_from, terms.common * max(sum(weights), 1))
    if case.official is not None:
        return case.official
    return mean([one.total for one in case.sheets], terms.trim_from)


def standing(case: Case, terms: Terms, weights: Weights) -> Standing:
    """Score under these weights; the gates always go by the points as they were given."""
    base, tasks = (mean(values, terms.trim_from) for values in gate_points(case, terms))
    return Standing(score_of(case, terms, weights), open_tiers(case, base, tasks, terms))


def gate_points(case: Case, terms: Terms) -> tuple[list[Points], list[Points]]:
    """What the gates of tier A add up, sheet by sheet: lead, members and foundation; tasks."""
    base, tasks = ([sum([one.parts[n] for n in places]) for one in case.sheets] for places in (terms.base, terms.tasks))
    return base, tasks


def open_tiers(case: Case, base: Points, tasks: Points, terms: Terms) -> tuple[str, ...]:
    """The tiers that everything but the score lets the case into."""
    return tuple([tier for tier in TIERS if _is_open(case, base, tasks, tier, terms.gates[tier])])


def _is_open(case: Case, base: Points, tasks: Points, tier: str, gate: Gate) -> bool:
    return (
        base >= gate.base
        and tasks >= gate.tasks
        and (case.agreement or not gate.agreement)
        and case.technologies >= gate.technologies
        and (case.capital or not gate.capital)
        and bool(case.most[tier] or not gate.pays)
    )


def reach(score: Points, open_: Iterable[str], lines: Lines) -> str:
    """The best of the open tiers whose line is reached."""
    for tier in open_:
        if score >= lines[tier]:
            return tier
    return NONE


# --- the board ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Choice:
    """What somebody set by hand; without an amount the one that the rules give for the tier."""

    tier: str
    amount: Decimal | None = None


@dataclass(frozen=True)
class Row:
    """A case on the board. `ahead_of` counts better scores that it passes by hand."""

    rank: int
    case: Case
    standing: Standing
    rule_tier: str
    rule_amount: Decimal
    line_tier: str
    tier: str
    amount: Decimal
    grey: tuple[str, ...]
    tied: bool
    by_hand: bool
    ahead_of: int

    @property
    def score(self) -> Decimal:
        """In points."""
        return as_points(self.standing.score)

    @property
    def deviates(self) -> bool:
        """Whether it needs a reason."""
        return (self.tier, self.amount) != (self.rule_tier, self.rule_amount)

    @property
    def moves(self) -> int:
        """Above 0 when it rises against the rules, below when it falls."""
        return BETTER.index(self.rule_tier) - BETTER.index(self.tier)


@dataclass(frozen=True)
class Tally:
    """A tier of the board."""

    tier: str
    line: Decimal
    count: int
    amount: Decimal
    quota: int | None

    @property
    def over(self) -> int:
        """How many too many."""
        return max(self.count - self.quota, 0) if self.quota is not None else 0


@dataclass(frozen=True)
class Ranking:
    """All cases, the best first, and what they add up to."""

    rows: tuple[Row, ...]
    tallies: tuple[Tally, ...]

    @property
    def asked(self) -> Decimal:
        """What it takes, in yuan."""
        return sum((one.amount for one in self.tallies), Decimal())

    @property
    def supported(self) -> int:
        """How many get a tier."""
        return sum(one.count for one in self.tallies)

    @property
    def over_quota(self) -> bool:
        """Whether a tier holds more than its quota."""
        return any(one.over for one in self.tallies)


def rank(
    cases: Iterable[Case], lines: Lines, terms: Terms, *, weights: Weights | None = None,
    choices: Mapping[str, Choice] | None = None, bounds: Bounds | None = None,
) -> Ranking:  # fmt: skip
    """The whole board; the same input gives the same board in whatever order the cases come."""
    used = weights or terms.weights
    standings = [(standing(case, terms, used), case) for case in cases]
    standings.sort(key=lambda one: (-one[0].score, one[1].pk))
    scores = [found.score for found, _case in standings]
    first: dict[Points, int] = {}
    for place, score in enumerate(scores, 1):
        first.setdefault(score, place)
    tied, cuts = ties(scores, lines), [sum(score >= line for score in scores) for line in set(lines.values())]
    rows: list[Row] = []
    for found, case in standings:
        why = grey_zone(found.score, (bounds or {}).get(case.pk), lines, cuts, terms.grey)
        chosen = (choices or {}).get(case.pk)
        rows.append(_row(first[found.score], case, found, lines, terms, chosen, why, found.score in tied, rows))
    return Ranking(tuple(rows), tuple(_tally(tier, rows, lines, terms) for tier in TIERS))


def _row(
    place: int, case: Case, found: Standing, lines: Lines, terms: Terms, chosen: Choice | None,
    grey: tuple[str, ...], tied: bool, above: Sequence[Row],
) -> Row:  # fmt: skip
    official = score_of(case, terms, terms.weights)
    rule_tier = reach(official, found.open, terms.lines)
    line_tier = reach(found.score, found.open, lines)
    tier = line_tier if chosen is None else chosen.tier
    amount = terms.amount(tier, found.score, case.most)
    if chosen is not None and chosen.amount is not None:
        amount = chosen.amount
    raised = chosen is not None and BETTER.index(tier) < BETTER.index(line_tier)
    passed = sum(BETTER.index(one.tier) > BETTER.index(tier) for one in above) if raised else 0
    rule_amount = terms.amount(rule_tier, official, case.most)
    return Row(
        place, case, found, rule_tier, rule_amount, line_tier, tier, amount, grey, tied, chosen is not None, passed
    )


def _tally(tier: str, rows: Iterable[Row], lines: Lines, terms: Terms) -> Tally:
    amounts = [row.amount for row in rows if row.tier == tier]
    return Tally(tier, as_points(lines[tier]), len(amounts), sum(amounts, Decimal()), terms.quotas[tier])


def ties(scores: Sequence[Points], lines: Lines) -> set[Points]:
    """The scores next to a line, above or below, that more than one case has."""
    found = set()
    for line in lines.values():
        near = {min((one for one in scores if one >= line), default=None)}
        near.add(max((one for one in scores if one < line), default=None))
        found |= {one for one in near if one is not None and scores.count(one) > 1}
    return found


def grey_zone(
    score: Points, bounds: tuple[int, int] | None, lines: Lines, cuts: Iterable[int], width: Points
) -> tuple[str, ...]:
    """Why the tier of a case is not sure: few points from a line, or its likely ranks on both sides of one."""
    near = any(abs(score - line) <= width for line in lines.values())
    crosses = bounds is not None and any(bounds[0] <= cut < bounds[1] for cut in cuts)
    return (POINTS,) * near + (RANKS,) * crosses

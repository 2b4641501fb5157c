"""How easily a tier would be another one: a point more or less, without one expert, with other weights."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from funding.rules.boards import (
    Case,
    Lines,
    Points,
    Terms,
    Weights,
    gate_points,
    half_up,
    mean,
    open_tiers,
    reach,
    standing,
    units,
    weighted,
)


@dataclass(frozen=True)
class Wobble:
    """One case: the tier that it would have; experts and dimensions by which it would have another."""

    tier: str
    up: str
    down: str
    without: tuple[str, ...]
    weights: tuple[tuple[str, int], ...]  # dimension, per cent more (+) or less (−)

    @property
    def firm(self) -> bool:
        """Whether nothing that was tried moves it."""
        return self.up == self.tier == self.down and not self.without and not self.weights


@dataclass(frozen=True)
class Sensitivity:
    """All cases by their key, and how many each attempt moves."""

    of: dict[str, Wobble]
    up: int
    down: int
    without: tuple[tuple[str, int], ...]  # expert, cases; the most first
    weights: tuple[tuple[str, int, int], ...]  # dimension, per cent, cases


def sensitivity(cases: Sequence[Case], lines: Lines, terms: Terms, weights: Weights | None = None) -> Sensitivity:
    """What the lines alone would make of each case; what was set by hand is left out."""
    used = weights or terms.weights
    found = {case.pk: wobble(case, lines, terms, used) for case in cases}
    experts = Counter(expert for one in found.values() for expert in one.without)
    swings = Counter(swing for one in found.values() for swing in one.weights)
    return Sensitivity(
        of=found,
        up=sum(one.up != one.tier for one in found.values()),
        down=sum(one.down != one.tier for one in found.values()),
        without=tuple(sorted(experts.items(), key=lambda one: (-one[1], one[0]))),
        weights=tuple(
            (code, per_cent, swings[code, per_cent])
            for code in terms.dimensions
            for per_cent in (terms.swing, -terms.swing)
        ),
    )


def wobble(case: Case, lines: Lines, terms: Terms, weights: Weights) -> Wobble:
    """One case under every attempt."""
    now = standing(case, terms, weights)
    tier = reach(now.score, now.open, lines)
    return Wobble(
        tier, reach(now.score + terms.shift, now.open, lines), reach(now.score - terms.shift, now.open, lines),
        tuple([expert for expert, other in _without(case, lines, terms, weights) if other != tier]),
        tuple([swing for swing, score in _swung(case, now.score, lines, terms, weights)
               if reach(score, now.open, lines) != tier]),
    )  # fmt: skip


# --- without one expert ------------------------------------------------------------------------
def _without(case: Case, lines: Lines, terms: Terms, weights: Weights) -> Iterator[tuple[str, str]]:
    """The tier without each of the experts; a panel of one has nobody to spare."""
    if len(case.sheets) < 2:
        return
    totals, by = _totals(case, terms, weights)
    base, tasks = gate_points(case, terms)
    scores, bases, all_tasks = (_means_without(one, terms.trim_from) for one in (totals, base, tasks))
    for n, sheet in enumerate(case.sheets):
        (number, count), (of_base, least), (of_tasks, _least) = scores[n], bases[n], all_tasks[n]
        open_ = open_tiers(case, half_up(of_base, least), half_up(of_tasks, least), terms)
        yield sheet.expert, reach(half_up(number, count * by), open_, lines)


def _totals(case: Case, terms: Terms, weights: Weights) -> tuple[list[int], int]:
    """What each sheet adds up to, and what that is to be divided by to be hundredths of points."""
    if weights == terms.weights:
        return [one.total for one in case.sheets], 1
    unit = units(weights, terms)
    return [10_000 * weighted(one.parts, unit) for one in case.sheets], terms.common * max(sum(weights), 1)


def _means_without(values: Sequence[int], trim_from: int) -> list[tuple[int, int]]:
    """For each value the sum and number of the others that count, from one sorting."""
    line, whole, rest = sorted(values), sum(values), len(values) - 1
    if rest < max(trim_from, 3):
        return [(whole - one, rest) for one in values]
    found = []
    for one in values:
        lowest = line[1] if one == line[0] else line[0]
        highest = line[-2] if one == line[-1] else line[-1]
        found.append((whole - one - lowest - highest, rest - 2))
    return found


# --- other weights -----------------------------------------------------------------------------
def _swung(
    case: Case, score: Points, lines: Lines, terms: Terms, weights: Weights
) -> Iterator[tuple[tuple[str, int], Points]]:
    """The score with each dimension weighing so many per cent more or less, all of them brought to a hundred again.

    What cannot reach a line, however the points are spread, is left out.
    """
    whole, unit = sum(weights), units(weights, terms)
    nearest = min(abs(score - line) for line in lines.values())
    sums: list[int] = []
    for n, code in enumerate(terms.dimensions):
        if nearest > _reach_of(weights[n], whole, terms.swing):
            continue
        sums = sums or [100 * weighted(one.parts, unit) for one in case.sheets]
        own = [one.parts[n] * unit[n] for one in case.sheets]
        for swing in (terms.swing, -terms.swing):
            by = terms.common * max(100 * whole + swing * weights[n], 1)
            values = [10_000 * (total + swing * part) for total, part in zip(sums, own, strict=True)]
            yield (code, swing), mean(values, terms.trim_from, by)


def _reach_of(weight: Points, whole: Points, swing: int) -> Points:
    """More than a score can move when one weight swings."""
    return 10_000 * swing * weight // max(100 * whole - swing * weight, 1) + 100

"""How severe each expert is and how sure a rank is: information beside the official score, which it never replaces.

A score is taken as what the application is worth plus how severe its expert is. Both are fitted by least squares over
all reviews of a call; severities of experts who have no application in common, not even through others, cannot be
compared, so they are counted in groups, each with a mean severity of 0.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from statistics import fmean, pstdev

from funding.rules.scoring import Number, cents, panel_mean, trimmed

ROUNDS, ENOUGH = 500, 1e-6  # of the fit; points
SAMPLES = 200  # of the bootstrap
INTERVAL = 0.9
FAR = 2.0  # standard deviations from which a review is an outlier
LEAST = 3  # reviews of which a standard deviation says something


@dataclass(frozen=True)
class Mark:
    """What one expert gave one application in total, 0 to 100."""

    case: str
    expert: str
    total: Decimal


@dataclass(frozen=True)
class Place:
    """An application under each way of counting; ranks from 1, the same for the same value.

    `standard` is the mean of its z-scores, None where no expert of it scored enough others; `low` and `high` bound its
    official rank in 90 of 100 panels drawn with replacement from its own.
    """

    case: str
    official: Decimal
    raw: Decimal
    standard: float | None
    adjusted: float
    ranks: Mapping[str, int]
    low: int
    high: int


@dataclass(frozen=True)
class Judge:
    """An expert: points above (+) or below (−) what the fit expects, and how its totals spread."""

    expert: str
    reviews: int
    mean: float
    severity: float
    deviation: float
    group: int  # from 1; severities compare within one group only
    outliers: int


@dataclass(frozen=True)
class Outlier:
    """A review far from what application and expert let one expect, in points."""

    case: str
    expert: str
    total: Decimal
    expected: float
    distance: float  # standard deviations


@dataclass(frozen=True)
class Calibration:
    """A call's panels, the best first; experts, the most severe first."""

    places: tuple[Place, ...]
    judges: tuple[Judge, ...]
    outliers: tuple[Outlier, ...]
    groups: int


def calibrate(marks: Iterable[Mark], trim_from: int, seed: str) -> Calibration:
    """All of it; the same marks and seed give the same answer, in whatever order they come."""
    ordered = sorted(marks, key=lambda one: (one.case, one.expert))
    if not ordered:
        return Calibration((), (), (), 0)
    fit = Fit(ordered)
    panels = {case: [one.total for one in rows] for case, rows in groupby(ordered, key=lambda one: one.case)}
    outliers = tuple(fit.outliers())
    return Calibration(
        tuple(_places(ordered, panels, fit, trim_from, seed)), tuple(_judges(ordered, fit, outliers)), outliers,
        max(fit.group.values()),
    )  # fmt: skip


class Fit:
    """Worth of each application and severity of each expert, by alternating means, which least squares converge to."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self.marks = marks
        self.of_case: dict[str, list[tuple[str, float]]] = defaultdict(list)
        self.of_expert: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for one in marks:
            self.of_case[one.case].append((one.expert, float(one.total)))
            self.of_expert[one.expert].append((one.case, float(one.total)))
        self.group = self._groups()
        self.severity = dict.fromkeys(self.of_expert, 0.0)
        self.worth: dict[str, float] = {}
        self._converge()

    def expected(self, mark: Mark) -> float:
        """What worth and severity let one expect."""
        return self.worth[mark.case] + self.severity[mark.expert]

    def outliers(self) -> Iterable[Outlier]:
        """The reviews that lie further off than FAR, the furthest first."""
        rests = [float(one.total) - self.expected(one) for one in self.marks]
        spread = pstdev(rests)
        far = [
            Outlier(one.case, one.expert, one.total, self.expected(one), rest / spread)
            for one, rest in zip(self.marks, rests, strict=True)
            if spread > ENOUGH and abs(rest) > FAR * spread
        ]
        return sorted(far, key=lambda one: -abs(one.distance))

    def _converge(self) -> None:
        for _ in range(ROUNDS):
            self.worth = {
                case: fmean(total - self.severity[expert] for expert, total in rows)
                for case, rows in self.of_case.items()
            }
            before = self.severity
            self.severity = {
                expert: fmean(total - self.worth[case] for case, total in rows)
                for expert, rows in self.of_expert.items()
            }
            if max(abs(self.severity[one] - before[one]) for one in before) < ENOUGH:
                break
        self._centre()

    def _centre(self) -> None:
        """A mean severity of 0 in each group; what is taken off the experts goes to their applications."""
        members: dict[int, list[str]] = defaultdict(list)
        for expert, group in self.group.items():
            members[group].append(expert)
        shift = {group: fmean(self.severity[one] for one in experts) for group, experts in members.items()}
        self.severity = {one: value - shift[self.group[one]] for one, value in self.severity.items()}
        self.worth = {case: value + shift[self.group[self.of_case[case][0][0]]] for case, value in self.worth.items()}

    def _groups(self) -> dict[str, int]:
        """The experts who are connected by applications, by the number of their group."""
        found: dict[str, int] = {}
        for start in self.of_expert:
            if start not in found:
                self._mark_group(start, max(found.values(), default=0) + 1, found)
        return found

    def _mark_group(self, start: str, number: int, found: dict[str, int]) -> None:
        found[start] = number
        waiting = [start]
        while waiting:
            cases = [case for case, _total in self.of_expert[waiting.pop()]]
            reached = {expert for case in cases for expert, _total in self.of_case[case]} - found.keys()
            found |= dict.fromkeys(reached, number)
            waiting += reached


def _places(
    marks: Sequence[Mark], panels: Mapping[str, list[Decimal]], fit: Fit, trim_from: int, seed: str
) -> Iterable[Place]:
    official = {case: panel_mean(totals, trim_from) for case, totals in panels.items()}
    raw = {case: cents(sum(totals, Decimal()) / len(totals)) for case, totals in panels.items()}
    standard = _standard(marks, fit)
    ways = {
        "official": ranks_of(official), "raw": ranks_of(raw), "standard": ranks_of(standard),
        "adjusted": ranks_of({case: round(worth, 4) for case, worth in fit.worth.items()}),
    }  # fmt: skip
    bounds = intervals(panels, trim_from, seed)
    for case in sorted(panels, key=lambda one: (-official[one], one)):
        yield Place(
            case, official[case], raw[case], standard.get(case), fit.worth[case],
            {way: ranks[case] for way, ranks in ways.items() if case in ranks}, *bounds[case],
        )  # fmt: skip


def ranks_of(values: Mapping[str, Number]) -> dict[str, int]:
    """Ranks from 1, the highest value first; equal values share the better rank."""
    first: dict[Number, int] = {}
    for rank, value in enumerate(sorted(values.values(), reverse=True), 1):
        first.setdefault(value, rank)
    return {case: first[value] for case, value in values.items()}


def _standard(marks: Sequence[Mark], fit: Fit) -> dict[str, float]:
    """Mean z-score of each application, from the experts who scored LEAST or more and not all alike."""
    scales = {expert: [total for _case, total in rows] for expert, rows in fit.of_expert.items()}
    usable = {
        expert: (fmean(totals), pstdev(totals))
        for expert, totals in scales.items()
        if len(totals) >= LEAST and pstdev(totals) > ENOUGH
    }
    found: dict[str, list[float]] = defaultdict(list)
    for one in marks:
        if one.expert in usable:
            middle, spread = usable[one.expert]
            found[one.case].append((float(one.total) - middle) / spread)
    return {case: round(fmean(scores), 4) for case, scores in found.items()}


def intervals(panels: Mapping[str, list[Decimal]], trim_from: int, seed: str) -> dict[str, tuple[int, int]]:
    """The bounds of each official rank over SAMPLES draws of every panel from itself."""
    dice, ranks = random.Random(seed), {case: list[int]() for case in panels}
    exact = {case: [float(total) for total in totals] for case, totals in panels.items()}
    for _ in range(SAMPLES):
        drawn = {case: fmean(trimmed(dice.choices(totals, k=len(totals)), trim_from)) for case, totals in exact.items()}
        for case, rank in ranks_of(drawn).items():
            ranks[case].append(rank)
    tail = int(SAMPLES * (1 - INTERVAL) / 2)
    return {case: (sorted(found)[tail], sorted(found)[-tail - 1]) for case, found in ranks.items()}


def _judges(marks: Sequence[Mark], fit: Fit, outliers: Sequence[Outlier]) -> Iterable[Judge]:
    rows = [
        Judge(
            expert, len(given), fmean(total for _case, total in given), fit.severity[expert],
            pstdev(total for _case, total in given), fit.group[expert], sum(one.expert == expert for one in outliers),
        )
        for expert, given in fit.of_expert.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda one: (one.severity, one.expert))

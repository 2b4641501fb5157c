"""Which tier a consortium may expect before anybody has scored it: pure functions.

What the portal scores by itself is known; what experts score lies between nothing and their maximum. A tier is within
reach as long as the experts can still give what it asks, and is expected while they need not give more than a share
of it that the rules name.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from funding.rules import scoring
from funding.rules.automatic import AutoScore, Facts, required_clauses
from funding.rules.scoring import BASE, TASKS, TIERS, Gate, Rules, Standing

EXPECTED_SHARE = "0.8"  # [P] of the experts' points, where the rules say nothing


class Reach(Enum):
    """How near a tier is."""

    CLOSED = "closed"  # not open to this consortium in this call
    OUT = "out"  # whatever the experts give
    GATED = "gated"  # something is still missing that can be supplied
    HARD = "hard"  # the experts would have to give more than is to be expected
    LIKELY = "likely"


@dataclass(frozen=True)
class Need:
    """So many points the experts have to give of those that are theirs."""

    points: Decimal
    of: Decimal

    @property
    def share(self) -> Decimal:
        """Between 0 and, out of reach, more than 1."""
        if not self.points:
            return Decimal()
        return self.points / self.of if self.of else Decimal(2)


@dataclass(frozen=True)
class Prospect:
    """One tier: the score it asks, what experts must give for it, what is missing, what it is worth in yuan."""

    tier: str
    asks: Decimal
    need: Need  # in all
    needs: tuple[Need, ...]  # in all, and for each group of indicators that has a bound of its own
    missing: tuple[Gate, ...]
    amounts: tuple[Decimal, Decimal]
    reach: Reach

    @property
    def percent(self) -> int:
        """The largest share of the experts' points that is needed, rounded up."""
        return -int(-max(one.share for one in self.needs) * 100 // 1)


@dataclass(frozen=True)
class Forecast:
    """All that can be said beforehand."""

    known: Decimal
    knowable: Decimal  # the most that the portal's own points can be
    open: Decimal  # the experts' points
    share: Decimal
    prospects: tuple[Prospect, ...]

    @property
    def share_percent(self) -> int:
        """The share of the experts' points that is to be expected."""
        return int(self.share * 100)

    @property
    def expected(self) -> Prospect | None:
        """The highest tier that is likely; None for none."""
        return next((one for one in self.prospects if one.reach is Reach.LIKELY), None)


def forecast(
    scores: Mapping[str, AutoScore], facts: Facts, rules: Rules, caps: Mapping[str, Decimal], open_: Collection[str]
) -> Forecast:
    """From the automatic scores and facts of a consortium; `open_` are the tiers it may ask for, `caps` in yuan."""
    share = Decimal(rules.get("forecast", {}).get("share", EXPECTED_SHARE))
    lines = scoring.indicators(rules)
    return Forecast(
        known=sum((one.score for one in scores.values()), Decimal()),
        knowable=sum((one.maximum for one in lines if one.is_auto), Decimal()),
        open=sum((one.maximum for one in lines if not one.is_auto), Decimal()),
        share=share,
        prospects=tuple(_prospect(tier, scores, facts, rules, caps[tier], tier in open_, share) for tier in TIERS),
    )


def _prospect(
    tier: str, scores: Mapping[str, AutoScore], facts: Facts, rules: Rules, cap: Decimal, is_open: bool, share: Decimal
) -> Prospect:
    asks, wanted = scoring.threshold(tier, rules), rules["tiers"][tier]["gates"]
    whole = _need(asks, scores, rules, {one.code for one in scoring.dimensions(rules)})
    groups = [(wanted[code], codes) for code, codes in (("base", BASE), ("tasks", TASKS)) if code in wanted]
    needs = (whole, *(_need(Decimal(str(least)), scores, rules, codes) for least, codes in groups))
    missing = tuple(gate for gate in scoring.gates(tier, _standing(facts, rules), rules, cap) if _is_missing(gate))
    ends = scoring.propose_amount(tier, asks, rules, cap), scoring.propose_amount(tier, Decimal(100), rules, cap)
    worst = max(one.share for one in needs)
    return Prospect(tier, asks, whole, needs, missing, ends, _reach(worst, missing, is_open, share))


def _need(least: Decimal, scores: Mapping[str, AutoScore], rules: Rules, codes: Iterable[str]) -> Need:
    wanted = set(codes)
    lines = [one for one in scoring.indicators(rules) if one.dimension in wanted]
    known = sum((scores[one.code].score for one in lines if one.is_auto), Decimal())
    return Need(max(least - known, Decimal()), sum((one.maximum for one in lines if not one.is_auto), Decimal()))


def _standing(facts: Facts, rules: Rules) -> Standing:
    """What is known; the score and the groups that experts score are asked about as needs."""
    return Standing(
        score=Decimal(), base=Decimal(), tasks=Decimal(), agreement=required_clauses(rules) <= facts.clauses,
        technologies=facts.technologies, capital=facts.has_capital,
    )  # fmt: skip


def _is_missing(gate: Gate) -> bool:
    return not gate.passed and gate.code not in {"score", "base", "tasks"}


def _reach(worst: Decimal, missing: Collection[Any], is_open: bool, share: Decimal) -> Reach:
    if not is_open:
        return Reach.CLOSED
    if worst > 1:
        return Reach.OUT
    if missing:
        return Reach.GATED
    return Reach.LIKELY if worst <= share else Reach.HARD

"""The lines between the tiers: moved past a score, kept in their order, fitted to money and quotas."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal

from funding.rules.boards import Case, Lines, Points, Standing, Terms, reach, standing
from funding.rules.scoring import TIERS

TOP: Points = 10_001  # above every score: nobody reaches the tier


def in_order(lines: Lines, moved: str = "") -> Lines:
    """A at or above B, B at or above C: the others give way to the one that was moved."""
    at = TIERS.index(moved) if moved else 0
    found = {tier: min(max(lines[tier], 0), TOP) for tier in TIERS}
    for tier in TIERS[:at]:
        found[tier] = max(found[tier], found[TIERS[at]])
    for above, tier in zip(TIERS[at:], TIERS[at + 1 :], strict=False):
        found[tier] = min(found[tier], found[above])
    return found


def raised(lines: Lines, tier: str, scores: Iterable[Points]) -> Lines:
    """The line past the lowest score above it: whoever has just this score falls out."""
    above = sorted({score for score in scores if score >= lines[tier]})
    return in_order({**lines, tier: above[1] if len(above) > 1 else TOP}, tier)


def lowered(lines: Lines, tier: str, scores: Iterable[Points]) -> Lines:
    """The line down to the next score below it."""
    below = [score for score in scores if score < lines[tier]]
    return in_order({**lines, tier: max(below, default=lines[tier])}, tier)


def fitted(cases: Iterable[Case], terms: Terms, money: Decimal) -> Lines:
    """The thresholds of the rules, raised until quotas and money suffice; cases with one score stay together."""
    lines, standings = terms.lines, [(standing(case, terms, terms.weights), case) for case in cases]
    while tier := _too_much(standings, lines, terms, money):
        lines = raised(
            lines, tier, [one.score for one, _case in standings if reach(one.score, one.open, lines) == tier]
        )
    return lines


def _too_much(standings: Iterable[tuple[Standing, Case]], lines: Lines, terms: Terms, money: Decimal) -> str:
    """Which line has to rise first: of the best tier above its quota, else of the lowest tier that takes money."""
    counts, sums = Counter[str](), defaultdict[str, Decimal](Decimal)
    for one, case in standings:
        tier = reach(one.score, one.open, lines)
        counts[tier] += 1
        sums[tier] += terms.amount(tier, one.score, case.most)
    for tier, most in terms.quotas.items():
        if most is not None and counts[tier] > most:
            return tier
    if sum(sums.values()) <= money:
        return ""
    return next(tier for tier in reversed(TIERS) if sums[tier])

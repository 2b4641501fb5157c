"""From scores to a proposal: indicators of a rule set, the panel's mean, tier and amount. Money is Decimal, in yuan."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import pstdev
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")
TENTH = Decimal("0.1")
HUNDRED = Decimal(100)
TIERS = ("A", "B", "C")
BASE, TASKS = ("L", "M", "B"), ("T",)  # the dimensions that the gates of tier A add up
Number = TypeVar("Number", Decimal, float)
Rules = Mapping[str, Any]
Scores = Mapping[str, Decimal]


def cents(value: Decimal) -> Decimal:
    """Two decimals, halves upwards."""
    return value.quantize(CENT, ROUND_HALF_UP)


# --- the rubric --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Anchor:
    """What scores between these bounds mean."""

    low: Decimal
    high: Decimal
    zh: str
    en: str

    @property
    def text(self) -> str:
        """In the reader's language."""
        return _spoken(self.zh, self.en)


@dataclass(frozen=True)
class Indicator:
    """One line of the rubric; scored by the portal (`auto`) or by experts."""

    code: str
    dimension: str
    zh: str
    en: str
    maximum: Decimal
    method: str
    anchors: tuple[Anchor, ...] = ()

    @property
    def is_auto(self) -> bool:
        """Whether the portal scores it from the snapshot."""
        return self.method == "auto"

    @property
    def name(self) -> str:
        """In the reader's language."""
        return _spoken(self.zh, self.en)


@dataclass(frozen=True)
class Dimension:
    """A group of indicators."""

    code: str
    zh: str
    en: str
    indicators: tuple[Indicator, ...]

    @property
    def maximum(self) -> Decimal:
        """What its indicators can add up to."""
        return sum((indicator.maximum for indicator in self.indicators), Decimal())

    @property
    def name(self) -> str:
        """In the reader's language."""
        return _spoken(self.zh, self.en)


def _spoken(zh: str, en: str) -> str:
    return zh if (get_language() or "zh").startswith("zh") else en


def dimensions(rules: Rules) -> tuple[Dimension, ...]:
    """The rubric of a rule set."""
    return tuple(
        Dimension(row["code"], row["zh"], row["en"], tuple(_indicator(row["code"], one) for one in row["indicators"]))
        for row in rules["dimensions"]
    )


def _indicator(dimension: str, row: Mapping[str, Any]) -> Indicator:
    maximum = Decimal(str(row["max"]))
    anchors = tuple(_anchors(maximum, row.get("anchors") or ()))
    return Indicator(row["code"], dimension, row["zh"], row["en"], maximum, row["method"], anchors)


def _anchors(maximum: Decimal, rows: Iterable[Mapping[str, str]]) -> Iterator[Anchor]:
    """From the highest level down; a level ends a tenth below the one above it."""
    high = maximum
    for row in rows:
        low = (maximum * Decimal(row["from"])).quantize(TENTH, ROUND_HALF_UP)
        yield Anchor(low, high, row["zh"], row["en"])
        high = low - TENTH


def indicators(rules: Rules) -> tuple[Indicator, ...]:
    """Every indicator of a rule set, in its order."""
    return tuple(indicator for dimension in dimensions(rules) for indicator in dimension.indicators)


def expert_indicators(rules: Rules) -> tuple[Indicator, ...]:
    """Those that experts score."""
    return tuple(indicator for indicator in indicators(rules) if not indicator.is_auto)


def total(scores: Scores) -> Decimal:
    """What one expert's scores, the automatic ones included, add up to."""
    return cents(sum(scores.values(), Decimal()))


def dimension_total(rules: Rules, scores: Scores, codes: Iterable[str]) -> Decimal:
    """What the scores of some dimensions add up to; a missing score counts nothing."""
    wanted = set(codes)
    lines = (indicator.code for indicator in indicators(rules) if indicator.dimension in wanted)
    return sum((scores.get(code, Decimal()) for code in lines), Decimal())


# --- the panel ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Panel:
    """What the experts' totals come to; `trimmed` when the highest and the lowest were left out of the mean."""

    count: int
    mean: Decimal
    deviation: Decimal
    spread: Decimal
    trimmed: bool
    is_dispersed: bool


def panel_mean(values: Sequence[Decimal], trim_from: int) -> Decimal:
    """The mean in two decimals; from `trim_from` values on, one highest and one lowest are left out."""
    if not values:
        raise ValueError("a panel without experts has no mean")
    kept = trimmed(values, trim_from)
    return cents(sum(kept, Decimal()) / len(kept))


def trimmed(values: Sequence[Number], trim_from: int) -> list[Number]:
    """The values that count: from `trim_from` on without one highest and one lowest."""
    return sorted(values)[1:-1] if len(values) >= max(trim_from, 3) else list(values)


def judge_panel(totals: Sequence[Decimal], rules: Rules) -> Panel:
    """Mean, standard deviation (of the whole panel) and spread; dispersed when one exceeds its limit."""
    limits = rules["panel"]
    deviation = pstdev(totals)
    spread = max(totals) - min(totals)
    return Panel(
        count=len(totals),
        mean=panel_mean(totals, limits["trim_from"]),
        deviation=cents(deviation),
        spread=spread,
        trimmed=len(totals) >= max(limits["trim_from"], 3),
        is_dispersed=deviation > Decimal(limits["max_deviation"]) or spread > Decimal(limits["max_spread"]),
    )


# --- tier and amount ---------------------------------------------------------------------------
GATES: dict[str, str | Promise] = {
    "score": _("Score"),
    "asked": _("Amount asked for"),
    "base": _("Lead, members and foundation of cooperation (L+M+B)"),
    "tasks": _("Research tasks (T)"),
    "agreement": _("Agreement settles every clause"),
    "technologies": _("Entries in the key-technology list"),
    "capital": _("Fund or platform in place"),
}


@dataclass(frozen=True)
class Standing:
    """All that a tier depends on."""

    score: Decimal
    base: Decimal
    tasks: Decimal
    agreement: bool
    technologies: int
    capital: bool


@dataclass(frozen=True)
class Gate:
    """A condition of a tier: what it asks and what is there."""

    tier: str
    code: str
    needed: str
    actual: str
    passed: bool

    @property
    def label(self) -> str | Promise:
        """What is asked, in words."""
        return GATES[self.code]


@dataclass(frozen=True)
class Proposal:
    """What the rules propose; an empty tier means no support. The meeting decides."""

    tier: str
    amount: Decimal
    gates: tuple[Gate, ...]


def propose(standing: Standing, rules: Rules, caps: Mapping[str, Decimal]) -> Proposal:
    """The highest tier whose gates are all open, and its amount; `caps` say what each tier may give here, in yuan."""
    found = tuple(gate for tier in TIERS for gate in gates(tier, standing, rules, caps[tier]))
    shut = {gate.tier for gate in found if not gate.passed}
    tier = next((tier for tier in TIERS if tier not in shut), "")
    return Proposal(tier, propose_amount(tier, standing.score, rules, caps[tier]) if tier else Decimal(), found)


def threshold(tier: str, rules: Rules) -> Decimal:
    """The score from which the tier can be had."""
    return Decimal(rules["tiers"][tier]["from"])


def gates(tier: str, standing: Standing, rules: Rules, cap: Decimal) -> list[Gate]:
    """What the tier asks beside what is there."""
    asked = {"score": threshold(tier, rules), **rules["tiers"][tier]["gates"]}
    found = [_gate(tier, code, needed, getattr(standing, code)) for code, needed in asked.items()]
    if not cap and Decimal(rules["amounts"][tier][1]):
        found.append(Gate(tier, "asked", "> 0", "0", passed=False))
    return found


def _gate(tier: str, code: str, needed: Any, actual: Any) -> Gate:
    if isinstance(actual, bool):
        return Gate(tier, code, _yes(needed), _yes(actual), actual or not needed)
    return Gate(tier, code, f"≥ {needed}", str(actual), actual >= Decimal(str(needed)))


def _yes(value: bool) -> str:
    return gettext("yes") if value else gettext("no")


def propose_amount(tier: str, score: Decimal, rules: Rules, cap: Decimal) -> Decimal:
    """Linear in the score between the tier's bounds, to the nearest step, never above the cap."""
    low, high = (Decimal(bound) for bound in rules["amounts"][tier])
    step = Decimal(rules["amounts"]["step"])
    start, end = threshold(tier, rules), _ceiling(tier, rules)
    share = min(max((score - start) / (end - start), Decimal()), Decimal(1))
    nearest = ((low + share * (high - low)) / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return min(nearest, cap // step * step).quantize(CENT)


def _ceiling(tier: str, rules: Rules) -> Decimal:
    """Where the next higher tier begins; 100 for the highest."""
    higher = [threshold(other, rules) for other in TIERS[: TIERS.index(tier)]]
    return min(higher, default=HUNDRED)

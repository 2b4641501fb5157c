"""The scorecard of the seven things that a consortium builds up: pure arithmetic over the canonical facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consortia.enums import JOINED, OutcomeKind, ParticipationRole, PlatformKind, Progress, SevenOnes

FULL_LIST = 3  # technologies that make a list, and research bodies that make more than a pair
FULL_BODIES = 2
HIGHEST = 2 * len(SevenOnes)

NOTES: Mapping[SevenOnes, str | Promise] = {
    SevenOnes.SUB_FIELD: "%(name)s",
    SevenOnes.TECHNOLOGIES: _("%(count)s listed, %(bottleneck)s of them bottlenecks"),
    SevenOnes.LEAD: _("Led by %(name)s"),
    SevenOnes.RESEARCH: _("%(confirmed)s of %(count)s have confirmed"),
    SevenOnes.INCUBATOR: _("%(open)s open, %(count)s in all"),
    SevenOnes.FUND: _("%(paid)s of %(scale)s (×10k yuan) paid in"),
    SevenOnes.PRODUCTS: _("%(count)s on record, %(sold)s with sales"),
}


ICONS: Mapping[SevenOnes, str] = {
    SevenOnes.SUB_FIELD: "target",
    SevenOnes.TECHNOLOGIES: "list-check",
    SevenOnes.LEAD: "crown",
    SevenOnes.RESEARCH: "school",
    SevenOnes.INCUBATOR: "building-warehouse",
    SevenOnes.FUND: "coin-yuan",
    SevenOnes.PRODUCTS: "device-desktop-analytics",
}


class OneStatus(TextChoices):
    """Where one of the seven stands in a year."""

    OPEN = "OPEN", pgettext_lazy("seven ones", "Not claimed yet")
    CLAIMED = "CLAIMED", pgettext_lazy("seven ones", "Waits for verification")
    RETURNED = "RETURNED", pgettext_lazy("seven ones", "Sent back")
    VERIFIED = "VERIFIED", _("Verified")


class Proof(TextChoices):
    """What one of the seven is proven by."""

    FILE = "FILE", _("File")
    TECHNOLOGY = "TECHNOLOGY", _("Key technology")
    MEMBER = "MEMBER", _("Member")
    PLATFORM = "PLATFORM", _("Joint platform")
    FUND = "FUND", _("Fund")
    OUTCOME = "OUTCOME", _("Outcome")


@dataclass(frozen=True)
class One:
    """One of the seven: how far it is, and the figures that say so; `verified` if the bureau has found it so."""

    item: SevenOnes
    progress: Progress
    figures: Mapping[str, Any]
    verified: bool = False

    @property
    def icon(self) -> str:
        """The sign of the item."""
        return ICONS[self.item]

    @property
    def note(self) -> str:
        """The figures as a sentence in the reader's language."""
        return str(NOTES[self.item]) % self.figures


@dataclass(frozen=True)
class Station:
    """The postdoctoral workstation: how far it is, and how many there are."""

    progress: Progress
    opened: int
    count: int


@dataclass(frozen=True)
class Scorecard:
    """All seven, in their order."""

    ones: tuple[One, ...]

    @property
    def total(self) -> int:
        """Points out of `HIGHEST`."""
        return sum(one.progress for one in self.ones)

    def count(self, progress: Progress) -> int:
        """How many stand at this progress."""
        return sum(one.progress == progress for one in self.ones)

    @property
    def verified(self) -> int:
        """How many the bureau has verified."""
        return sum(one.verified for one in self.ones)


def seven_ones(facts: Mapping[str, Any], *, language: str = "zh") -> Scorecard:
    """The scorecard of `consortia.selectors.consortium_facts`, live or frozen. `language` is zh or en."""
    return Scorecard((
        _sub_field(facts, language),
        _technologies(facts["technologies"]),
        _lead(facts),
        _research(facts["members"]),
        _incubator(facts["platforms"]),
        _fund(facts["funds"]),
        _products(facts["outcomes"]),
    ))  # fmt: skip


def _progress(started: bool, built: bool) -> Progress:
    return Progress.BUILT if built else Progress.IN_PROGRESS if started else Progress.NONE


def scorecard_of(facts: Mapping[str, Any], year: int, *, language: str = "zh") -> Scorecard:
    """The scorecard of a year: what the bureau has verified, and what the registers say of the rest."""
    rows = facts.get("seven_ones", [])  # not in facts that were frozen before the years were kept
    found = {row["item"]: Progress(row["progress"]) for row in rows if row["year"] == year}
    ones = seven_ones(facts, language=language).ones
    return Scorecard(
        tuple(replace(one, progress=found[one.item], verified=True) if one.item in found else one for one in ones)
    )


def _sub_field(facts: Mapping[str, Any], language: str) -> One:
    field = facts["consortium"]["sub_field"]
    return One(SevenOnes.SUB_FIELD, Progress.BUILT, {"name": field["zh" if language.startswith("zh") else "en"]})


def _technologies(rows: list[dict[str, Any]]) -> One:
    bottlenecks = sum(row["problem_class"] == "BOTTLENECK" for row in rows)
    figures = {"count": len(rows), "bottleneck": bottlenecks}
    return One(SevenOnes.TECHNOLOGIES, _progress(bool(rows), len(rows) >= FULL_LIST), figures)


def _lead(facts: Mapping[str, Any]) -> One:
    confirmed = any(row["role"] == ParticipationRole.LEAD and _confirmed(row) for row in facts["members"])
    ranked = facts["lead"]["lead_class"] != "NONE"
    return One(SevenOnes.LEAD, _progress(True, confirmed and ranked), {"name": facts["lead"]["name"]})


def _research(members: list[dict[str, Any]]) -> One:
    bodies = [row for row in members if row["organisation"]["group"] == "univ"]
    confirmed = sum(map(_confirmed, bodies))
    figures = {"confirmed": confirmed, "count": len(bodies)}
    return One(SevenOnes.RESEARCH, _progress(bool(bodies), confirmed >= FULL_BODIES), figures)


def _incubator(platforms: list[dict[str, Any]]) -> One:
    incubators = [row for row in platforms if row["kind"] == PlatformKind.INCUBATOR]
    opened = sum(bool(row["opened_on"]) for row in incubators)
    return One(SevenOnes.INCUBATOR, _progress(bool(incubators), opened > 0), {"open": opened, "count": len(incubators)})


def postdoc_station(platforms: Iterable[Any]) -> Station:
    """The postdoctoral workstation, which every consortium is asked for beside the seven; it gives no points."""
    stations = [row for row in platforms if row.kind == PlatformKind.POSTDOC]
    opened = sum(row.opened_on is not None for row in stations)
    return Station(_progress(bool(stations), opened > 0), opened, len(stations))


def _fund(funds: list[dict[str, Any]]) -> One:
    scale, paid = _sum(row["scale"] for row in funds), _sum(row["paid_in"] for row in funds)
    figures = {"paid": _wan(paid), "scale": _wan(scale)}
    return One(SevenOnes.FUND, _progress(bool(funds), bool(scale) and paid >= scale), figures)


def _products(outcomes: list[dict[str, Any]]) -> One:
    products = [row for row in outcomes if row["kind"] == OutcomeKind.PRODUCT and row.get("counts", True)]
    sold = sum(Decimal(row["amount"]) > 0 for row in products)
    return One(SevenOnes.PRODUCTS, _progress(bool(products), sold > 0), {"count": len(products), "sold": sold})


def _confirmed(member: Mapping[str, Any]) -> bool:
    return member["status"] in JOINED


def _sum(amounts: Iterable[str]) -> Decimal:
    return sum(map(Decimal, amounts), Decimal(0))


def _wan(amount: Decimal) -> str:
    return f"{(amount / 10_000).normalize():,f}"

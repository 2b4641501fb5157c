"""Scores that follow from the frozen snapshot alone, each with the evidence for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext, ngettext

from consortia.enums import ChainPosition, ParticipationRole, PlatformKind
from funding.rules.scoring import CENT, TENTH, Rules, indicators
from members.enums import Group, LeadClass, OrganisationType

YI = Decimal(100_000_000)
WAN = Decimal(10_000)
YEARS = 3
CLASS_POINTS = {
    LeadClass.TOP500: 6, LeadClass.LISTED: 5, LeadClass.CHAMPION: 4, LeadClass.SEGMENT: 3, LeadClass.HNTE: 1,
    LeadClass.NONE: 0,
}  # fmt: skip
REVENUE_POINTS = ((50 * YI, 5), (20 * YI, 4), (5 * YI, 3), (YI, 2))
RD_FLOOR, RD_FLOOR_PERCENT = Decimal(30_000_000), Decimal(3)
RD_TOP, RD_TOP_PERCENT = YI, Decimal(6)
LINKS = (
    (ChainPosition.UPSTREAM,), (ChainPosition.MIDSTREAM,), (ChainPosition.DOWNSTREAM,),
    (ChainPosition.PLATFORM, ChainPosition.SERVICE),
)  # fmt: skip
CAPITAL = {OrganisationType.FUND, OrganisationType.BANK, OrganisationType.INVESTMENT}


@dataclass(frozen=True)
class Year:
    """What the lead states of one year, in yuan."""

    year: int
    revenue: Decimal
    rd_expense: Decimal


@dataclass(frozen=True)
class Facts:
    """What the methods look at. Years newest first; types and groups of the members without the lead."""

    lead_class: str
    years: tuple[Year, ...]
    types: tuple[str, ...]
    groups: tuple[str, ...]
    positions: frozenset[str]
    clauses: frozenset[str]
    platforms: tuple[tuple[str, bool], ...]  # kind, whether it is open
    funds: tuple[Decimal, ...]  # paid in
    technologies: int

    @property
    def has_capital(self) -> bool:
        """A fund or a platform is there (a gate of tier A)."""
        return bool(self.funds or self.platforms)


@dataclass(frozen=True)
class AutoScore:
    """A score no expert can change, and the sentence that explains it; corrected when a dispute of it was upheld."""

    score: Decimal
    evidence: str
    is_corrected: bool = False


Verdict = tuple[Decimal, str]  # share of the maximum between 0 and 1, evidence
Method = Callable[[Facts, Rules], Verdict]


def facts_of(snapshot: Mapping[str, Any]) -> Facts:
    """The facts in a snapshot; what is missing there counts as not there."""
    lead = snapshot.get("lead") or {}
    members = snapshot.get("members") or []
    partners = [member["organisation"] for member in members if member["role"] != ParticipationRole.LEAD]
    return Facts(
        lead_class=lead.get("lead_class", LeadClass.NONE),
        years=_years(lead.get("years") or []),
        types=tuple(partner["type"] for partner in partners),
        groups=tuple(partner["group"] for partner in partners),
        positions=frozenset(member["chain_position"] for member in members),
        clauses=frozenset((snapshot.get("agreement") or {}).get("clauses") or []),
        platforms=tuple((row["kind"], bool(row["opened_on"])) for row in snapshot.get("platforms") or []),
        funds=tuple(Decimal(row["paid_in"]) for row in snapshot.get("funds") or []),
        technologies=len(snapshot.get("technologies") or []),
    )


def _years(rows: list[Mapping[str, Any]]) -> tuple[Year, ...]:
    years = (Year(row["year"], Decimal(row["revenue"]), Decimal(row["rd_expense"])) for row in rows)
    return tuple(sorted(years, key=lambda one: one.year, reverse=True)[:YEARS])


def automatic_scores(snapshot: Mapping[str, Any], rules: Rules) -> dict[str, AutoScore]:
    """Code → score of every automatic indicator. Raises LookupError for one that no method knows."""
    facts = facts_of(snapshot)
    return {
        indicator.code: _scored(METHODS[indicator.code](facts, rules), indicator.maximum)
        for indicator in indicators(rules)
        if indicator.is_auto
    }


def _scored(verdict: Verdict, maximum: Decimal) -> AutoScore:
    share, evidence = verdict
    return AutoScore((share * maximum).quantize(TENTH, ROUND_HALF_UP), evidence)


# --- the lead ----------------------------------------------------------------------------------
def lead_class(facts: Facts, _rules: Rules) -> Verdict:
    """L1: six classes."""
    kind = LeadClass(facts.lead_class)
    return Decimal(CLASS_POINTS[kind]) / 6, gettext("Class of the lead: %(kind)s.") % {"kind": kind.label}


def revenue(facts: Facts, _rules: Rules) -> Verdict:
    """L2: bands of 1, 5, 20 and 50 hundred million yuan."""
    if not facts.years:
        return Decimal(), gettext("No yearly figures are stated.")
    newest = facts.years[0]
    points = next((points for bound, points in REVENUE_POINTS if newest.revenue >= bound), 1)
    evidence = gettext("Revenue of %(year)s: %(amount)s (10,000 yuan).")
    return Decimal(points) / 5, evidence % {"year": newest.year, "amount": _wan(newest.revenue)}


def rd_expense(facts: Facts, _rules: Rules) -> Verdict:
    """L3: full from 100 million a year or 6 %, two thirds from 30 million or 3 %, below that in proportion."""
    if not facts.years:
        return Decimal(), gettext("No yearly figures are stated.")
    average = sum((one.rd_expense for one in facts.years), Decimal()) / len(facts.years)
    turnover = sum((one.revenue for one in facts.years), Decimal())
    percent = sum((one.rd_expense for one in facts.years), Decimal()) / turnover * 100 if turnover else Decimal()
    evidence = ngettext(
        "R&D expense of %(years)s year: %(amount)s (10,000 yuan), %(percent)s%% of revenue.",
        "R&D expense, average of %(years)s years: %(amount)s (10,000 yuan), %(percent)s%% of revenue.",
        len(facts.years),
    )
    words = {"years": len(facts.years), "amount": _wan(average), "percent": percent.quantize(CENT, ROUND_HALF_UP)}
    return _rd_share(average, percent), evidence % words


def _rd_share(average: Decimal, percent: Decimal) -> Decimal:
    if average >= RD_TOP or percent >= RD_TOP_PERCENT:
        return Decimal(1)
    return min(max(average / RD_FLOOR, percent / RD_FLOOR_PERCENT), Decimal(1)) * 4 / 6


# --- the members -------------------------------------------------------------------------------
def research_members(facts: Facts, _rules: Rules) -> Verdict:
    """M1: two universities or institutes for all, one for three fifths."""
    count = sum(group == Group.RESEARCH for group in facts.groups)
    share = Decimal(1) if count >= 2 else Decimal(3 * count) / 5
    evidence = ngettext(
        "%(count)s university or research institute among the members.",
        "%(count)s universities or research institutes among the members.",
        count,
    )
    return share, evidence % {"count": count}


def chain(facts: Facts, _rules: Rules) -> Verdict:
    """M2: a quarter for each of upstream, midstream, downstream, platform or service."""
    present = [link for link in LINKS if facts.positions.intersection(link)]
    names = gettext(", ").join(str(link[0].label) for link in present) or gettext("none")
    return Decimal(len(present)) / len(LINKS), gettext("Links of the chain present: %(names)s.") % {"names": names}


def capital(facts: Facts, _rules: Rules) -> Verdict:
    """M3: at least one fund, bank or investment company."""
    count = sum(kind in CAPITAL for kind in facts.types)
    evidence = ngettext(
        "%(count)s fund or financial institution among the members.",
        "%(count)s funds or financial institutions among the members.",
        count,
    )
    return Decimal(min(count, 1)), evidence % {"count": count}


# --- organisation and resources ----------------------------------------------------------------
def required_clauses(rules: Rules) -> frozenset[str]:
    """What the agreement must settle."""
    return frozenset(rules["eligibility"]["clauses"])


def agreement(facts: Facts, rules: Rules) -> Verdict:
    """O1: the share of the required clauses that the agreement settles."""
    needed = required_clauses(rules)
    settled = len(needed & facts.clauses)
    evidence = gettext("The agreement settles %(settled)s of %(needed)s clauses.")
    return Decimal(settled) / max(len(needed), 1), evidence % {"settled": settled, "needed": len(needed)}


def platforms(facts: Facts, _rules: Rules) -> Verdict:
    """E2: all for a platform that works, half for one being built."""
    return _built([is_open for kind, is_open in facts.platforms if kind != PlatformKind.POSTDOC])


def postdoc(facts: Facts, _rules: Rules) -> Verdict:
    """E3: all for a station that works, half for one being set up."""
    return _built([is_open for kind, is_open in facts.platforms if kind == PlatformKind.POSTDOC])


def _built(stations: list[bool]) -> Verdict:
    share = Decimal(1) if any(stations) else Decimal(bool(stations)) / 2
    evidence = gettext("Working: %(working)s; being built: %(building)s.")
    return share, evidence % {"working": sum(stations), "building": len(stations) - sum(stations)}


def funds(facts: Facts, _rules: Rules) -> Verdict:
    """E4: all when capital is paid in, half for a fund without."""
    paid_in = sum(facts.funds, Decimal())
    share = Decimal(1) if paid_in else Decimal(bool(facts.funds)) / 2
    evidence = gettext("Funds: %(count)s; paid in: %(amount)s (10,000 yuan).")
    return share, evidence % {"count": len(facts.funds), "amount": _wan(paid_in)}


def _wan(amount: Decimal) -> str:
    return f"{(amount / WAN).quantize(CENT, ROUND_HALF_UP):,}"


METHODS: dict[str, Method] = {
    "L1": lead_class,
    "L2": revenue,
    "L3": rd_expense,
    "M1": research_members,
    "M2": chain,
    "M3": capital,
    "O1": agreement,
    "E2": platforms,
    "E3": postdoc,
    "E4": funds,
}

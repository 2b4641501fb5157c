"""Who may apply: pure functions over the facts of a consortium and the rules of its call.

A hard finding bars the submission; a soft one needs a justification. Money in yuan.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from consortia.enums import Clause, ConsortiumForm
from funding.enums import Severity
from members.enums import OrganisationType
from portal.kernel.enumerating import enumerated

Text = str | Promise
BAR, WARN = Severity.HARD, Severity.SOFT
# where the rules say nothing
LED_PER_SUB_FIELD = 1
LEAD_TYPES = (OrganisationType.ENTERPRISE.value,)
PREFERS_ENTITY = True


@dataclass(frozen=True)
class Year:
    """A year's figures of the lead, in yuan."""

    year: int
    revenue: Decimal
    rd_expense: Decimal


@dataclass(frozen=True)
class Facts:
    """What the rules look at; `led_in_sub_field` counts this consortium, `clauses` is None without an agreement."""

    lead_type: str
    form: str
    lead_in_city: bool
    lead_barred: bool
    lead_reprimanded: bool
    barred_members: tuple[str, ...]
    led_in_sub_field: int
    members: int
    members_without_code: tuple[str, ...]
    clauses: frozenset[str] | None
    technologies: int
    has_capital: bool
    tier: str
    years: tuple[Year, ...]  # newest first
    taxonomy: str = ""  # the version that the call goes by; empty if it names none
    sub_field_listed: bool = True  # in that version


@dataclass(frozen=True)
class Finding:
    """Something that a rule found; an unmet one carries its severity."""

    code: str
    severity: Severity
    text: Text
    met: bool = False

    @property
    def is_hard(self) -> bool:
        """It bars the submission."""
        return not self.met and self.severity == BAR

    @property
    def is_soft(self) -> bool:
        """It needs a justification."""
        return not self.met and self.severity == WARN


# The short words of a finding, for one cell of a list.
SHORT: dict[str, Text] = {
    "lead_type": _("Lead of another kind"),
    "entity_form": _("Not incorporated"),
    "lead_in_city": _("Lead outside the city"),
    "lead_integrity": _("Integrity record of the lead"),
    "lead_reprimand": _("Minor integrity record"),
    "member_integrity": _("Integrity record of a member"),
    "sub_field_listed": _("Sub-field not in the call's version"),
    "led_in_sub_field": _("Leads another one in this sub-field"),
    "agreement_clauses": _("Clauses missing in the agreement"),
    "members": _("Too few members"),
    "member_codes": _("Member without credit code"),
    "figures": _("No yearly figures"),
    "revenue": _("Revenue below the line"),
    "rd": _("R&D below the line"),
    "tier_technologies": _("Few technologies for the tier"),
    "tier_capital": _("No fund or platform for the tier"),
}

Check = Callable[[Facts, dict[str, Any]], Iterator[Finding]]


def check(facts: Facts, rules: dict[str, Any]) -> list[Finding]:
    """Every finding in the order of the list shown, met or not."""
    return [finding for rule in CHECKS for finding in rule(facts, rules)]


def hard(findings: list[Finding]) -> list[Finding]:
    """Those that bar the submission."""
    return [finding for finding in findings if finding.is_hard]


def soft(findings: list[Finding]) -> list[Finding]:
    """Those that need a justification."""
    return [finding for finding in findings if finding.is_soft]


def _finding(code: str, severity: Severity, met: bool, good: Text, bad: Text) -> Finding:
    return Finding(code, severity, good if met else bad, met)


def lead_kinds(rules: dict[str, Any]) -> str:
    """The kinds of organisation that may lead, in words."""
    words = dict(OrganisationType.choices)
    return enumerated(words.get(kind, kind) for kind in lead_types(rules))


def lead_types(rules: dict[str, Any]) -> list[str]:
    """The kinds of organisation that may lead."""
    return list(rules["eligibility"].get("lead_types", LEAD_TYPES))


def prefers_entity(rules: dict[str, Any]) -> bool:
    """Whether incorporated consortia are preferred."""
    return bool(rules["eligibility"].get("prefers_entity", PREFERS_ENTITY))


def _lead(facts: Facts, rules: dict[str, Any]) -> Iterator[Finding]:
    yield _finding(
        "lead_type", BAR, facts.lead_type in lead_types(rules),
        _("The lead is of a kind that may lead in this call."),
        format_lazy(_("In this call only these may lead: {kinds}."), kinds=lead_kinds(rules)),
    )  # fmt: skip
    yield _finding(
        "lead_in_city", BAR, facts.lead_in_city,
        _("The lead is registered in the city."), _("The lead is not registered in the city."),
    )  # fmt: skip
    yield _finding(
        "lead_integrity", BAR, not facts.lead_barred,
        _("No serious integrity record of the lead is in force."),
        _("A serious integrity record of the lead is in force."),
    )  # fmt: skip
    if facts.lead_reprimanded:
        yield Finding("lead_reprimand", WARN, _("A minor integrity record of the lead is in force."))


def _members(facts: Facts, rules: dict[str, Any]) -> Iterator[Finding]:
    names, least = enumerated(facts.barred_members), rules["eligibility"]["min_members"]
    yield _finding(
        "member_integrity", BAR, not names,
        _("No serious integrity record of a member is in force."),
        format_lazy(_("A serious integrity record is in force of: {names}."), names=names),
    )  # fmt: skip
    yield _finding(
        "members", WARN, facts.members >= least,
        format_lazy(_("{count} members, at least {least} are expected."), count=facts.members, least=least),
        format_lazy(_("Only {count} members, at least {least} are expected."), count=facts.members, least=least),
    )  # fmt: skip
    if facts.members_without_code:
        names = enumerated(facts.members_without_code)
        sentence = format_lazy(_("Without a unified social credit code: {names}."), names=names)
        yield Finding("member_codes", WARN, sentence)


def _sub_field(facts: Facts, rules: dict[str, Any]) -> Iterator[Finding]:
    if facts.taxonomy:
        yield _finding(
            "sub_field_listed", BAR, facts.sub_field_listed,
            format_lazy(_("The sub-field stands in “{version}”."), version=facts.taxonomy),
            format_lazy(
                _("The sub-field of the consortium is not in “{version}”, which this call goes by."),
                version=facts.taxonomy,
            ),
        )  # fmt: skip
    most = rules["eligibility"].get("led_per_sub_field", LED_PER_SUB_FIELD)
    yield _finding(
        "led_in_sub_field", BAR, facts.led_in_sub_field <= most,
        _("The lead leads no other consortium in this sub-field."),
        format_lazy(
            _("The lead leads {count} consortia in this sub-field, at most {most} is allowed."),
            count=facts.led_in_sub_field, most=most,
        ),
    )  # fmt: skip


def _clauses(facts: Facts, rules: dict[str, Any]) -> Iterator[Finding]:
    if facts.clauses is None:
        return
    words = dict(Clause.choices)
    missing = [words.get(code, code) for code in rules["eligibility"]["clauses"] if code not in facts.clauses]
    yield _finding(
        "agreement_clauses", WARN, not missing,
        _("The agreement settles every clause of the checklist."),
        format_lazy(_("The agreement does not settle: {names}."), names=enumerated(missing)),
    )  # fmt: skip


def _figures(facts: Facts, rules: dict[str, Any]) -> Iterator[Finding]:
    if not facts.years:
        yield Finding("figures", WARN, _("The lead has not stated its revenue and R&D expense."))
        return
    limits = rules["eligibility"]
    newest, line = facts.years[0], {"year": facts.years[0].year, "line": wan(limits["revenue_floor"])}
    yield _finding(
        "revenue", WARN, newest.revenue >= Decimal(limits["revenue_floor"]),
        format_lazy(_("The revenue of {year} reaches the line of {line} ×10k yuan."), **line),
        format_lazy(_("The revenue of {year} is below the line of {line} ×10k yuan."), **line),
    )  # fmt: skip
    bounds = {"line": wan(limits["rd_floor"]), "percent": limits["rd_intensity_floor"]}
    good = _("The yearly R&D expense reaches {line} ×10k yuan or {percent} per cent of the revenue.")
    bad = _("The yearly R&D expense reaches neither {line} ×10k yuan nor {percent} per cent of the revenue.")
    met = reaches_rd_line(facts.years, limits)
    yield _finding("rd", WARN, met, format_lazy(good, **bounds), format_lazy(bad, **bounds))


def wan(amount: str) -> str:
    """Yuan of the rules in 10,000 yuan, without superfluous zeros."""
    return f"{(Decimal(amount) / 10_000).normalize():,f}"


def reaches_rd_line(years: tuple[Year, ...], limits: dict[str, Any]) -> bool:
    """The average R&D expense of the last three years, or its share of their revenue, reaches the line."""
    last = years[:3]
    expense = sum((year.rd_expense for year in last), Decimal(0))
    revenue = sum((year.revenue for year in last), Decimal(0))
    if expense / len(last) >= Decimal(limits["rd_floor"]):
        return True
    return bool(revenue) and expense / revenue * 100 >= Decimal(limits["rd_intensity_floor"])


def _tier(facts: Facts, rules: dict[str, Any]) -> Iterator[Finding]:
    gates = rules["tiers"].get(facts.tier, {}).get("gates", {})
    least = gates.get("technologies", 0)
    if least:
        yield _finding(
            "tier_technologies", WARN, facts.technologies >= least,
            format_lazy(_("{count} key technologies; tier {tier} expects {least}."), count=facts.technologies,
                        tier=facts.tier, least=least),
            format_lazy(_("Only {count} key technologies; tier {tier} expects {least}."), count=facts.technologies,
                        tier=facts.tier, least=least),
        )  # fmt: skip
    if gates.get("capital"):
        yield _finding(
            "tier_capital", WARN, facts.has_capital,
            _("There is a fund, a joint platform or a member that brings capital."),
            format_lazy(_("No fund, no joint platform, no member that brings capital; tier {tier} expects one."),
                        tier=facts.tier),
        )  # fmt: skip


def _form(facts: Facts, rules: dict[str, Any]) -> Iterator[Finding]:
    if prefers_entity(rules):
        yield _finding(
            "entity_form", Severity.NOTE, facts.form == ConsortiumForm.ENTITY,
            _("The consortium is incorporated, which this call prefers."),
            _("This call prefers incorporated consortia; a virtual one may apply all the same."),
        )  # fmt: skip


CHECKS: tuple[Check, ...] = (_lead, _members, _sub_field, _clauses, _figures, _tier, _form)

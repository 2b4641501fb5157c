"""The eligibility rules, without a database."""

from dataclasses import replace
from decimal import Decimal

import pytest

from consortia.enums import Clause, ConsortiumForm
from funding.rules import eligibility
from funding.rules.defaults import DEFAULT_RULES
from funding.rules.eligibility import Facts, Year, check, hard, reaches_rd_line, soft, wan
from members.enums import OrganisationType

LIMITS = DEFAULT_RULES["eligibility"]
STRONG = (Year(2025, Decimal(2_500_000_000), Decimal(150_000_000)),)
LARGE = Decimal(30_000_000_000)
FIT = Facts(
    lead_type=OrganisationType.ENTERPRISE,
    form=ConsortiumForm.ENTITY,
    lead_in_city=True,
    lead_barred=False,
    lead_reprimanded=False,
    barred_members=(),
    led_in_sub_field=1,
    members=5,
    members_without_code=(),
    clauses=frozenset(Clause.values),
    technologies=3,
    has_capital=True,
    tier="A",
    years=STRONG,
)


def codes(findings: list[eligibility.Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_a_fit_consortium_meets_every_condition() -> None:
    findings = check(FIT, DEFAULT_RULES)
    assert codes(findings) == [
        "lead_type", "lead_in_city", "lead_integrity", "member_integrity", "members", "led_in_sub_field",
        "agreement_clauses", "revenue", "rd", "tier_technologies", "tier_capital", "entity_form",
    ]  # fmt: skip
    assert [finding.met for finding in findings] == [True] * 12
    assert (hard(findings), soft(findings)) == ([], [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lead_type": OrganisationType.UNIVERSITY}, "lead_type"),
        ({"lead_in_city": False}, "lead_in_city"),
        ({"lead_barred": True}, "lead_integrity"),
        ({"barred_members": ("样例甲",)}, "member_integrity"),
        ({"led_in_sub_field": 2}, "led_in_sub_field"),
    ],
)
def test_what_bars(change: dict[str, object], code: str) -> None:
    findings = check(replace(FIT, **change), DEFAULT_RULES)
    assert (codes(hard(findings)), codes(soft(findings))) == ([code], [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lead_reprimanded": True}, "lead_reprimand"),
        ({"members": 4}, "members"),
        ({"members_without_code": ("样例海外研究院",)}, "member_codes"),
        ({"clauses": frozenset(Clause.values) - {"breach"}}, "agreement_clauses"),
        ({"years": ()}, "figures"),
        ({"years": (Year(2025, Decimal("499999999.99"), Decimal(30_000_000)),)}, "revenue"),
        ({"years": (Year(2025, Decimal(2_500_000_000), Decimal(29_999_999)),)}, "rd"),
        ({"technologies": 2}, "tier_technologies"),
        ({"has_capital": False}, "tier_capital"),
    ],
)
def test_what_needs_a_reason(change: dict[str, object], code: str) -> None:
    findings = check(replace(FIT, **change), DEFAULT_RULES)
    assert (codes(hard(findings)), codes(soft(findings))) == ([], [code])


def test_every_finding_has_a_short_name() -> None:
    worst = replace(
        FIT, lead_in_city=False, lead_barred=True, lead_reprimanded=True, barred_members=("甲",), led_in_sub_field=3,
        members=1, members_without_code=("乙",), clauses=frozenset(), technologies=0, has_capital=False,
        years=(Year(2025, Decimal(1), Decimal(0)),), taxonomy="样例版", sub_field_listed=False,
    )  # fmt: skip
    found = set(codes(check(worst, DEFAULT_RULES))) | set(codes(check(replace(FIT, years=()), DEFAULT_RULES)))
    assert found == set(eligibility.SHORT)


def test_lower_tiers_ask_for_less() -> None:
    findings = check(replace(FIT, tier="C", technologies=0, has_capital=False), DEFAULT_RULES)
    assert (hard(findings), soft(findings)) == ([], [])


def test_without_an_agreement_the_clauses_are_left_to_the_guard() -> None:
    assert "agreement_clauses" not in codes(check(replace(FIT, clauses=None), DEFAULT_RULES))


def test_the_call_may_allow_more_consortia_in_a_sub_field() -> None:
    rules = {**DEFAULT_RULES, "eligibility": {**LIMITS, "led_per_sub_field": 2}}
    assert hard(check(replace(FIT, led_in_sub_field=2), rules)) == []


def test_the_call_says_who_may_lead() -> None:
    rules = {**DEFAULT_RULES, "eligibility": {**LIMITS, "lead_types": ["UNIVERSITY", "INSTITUTE"]}}

    assert hard(check(replace(FIT, lead_type=OrganisationType.UNIVERSITY), rules)) == []
    assert [finding.code for finding in hard(check(FIT, rules))] == ["lead_type"]


def test_a_preference_neither_bars_nor_needs_a_reason() -> None:
    findings = check(replace(FIT, form=ConsortiumForm.VIRTUAL), DEFAULT_RULES)

    assert [finding.code for finding in findings if not finding.met] == ["entity_form"]
    assert (hard(findings), soft(findings)) == ([], [])
    rules = {**DEFAULT_RULES, "eligibility": {**LIMITS, "prefers_entity": False}}
    assert "entity_form" not in codes(check(FIT, rules))


@pytest.mark.parametrize(
    ("years", "reaches"),
    [
        ((Year(2025, Decimal(10_000_000_000), Decimal(30_000_000)),), True),  # the sum, exactly
        ((Year(2025, Decimal(100_000_000), Decimal(3_000_000)),), True),  # the share, exactly
        ((Year(2025, Decimal(100_000_000), Decimal(2_999_999)),), False),
        ((Year(2025, Decimal(0), Decimal(0)),), False),
        ((Year(2025, LARGE, Decimal(90_000_000)), Year(2024, LARGE, Decimal(0)), Year(2023, LARGE, Decimal(0))), True),
        ((*(Year(year, LARGE, Decimal(0)) for year in (2025, 2024, 2023)), Year(2022, Decimal(0), LARGE)), False),
    ],
)  # fmt: skip
def test_the_rd_line_is_an_average_of_three_years_or_a_share(years: tuple[Year, ...], reaches: bool) -> None:
    assert reaches_rd_line(years, LIMITS) is reaches


def test_limits_read_in_ten_thousands() -> None:
    assert [wan("500000000"), wan("30000000"), wan("12345")] == ["50,000", "3,000", "1.2345"]

"""What follows from the snapshot alone."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from funding.rules import automatic
from funding.rules.defaults import DEFAULT_RULES as RULES

CLAUSES = RULES["eligibility"]["clauses"]


def member(kind: Any = "ENTERPRISE", group: Any = "chain", position: Any = "MIDSTREAM", role: Any = "MEMBER") -> Any:
    return {"role": role, "chain_position": position, "organisation": {"type": kind, "group": group}}


def year(number: Any, revenue: Any, rd_expense: Any) -> Any:
    return {"year": number, "revenue": str(revenue), "rd_expense": str(rd_expense)}


def score(code: Any, **snapshot: Any) -> Any:
    return automatic.automatic_scores(snapshot, RULES)[code].score


def evidence(code: Any, language: Any = "en", **snapshot: Any) -> Any:
    with translation.override(language):
        return automatic.automatic_scores(snapshot, RULES)[code].evidence


def test_an_empty_snapshot_scores_nothing() -> None:
    scores = automatic.automatic_scores({}, RULES)

    assert {code: auto.score for code, auto in scores.items()} == dict.fromkeys(
        ["L1", "L2", "L3", "M1", "M2", "M3", "O1", "E2", "E3", "E4"], Decimal("0.0")
    )


@pytest.mark.parametrize(
    ("kind", "points"), [("TOP500", 6), ("LISTED", 5), ("CHAMPION", 4), ("SEGMENT", 3), ("HNTE", 1), ("NONE", 0)]
)
def test_the_class_of_the_lead(kind: Any, points: Any) -> None:
    assert score("L1", lead={"lead_class": kind}) == Decimal(points)


@pytest.mark.parametrize(
    ("revenue", "points"),
    [
        (5_000_000_000, 5),
        (4_999_999_999, 4),
        (2_000_000_000, 4),
        (500_000_000, 3),
        (100_000_000, 2),
        (99_999_999, 1),
        (0, 1),
    ],
)
def test_the_revenue_of_the_newest_year(revenue: Any, points: Any) -> None:
    years = [year(2024, 9_000_000_000, 0), year(2025, revenue, 0)]

    assert score("L2", lead={"years": years}) == Decimal(points)


@pytest.mark.parametrize(
    ("revenue", "rd_expense", "points"),
    [
        (10_000_000_000, 100_000_000, "6"),  # 100 million a year
        (100_000_000, 6_000_000, "6"),  # 6 %
        (10_000_000_000, 30_000_000, "4"),  # the floor of 30 million
        (100_000_000, 3_000_000, "4"),  # the floor of 3 %
        (100_000_000, 5_990_000, "4"),
        (10_000_000_000, 15_000_000, "2"),  # half the floor
        (0, 0, "0"),
    ],
)
def test_research_and_development_by_sum_or_by_intensity(revenue: Any, rd_expense: Any, points: Any) -> None:
    assert score("L3", lead={"years": [year(n, revenue, rd_expense) for n in (2023, 2024, 2025)]}) == Decimal(points)


def test_only_the_newest_three_years_count() -> None:
    old = [year(n, 1_000, 1_000) for n in (2020, 2021, 2022)]
    new = [year(n, 10_000_000_000, 15_000_000) for n in (2023, 2024, 2025)]

    assert score("L3", lead={"years": [*old, *new]}) == Decimal("2.0")


@pytest.mark.parametrize(("count", "points"), [(0, 0), (1, 3), (2, 5), (3, 5)])
def test_research_members(count: Any, points: Any) -> None:
    assert score("M1", members=[member("UNIVERSITY", "univ")] * count) == Decimal(points)


def test_the_lead_does_not_count_as_its_own_partner() -> None:
    lead = member("NEW_RD_INSTITUTION", "univ", role="LEAD")

    assert score("M1", members=[lead]) == 0
    assert score("M3", members=[member("FUND", "fund", role="LEAD")]) == 0


def test_each_link_of_the_chain_counts_once() -> None:
    positions = ["UPSTREAM", "UPSTREAM", "DOWNSTREAM", "PLATFORM", "SERVICE", "RESEARCH"]

    assert score("M2", members=[member(position=p) for p in positions]) == Decimal(3)
    assert score("M2", members=[member(position="MIDSTREAM")]) == Decimal(1)


@pytest.mark.parametrize("kind", ["FUND", "BANK", "INVESTMENT"])
def test_one_financial_member_is_enough(kind: Any) -> None:
    assert score("M3", members=[member(kind, "fund")] * 2) == Decimal(2)


def test_the_agreement_scores_by_its_clauses() -> None:
    assert score("O1", agreement={"clauses": CLAUSES}) == Decimal(5)
    assert score("O1", agreement={"clauses": [*CLAUSES[:9], "unknown"]}) == Decimal(3)


@pytest.mark.parametrize(
    ("rows", "platform", "postdoc"),
    [
        ([("JOINT_LAB", "2025-01-01")], "3", "0"),
        ([("JOINT_LAB", None)], "1.5", "0"),
        ([("POSTDOC", "2025-01-01"), ("PILOT_LINE", None)], "1.5", "2"),
        ([("POSTDOC", None)], "0", "1"),
    ],
)
def test_platforms_and_stations(rows: Any, platform: Any, postdoc: Any) -> None:
    platforms = [{"kind": kind, "opened_on": opened} for kind, opened in rows]

    assert (score("E2", platforms=platforms), score("E3", platforms=platforms)) == (Decimal(platform), Decimal(postdoc))


@pytest.mark.parametrize(("funds", "points"), [([], 0), (["0.00"], 1), (["0.00", "1.00"], 2)])
def test_a_fund_counts_fully_once_paid_in(funds: Any, points: Any) -> None:
    assert score("E4", funds=[{"paid_in": paid} for paid in funds]) == Decimal(points)


def test_each_score_comes_with_its_evidence() -> None:
    lead = {"lead_class": "LISTED", "years": [year(2025, 6_120_000_000, 204_000_000)]}

    assert evidence("L1", lead=lead) == "Class of the lead: Listed company or subsidiary."
    assert evidence("L2", lead=lead) == "Revenue of 2025: 612,000.00 (10,000 yuan)."
    assert evidence("L3", lead=lead) == "R&D expense of 1 year: 20,400.00 (10,000 yuan), 3.33% of revenue."
    assert evidence("M2", members=[member(position="UPSTREAM")]) == "Links of the chain present: Upstream."
    assert evidence("O1", agreement={"clauses": CLAUSES[:9]}) == "The agreement settles 9 of 15 clauses."


def test_the_maximum_of_the_rules_scales_the_score() -> None:
    rules = {**RULES, "dimensions": [{"code": "L", "zh": "", "en": "", "indicators": [
        {"code": "L1", "zh": "", "en": "", "max": 12, "method": "auto"}]}]}  # fmt: skip

    assert automatic.automatic_scores({"lead": {"lead_class": "LISTED"}}, rules)["L1"].score == Decimal(10)


def test_an_automatic_indicator_without_a_method_is_an_error() -> None:
    rules = {**RULES, "dimensions": [{"code": "X", "zh": "", "en": "", "indicators": [
        {"code": "X9", "zh": "", "en": "", "max": 5, "method": "auto"}]}]}  # fmt: skip

    with pytest.raises(LookupError):
        automatic.automatic_scores({}, rules)

"""The arithmetic of scores, tiers and amounts: properties that always hold, and the cases on the edge."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.rules import scoring
from funding.rules.defaults import DEFAULT_RULES as RULES

CAPS = {"A": Decimal(2_000_000), "B": Decimal(1_000_000), "C": Decimal(0)}
STEP = Decimal(50_000)
totals = st.lists(st.decimals(0, 100, places=1), min_size=1, max_size=9)
scores = st.decimals(0, 100, places=2)


def standing(score: Any, **facts: Any) -> Any:
    whole = {"base": Decimal(60), "tasks": Decimal(20), "agreement": True, "technologies": 3, "capital": True, **facts}
    return scoring.Standing(score=Decimal(score), **whole)


def test_the_default_rubric_adds_up_to_a_hundred() -> None:
    assert sum(dimension.maximum for dimension in scoring.dimensions(RULES)) == 100
    assert {d.code: int(d.maximum) for d in scoring.dimensions(RULES)} == {
        "L": 25,
        "M": 15,
        "B": 20,
        "T": 20,
        "O": 10,
        "E": 10,
    }


def test_experts_score_what_the_portal_cannot() -> None:
    codes = [indicator.code for indicator in scoring.expert_indicators(RULES)]

    assert codes == ["L4", "M4", "B1", "B2", "B3", "T1", "T2", "T3", "O2", "E1"]


def test_a_dimension_adds_up_its_own_indicators_only() -> None:
    given_scores = {"T1": Decimal(8), "T2": Decimal("4.5"), "T3": Decimal(6), "B1": Decimal(7)}

    assert scoring.dimension_total(RULES, given_scores, "T") == Decimal("18.5")
    assert scoring.dimension_total(RULES, given_scores, "LMB") == Decimal(7)
    assert scoring.total(given_scores) == Decimal("25.50")


# --- the panel ---------------------------------------------------------------------------------
@given(totals)
def test_the_mean_lies_between_lowest_and_highest(values: Any) -> None:
    mean = scoring.panel_mean(values, 5)

    assert min(values) <= mean <= max(values)
    assert mean == mean.quantize(Decimal("0.01"))


@given(totals, st.randoms())
def test_the_order_of_the_experts_does_not_matter(values: Any, random: Any) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)

    assert scoring.judge_panel(values, RULES) == scoring.judge_panel(shuffled, RULES)


@given(st.lists(st.decimals(0, 100, places=1), min_size=5, max_size=9))
def test_from_five_on_an_outlier_beyond_the_extremes_changes_nothing(values: Any) -> None:
    ordered = sorted(values)

    assert scoring.panel_mean([Decimal(0), *ordered[1:-1], Decimal(100)], 5) == scoring.panel_mean(values, 5)


@given(totals)
def test_unanimous_experts_are_not_dispersed(values: Any) -> None:
    panel = scoring.judge_panel([values[0]] * len(values), RULES)

    assert (panel.mean, panel.spread, panel.deviation, panel.is_dispersed) == (values[0], 0, 0, False)


def test_four_experts_are_averaged_and_five_are_trimmed() -> None:
    assert scoring.panel_mean([Decimal(60), Decimal(80), Decimal(80), Decimal(90)], 5) == Decimal("77.50")
    assert scoring.panel_mean([Decimal(60), Decimal(80), Decimal(81), Decimal(82), Decimal(100)], 5) == Decimal("81.00")
    assert scoring.judge_panel([Decimal(80)] * 4, RULES).trimmed is False
    assert scoring.judge_panel([Decimal(80)] * 5, RULES).trimmed is True


def test_halves_are_rounded_upwards() -> None:
    assert scoring.panel_mean([Decimal("84.99"), Decimal("85.00")], 5) == Decimal("85.00")
    assert scoring.panel_mean([Decimal("80.0"), Decimal("80.0"), Decimal("80.1")], 5) == Decimal("80.03")


@pytest.mark.parametrize(
    ("values", "dispersed"),
    [
        (["70", "90", "80"], True),  # standard deviation 8.16
        (["72", "80", "88"], False),
        (["72", "88"], False),  # exactly 8
        (["71", "91", *["81"] * 8], False),  # spread exactly 20
        (["71", "91.1", *["81"] * 8], True),
    ],
)
def test_the_panel_is_dispersed_beyond_its_limits_only(values: Any, dispersed: Any) -> None:
    assert scoring.judge_panel([Decimal(value) for value in values], RULES).is_dispersed is dispersed


def test_a_panel_without_experts_has_no_mean() -> None:
    with pytest.raises(ValueError, match="without experts"):
        scoring.panel_mean([], 5)


# --- tier --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("score", "tier", "amount"),
    [
        ("100", "A", 2_000_000), ("94.56", "A", 1_800_000), ("87.93", "A", 1_600_000), ("85.00", "A", 1_500_000),
        ("84.99", "B", 1_000_000), ("81.77", "B", 850_000), ("75.00", "B", 600_000),
        ("74.99", "C", 0), ("60.00", "C", 0), ("59.99", "", 0), ("0", "", 0),
    ],
)  # fmt: skip
def test_the_thresholds_belong_to_the_higher_tier(score: Any, tier: Any, amount: Any) -> None:
    proposal = scoring.propose(standing(score), RULES, CAPS)

    assert (proposal.tier, proposal.amount) == (tier, Decimal(amount))


@pytest.mark.parametrize(
    ("facts", "tier"),
    [
        ({"base": Decimal(42)}, "A"), ({"base": Decimal("41.9")}, "B"),
        ({"tasks": Decimal(15)}, "A"), ({"tasks": Decimal("14.9")}, "B"),
        ({"capital": False}, "B"), ({"technologies": 2}, "B"), ({"technologies": 0}, "C"), ({"agreement": False}, "C"),
    ],
)  # fmt: skip
def test_a_shut_gate_leads_to_the_next_tier(facts: Any, tier: Any) -> None:
    proposal = scoring.propose(standing("95", **facts), RULES, CAPS)

    assert proposal.tier == tier


def test_who_falls_from_a_by_a_gate_gets_at_most_the_top_of_b() -> None:
    assert scoring.propose(standing("99", capital=False), RULES, CAPS).amount == Decimal(1_000_000)


def test_a_tier_with_money_is_not_proposed_to_who_asked_for_none() -> None:
    proposal = scoring.propose(standing("95"), RULES, dict.fromkeys(CAPS, Decimal(0)))

    assert (proposal.tier, proposal.amount) == ("C", Decimal(0))
    assert [g.tier for g in proposal.gates if g.code == "asked" and not g.passed] == ["A", "B"]


def test_the_score_is_the_first_gate_of_each_tier() -> None:
    gates = [g for g in scoring.propose(standing("78"), RULES, CAPS).gates if g.code == "score"]

    assert [(g.tier, g.needed, g.actual, g.passed) for g in gates] == [
        ("A", "≥ 85", "78", False), ("B", "≥ 75", "78", True), ("C", "≥ 60", "78", True),
    ]  # fmt: skip


def test_the_gates_say_what_they_ask_and_what_is_there() -> None:
    gates = {
        (g.tier, g.code): (g.needed, g.actual, g.passed)
        for g in scoring.propose(standing("90", base=Decimal(40)), RULES, CAPS).gates
    }

    assert gates["A", "base"] == ("≥ 42", "40", False)
    assert gates["A", "technologies"] == ("≥ 3", "3", True)
    assert sorted(gates) == [("A", c) for c in ("agreement", "base", "capital", "score", "tasks", "technologies")] + [
        ("B", "agreement"), ("B", "score"), ("B", "technologies"), ("C", "score"),
    ]  # fmt: skip


@given(scores, scores)
def test_a_higher_score_never_gets_less(one: Any, other: Any) -> None:
    low, high = sorted([one, other])
    below, above = (scoring.propose(standing(score), RULES, CAPS) for score in (low, high))

    assert "CBA".find(below.tier or "-") <= "CBA".find(above.tier or "-")
    assert below.amount <= above.amount


# --- amount ------------------------------------------------------------------------------------
@given(scores, st.sampled_from("ABC"), st.decimals(0, 3_000_000, places=2))
def test_an_amount_is_a_multiple_of_the_step_within_bounds_and_cap(score: Any, tier: Any, cap: Any) -> None:
    amount = scoring.propose_amount(tier, score, RULES, cap)
    low, high = (Decimal(bound) for bound in RULES["amounts"][tier])

    assert amount % STEP == 0
    assert 0 <= amount <= min(high, cap)
    assert amount >= low or amount == cap // STEP * STEP


def test_a_lower_cap_of_the_call_binds() -> None:
    assert scoring.propose_amount("A", Decimal(100), RULES, Decimal(1_720_000)) == Decimal(1_700_000)

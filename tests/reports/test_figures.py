"""The arithmetic of a year: literal figures, and an independent sum over everything that could be typed."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.enums import Grade
from reports.figures import (
    Indicator,
    Metric,
    Reading,
    automatic,
    correction_points,
    grade_of,
    growth,
    indicators,
    jumped,
    line,
    milestone_points,
    quota_of,
    rank,
    ratio,
    rounded,
    score_sheet,
    steps,
)
from reports.rules import DEFAULT_EVALUATION

D = Decimal
RULES = DEFAULT_EVALUATION
METRICS = [metric for row in RULES["dimensions"] for one in row["indicators"] for metric in one["metrics"]]
EXPERTS = [one["code"] for row in RULES["dimensions"] for one in row["indicators"] if one["method"] == "expert"]

amounts = st.decimals(min_value=0, max_value=100_000, places=2)
readings = st.fixed_dictionaries(
    {metric["code"]: st.builds(Reading, st.none() | amounts, st.none() | amounts) for metric in METRICS}
)
points = st.fixed_dictionaries({code: st.decimals(min_value=0, max_value=8, places=1) for code in EXPERTS})


# --- shares ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "target", "yardstick", "share"),
    [
        ("3", "4", None, "0.75"),
        ("5", "4", None, "1"),
        ("3", None, "6", "0.5"),
        ("3", "0", "6", "0.5"),
        (None, "4", "6", "0"),
        ("3", None, None, "0"),
        ("-3", "4", None, "0"),
    ],
)
def test_a_ratio_is_held_against_the_target_or_the_yardstick(
    value: str | None, target: str | None, yardstick: str | None, share: str
) -> None:
    reading = Reading(value and D(value), target and D(target))

    assert ratio(reading, yardstick and D(yardstick)) == D(share)


@pytest.mark.parametrize(
    ("value", "share"), [("59.99", "0"), ("60", "0.5"), ("79.99", "0.5"), ("80", "1"), (None, "0")]
)
def test_execution_counts_by_thresholds(value: str | None, share: str) -> None:
    thresholds = ((D(60), D("0.5")), (D(80), D(1)))

    assert steps(value and D(value), thresholds) == D(share)


@pytest.mark.parametrize(
    ("value", "share"), [("-0.01", "0"), ("0", "0.5"), ("5", "0.75"), ("10", "1"), ("40", "1"), (None, "0")]
)
def test_growth_counts_on_a_line(value: str | None, share: str) -> None:
    assert line(value and D(value), ((D(0), D("0.5")), (D(10), D(1)))) == D(share)


def test_an_indicator_of_three_metrics_takes_their_mean() -> None:
    one = Indicator("X", "G", D(4), "ratio", (Metric("a", D(10)), Metric("b", D(10)), Metric("c", D(10))))

    assert automatic(one, {"a": Reading(D(10)), "b": Reading(D(5))}) == D("2.00")


def test_an_experts_indicator_has_no_automatic_score() -> None:
    assert automatic(Indicator("X", "G", D(8), "expert"), {}) is None


def test_milestones_weigh_what_they_weigh() -> None:
    reached, half, nothing = (2, D(10), D(12)), (1, D(10), D(5)), (1, D(10), None)

    assert milestone_points([reached, half, nothing]) == Reading(D("2.5"), D(4))


# --- the sheet ---------------------------------------------------------------------------------
def test_the_weights_of_the_default_rules_sum_to_a_hundred() -> None:
    assert sum(one.maximum for one in indicators(RULES)) == 100


def test_everything_at_its_target_gives_a_hundred() -> None:
    full = {metric["code"]: Reading(D(1000), D(1000)) for metric in METRICS}
    full |= {"rd_growth": Reading(D(12)), "execution": Reading(D(90)), "findings": Reading(D(0))}

    sheet = score_sheet(RULES, full, {"G1.2": D(8), "G1.3": D(5)})

    assert (sheet.base, sheet.total) == (D("100.00"), D("100.00"))


def test_bonus_and_deduction_stay_within_their_limits() -> None:
    sheet = score_sheet(RULES, {}, {"G1.2": D(8), "G1.3": D(5)}, bonus=D(9), deduction=D("2.5"))

    assert (sheet.bonus, sheet.deduction, sheet.total) == (D("5.00"), D("2.50"), D("15.50"))


def test_a_total_never_falls_below_zero() -> None:
    assert score_sheet(RULES, {}, {}, deduction=D(10)).total == D("0.00")


def test_an_expert_cannot_exceed_the_maximum() -> None:
    assert score_sheet(RULES, {}, {"G1.2": D(80)}).of("G1") == D("8.00")


@given(readings, points, st.decimals(0, 5, places=2), st.decimals(0, 10, places=2))
def test_the_total_is_the_sum_of_what_is_printed(
    values: dict[str, Reading], expert: dict[str, D], bonus: D, deduction: D
) -> None:
    sheet = score_sheet(RULES, values, expert, bonus=bonus, deduction=deduction)

    printed = sum(D(f"{one.score:.2f}") for one in sheet.lines)
    assert sheet.total == max(printed + bonus - deduction, D(0)).quantize(D("0.01"), ROUND_HALF_UP)


@given(readings, points)
def test_no_indicator_leaves_its_range_and_no_dimension_its_sum(
    values: dict[str, Reading], expert: dict[str, D]
) -> None:
    sheet = score_sheet(RULES, values, expert)

    assert all(0 <= one.score <= one.maximum for one in sheet.lines)
    assert sum(sheet.of(row["code"]) for row in RULES["dimensions"]) == sheet.base
    assert 0 <= sheet.base <= 100


@given(readings, points)
def test_more_of_a_counted_figure_never_costs_points(values: dict[str, Reading], expert: dict[str, D]) -> None:
    before = score_sheet(RULES, values, expert).total
    patents = values["patents"]
    more = {**values, "patents": Reading((patents.value or D(0)) + 1, patents.target)}

    assert score_sheet(RULES, more, expert).total >= before


def independent_score(indicator: dict[str, Any], values: dict[str, Reading], expert: dict[str, D]) -> D:
    """Written a second time, from the text of the rules alone."""
    if indicator["method"] == "expert":
        return min(expert.get(indicator["code"], D(0)), D(indicator["max"]))
    shares = []
    for metric in indicator["metrics"]:
        value, target = values[metric["code"]].value, values[metric["code"]].target
        if indicator["method"] == "ratio":
            aim = target or (D(metric["yardstick"]) if metric["yardstick"] else D(0))
            shares.append(min(value / aim, D(1)) if value is not None and aim else D(0))
        elif value is None:
            shares.append(D(0))
        elif metric["code"] == "rd_growth":
            shares.append(min(D("0.5") + value * D("0.05"), D(1)))
        elif metric["code"] == "execution":
            shares.append(D(1) if value >= 80 else D("0.5") if value >= 60 else D(0))
        else:
            shares.append(D(1) if value < 1 else D("0.5") if value < 2 else D(0))
    return D(indicator["max"]) * sum(shares) / len(shares)


@given(readings, points)
def test_the_sheet_agrees_with_an_independent_reckoning(values: dict[str, Reading], expert: dict[str, D]) -> None:
    sheet = score_sheet(RULES, values, expert)

    again = [
        rounded(independent_score(indicator, values, expert))
        for dimension in RULES["dimensions"]
        for indicator in dimension["indicators"]
    ]
    assert [one.score for one in sheet.lines] == again


# --- grade -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("100", Grade.EXCELLENT),
        ("85.00", Grade.EXCELLENT),
        ("84.99", Grade.GOOD),
        ("75.00", Grade.GOOD),
        ("74.99", Grade.QUALIFIED),
        ("60.00", Grade.QUALIFIED),
        ("59.99", Grade.UNQUALIFIED),
        ("0", Grade.UNQUALIFIED),
    ],
)
def test_a_grade_follows_from_the_total(total: str, grade: Grade) -> None:
    assert grade_of(D(total), RULES) == grade


def test_a_veto_is_stronger_than_any_score() -> None:
    assert grade_of(D(100), RULES, vetoed=True) == Grade.UNQUALIFIED


@pytest.mark.parametrize(("participants", "quota"), [(32, 6), (4, 0), (5, 1), (0, 0)])
def test_a_fifth_may_be_excellent(participants: int, quota: int) -> None:
    assert quota_of(participants, RULES) == quota


@pytest.mark.parametrize(("value", "score"), [("2.345", "2.35"), ("2.335", "2.34"), ("2.3449", "2.34")])
def test_half_a_cent_goes_up(value: str, score: str) -> None:
    assert rounded(D(value)) == D(score)


@pytest.mark.parametrize(("returns", "points"), [(0, "0"), (2, "2"), (30, "10")])
def test_every_return_costs_a_point_up_to_the_limit(returns: int, points: str) -> None:
    assert correction_points(returns, RULES) == D(points)


@pytest.mark.parametrize(
    ("now", "before", "far"),
    [
        ("151", "100", True),
        ("150", "100", False),
        ("49", "100", True),
        ("5", "0", True),
        ("0", "0", False),
        (None, "100", False),
        ("100", None, False),
    ],
)
def test_more_than_half_away_is_a_jump(now: str | None, before: str | None, far: bool) -> None:
    assert jumped(now and D(now), before and D(before), RULES) == far


def test_growth_has_two_decimals_and_needs_a_base() -> None:
    assert growth(D("109"), D("102")) == D("6.86")
    assert growth(D("109"), D(0)) is None


def test_equal_scores_share_the_better_place() -> None:
    assert rank(D(80), [D(90), D(80), D(70)]) == 2

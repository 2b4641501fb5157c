"""The arithmetic of the tier board, against a second one that is written another way."""

import random
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.rules import scoring
from funding.rules.boards import Case, Choice, Sheet, Terms, points, rank
from funding.rules.defaults import DEFAULT_RULES
from funding.rules.lines import TOP, fitted, in_order, lowered, raised
from funding.rules.sensitivity import sensitivity

MOST = {"A": Decimal(2_000_000), "B": Decimal(1_000_000), "C": Decimal(0)}
LINES = {"A": 8_500, "B": 7_500, "C": 6_000}
TERMS = Terms(DEFAULT_RULES)
MAXIMA = [25, 15, 20, 20, 10, 10]  # of the default rubric


def sheet(expert: str, share: float, total: int | None = None) -> Sheet:
    parts = tuple(round(one * share * 10) * 10 for one in MAXIMA)
    return Sheet(expert, sum(parts) if total is None else total, parts)


def case(pk: str, *totals: int, **facts: Any) -> Case:
    """Open to every tier, with these totals in points."""
    sheets = tuple(Sheet(f"E{n}", total * 100, tuple(one * 90 for one in MAXIMA)) for n, total in enumerate(totals))
    told = {"official": None, "agreement": True, "technologies": 3, "capital": True, "most": MOST, **facts}
    return Case(pk, sheets, **told)


def tiers(found: Any) -> dict[str, str]:
    return {row.case.pk: row.tier for row in found.rows}


# --- against a second arithmetic -----------------------------------------------------------------
class Second:
    """Means by fractions, tiers by the rules of single applications; nothing of the board is used."""

    def __init__(self, weights: list[int]) -> None:
        self.weights = weights

    def totals(self, one: Case) -> list[Fraction]:
        if self.weights == [100 * most for most in MAXIMA]:
            return [Fraction(sheet.total, 100) for sheet in one.sheets]
        whole = sum(self.weights)
        return [
            sum((Fraction(part * weight * 100, most * 100 * whole)
                 for part, weight, most in zip(sheet.parts, self.weights, MAXIMA, strict=True)), Fraction())
            for sheet in one.sheets
        ]  # fmt: skip

    def mean(self, values: list[Fraction]) -> Decimal:
        line = sorted(values)
        if len(line) >= 5:
            line.remove(line[0])
            line.remove(line[-1])
        exact = sum(line, Fraction()) / len(line) * 100
        whole = exact.numerator // exact.denominator
        up = exact - whole >= Fraction(1, 2)
        return Decimal(whole + up) / 100

    def standing(self, one: Case) -> scoring.Standing:
        base = [Fraction(sum(sheet.parts[:3]), 100) for sheet in one.sheets]
        tasks = [Fraction(sheet.parts[3], 100) for sheet in one.sheets]
        return scoring.Standing(
            self.mean(self.totals(one)), self.mean(base), self.mean(tasks), one.agreement, one.technologies,
            one.capital,
        )  # fmt: skip

    def tier(self, one: Case, lines: dict[str, int]) -> str:
        rules = {**DEFAULT_RULES, "tiers": {
            tier: {**DEFAULT_RULES["tiers"][tier], "from": str(Decimal(line) / 100)} for tier, line in lines.items()
        }}  # fmt: skip
        return scoring.propose(self.standing(one), rules, dict(one.most)).tier


@st.composite
def boards(draw: Any) -> tuple[list[Case], dict[str, int], list[int]]:
    """Panels of any size, ties on purpose, gates open and shut, lines anywhere."""
    dice = random.Random(draw(st.integers(0, 10**9)))
    made = []
    for n in range(draw(st.integers(1, 25))):
        level = dice.choice([0.6, 0.75, 0.75, 0.85, 0.9])
        panel = [sheet(f"E{dice.randrange(9)}", min(level + dice.choice([-0.06, 0, 0, 0.05]), 1))
                 for _ in range(dice.randint(1, 8))]  # fmt: skip
        made.append(case(
            f"c{n:02}", agreement=dice.random() > 0.2, technologies=dice.randint(0, 4), capital=dice.random() > 0.2,
            most={**MOST, "A": dice.choice([MOST["A"], Decimal(0)])},
        ))  # fmt: skip
        made[-1] = Case(made[-1].pk, tuple(panel), None, made[-1].agreement, made[-1].technologies, made[-1].capital,
                        made[-1].most)  # fmt: skip
    top = sorted((dice.randrange(6_000, 9_500) for _ in range(3)), reverse=True)
    official = [100 * most for most in MAXIMA]
    weights = draw(st.sampled_from([official, [100 * dice.randint(1, 30) for _ in MAXIMA]]))
    return made, dict(zip("ABC", top, strict=True)), weights


@settings(max_examples=60, deadline=None)
@given(boards())
def test_the_board_counts_as_a_second_arithmetic_does(made: Any) -> None:
    cases, lines, weights = made
    second = Second(weights)

    found = rank(cases, lines, TERMS, weights=tuple(weights))

    scores = {one.pk: second.standing(one).score for one in cases}
    assert {row.case.pk: row.score for row in found.rows} == scores
    assert tiers(found) == {one.pk: second.tier(one, lines) for one in cases}
    assert [row.case.pk for row in found.rows] == sorted(scores, key=lambda pk: (-scores[pk], pk))
    ranks = {pk: 1 + sum(other > score for other in scores.values()) for pk, score in scores.items()}
    assert {row.case.pk: row.rank for row in found.rows} == ranks
    amounts = {
        row.case.pk: scoring.propose_amount(row.tier, row.score, DEFAULT_RULES, row.case.most[row.tier])
        if row.tier else Decimal() for row in found.rows
    }  # fmt: skip
    assert {row.case.pk: row.amount for row in found.rows} == amounts
    assert found.asked == sum(amounts.values(), Decimal())


@settings(max_examples=40, deadline=None)
@given(boards())
def test_sensitivity_is_what_a_second_count_of_each_attempt_gives(made: Any) -> None:
    cases, lines, weights = made
    second = Second(weights)

    found = sensitivity(cases, lines, TERMS, tuple(weights))

    for one in cases:
        wobble = found.of[one.pk]
        without = [
            one.sheets[n].expert for n in range(len(one.sheets)) if len(one.sheets) > 1
            and second.tier(_spared(one, n), lines) != wobble.tier
        ]  # fmt: skip
        swung = [
            (code, swing) for n, code in enumerate(TERMS.dimensions) for swing in (10, -10)
            if _swung(one, lines, weights, n, swing) != wobble.tier
        ]  # fmt: skip
        assert wobble.tier == second.tier(one, lines)
        assert list(wobble.without) == without
        assert list(wobble.weights) == swung


def _spared(one: Case, n: int) -> Case:
    rest = one.sheets[:n] + one.sheets[n + 1 :]
    return Case(one.pk, rest, None, one.agreement, one.technologies, one.capital, one.most)


def _swung(one: Case, lines: dict[str, int], weights: list[int], n: int, swing: int) -> str:
    """Only the score swings: the gates go by the points as they were given."""
    other = [100 * weight for weight in weights]
    other[n] += swing * weights[n]
    return Second(other).tier(one, lines)


@settings(max_examples=40, deadline=None)
@given(boards(), st.integers(0, 30_000_000))
def test_fitted_lines_keep_to_the_money_and_rise_no_further_than_needed(made: Any, money: int) -> None:
    cases, _lines, _weights = made

    lines = fitted(cases, TERMS, Decimal(money))

    assert rank(cases, lines, TERMS).asked <= money
    assert all(lines[tier] >= TERMS.lines[tier] for tier in "ABC")
    if rank(cases, TERMS.lines, TERMS).asked <= money:
        assert lines == TERMS.lines


# --- lines, ties, the grey zone -----------------------------------------------------------------
def test_a_line_takes_in_whoever_reaches_it() -> None:
    cases = [case("a", 85), case("b", 84), case("c", 70), case("d", 59)]

    assert tiers(rank(cases, LINES, TERMS)) == {"a": "A", "b": "B", "c": "C", "d": ""}


def test_a_shut_gate_keeps_a_case_from_a_tier_whatever_the_line() -> None:
    cases = [case("a", 95, capital=False), case("b", 90, agreement=False), case("c", 88, most={**MOST, "A": Decimal()})]

    assert tiers(rank(cases, {"A": 0, "B": 0, "C": 0}, TERMS)) == {"a": "B", "b": "C", "c": "B"}


def test_the_score_of_the_grading_goes_before_what_the_sheets_say() -> None:
    [row] = rank([case("a", 70, 71, 72, official=8_600)], LINES, TERMS).rows

    assert (row.score, row.tier) == (Decimal(86), "A")


def test_lines_move_past_one_score_at_a_time_and_never_cut_a_tie() -> None:
    scores = [9_000, 8_600, 8_600, 8_000, 7_000]

    assert raised(LINES, "A", scores)["A"] == 9_000
    assert raised({**LINES, "A": 9_000}, "A", scores)["A"] == TOP
    assert lowered(LINES, "A", scores)["A"] == 8_000
    assert lowered({**LINES, "C": 7_000}, "C", scores)["C"] == 7_000


@pytest.mark.parametrize(
    ("lines", "moved", "expected"),
    [
        ({"A": 7_000, "B": 7_500, "C": 6_000}, "A", {"A": 7_000, "B": 7_000, "C": 6_000}),
        ({"A": 8_500, "B": 9_000, "C": 6_000}, "B", {"A": 9_000, "B": 9_000, "C": 6_000}),
        ({"A": 8_500, "B": 7_500, "C": 9_900}, "C", {"A": 9_900, "B": 9_900, "C": 9_900}),
        ({"A": 99_999, "B": -5, "C": -9}, "", {"A": TOP, "B": 0, "C": 0}),
    ],
)
def test_lines_stay_in_their_order(lines: Any, moved: str, expected: Any) -> None:
    assert in_order(lines, moved) == expected


def test_ties_at_a_line_are_told_and_others_are_not() -> None:
    cases = [case("a", 90), case("b", 90), case("c", 85), case("d", 85), case("e", 84), case("f", 70), case("g", 70)]

    found = rank(cases, LINES, TERMS)

    assert {row.case.pk for row in found.rows if row.tied} == {"c", "d", "f", "g"}
    assert [row.rank for row in found.rows] == [1, 1, 3, 3, 5, 6, 6]


def test_the_grey_zone_is_near_a_line_or_where_likely_ranks_cross_it() -> None:
    cases = [case("a", 92), case("b", 86), case("c", 83), case("d", 80)]
    bounds = {"a": (1, 2), "b": (1, 3), "c": (2, 4), "d": (3, 4)}

    found = rank(cases, LINES, TERMS, bounds=bounds)

    assert {row.case.pk: row.grey for row in found.rows} == {
        "a": (), "b": ("points", "ranks"), "c": ("ranks",), "d": (),
    }  # fmt: skip


# --- by hand ------------------------------------------------------------------------------------
def test_what_is_set_by_hand_deviates_and_says_whom_it_passes() -> None:
    cases = [case("a", 84), case("b", 80), case("c", 78)]

    found = rank(cases, LINES, TERMS, choices={"c": Choice("A"), "a": Choice("B", Decimal(500_000))})

    by_case = {row.case.pk: row for row in found.rows}
    assert [(pk, row.tier, row.deviates, row.ahead_of) for pk, row in by_case.items()] == [
        ("a", "B", True, 0), ("b", "B", False, 0), ("c", "A", True, 2),
    ]  # fmt: skip
    assert (by_case["a"].amount, by_case["c"].amount) == (Decimal(500_000), Decimal(1_500_000))
    assert (by_case["a"].moves, by_case["c"].moves) == (0, 1)


def test_a_quota_is_told_and_fitted_lines_keep_it() -> None:
    terms = Terms({**DEFAULT_RULES, "board": {"quotas": {"A": 1, "B": None}}})
    cases = [case("a", 95), case("b", 90), case("c", 90), case("d", 80)]

    assert [one.over for one in rank(cases, terms.lines, terms).tallies] == [2, 0, 0]
    lines = fitted(cases, terms, Decimal(10_000_000))
    assert tiers(rank(cases, lines, terms)) == {"a": "A", "b": "B", "c": "B", "d": "B"}


def test_rules_that_say_nothing_have_the_defaults() -> None:
    terms = Terms({name: value for name, value in DEFAULT_RULES.items() if name != "board"})

    assert (terms.approvals, terms.single, terms.grey) == (2, True, 100)
    assert points("0.005") == int(Decimal("0.01").quantize(Decimal("0.01"), ROUND_HALF_UP) * 100)

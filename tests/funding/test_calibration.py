"""How severe experts are and how sure ranks: the arithmetic against solved cases, and who may read it."""

import random
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from funding.enums import ApplicationStatus, ReviewStatus
from funding.rules.calibration import Mark, calibrate, ranks_of
from funding.selectors.calibration import calibration
from tests.factories.funding import freeze, make_application, make_call, make_review
from tests.personas import Personas

S = ApplicationStatus
PAGE = "funding:grading-calibration"
QUERIES = 15
SEED = "样例"


def marks(rows: dict[str, dict[str, str]]) -> list[Mark]:
    return [Mark(case, expert, Decimal(total)) for case, given_ in rows.items() for expert, total in given_.items()]


def by_case(found: Any) -> Any:
    return {one.case: one for one in found.places}


def by_expert(found: Any) -> Any:
    return {one.expert: one for one in found.judges}


# --- the arithmetic ----------------------------------------------------------------------------
def test_worth_and_severity_that_made_the_scores_are_found_again() -> None:
    worth = {"a": 90, "b": 80, "c": 70, "d": 60}
    severity = {"strict": -6, "fair": 1, "mild": 5}
    rows = {case: {one: str(value + off) for one, off in severity.items()} for case, value in worth.items()}
    del rows["a"]["mild"], rows["d"]["strict"]

    found = calibrate(marks(rows), 5, SEED)

    assert {one: round(row.severity, 3) for one, row in by_expert(found).items()} == severity
    assert {case: round(row.adjusted, 3) for case, row in by_case(found).items()} == worth
    assert found.outliers == ()


def test_who_met_the_strict_ones_is_lifted_and_the_official_rank_stays() -> None:
    found = calibrate(
        marks({
            "met strict": {"s1": "78", "s2": "78"}, "met mild": {"m1": "82", "m2": "82"},
            "both": {"s1": "70", "s2": "70", "m1": "80", "m2": "80"},
        }), 5, SEED,
    )  # fmt: skip
    places = by_case(found)

    assert {case: (row.ranks["official"], row.ranks["adjusted"]) for case, row in places.items()} == {
        "met mild": (1, 2), "met strict": (2, 1), "both": (3, 3),
    }  # fmt: skip


def test_experts_without_a_common_application_are_two_groups() -> None:
    found = calibrate(marks({"a": {"x": "90", "y": "80"}, "b": {"v": "50", "w": "60"}}), 5, SEED)

    assert found.groups == 2
    assert {one: round(row.severity, 3) for one, row in by_expert(found).items()} == {"x": 5, "y": -5, "v": -5, "w": 5}
    assert by_expert(found)["x"].group != by_expert(found)["v"].group


def test_one_score_out_of_line_is_told() -> None:
    rows = {f"c{n}": {f"e{m}": str(60 + 5 * n) for m in range(5)} for n in range(6)}
    rows["c3"]["e2"] = "40"

    outlier = calibrate(marks(rows), 9, SEED).outliers[0]

    assert (outlier.case, outlier.expert, outlier.total) == ("c3", "e2", Decimal(40))
    assert outlier.distance < -2


def test_z_scores_need_an_expert_that_tells_applications_apart() -> None:
    rows = {
        "a": {"x": "90", "flat": "70"},
        "b": {"x": "80", "flat": "70"},
        "c": {"x": "70", "flat": "70"},
        "d": {"new": "99"},
    }
    found = by_case(calibrate(marks(rows), 5, SEED))

    assert [found[case].standard for case in "abcd"] == [1.2247, 0.0, -1.2247, None]


def test_ties_share_the_better_rank() -> None:
    assert ranks_of({"a": Decimal(80), "b": Decimal(90), "c": Decimal(80), "d": Decimal(70)}) == {
        "a": 2, "b": 1, "c": 2, "d": 4,
    }  # fmt: skip


def test_a_panel_of_one_voice_is_sure_of_its_rank() -> None:
    rows = {
        "a": dict.fromkeys(("x", "y", "z"), "90"),
        "b": {"x": "60", "y": "75", "z": "88"},
        "c": {"x": "61", "y": "74", "z": "86"},
    }
    found = by_case(calibrate(marks(rows), 5, SEED))

    assert (found["a"].low, found["a"].high) == (1, 1)
    assert (found["b"].low, found["b"].high) == (2, 3)


def test_nothing_to_compare() -> None:
    assert calibrate([], 5, SEED).places == ()


panels = st.dictionaries(
    st.sampled_from("abcdef"),
    st.dictionaries(st.sampled_from("uvwxyz"), st.integers(0, 100).map(str), min_size=1, max_size=4),
    min_size=1,
    max_size=4,
)


@given(panels, st.randoms())
def test_neither_order_nor_name_matters(rows: Any, dice: random.Random) -> None:
    given_ = marks(rows)
    shuffled = sorted(given_, key=lambda _one: dice.random())

    assert calibrate(shuffled, 5, SEED) == calibrate(given_, 5, SEED)


@given(panels)
def test_ranks_lie_within_their_bounds_and_severities_balance(rows: Any) -> None:
    found = calibrate(marks(rows), 5, SEED)

    assert all(1 <= one.low <= one.high <= len(rows) for one in found.places)
    for group in {one.group for one in found.judges}:
        assert abs(sum(one.severity for one in found.judges if one.group == group)) < 1e-6


# --- the page ----------------------------------------------------------------------------------
def reviewed(people: Personas, *totals: str, **facts: Any) -> Any:
    application = freeze(make_application(people, S.REVIEWING, **facts))
    for expert, total in zip(people.experts, totals, strict=True):
        make_review(application, expert, people, ReviewStatus.SUBMITTED, total=Decimal(total))
    return application


def test_only_complete_panels_are_compared(people: Personas) -> None:
    application = reviewed(people, "78", "79", "80")
    assert [row.application for row in calibration(application.call, people.officer).rows] == [application]

    application.reviews.filter(ordinal=1).update(status=ReviewStatus.ACCEPTED, total=None)

    assert calibration(application.call, people.officer).rows == ()


@pytest.mark.usefixtures("english")
def test_nobody_is_named_and_nothing_else_is_shown_elsewhere(people: Personas, sign_in: Any) -> None:
    application = reviewed(people, "78", "79", "80")

    text = sign_in(people.officer).get(reverse(PAGE)).content.decode()

    assert application.consortium.name in text
    assert [expert.user.name for expert in people.experts if expert.user.name in text] == []
    assert "E01" in text


def test_its_numbers_differ_from_call_to_call(people: Personas) -> None:
    first, second = reviewed(people, "78", "79", "80"), reviewed(people, "78", "79", "80", call=make_call(people))

    names = [[one.expert for one in calibration(row.call, people.officer).judges] for row in (first, second)]

    assert [sorted(each) for each in names] == [["E01", "E02", "E03"]] * 2


@pytest.mark.parametrize("who", ["acceptance", "finance", "expert", "lead", "district_officer"])
def test_who_may_not_read_it(people: Personas, sign_in: Any, who: str) -> None:
    assert sign_in(getattr(people, who)).get(reverse(PAGE)).status_code == 403


@pytest.mark.parametrize("query", ["?call=nonsense", "?call=", "?call=00000000-0000-0000-0000-000000000000"])
def test_a_call_that_is_none(people: Personas, sign_in: Any, query: str) -> None:
    reviewed(people, "78", "79", "80")

    assert sign_in(people.officer).get(reverse(PAGE) + query).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queries_do_not_grow(people: Personas, sign_in: Any, django_assert_num_queries: Any, rows: int) -> None:
    call = make_call(people)
    for _ in range(rows):
        reviewed(people, "78", "79", "80", call=call)
    client = sign_in(people.officer)

    with django_assert_num_queries(QUERIES):
        client.get(reverse(PAGE), {"call": call.pk})

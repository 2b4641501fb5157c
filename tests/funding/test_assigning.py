"""Assignments: whatever the problem, no rule is broken, nobody who is barred appears, and the answer is the same."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.rules import assigning
from funding.rules.assigning import Answer, Case, Group, Pair, Person, Problem, broken
from funding.rules.defaults import DEFAULT_RULES
from funding.rules.solving import solve

KINDS = ("TECH", "TECH", "FINANCE", "INVEST")
LEAST = (Group(frozenset({"FINANCE"}), 1), Group(frozenset({"INVEST"}), 1))


def problem(people: Any, pairs: Any, cases: int = 1, **facts: Any) -> Problem:
    """Cases of three seats, one of them for finance and one for investment."""
    rows = tuple(Case(f"c{n}", facts.get("seats", 3), facts.get("least", LEAST)) for n in range(cases))
    return Problem(rows, tuple(people), tuple(pairs))


def everybody(people: Any, cases: int = 1, cost: int = 0) -> list[Pair]:
    return [Pair(f"c{n}", one.key, cost) for n in range(cases) for one in people]


def crowd(count: int, **facts: Any) -> list[Person]:
    return [Person(f"p{n}", KINDS[n % 4], f"e{n}", **{"room": 5, **facts}) for n in range(count)]


# --- what is chosen ------------------------------------------------------------------------------
def test_the_load_spreads() -> None:
    people = crowd(16)

    answer = solve(problem(people, everybody(people, 4), 4))

    assert set(Counter(key for chosen in answer.seats.values() for key in chosen).values()) == {1}


def test_who_has_reviews_to_do_comes_later() -> None:
    people = crowd(8)
    people[0] = replace(people[0], running=3)

    answer = solve(problem(people, everybody(people)))

    assert "p0" not in answer.seats["c0"]


def test_a_tie_to_be_weighed_is_chosen_only_where_it_must() -> None:
    people = crowd(4)
    pairs = [*everybody(people[1:]), Pair("c0", "p0", cost=60)]

    assert "p0" not in solve(problem(people, pairs)).seats["c0"]
    assert "p0" in solve(problem(people, pairs, seats=4)).seats["c0"]


def test_no_panel_has_two_of_one_employer() -> None:
    people = [replace(one, employer="e0") if one.kind == "TECH" else one for one in crowd(8)]

    answer = solve(problem(people, everybody(people), seats=6))

    kinds = Counter(int(key[1:]) % 4 > 1 for key in answer.seats["c0"])
    assert (kinds, answer.empty) == ({True: 4, False: 1}, {"c0": 1})


def test_what_cannot_be_filled_is_said() -> None:
    people = [one for one in crowd(8) if one.kind != "INVEST"]

    answer = solve(problem(people, everybody(people)))

    assert (answer.empty, answer.lacking) == ({}, {"c0": (0, 1)})


def test_nobody_gets_more_than_the_year_allows() -> None:
    people = crowd(4, room=2)

    answer = solve(problem(people, everybody(people, 5), 5))

    given_ = Counter(key for chosen in answer.seats.values() for key in chosen)
    assert (max(given_.values()), sum(answer.empty.values())) == (2, 5 * 3 - 8)


def test_no_case_is_no_question() -> None:
    assert solve(Problem((), (), ())) == Answer({})


@pytest.mark.parametrize(
    ("facts", "price"),
    [({}, 0), ({"fields": 3}, 6), ({"fields": 99}, 12), ({"financial": True}, 30), ({"bound": True}, 60)],
)
def test_what_a_pairing_costs(facts: Any, price: int) -> None:
    said = assigning.terms(DEFAULT_RULES)

    assert assigning.cost(said, **{"fields": 1, "financial": False, "bound": False, **facts}) == price


# --- whatever the problem ------------------------------------------------------------------------
@st.composite
def problems(draw: st.DrawFn) -> Problem:
    people = [
        Person(
            f"p{n}", draw(st.sampled_from(KINDS)), draw(st.sampled_from(["", "e1", "e2", "e3"])),
            draw(st.integers(0, 3)), draw(st.integers(0, 3)),
        )
        for n in range(draw(st.integers(0, 9)))
    ]  # fmt: skip
    cases = [Case(f"c{n}", draw(st.integers(1, 4)), draw(st.sampled_from([(), LEAST]))) for n in range(3)]
    pairs = [
        Pair(case.key, one.key, draw(st.sampled_from([0, 3, 60])))
        for case in cases for one in people if draw(st.integers(0, 3))
    ]  # fmt: skip
    return Problem(tuple(cases), tuple(people), tuple(pairs), draw(st.integers(1, 2)), seed=draw(st.text(max_size=3)))


@given(problems())
@settings(max_examples=60, deadline=None)
def test_a_conflicted_expert_never_appears_and_no_rule_is_broken(asked: Problem) -> None:
    """Whoever is barred is in no pairing of the problem, so in no pairing of the answer."""
    answer = solve(asked)

    allowed = {(one.case, one.person) for one in asked.pairs}
    assert {(case, key) for case, chosen in answer.seats.items() for key in chosen} <= allowed
    assert broken(asked, answer) == []


@given(problems(), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_the_order_in_which_it_is_told_changes_nothing(asked: Problem, seed: int) -> None:
    dice = random.Random(seed)
    cases, people, pairs = (tuple(dice.sample(one, len(one))) for one in (asked.cases, asked.people, asked.pairs))
    other = replace(asked, cases=cases, people=people, pairs=pairs)

    assert (other.digest, solve(other)) == (asked.digest, solve(asked))


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer({"c0": ("p0", "p2", "p3")}, {}), ""),
        (Answer({"c0": ("p0", "p2")}, {}), "a number of seats"),
        (Answer({"c0": ("p0", "p0", "p2", "p3")}, {"c0": -1}), "somebody twice"),
        (Answer({"c0": ("p0", "p1", "p2")}, {}), "too few of a kind"),
        (Answer({"c0": ("p0", "p2", "p7")}, {}), "does not fit"),
        (Answer({"c0": ("p0", "p4", "p3")}, {}), "gets more than its room"),
        (Answer({"c0": ("p5", "p2", "p3")}, {}), "too many of one employer"),
    ],
)
def test_every_broken_rule_is_found(answer: Answer, fault: str) -> None:
    people = crowd(8)
    people[4], people[5] = replace(people[4], room=0), replace(people[5], employer="e2")

    found = broken(problem(people, everybody(people[:7])), answer)

    assert any(fault in one for one in found) if fault else found == []

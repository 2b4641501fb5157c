"""The graph of ties: what bars, what is only shown, the shortest way in words."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from funding.rules.conflicts import ONE_WAY, Path, Tie, TieKind, Weight, policy_of, read, shortest_paths
from funding.rules.defaults import DEFAULT_RULES

TODAY = date(2026, 11, 18)
K = TieKind
POLICY = policy_of(DEFAULT_RULES)
NAMES = {"e": "专家甲", "a": "样例A公司", "b": "样例B公司", "c": "样例C公司", "p": "样例某人"}


def path(*ties: Tie, target: str = "b", rules: Any = DEFAULT_RULES) -> Path | None:
    return shortest_paths(ties, ["e"], {target}, policy_of(rules), TODAY).get("e")


def told(*ties: Tie, **facts: Any) -> str:
    found = path(*ties, **facts)
    return found.words(NAMES) if found else ""


def ruled(kind: TieKind, **said: Any) -> dict[str, Any]:
    return {**DEFAULT_RULES, "conflicts": {**DEFAULT_RULES["conflicts"], "ties": {kind.value: said}}}


# --- one tie -----------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [K.EMPLOYED, K.FORMER, K.ACTS_FOR, K.DIRECTOR, K.EQUITY, K.CONSULTANT, K.KINSHIP])
def test_these_bar_by_default(kind: TieKind) -> None:
    found = path(Tie(kind, "e", "b"))

    assert found
    assert found.is_hard


def test_a_small_stake_between_organisations_counts_nothing() -> None:
    works = Tie(K.EMPLOYED, "e", "a")

    assert path(works, Tie(K.STAKE, "a", "b", percent=Decimal("4.99"))) is None
    found = path(works, Tie(K.STAKE, "a", "b", percent=Decimal(5)))
    assert found
    assert not found.is_hard


@pytest.mark.parametrize(("until", "counts"), [(date(2023, 11, 18), True), (date(2023, 11, 17), False), (None, True)])
def test_what_is_over_counts_for_the_years_of_the_rules(until: date | None, counts: bool) -> None:
    assert (path(Tie(K.DIRECTOR, "e", "b", until=until)) is not None) == counts


def test_kinship_has_no_end() -> None:
    assert path(Tie(K.KINSHIP, "e", "b", until=date(1990, 1, 1)))


def test_the_call_says_what_a_tie_comes_to() -> None:
    tie = Tie(K.CONSULTANT, "e", "b", until=date(2020, 1, 1))

    assert path(tie) is None
    longer = path(tie, rules=ruled(K.CONSULTANT, weight="soft", years=10))
    assert longer
    assert not longer.is_hard
    assert path(Tie(K.CONSULTANT, "e", "b"), rules=ruled(K.CONSULTANT, weight="ignored")) is None


def test_the_years_of_a_former_employer_stand_with_the_panel() -> None:
    panel = {**DEFAULT_RULES["panel"], "former_years": 8}

    assert policy_of({**DEFAULT_RULES, "panel": panel}).measures[K.FORMER].years == 8
    assert policy_of({}).measures[K.FORMER].years == 3


def test_every_kind_has_its_rule_and_its_words() -> None:
    assert set(DEFAULT_RULES["conflicts"]["ties"]) | {K.AVOIDED, K.TO_AVOID} == set(K.values)
    assert [line.weight for line in read(DEFAULT_RULES)].count(Weight.HARD) == 13


# --- the way -----------------------------------------------------------------------------------
def test_the_way_is_told_in_words() -> None:
    ties = (
        Tie(K.FORMER, "e", "a", date(2021, 3, 1), date(2024, 6, 30)),
        Tie(K.CONTROL, "a", "b", percent=Decimal("60.0000")),
    )

    with translation.override("en"):
        assert told(*ties) == "专家甲 — 2021 to 2024: worked for → 样例A公司 — controls (60%) → 样例B公司 (member)"
    with translation.override("zh-hans"):
        assert told(*ties) == "专家甲 — 2021 至 2024 年曾任职于 → 样例A公司 — 控股 60% → 样例B公司（成员）"


def test_a_subsidiary_is_bound_to_what_controls_it() -> None:
    with translation.override("en"):
        words = told(Tie(K.EMPLOYED, "e", "a"), Tie(K.CONTROL, "b", "a"))

    assert words == "专家甲 — works for → 样例A公司 — is controlled by → 样例B公司 (member)"


def test_colleagues_are_not_bound_by_what_binds_one_of_them() -> None:
    """Another expert works where this one works, and is a director of the member."""
    assert path(Tie(K.EMPLOYED, "e", "a"), Tie(K.EMPLOYED, "x", "a"), Tie(K.DIRECTOR, "x", "b")) is None


def test_kin_of_somebody_who_works_there_is_barred() -> None:
    found = path(Tie(K.KINSHIP, "e", "p"), Tie(K.WORKS, "p", "b"))

    assert found
    assert found.is_hard


def test_one_weak_tie_makes_the_way_a_matter_for_judgement() -> None:
    found = path(Tie(K.EMPLOYED, "e", "a"), Tie(K.JOINT_OUTCOME, "b", "a"))

    assert found
    assert not found.is_hard


def test_a_longer_way_that_bars_goes_before_a_shorter_one_that_does_not() -> None:
    found = path(Tie(K.LEGAL, "e", "b"), Tie(K.EMPLOYED, "e", "a"), Tie(K.CONTROL, "a", "b"))

    assert found
    assert (found.is_hard, len(found.steps)) == (True, 2)


def test_no_way_is_longer_than_the_rules_say() -> None:
    chain = (Tie(K.EMPLOYED, "e", "a"), Tie(K.CONTROL, "a", "c"), Tie(K.CONTROL, "c", "d"), Tie(K.CONTROL, "d", "b"))

    assert path(*chain) is None
    assert path(*chain[:3], target="d")
    longer = {**DEFAULT_RULES, "conflicts": {**DEFAULT_RULES["conflicts"], "steps": 4}}
    assert path(*chain, rules=longer)


# --- any graph ---------------------------------------------------------------------------------
nodes = st.sampled_from(["e", "f", "a", "b", "c", "d", "p", "q"])
graphs = st.lists(st.builds(Tie, st.sampled_from(TieKind), nodes, nodes), max_size=14)


@given(graphs, st.sets(st.sampled_from(["a", "b", "c", "d"]), min_size=1))
def test_a_path_begins_at_the_expert_ends_at_a_member_and_holds_together(ties: list[Tie], targets: set[str]) -> None:
    found = shortest_paths(ties, ["e", "f"], targets, POLICY, TODAY)

    for start, way in found.items():
        at = start
        for step in way.steps:
            origin = step.tie.start if step.forward else step.tie.end
            assert origin == at
            assert step.forward or step.tie.kind not in ONE_WAY
            at = step.goal
        assert at in targets
        assert len(way.steps) <= POLICY.steps
        assert way.is_hard == all(POLICY.weigh(step.tie, TODAY) == Weight.HARD for step in way.steps)


@given(graphs, st.sets(st.sampled_from(["a", "b", "c", "d"]), min_size=1), st.randoms())
def test_the_order_of_the_facts_says_nothing(ties: list[Tie], targets: set[str], chance: Any) -> None:
    mixed = list(ties)
    chance.shuffle(mixed)

    def seen(facts: list[Tie]) -> Any:
        found = shortest_paths(facts, ["e", "f"], targets, POLICY, TODAY)
        return {start: (way.is_hard, len(way.steps)) for start, way in found.items()}

    assert seen(ties) == seen(mixed)


def brute(ties: list[Tie], targets: set[str], most: int) -> bool:
    """Whether the expert reaches a member over what bars: every way tried."""
    reached = {"e"}
    for _step in range(most):
        reached |= {
            goal
            for tie in ties if POLICY.weigh(tie, TODAY) == Weight.HARD
            for origin, goal, open_ in (
                (tie.start, tie.end, True), (tie.end, tie.start, tie.kind not in ONE_WAY),
            )
            if open_ and origin in reached
        }  # fmt: skip
    return bool(targets & reached)


@given(graphs, st.sets(st.sampled_from(["a", "b", "c", "d"]), min_size=1))
def test_whoever_can_be_reached_over_what_bars_is_found(ties: list[Tie], targets: set[str]) -> None:
    way = shortest_paths(ties, ["e"], targets, POLICY, TODAY).get("e")

    assert bool(way and way.is_hard) == brute(ties, targets, POLICY.steps)

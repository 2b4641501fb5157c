"""The self-test: what it promises agrees with what is proposed later, whoever asks sees its own consortia only."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from consortia.enums import ConsortiumStatus
from consortia.models import Consortium
from funding.enums import ApplicationStatus
from funding.models import Application, Call
from funding.rules import scoring
from funding.rules.automatic import METHODS, AutoScore, Facts, required_clauses
from funding.rules.defaults import DEFAULT_RULES
from funding.rules.forecast import Forecast, Reach, forecast
from funding.rules.scoring import BASE, TASKS, TIERS, Standing
from tests.clock import NOON
from tests.factories.consortia import ready_consortium, rival_consortium
from tests.factories.funding import make_application, make_call
from tests.funding.steps import bar, open_call
from tests.personas import Personas

CAPS = {"A": Decimal(2_000_000), "B": Decimal(1_000_000), "C": Decimal(0)}
ALL = frozenset(DEFAULT_RULES["eligibility"]["clauses"])
LINES = scoring.indicators(DEFAULT_RULES)
ENGLISH = {"accept-language": "en"}


def facts(*, clauses: frozenset[str] = ALL, technologies: int = 3, capital: bool = True) -> Facts:
    funds = (Decimal(1),) if capital else ()
    return Facts("", (), (), (), frozenset(), clauses, (), funds, technologies)


def scored(share: Decimal) -> dict[str, AutoScore]:
    return {one.code: AutoScore(one.maximum * share, "") for one in LINES if one.is_auto}


def looked(share: str = "1", open_: Any = TIERS, rules: Any = DEFAULT_RULES, **known: Any) -> Forecast:
    return forecast(scored(Decimal(share)), facts(**known), rules, CAPS, open_)


# --- rules ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("share", "known", "reaches"),
    [
        ("1", {}, [Reach.LIKELY, Reach.LIKELY, Reach.LIKELY]),
        ("0.5", {}, [Reach.OUT, Reach.HARD, Reach.LIKELY]),
        ("0", {}, [Reach.OUT, Reach.OUT, Reach.HARD]),
        ("1", {"technologies": 1}, [Reach.GATED, Reach.LIKELY, Reach.LIKELY]),
        ("1", {"clauses": frozenset()}, [Reach.GATED, Reach.GATED, Reach.LIKELY]),
        ("1", {"capital": False}, [Reach.GATED, Reach.LIKELY, Reach.LIKELY]),
    ],
)
def test_how_near_each_tier_is(share: str, known: dict[str, Any], reaches: list[Reach]) -> None:
    found = looked(share, **known)

    assert [one.reach for one in found.prospects] == reaches
    likely = [one.tier for one in found.prospects if one.reach is Reach.LIKELY]
    assert (found.expected.tier if found.expected else "") == next(iter(likely), "")


def test_the_numbers_behind_it() -> None:
    found = looked("1")
    a = found.prospects[0]

    assert (found.known, found.knowable, found.open) == (Decimal(40), Decimal(40), Decimal(60))
    assert (a.need.points, a.need.of, a.amounts) == (Decimal(45), Decimal(60), (Decimal(1_500_000), Decimal(2_000_000)))
    assert a.percent == 75  # of the research tasks, and in all


def test_the_rules_of_a_call_say_what_is_to_be_expected() -> None:
    strict = {**DEFAULT_RULES, "forecast": {"share": "0.5"}}

    assert [one.reach for one in looked("1", rules=strict).prospects] == [Reach.HARD, Reach.HARD, Reach.LIKELY]


def test_a_tier_that_is_not_open_is_not_promised() -> None:
    found = looked("1", open_=("B",))

    assert [one.reach for one in found.prospects] == [Reach.CLOSED, Reach.LIKELY, Reach.CLOSED]


SHARES = st.integers(0, 100).map(lambda n: Decimal(n) / 100)
KNOWN = st.fixed_dictionaries({
    "clauses": st.sampled_from([ALL, ALL - {"risks"}, frozenset[str]()]), "technologies": st.integers(0, 4),
    "capital": st.booleans(),
})  # fmt: skip


def proposed(share: Decimal, experts: dict[str, Decimal], known: dict[str, Any]) -> str:
    given_ = {code: one.score for code, one in scored(share).items()} | experts
    there = facts(**known)
    standing = Standing(
        score=scoring.total(given_), base=scoring.dimension_total(DEFAULT_RULES, given_, BASE),
        tasks=scoring.dimension_total(DEFAULT_RULES, given_, TASKS),
        agreement=required_clauses(DEFAULT_RULES) <= there.clauses, technologies=there.technologies,
        capital=there.has_capital,
    )  # fmt: skip
    return scoring.propose(standing, DEFAULT_RULES, CAPS).tier


@given(share=SHARES, given_=st.lists(SHARES, min_size=len(LINES), max_size=len(LINES)), known=KNOWN)
def test_nothing_is_proposed_that_was_called_out_of_reach(
    share: Decimal, given_: list[Decimal], known: dict[str, Any]
) -> None:
    experts = {one.code: one.maximum * part for one, part in zip(LINES, given_, strict=True) if not one.is_auto}
    shut = {one.tier for one in looked(str(share), **known).prospects if one.reach in {Reach.OUT, Reach.GATED}}

    assert proposed(share, experts, known) not in shut


@given(share=SHARES, known=KNOWN)
def test_what_is_within_reach_is_proposed_when_the_experts_give_all(share: Decimal, known: dict[str, Any]) -> None:
    found = looked(str(share), **known)
    near = [one.tier for one in found.prospects if one.reach in {Reach.LIKELY, Reach.HARD}]
    whole = {one.code: one.maximum for one in LINES if not one.is_auto}

    assert proposed(share, whole, known) == next(iter(near), "")


def test_every_automatic_indicator_of_the_default_rules_has_a_method() -> None:
    assert {one.code for one in LINES if one.is_auto} <= METHODS.keys()


# --- the page ------------------------------------------------------------------------------------
def address(call: Call, consortium: Any = None) -> str:
    query = f"?consortium={getattr(consortium, 'pk', consortium)}" if consortium else ""
    return reverse("funding:call-self-test", args=[call.pk]) + query


def test_the_lead_reads_what_to_expect_and_nothing_is_stored(people: Personas, sign_in: Any) -> None:
    call, consortium = make_call(people), ready_consortium(people)

    page = sign_in(people.lead).get(address(call), headers=ENGLISH)

    assert page.context["chosen"] == consortium
    assert [one.tier for one in page.context["test"].forecast.prospects] == list(TIERS)
    assert all(score.evidence in page.text.replace("&amp;", "&") for _line, score in page.context["test"].lines)
    assert Application.objects.count() == 0
    assert address(call) in sign_in(people.lead).get(call.get_absolute_url()).text


def test_who_has_begun_is_led_to_the_application(people: Personas, sign_in: Any) -> None:
    application = make_application(people, call=open_call(people))
    page = sign_in(people.lead).get(address(application.call, application.consortium)).content.decode()

    assert f'href="{application.get_absolute_url()}"' in page
    assert reverse("funding:application-start", args=[application.call.pk]) not in page


def test_who_is_barred_reads_why_and_no_tier(people: Personas, sign_in: Any) -> None:
    call, _consortium = make_call(people), ready_consortium(people)
    bar(people.lead_org)

    page = sign_in(people.lead).get(address(call), headers=ENGLISH)

    assert page.context["test"].expected is None
    assert "A serious integrity record of the lead is in force." in page.text
    assert "is to be expected</" not in page.text


def test_a_recognised_consortium_is_told_what_is_not_open_to_it(people: Personas, sign_in: Any) -> None:
    consortium = ready_consortium(people)
    Consortium.objects.filter(pk=consortium.pk).update(
        status=ConsortiumStatus.OPERATING, tier="B", recognised_on=NOON.date()
    )

    page = sign_in(people.lead).get(address(make_call(people)))

    assert {one.reach for one in page.context["test"].forecast.prospects} == {Reach.CLOSED}


def test_who_has_no_consortium_is_told_where_to_begin(people: Personas, sign_in: Any) -> None:
    page = sign_in(people.lead).get(address(make_call(people)))

    assert (page.status_code, page.context["test"]) == (200, None)


@pytest.mark.parametrize("named", ["other", "nonsense", "1' OR 1=1"])
def test_of_somebody_elses_consortium_there_is_no_trace(people: Personas, sign_in: Any, named: str) -> None:
    call, other = make_call(people), rival_consortium(people)

    answer = sign_in(people.lead).get(address(call, other if named == "other" else named))

    assert answer.status_code == 404
    assert other.name not in answer.text


@pytest.mark.parametrize("who", ["officer", "district_officer", "expert", "university_confirmer", "finance"])
def test_who_writes_for_nobody_has_no_test(people: Personas, sign_in: Any, who: str) -> None:
    assert sign_in(getattr(people, who)).get(address(make_call(people))).status_code == 403


def test_whoever_is_not_signed_in_signs_in_first(people: Personas, client: Client) -> None:
    assert client.get(address(make_call(people))).status_code == 302


def test_a_draft_of_a_call_is_not_tested(people: Personas, sign_in: Any) -> None:
    call = make_call(people, status="DRAFT", document_number="")

    assert sign_in(people.lead).get(address(call)).status_code == 404
    assert ApplicationStatus.DRAFT not in Application.objects.values_list("status", flat=True)

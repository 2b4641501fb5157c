"""The dashboard of the money: its sums, what waits for whom, where its bars lead, who sees it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from funding.enums import TrancheStatus
from funding.models import Payment, Recusal, Tranche
from funding.selectors.money import budgets
from members.enums import Role
from portal.kernel.courses import Course, course
from reports.selectors.dashboard import months, paid_in, turns
from tests.clock import DAY, NOON
from tests.factories.funding import make_appropriation, make_award, make_call, make_contract, make_tranche
from tests.funding.steps import queries_of
from tests.personas import Personas

S = TrancheStatus
WAN = Decimal(10_000)
TODAY = timezone.localdate(NOON)
URL = "/reports/money/"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Sentences in their own words."""
    with override("en"):
        yield


def paid_on(people: Personas, day: date, amount: Decimal) -> Tranche:
    tranche = make_tranche(people, status=S.PAID, amount=amount)
    Payment.objects.filter(tranche=tranche).update(paid_on=day)
    return tranche


def enter(sign_in: Any, person: Any) -> Client:
    client: Client = sign_in(person)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


# --- the months --------------------------------------------------------------------------------
def test_payments_add_up_over_the_months_beside_the_year_before(people: Personas) -> None:
    paid = {date(2025, 3, 31): 40, date(2025, 12, 31): 5, date(2026, 1, 1): 10, date(2026, 3, 9): 7}
    for day, amount in paid.items():
        paid_on(people, day, amount * WAN)

    found = months(2026, date(2026, 3, 20), people.officer)

    assert [one.paid for one in found[:4]] == [10 * WAN, 0, 7 * WAN, 0]
    assert [one.total for one in found[:4]] == [10 * WAN, 10 * WAN, 17 * WAN, None]
    assert [found[n].before for n in (0, 1, 2, 10, 11)] == [0, 0, 40 * WAN, 40 * WAN, 45 * WAN]
    assert paid_in(found) == 17 * WAN
    assert months(2025, date(2026, 3, 20), people.officer)[11].total == 45 * WAN
    assert {one.total for one in months(2027, date(2026, 3, 20), people.officer)} == {None}


def test_what_came_back_is_not_paid(people: Personas) -> None:
    tranche = paid_on(people, date(2026, 2, 2), 10 * WAN)
    Payment.objects.filter(tranche=tranche).update(standing=None, returned_on=TODAY, return_reason="样例：退汇")

    assert paid_in(months(2026, TODAY, people.officer)) == 0


# --- what waits --------------------------------------------------------------------------------
def test_what_waits_stands_in_the_order_of_its_way(people: Personas) -> None:
    for status, amount, days in ((S.VERIFIED, 20, 3), (S.REQUESTED, 10, 9), (S.REQUESTED, 5, 2), (S.CONFIRMED, 1, 1)):
        tranche = make_tranche(people, status=status, amount=amount * WAN)
        acts = ("requested_at",) if status == S.REQUESTED else ("requested_at", "verified_at")
        Tranche.objects.filter(pk=tranche.pk).update(**dict.fromkeys(acts, NOON - days * DAY))

    found = turns(TODAY, people.officer)

    assert [(one.status, one.role, one.count, one.amount, one.days) for one in found] == [
        (S.REQUESTED, Role.OFFICER, 2, 15 * WAN, 9), (S.VERIFIED, Role.FINANCE, 1, 20 * WAN, 3),
    ]  # fmt: skip


def test_what_one_keeps_away_from_is_in_no_sum(people: Personas) -> None:
    tranche = paid_on(people, date(2026, 2, 2), 10 * WAN)
    waiting = make_tranche(people, tranche.award, S.REQUESTED)
    officer = people.officer
    Recusal.objects.create(
        application=tranche.award.application, person=officer, ground="样例", declared_by=officer, recused_at=NOON
    )

    assert paid_in(months(2026, TODAY, officer)) == 0
    assert [one for one in turns(TODAY, officer) if one.status == waiting.status] == []
    assert paid_in(months(2026, TODAY, people.head)) == 10 * WAN


# --- the budget --------------------------------------------------------------------------------
def test_the_budget_is_what_was_appropriated_else_what_the_calls_speak_of(people: Personas) -> None:
    make_call(people, year=2025, budget=3_000_000)
    appropriation = make_appropriation(people)
    line = appropriation.line
    whole = sum(-one.balance for one in line.accounts.filter(kind="APPROPRIATED"))

    assert budgets() == {2025: Decimal(3_000_000), line.year: whole}


# --- the page ----------------------------------------------------------------------------------
def test_every_bar_leads_to_its_rows(people: Personas, sign_in: Any) -> None:
    award = make_contract(people).award
    client = enter(sign_in, people.officer)

    context = client.get(URL, {"year": award.year}).context

    [tier] = [address for line, _bar, address in context["tiers"] if line.of == award.tier]
    [(_line, district)] = context["districts"]
    [(_field, _lines, field)] = context["fields"]
    for address in (tier, district, field):
        assert parse_qs(urlsplit(address).query)["year"] == [str(award.year)]
        page = client.get(address)
        assert page.status_code == 200
        assert award.consortium.name in page.content.decode()


def test_an_empty_year_and_an_unknown_one_are_pages_too(people: Personas, sign_in: Any) -> None:
    client = enter(sign_in, people.officer)

    for asked in ("", "2019", "²", "x", "99999999999999"):
        response = client.get(URL, {"year": asked})
        assert (response.status_code, response.context["year"]) == (200, timezone.localdate().year)
        assert "Nothing waits." in response.content.decode()


def test_who_sees_it(people: Personas, sign_in: Any) -> None:
    seen = dict.fromkeys(("finance", "leader", "supervisor"), 200)
    refused = dict.fromkeys(("district_officer", "lead", "expert", "system_admin"), 403)
    for name, status in {**seen, **refused}.items():
        assert sign_in(getattr(people, name)).get(URL).status_code == status, name


def test_it_costs_the_same_however_much_there_is(people: Personas, sign_in: Any) -> None:
    client, award = enter(sign_in, people.officer), make_contract(people).award
    url = f"{URL}?year={award.year}"
    client.get(url)
    one = len(queries_of(client, url))
    for status in (S.REQUESTED, S.PAID, S.ON_HOLD):
        make_tranche(people, make_award(people), status)

    assert (one, len(queries_of(client, url))) == (10, 10)


# --- the picture -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "top"), [((0.0,), "1"), ((0.3, 0.9), "1"), ((38.0,), "40"), ((701.0,), "800"), ((1_001.0,), "2,000")]
)
def test_the_axis_ends_with_a_plain_figure(values: tuple[float, ...], top: str) -> None:
    drawn = course(["1", "2"], [Course("now", values, "x")], label="sums")

    assert f">{top}</text>" in drawn
    assert 'aria-label="sums"' in drawn


def test_a_course_of_nothing_is_a_frame() -> None:
    assert "now" not in course(["1"], [Course("now", ())], label="sums")

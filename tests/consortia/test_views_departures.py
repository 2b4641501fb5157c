"""The pages of a departure: who gets them, what they refuse next to the field, what they do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consortia.enums import DepartureStatus, ParticipationStatus
from consortia.models import Departure, DepartureItem, Participation
from consortia.services.departures import request_departure
from tests.clock import NOON
from tests.factories.consortia import make_task, ready_consortium
from tests.personas import Personas

P, D = ParticipationStatus, DepartureStatus
SignIn = Callable[..., Client]
ENGLISH = {"accept-language": "en"}
NOTE = {"note": "院系调整。"}


def at(name: str, subject: Any) -> str:
    return reverse(f"consortia:{name}", args=[subject.pk])


def _member(people: Personas) -> Participation:
    consortium = ready_consortium(people)
    make_task(consortium, lead=people.university)
    return consortium.participations.get(organisation=people.university)


def _departure(people: Personas) -> Departure:
    return request_departure(participation=_member(people), actor=people.lead, at=NOON, note="院系调整。")


def _row(departure: Departure, people: Personas) -> DepartureItem:
    """The task, asked of the fund."""
    departure.items.filter(kind="TASK").update(taker=people.fund)
    return departure.items.get(kind="TASK")


def test_the_rules_stand_before_the_request(people: Personas, sign_in: SignIn) -> None:
    member, client = _member(people), sign_in(people.university_confirmer)
    page = at("departure-request", member)

    rules = client.get(page).context["rules"]
    empty = client.post(page, {"note": ""})
    answer = client.post(page, NOTE)

    assert [rule.broken for rule in rules] == [True, True, False, False, False, False]
    assert list(empty.context["form"].errors) == ["note"]
    assert answer["Location"] == at("departure-detail", Departure.objects.get())


def test_the_lead_names_takers_on_the_page(people: Personas, sign_in: SignIn) -> None:
    departure, client = _departure(people), sign_in(people.lead)
    rows = {row.kind: row for row in departure.items.all()}
    choices = {f"row-{rows['TASK'].pk}": str(people.fund.pk), f"row-{rows['CASH'].pk}": "freed"}

    answer = client.post(at("departure-allocate", departure), choices)

    assert answer["Location"] == departure.get_absolute_url()
    kept = {row.kind: (row.taker, row.freed) for row in departure.items.all()}
    assert kept == {"TASK": (people.fund, False), "CASH": (None, True), "IP_SHARE": (None, False)}


def test_what_nobody_changed_is_not_sent_on(people: Personas, sign_in: SignIn) -> None:
    """Two people have the page open: who saves later does not undo the choice of who saved before."""
    departure, client = _departure(people), sign_in(people.lead)
    row = _row(departure, people)
    untouched = {f"row-{row.pk}": "", f"initial-row-{row.pk}": ""}

    assert client.post(at("departure-allocate", departure), untouched).status_code == 302

    assert departure.items.get(pk=row.pk).taker == people.fund


def test_work_is_not_given_up_and_nobody_from_outside_takes_it(people: Personas, sign_in: SignIn) -> None:
    departure, client = _departure(people), sign_in(people.lead)
    task = f"row-{departure.items.get(kind='TASK').pk}"

    for wrong in ("freed", str(people.rival_org.pk), str(people.university.pk)):
        answer = client.post(at("departure-allocate", departure), {task: wrong})
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, [task])


def test_the_taker_reads_and_agrees(people: Personas, sign_in: SignIn) -> None:
    row, client = _row(_departure(people), people), sign_in(people.fund_confirmer)
    page = at("departure-consent", row)

    context = client.get(page, headers=ENGLISH).context
    answer = client.post(page, {"seen": context["form"]["seen"].value()})

    assert [line.label for line in context["lines"]] == ["T2 样机研制"]
    assert answer["Location"] == row.get_absolute_url()
    row.refresh_from_db()
    assert row.consented_by == people.fund_confirmer
    assert client.post(page, {"seen": row.sha256}).status_code == 409
    assert client.get(page).templates[0].name == "step_closed.html"


def _asked_twice(people: Personas) -> tuple[DepartureItem, DepartureItem]:
    """The task and the cash, asked of the fund; the rest of the supplier."""
    departure = _departure(people)
    departure.items.update(taker=people.supplier)
    departure.items.filter(kind__in=["TASK", "CASH"]).update(taker=people.fund)
    return departure.items.get(kind="TASK"), departure.items.get(kind="CASH")


def test_the_taker_agrees_to_all_at_once(people: Personas, sign_in: SignIn) -> None:
    (task, cash), client = _asked_twice(people), sign_in(people.fund_confirmer)
    asked = client.get(task.get_absolute_url()).context["asked"]
    page = f"{at('departure-consent', task)}?all"

    form = client.get(page).context["form"]
    typed = {"seen": form["seen"].value(), "also": form["also"].value()}
    answer = client.post(page, typed)

    assert (asked, form["also"].value()) == ([task, cash], [f"{cash.pk}:{cash.sha256}"])
    assert answer["Location"] == task.get_absolute_url()
    assert {row.kind: row.consented_by for row in task.departure.items.all()} == {
        "TASK": people.fund_confirmer, "CASH": people.fund_confirmer, "IP_SHARE": None,
    }  # fmt: skip
    assert client.post(page, typed).status_code == 409


def test_nothing_more_is_ticked_unless_asked_for(people: Personas, sign_in: SignIn) -> None:
    (task, cash), client = _asked_twice(people), sign_in(people.fund_confirmer)
    page = at("departure-consent", task)

    assert client.get(page).context["form"]["also"].value() is None
    assert client.post(page, {"seen": task.sha256}).status_code == 302
    assert DepartureItem.objects.get(pk=cash.pk).consented_at is None


@pytest.mark.parametrize("typed", ["nonsense", "", "0:0"])
def test_what_is_no_row_is_said_next_to_the_field(people: Personas, sign_in: SignIn, typed: str) -> None:
    task, _cash = _asked_twice(people)

    answer = sign_in(people.fund_confirmer).post(at("departure-consent", task), {"seen": task.sha256, "also": [typed]})

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["also"])
    assert DepartureItem.objects.get(pk=task.pk).consented_at is None


def test_what_changed_meanwhile_is_not_agreed_to(people: Personas, sign_in: SignIn) -> None:
    row = _row(_departure(people), people)

    answer = sign_in(people.fund_confirmer).post(at("departure-consent", row), {"seen": "0" * 64})

    assert (answer.status_code, DepartureItem.objects.get(pk=row.pk).consented_at) == (409, None)


def test_the_taker_refuses_with_a_reason(people: Personas, sign_in: SignIn) -> None:
    row, client = _row(_departure(people), people), sign_in(people.fund_confirmer)
    page = at("departure-refuse", row)

    assert list(client.post(page, {"note": ""}).context["form"].errors) == ["note"]
    assert client.post(page, NOTE).status_code == 302
    page_of_lead = sign_in(people.lead).get(row.get_absolute_url(), headers=ENGLISH)
    assert "样例产业创新基金 refused: 院系调整。" in page_of_lead.content.decode()


def test_settled_on_the_page(people: Personas, sign_in: SignIn) -> None:
    departure, client = _departure(people), sign_in(people.lead)
    page = at("departure-settle", departure)
    early = client.post(page)
    departure.items.update(taker=people.fund, consented_by=people.fund_confirmer, consented_at=NOON)

    assert (early.status_code, client.get(page).status_code, client.post(page).status_code) == (409, 200, 302)
    assert Participation.objects.get(pk=departure.participation_id).status == P.LEFT
    assert client.get(departure.get_absolute_url()).status_code == 200


def test_taken_back_on_the_page(people: Personas, sign_in: SignIn) -> None:
    departure = _departure(people)

    assert sign_in(people.university_confirmer).get(at("departure-cancel", departure)).status_code == 403
    assert sign_in(people.lead).post(at("departure-cancel", departure), NOTE).status_code == 302
    assert Departure.objects.get().status == D.CANCELLED


@pytest.mark.parametrize("page", ["departure-detail", "departure-allocate", "departure-settle", "departure-cancel"])
def test_a_rival_sees_no_departure(people: Personas, sign_in: SignIn, page: str) -> None:
    assert sign_in(people.rival).get(at(page, _departure(people))).status_code == 404


@pytest.mark.parametrize("page", ["departure-consent", "departure-refuse"])
@pytest.mark.parametrize(
    ("who", "status"), [("lead", 403), ("supplier_confirmer", 403), ("officer", 403), ("rival", 404)]
)
def test_only_the_taker_answers(people: Personas, sign_in: SignIn, page: str, who: str, status: int) -> None:
    row = _row(_departure(people), people)

    assert sign_in(getattr(people, who)).get(at(page, row)).status_code == status


@pytest.mark.parametrize(("who", "status"), [("fund_confirmer", 403), ("officer", 403), ("rival", 404)])
def test_who_may_not_ask(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    assert sign_in(getattr(people, who)).get(at("departure-request", _member(people))).status_code == status


@pytest.mark.parametrize("who", ["lead", "university_confirmer", "fund_confirmer", "officer"])
def test_everybody_concerned_reads_the_page(people: Personas, sign_in: SignIn, who: str) -> None:
    departure = _departure(people)
    _row(departure, people)

    assert sign_in(getattr(people, who)).get(departure.get_absolute_url()).status_code == 200


def test_the_taker_finds_it_among_its_duties(people: Personas, sign_in: SignIn) -> None:
    _row(_departure(people), people)

    [row] = sign_in(people.fund_confirmer).get(reverse("consortia:consortium-list")).context["participations"]

    assert row.must_take_over is True

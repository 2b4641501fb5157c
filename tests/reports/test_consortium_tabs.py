"""Money and documents on the page of a consortium: what whom."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funding.models import Contract
from tests.factories.funding import make_contract
from tests.personas import Personas

SignIn = Callable[..., Client]


def money(contract: Contract) -> str:
    return reverse("funding:consortium-money", args=[contract.award.consortium_id])


def documents(contract: Contract) -> str:
    return reverse("reports:consortium-documents", args=[contract.award.consortium_id])


def kinds(response: Any) -> list[str]:
    return sorted(str(one.icon) for one in response.context["documents"])


@pytest.mark.parametrize(
    ("who", "awards", "applications"),
    [
        ("officer", 1, 1),
        ("district_officer", 1, 1),
        ("lead", 1, 1),
        ("university_confirmer", 0, 1),  # a member sees the application it is in, and no money of the lead
    ],
)
def test_the_money_is_shown_to_whom_it_concerns(
    people: Personas, sign_in: SignIn, who: str, awards: int, applications: int
) -> None:
    contract = make_contract(people)

    context = sign_in(getattr(people, who)).get(money(contract)).context

    assert (len(context["awards"]), len(context["applications"])) == (awards, applications)


def test_the_documents_stand_with_their_hashes(people: Personas, sign_in: SignIn) -> None:
    contract = make_contract(people)

    shown = sign_in(people.officer).get(documents(contract)).context["documents"]

    hashes = {str(one.name): one.sha256 for one in shown}
    assert hashes[contract.number] == contract.sha256
    assert hashes[contract.award.application.number] == contract.award.application.snapshot_hash


def test_a_member_sees_agreement_and_application_but_no_contract(people: Personas, sign_in: SignIn) -> None:
    contract = make_contract(people)

    assert kinds(sign_in(people.lead).get(documents(contract))) == ["clipboard-text", "signature", "writing-sign"]
    assert kinds(sign_in(people.university_confirmer).get(documents(contract))) == ["clipboard-text", "writing-sign"]


@pytest.mark.parametrize("who", ["rival", "other_district_officer", "expert", "system_admin"])
def test_strangers_do_not_find_the_pages(people: Personas, sign_in: SignIn, who: str) -> None:
    contract = make_contract(people)
    client = sign_in(getattr(people, who))

    assert (client.get(money(contract)).status_code, client.get(documents(contract)).status_code) == (404, 404)


@pytest.mark.parametrize("page", [money, documents])
def test_the_pages_cost_a_fixed_number_of_queries(
    people: Personas, sign_in: SignIn, page: Callable[[Contract], str]
) -> None:
    client, address = sign_in(people.officer), page(make_contract(people))
    client.get(address)

    with CaptureQueriesContext(connection) as captured:
        client.get(address)

    assert len(captured) <= 32

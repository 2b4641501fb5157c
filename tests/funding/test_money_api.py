"""Awards and tranches through the read API."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from funding.enums import TrancheStatus
from tests.factories.consortia import rival_consortium
from tests.factories.funding import make_application, make_award, make_contract, make_tranche
from tests.funding.steps import queries_of
from tests.personas import Personas


def enter(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(user: Any, name: str, *args: Any, **query: str) -> Any:
    return enter(user).get(reverse(f"api:{name}", args=args), query).json()


def test_an_award_with_its_contract(people: Personas) -> None:
    contract = make_contract(people)
    award = contract.award

    assert read(people.officer, "award-detail", award.pk) == {
        "id": str(award.pk), "application": str(award.application_id), "consortium": award.consortium.code,
        "consortium_name": award.consortium.name, "lead": "样例领航科技有限公司", "district": "320583", "year": 2026,
        "tier": "A", "amount": "1550000.00", "document_number": "样科〔2026〕9号", "approved_on": "2026-11-18",
        "contract": {
            "number": contract.number, "status": "EFFECTIVE", "starts_on": "2026-11-18", "ends_on": "2029-08-14",
            "signed_at": "2026-11-18T12:00:00+08:00", "countersigned_at": "2026-11-18T12:00:00+08:00",
            "sha256": contract.sha256,
        },
    }  # fmt: skip


def test_a_tranche_with_its_payment(people: Personas) -> None:
    tranche = make_tranche(people, status=TrancheStatus.PAID)

    assert read(people.lead, "tranche-detail", tranche.pk) == {
        "id": str(tranche.pk), "award": str(tranche.award_id), "consortium": tranche.award.consortium.code,
        "sequence": 1, "percent": "60.0000", "amount": "930000.00", "condition": "CONTRACT",
        "condition_met_on": "2026-11-18", "status": "PAID", "requested_at": "2026-11-18T12:00:00+08:00",
        "verified_at": "2026-11-18T12:00:00+08:00", "reviewed_at": "2026-11-18T12:00:00+08:00",
        "approved_at": "2026-11-18T12:00:00+08:00", "hold_reason": "",
        "payment": {
            "amount": "930000.00", "paid_on": "2026-11-18", "voucher": tranche.payment.voucher, "receipt_on": None,
        },
    }  # fmt: skip


def test_what_is_not_there_is_null(people: Personas) -> None:
    award = make_award(people)
    tranche = make_tranche(people, award)

    assert read(people.officer, "award-detail", award.pk)["contract"] is None
    assert read(people.officer, "tranche-detail", tranche.pk)["payment"] is None


@pytest.mark.parametrize("kind", ["award", "tranche"])
def test_everybody_reads_the_own_ones(people: Personas, kind: str) -> None:
    own = make_tranche(people)
    foreign = make_tranche(
        people, make_award(people, make_application(people, "APPROVED", consortium=rival_consortium(people)))
    )
    named = {str(own.pk): "own", str(own.award_id): "own", str(foreign.pk): "foreign", str(foreign.award_id): "foreign"}

    found = {
        name: sorted(named[row["id"]] for row in read(getattr(people, name), f"{kind}-list")["results"])
        for name in ("officer", "district_officer", "other_district_officer", "lead", "rival", "expert", "system_admin")
    }

    assert found == {
        "officer": ["foreign", "own"], "district_officer": ["foreign", "own"], "other_district_officer": [],
        "lead": ["own"], "rival": ["foreign"], "expert": [], "system_admin": [],
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["award", "tranche"])
def test_a_strangers_money_does_not_exist_and_nobody_writes(people: Personas, kind: str) -> None:
    tranche = make_tranche(people)
    subject = {"award": tranche.award, "tranche": tranche}[kind]
    url = reverse(f"api:{kind}-detail", args=[subject.pk])

    assert enter(people.rival).get(url).status_code == 404
    assert Client().get(url).status_code == 403
    assert {enter(people.leader).generic(method, url).status_code for method in ("PUT", "PATCH", "DELETE")} == {405}


def test_filters(people: Personas) -> None:
    first = make_tranche(people)
    second = make_tranche(people, first.award, TrancheStatus.REQUESTED, amount=Decimal(620_000))

    def ids(**query: str) -> list[str]:
        return [row["id"] for row in read(people.officer, "tranche-list", **query)["results"]]

    assert ids(status="REQUESTED") == [str(second.pk)]
    assert ids(award=str(first.award_id)) == [str(second.pk), str(first.pk)]
    assert ids(award__year="2025") == []
    assert enter(people.officer).get(reverse("api:tranche-list"), {"status": "NONE"}).status_code == 400
    assert len(read(people.officer, "award-list", tier="A", year="2026")["results"]) == 1


@pytest.mark.parametrize("kind", ["award", "tranche"])
def test_a_list_costs_the_same_whatever_its_length(people: Personas, kind: str) -> None:
    client, url = enter(people.officer), reverse(f"api:{kind}-list")
    make_tranche(people, status=TrancheStatus.PAID)
    client.get(url)
    one = len(queries_of(client, url))
    for status in (TrancheStatus.PLANNED, TrancheStatus.PAID):
        make_tranche(people, status=status)

    assert (one, len(queries_of(client, url))) == (4, 4)

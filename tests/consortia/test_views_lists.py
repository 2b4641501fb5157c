"""The registry of officials, one's own consortia, the public directory."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortia.enums import ConsortiumStatus, ParticipationRole, ParticipationStatus, Tier
from members.models import Organisation
from tests.factories.books import make_one
from tests.factories.consortia import (
    make_agreement,
    make_consortium,
    make_participation,
    make_sub_field,
    ready_consortium,
    rival_consortium,
)
from tests.factories.members import make_district, make_organisation
from tests.personas import Personas

S = ConsortiumStatus
LIST = reverse("consortia:consortium-list")
PUBLIC = reverse("consortia:public-consortium-list")
SignIn = Callable[..., Client]


def names(response: Any) -> list[str]:
    return [row.name for row in response.context["rows"]]


def _queries(client: Client, address: str) -> int:
    client.get(address)  # the session and the caches are warm
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# --- the registry ------------------------------------------------------------------------------
def test_officials_see_all_that_they_may_see(people: Personas, sign_in: SignIn) -> None:
    make_consortium(people, name="样例昆山")
    make_consortium(people, name="样例常熟", district=make_district("320581"))

    assert names(sign_in(people.officer).get(LIST)) == ["样例常熟", "样例昆山"]
    assert names(sign_in(people.district_officer).get(LIST)) == ["样例昆山"]
    assert names(sign_in(people.other_district_officer).get(LIST)) == ["样例常熟"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=澄湖", ["样例澄湖"]),
        ("q=LHT-2026", ["样例星屿", "样例澄湖"]),
        ("q=领航", ["样例澄湖"]),
        ("q=%20%20", ["样例星屿", "样例澄湖"]),
        ("district=320581", ["样例星屿"]),
        ("sub_field=M01", ["样例星屿"]),
        ("tier=A", ["样例澄湖"]),
        ("status=RECTIFYING", ["样例星屿"]),
        ("type=STRATEGIC", ["样例星屿"]),
        ("ownership=STATE", ["样例星屿"]),
        ("ownership=PRIVATE", []),
        ("tier=A&status=RECTIFYING", []),
        ("tier=X&district=999999&status=nonsense", ["样例星屿", "样例澄湖"]),
        ("unproven=2024", []),
        ("unproven=2025", ["样例澄湖"]),
        ("unproven=2026", ["样例星屿", "样例澄湖"]),
        ("unproven=99999999", ["样例星屿", "样例澄湖"]),
        ("sort=code", ["样例澄湖", "样例星屿"]),
        ("sort=-recognised_on", ["样例星屿", "样例澄湖"]),
        ("sort=mission", ["样例星屿", "样例澄湖"]),
        ("after=nonsense", ["样例星屿", "样例澄湖"]),
    ],
)
def test_search_filters_and_order(people: Personas, sign_in: SignIn, query: str, found: list[str]) -> None:
    for place, ownership in ((people.lead_org, "MIXED"), (people.rival_org, "STATE")):
        Organisation.objects.filter(pk=place.pk).update(ownership=ownership)
    make_consortium(people, name="样例澄湖", status=S.OPERATING, tier=Tier.A)
    make_consortium(
        people, name="样例星屿", lead=people.rival_org, status=S.RECTIFYING, tier=Tier.B, type="STRATEGIC",
        district=make_district("320581"), sub_field=make_sub_field("M01"), recognised_on=date(2026, 1, 1),
    )  # fmt: skip

    assert names(sign_in(people.officer).get(f"{LIST}?{query}")) == found


def test_the_registry_finds_where_nothing_is_verified(people: Personas, sign_in: SignIn) -> None:
    proven, claimed = (make_consortium(people, name=name, status=S.OPERATING) for name in ("样例已核", "样例未核"))
    make_one(proven, people.lead, year=2025, judge=people.officer)
    make_one(claimed, people.lead, year=2025)
    client = sign_in(people.officer)

    assert names(client.get(LIST, {"unproven": 2025})) == ["样例未核"]
    assert names(client.get(LIST, {"unproven": 2026})) == ["样例未核", "样例已核"]


def test_pages_by_key(people: Personas, sign_in: SignIn) -> None:
    made = [make_consortium(people).name for _ in range(53)]
    client = sign_in(people.officer)

    first = client.get(LIST)
    second = client.get(LIST, {"after": first.context["page"].next_token})
    back = client.get(LIST, {"before": second.context["page"].previous_token})

    assert names(first) + names(second) == made[::-1]
    assert names(back) == names(first)


def test_the_registry_asks_the_same_number_of_queries_for_one_and_three(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.officer)
    ready_consortium(people)
    one = _queries(client, LIST)
    for _ in range(2):
        make_participation(make_consortium(people), make_organisation(), people.lead)

    assert (one, _queries(client, LIST)) == (one, one)
    assert one <= 12


# --- one's own ---------------------------------------------------------------------------------
def test_a_lead_sees_its_own_and_what_is_missing(people: Personas, sign_in: SignIn) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.lead_org, people.lead, role=ParticipationRole.LEAD)
    rival_consortium(people)

    response = sign_in(people.lead).get(LIST)

    assert [row.consortium for row in response.context["participations"]] == [consortium]
    assert response.context["may_create"] is True
    assert response.templates[0].name == "consortia/consortium_own.html"


def test_a_member_who_only_confirms_forms_no_consortium(people: Personas, sign_in: SignIn) -> None:
    response = sign_in(people.university_confirmer).get(LIST)

    assert (response.context["participations"], response.context["may_create"]) == ([], False)


def test_the_own_list_asks_the_same_number_of_queries_for_one_and_three(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.university_confirmer)
    for count in range(3):
        consortium = make_consortium(people)
        make_participation(consortium, people.university, people.lead, status=ParticipationStatus.INVITED)
        make_agreement(consortium, people.lead, signed=False)
        if not count:
            one = _queries(client, LIST)

    assert _queries(client, LIST) == one


def test_signed_out_is_led_to_the_sign_in(db: None) -> None:
    response = Client().get(LIST)

    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={LIST}")


# --- the public directory ----------------------------------------------------------------------
def test_the_public_sees_recognised_consortia_only(people: Personas) -> None:
    make_consortium(people, name="样例筹建")
    shown = make_consortium(people, name="样例运行", status=S.OPERATING)

    response = Client().get(PUBLIC)

    assert names(response) == ["样例运行"]
    assert Client().get(reverse("consortia:public-consortium-detail", args=[shown.pk])).status_code == 200


def test_a_consortium_in_preparation_is_not_public(people: Personas) -> None:
    hidden = make_consortium(people)

    assert Client().get(reverse("consortia:public-consortium-detail", args=[hidden.pk])).status_code == 404


def test_the_public_page_names_no_member_and_no_money(people: Personas) -> None:
    consortium = ready_consortium(people, status=S.OPERATING, governance="一家一票。", chief_scientist="样例首席")

    page = Client().get(reverse("consortia:public-consortium-detail", args=[consortium.pk])).content.decode()

    secrets = [
        people.university.name,
        people.fund.name,
        "一家一票。",
        "样例首席",
        "承担样机研制",
        "100.00",
        "1,000,000",
    ]
    assert [word for word in secrets if word in page] == []


def test_the_public_filters_by_district(people: Personas) -> None:
    make_consortium(people, name="样例昆山", status=S.OPERATING)
    make_consortium(people, name="样例常熟", status=S.OPERATING, district=make_district("320581"))

    response = Client().get(PUBLIC, {"district": "320581"})

    assert names(response) == ["样例常熟"]


def test_the_directory_asks_the_same_number_of_queries_for_one_and_three(people: Personas) -> None:
    ready_consortium(people, status=S.OPERATING)
    one = _queries(Client(), PUBLIC)
    for _ in range(2):
        make_participation(make_consortium(people, status=S.OPERATING), make_organisation(), people.lead)

    assert _queries(Client(), PUBLIC) == one


def test_an_empty_directory_is_a_page(db: None) -> None:
    assert Client().get(PUBLIC).status_code == 200

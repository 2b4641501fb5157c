"""The read API: what one may see, nothing to write."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortia.enums import ConsortiumStatus
from tests.factories.consortia import make_consortium, make_participation, ready_consortium, rival_consortium
from tests.factories.members import make_district, make_organisation
from tests.personas import Personas

SignIn = Callable[..., Client]
LIST = reverse("api:consortium-list")


def codes(client: Client, **query: str) -> list[str]:
    return [row["name"] for row in client.get(LIST, query).json()["results"]]


def test_everybody_reads_what_it_may_see(people: Personas, sign_in: SignIn) -> None:
    mine, theirs = ready_consortium(people, name="样例甲"), rival_consortium(people, name="样例乙")
    make_consortium(people, name="样例丙", district=make_district("320581"))

    assert codes(sign_in(people.officer)) == ["样例丙", "样例乙", "样例甲"]
    assert codes(sign_in(people.district_officer)) == ["样例乙", "样例甲"]
    assert codes(sign_in(people.university_confirmer)) == ["样例甲"]
    assert codes(sign_in(people.rival)) == ["样例乙"]
    assert codes(sign_in(people.system_admin)) == []
    assert sign_in(people.rival).get(reverse("api:consortium-detail", args=[mine.pk])).status_code == 404
    assert sign_in(people.lead).get(reverse("api:consortium-detail", args=[theirs.pk])).status_code == 404


def test_filters(people: Personas, sign_in: SignIn) -> None:
    make_consortium(people, name="样例甲", status=ConsortiumStatus.OPERATING, tier="A")
    make_consortium(people, name="样例乙")
    client = sign_in(people.officer)

    assert codes(client, status="OPERATING") == ["样例甲"]
    assert codes(client, tier="A", q="样例") == ["样例甲"]
    assert codes(client, q="乙") == ["样例乙"]


def test_one_consortium_with_its_members(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)

    facts = sign_in(people.officer).get(reverse("api:consortium-detail", args=[consortium.pk])).json()

    assert (facts["code"], facts["lead"], facts["district"]) == (consortium.code, "样例领航科技有限公司", "320583")
    assert facts["members"][0]["organisation"] == "样例领航科技有限公司"
    assert (len(facts["members"]), facts["members"][0]["cash"]) == (5, "1000000.00")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written(people: Personas, sign_in: SignIn, method: str) -> None:
    assert getattr(sign_in(people.officer), method)(LIST).status_code == 405


def test_signed_out_reads_nothing(db: None) -> None:
    assert Client().get(LIST).status_code in {302, 401, 403}


def test_the_list_asks_the_same_number_of_queries_for_one_and_three(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.officer)
    counts = []
    for _ in range(3):
        make_participation(make_consortium(people), make_organisation(), people.lead)
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        counts.append(len(captured))

    assert counts == [counts[0]] * 3

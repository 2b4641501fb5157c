"""The city's register of outcomes, its export, and the numbers claimed twice."""

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortia.enums import ClaimStatus
from consortia.models import Adoption, CoOwner, DuplicateClaim
from portal.kernel.models import ExportLog
from tests.factories.consortia import make_outcome, ready_consortium, rival_consortium
from tests.factories.members import make_district
from tests.personas import Personas

SignIn = Callable[..., Client]
LIST, EXPORT = reverse("consortia:outcome-list"), reverse("consortia:outcome-export")
DUPLICATES = reverse("consortia:duplicate-list")


def _names(response: Any) -> list[str]:
    return [row.name for row in response.context["rows"]]


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def _pair(people: Personas) -> DuplicateClaim:
    first = make_outcome(ready_consortium(people), name="领航的发明")
    second = make_outcome(rival_consortium(people, district=make_district("320581")), name="竞先的发明")
    return DuplicateClaim.objects.create(first=first, second=second)


def at(name: str, claim: DuplicateClaim) -> str:
    return reverse(f"consortia:{name}", args=[claim.pk])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["乙产品", "甲专利"]),
        ("kind=PRODUCT", ["乙产品"]),
        ("year=2025", ["甲专利"]),
        ("year=99999999999", ["乙产品", "甲专利"]),
        ("q=zl 2025 1 0000001", ["甲专利"]),
        ("q=乙产品", ["乙产品"]),
        ("verification=VERIFIED", []),
        ("disputed=1", []),
        ("disputed=0&sort=date", ["甲专利", "乙产品"]),
        ("stage=RESEARCH&sort=-amount", ["乙产品", "甲专利"]),
        ("kind=MEDAL&after=nonsense", ["乙产品", "甲专利"]),
    ],
)
def test_search_filters_and_order(people: Personas, sign_in: SignIn, query: str, found: list[str]) -> None:
    consortium = ready_consortium(people)
    make_outcome(consortium, name="甲专利", date=date(2025, 5, 1), identifier="ZL202510000001.4")
    make_outcome(consortium, "PRODUCT", name="乙产品", identifier="", amount=Decimal(5))

    assert _names(sign_in(people.officer).get(f"{LIST}?{query}")) == found


def test_a_district_sees_its_own_and_enterprises_no_register(people: Personas, sign_in: SignIn) -> None:
    _pair(people)

    assert _names(sign_in(people.district_officer).get(LIST)) == ["领航的发明"]
    assert _names(sign_in(people.other_district_officer).get(LIST)) == ["竞先的发明"]
    assert [sign_in(user).get(LIST).status_code for user in (people.lead, people.expert)] == [403, 403]


def test_the_sums_count_a_disputed_number_once(people: Personas, sign_in: SignIn) -> None:
    _pair(people)

    totals = sign_in(people.officer).get(LIST).context["totals"]

    assert (totals.recorded, totals.counted, totals.disputed) == (2, 1, 2)


def test_the_register_asks_the_same_number_of_queries_for_one_and_three(people: Personas, sign_in: SignIn) -> None:
    client, consortium = sign_in(people.officer), ready_consortium(people)
    own = reverse("consortia:consortium-outcomes", args=[consortium.pk])
    CoOwner.objects.create(outcome=make_outcome(consortium), organisation=people.university)
    one = [_queries(client, LIST), _queries(client, own)]
    for number in range(2):
        outcome = make_outcome(consortium, identifier=f"ZL20261000010{number}.1", task=consortium.tasks.get())
        CoOwner.objects.create(outcome=outcome, organisation=people.university)
        Adoption.objects.create(outcome=outcome, adopter="样例", since=date(2026, 6, 1))

    assert [_queries(client, LIST), _queries(client, own)] == one
    assert one[0] <= 14


def test_the_register_of_one_consortium_is_filtered(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    make_outcome(consortium, name="专利甲")
    make_outcome(consortium, "PRODUCT", name="产品乙", amount=Decimal(20_000))

    page = sign_in(people.lead).get(reverse("consortia:consortium-outcomes", args=[consortium.pk]), {"kind": "PRODUCT"})

    assert [row.name for row in page.context["outcomes"]] == ["产品乙"]
    assert page.context["totals"].sales == Decimal(20_000)


# --- export ------------------------------------------------------------------------------------
def test_the_export_holds_what_the_list_shows(people: Personas, sign_in: SignIn) -> None:
    _pair(people)

    answer = sign_in(people.district_officer).post(
        f"{EXPORT}?kind=PATENT", {"format": "csv", "purpose": "核对"}, headers={"accept-language": "en"}
    )

    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [(row["Outcome"], row["Number in dispute"], row["Counts"]) for row in rows] == [("领航的发明", "Yes", "Yes")]
    log = ExportLog.objects.get()
    assert (log.slug, log.row_count, log.params, log.purpose) == ("outcomes", 1, {"Kind": "Patent"}, "核对")


def test_who_exports_and_in_which_format(people: Personas, sign_in: SignIn) -> None:
    ready_consortium(people)

    assert sign_in(people.lead).get(EXPORT).status_code == 403
    assert sign_in(people.officer).get(EXPORT).status_code == 200
    assert list(sign_in(people.officer).post(EXPORT, {"format": "exe"}).context["form"].errors) == ["format"]
    answer = sign_in(people.officer).post(EXPORT, {"format": "xlsx"})
    assert b"".join(answer)[:2] == b"PK"


# --- claimed twice -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "count"),
    [("", 1), ("status=OPEN", 1), ("status=SHARED", 0), ("kind=PATENT", 1), ("q=竞先", 1), ("q=ZL2026 1 0000001", 1),
     ("q=没有", 0)],
)  # fmt: skip
def test_the_list_of_pairs(people: Personas, sign_in: SignIn, query: str, count: int) -> None:
    _pair(people)

    assert len(sign_in(people.finance).get(f"{DUPLICATES}?{query}").context["rows"]) == count


@pytest.mark.parametrize("who", ["lead", "rival", "district_officer", "expert"])
def test_only_the_bureau_sees_pairs(people: Personas, sign_in: SignIn, who: str) -> None:
    claim, client = _pair(people), sign_in(getattr(people, who))

    answers = [
        client.get(DUPLICATES),
        client.get(at("duplicate-detail", claim)),
        client.get(at("duplicate-settle", claim)),
    ]

    assert [answer.status_code for answer in answers] == [403, 404, 404]


def test_the_list_of_pairs_asks_the_same_number_of_queries(people: Personas, sign_in: SignIn) -> None:
    claim, client = _pair(people), sign_in(people.officer)
    one = _queries(client, DUPLICATES)
    for _ in range(2):
        DuplicateClaim.objects.create(first=claim.first, second=make_outcome(claim.second.consortium))

    assert _queries(client, DUPLICATES) == one


def test_the_officer_settles_once(people: Personas, sign_in: SignIn) -> None:
    claim, client = _pair(people), sign_in(people.officer)
    address = at("duplicate-settle", claim)

    assert client.get(at("duplicate-detail", claim)).context["may_settle"] is True
    assert sorted(client.post(address, {"ruling": "third"}).context["form"].errors) == ["note", "ruling"]
    answer = client.post(address, {"ruling": "second", "note": "证书属领航"})
    assert answer["Location"] == at("duplicate-detail", claim)
    claim.refresh_from_db()
    assert (claim.status, claim.withdrawn) == (ClaimStatus.WITHDRAWN, claim.second)
    assert client.post(address, {"ruling": "both", "note": "再次"}).status_code == 409
    assert client.get(address).context["reasons"] != []


@pytest.mark.parametrize("who", ["leader", "finance", "supervisor"])
def test_the_rest_of_the_bureau_reads_only(people: Personas, sign_in: SignIn, who: str) -> None:
    claim, client = _pair(people), sign_in(getattr(people, who))

    assert client.get(at("duplicate-detail", claim)).context["may_settle"] is False
    assert client.post(at("duplicate-settle", claim), {"ruling": "both", "note": "样例"}).status_code == 403

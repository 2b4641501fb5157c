"""The registry, an organisation, one's own, and what its administrators do there."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.enums import IntegrityLevel, OrganisationType, Role
from members.models import IntegrityRecord, Invitation, Organisation, RoleGrant
from tests.factories.members import make_district, make_organisation, make_user
from tests.personas import Personas

LIST = reverse("members:organisation-list")
OWN = reverse("members:organisation-own")


def names(answer: Any) -> list[str]:
    return [organisation.name for organisation in answer.context["rows"]]


def errors(answer: Any) -> dict[str, list[str]]:
    return {field: [str(error) for error in found] for field, found in answer.context["form"].errors.items()}


def english(client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


# --- the registry ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("officer", 200), ("head", 200), ("finance", 200), ("district_officer", 200), ("lead", 403), ("expert", 403),
        ("system_admin", 403), ("audit_admin", 403),
    ],
)  # fmt: skip
def test_the_registry_is_for_officials(people: Personas, sign_in: Any, name: str, status: int) -> None:
    assert sign_in(getattr(people, name)).get(LIST).status_code == status


def test_a_district_sees_its_own(people: Personas, sign_in: Any) -> None:
    assert people.lead_org
    assert people.university

    assert names(sign_in(people.district_officer).get(LIST)) == ["样例领航科技有限公司"]
    assert names(sign_in(people.other_district_officer).get(LIST)) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=领航", ["样例领航科技有限公司"]),
        ("q=%20领航%20", ["样例领航科技有限公司"]),
        ("type=UNIVERSITY", ["样例理工大学"]),
        ("type=UNIVERSITY&type=FUND", ["样例产业创新基金", "样例理工大学"]),
        ("district=320583", ["样例领航科技有限公司"]),
        ("q=领航&type=FUND", []),
        ("q=%25", []),
        ("type=PIRATES", ["样例产业创新基金", "样例理工大学", "样例领航科技有限公司"]),
    ],
)
def test_filters(people: Personas, sign_in: Any, query: str, found: list[str]) -> None:
    assert people.lead_org
    assert people.university
    assert people.fund

    assert sorted(names(sign_in(people.officer).get(f"{LIST}?{query}"))) == sorted(found)


def test_an_organisation_is_found_by_a_part_of_its_code(people: Personas, sign_in: Any) -> None:
    code = str(people.lead_org.uscc)

    assert names(sign_in(people.officer).get(f"{LIST}?q={code}")) == ["样例领航科技有限公司"]
    assert names(sign_in(people.officer).get(f"{LIST}?q={code[3:]}")) == ["样例领航科技有限公司"]
    assert names(sign_in(people.officer).get(f"{LIST}?q={code[1:]}00")) == []


def test_the_registry_turns_its_pages(people: Personas, sign_in: Any) -> None:
    for number in range(55):
        Organisation.objects.create(name=f"样例{number:03}", id_scheme="NONE")
    client = sign_in(people.officer)

    first = client.get(LIST)
    second = client.get(f"{LIST}?after={first.context['page'].next_token}")
    back = client.get(f"{LIST}?before={second.context['page'].previous_token}")

    assert names(first) == [f"样例{number:03}" for number in range(50)]
    assert names(second) == [f"样例{number:03}" for number in range(50, 55)]
    assert names(back) == names(first)
    assert client.get(f"{LIST}?after=nonsense&sort=-name").context["rows"][0].name == "样例054"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_registry_costs_the_same_for_any_number_of_rows(people: Personas, sign_in: Any, rows: int) -> None:
    for _row in range(rows):
        make_organisation(district=make_district())
    client = sign_in(people.officer)
    client.get(LIST)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(LIST)

    assert len(queries) == 10  # the kept filters and the chosen columns are two of them


# --- one organisation --------------------------------------------------------------------------
def detail(organisation: Organisation) -> str:
    return reverse("members:organisation-detail", args=[organisation.pk])


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("officer", 200), ("district_officer", 200), ("other_district_officer", 404), ("lead", 200), ("rival", 404),
        ("university_confirmer", 404), ("expert", 404), ("system_admin", 404), ("security_admin", 404),
    ],
)  # fmt: skip
def test_a_stranger_finds_nothing(people: Personas, sign_in: Any, name: str, status: int) -> None:
    assert sign_in(getattr(people, name)).get(detail(people.lead_org)).status_code == status


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("officer", {"people", "records", "history", "registry"}),
        ("district_officer", {"records", "history", "registry"}),
        ("lead", {"people", "records"}),
        ("lead_admin", {"people", "records", "administers", "invitations", "history"}),
    ],
)
def test_who_sees_what_of_it(people: Personas, sign_in: Any, name: str, parts: set[str]) -> None:
    IntegrityRecord.objects.create(
        organisation=people.lead_org, level=IntegrityLevel.SERIOUS, behaviour="样例失信行为", source="样例通报",
        effective_from=date(2026, 1, 1),
    )  # fmt: skip

    answer = sign_in(getattr(people, name)).get(detail(people.lead_org))

    every = ("people", "records", "administers", "invitations", "history", "registry")
    assert {part for part in every if answer.context.get(part) not in (None, False)} == parts
    assert answer.content.decode().count("样例失信行为") == ("records" in parts)
    assert (answer.content.decode().count("/update/") == 2) == ("administers" in parts)


# --- one's own ---------------------------------------------------------------------------------
def test_ones_own_organisation(people: Personas, sign_in: Any) -> None:
    answer = sign_in(people.lead).get(OWN)

    assert answer.context["object"] == people.lead_org
    assert [year.year for year in answer.context["years"]] == [2025, 2024, 2023]


def test_somebody_with_two_organisations_chooses(people: Personas, sign_in: Any) -> None:
    both = make_user("both", "样例两家", (Role.CONFIRMER, people.university), (Role.ORG_ADMIN, people.fund))
    client = sign_in(both)

    assert set(client.get(OWN).context["mine"]) == {people.university, people.fund}
    for organisation in (people.university, people.fund):
        assert client.get(f"{OWN}?organisation={organisation.pk}").context["object"] == organisation


@pytest.mark.parametrize("query", ["?organisation=nonsense", "?organisation="])
def test_a_wrong_choice_shows_an_empty_page(people: Personas, sign_in: Any, query: str) -> None:
    answer = sign_in(people.lead).get(OWN + query)

    assert (answer.status_code, answer.context["object"]) == (200, None)


def test_the_organisation_of_another_cannot_be_chosen(people: Personas, sign_in: Any) -> None:
    assert sign_in(people.rival).get(f"{OWN}?organisation={people.lead_org.pk}").context["object"] is None


def test_an_official_has_none(people: Personas, sign_in: Any) -> None:
    assert sign_in(people.officer).get(OWN).context["object"] is None


# --- what its administrators do ----------------------------------------------------------------
ACTS = ["organisation-update", "year-record", "colleague-invite"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(("name", "status"), [("lead_admin", 200), ("lead", 403), ("officer", 403), ("rival", 404)])
def test_who_may_open_the_forms(people: Personas, sign_in: Any, act: str, name: str, status: int) -> None:
    url = reverse(f"members:{act}", args=[people.lead_org.pk])

    assert sign_in(getattr(people, name)).get(url).status_code == status
    assert (sign_in(getattr(people, name)).post(url, {}).status_code == 200) == (status == 200)


def back(organisation: Organisation) -> str:
    return f"{OWN}?organisation={organisation.pk}"


def test_the_data_are_kept(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.lead_admin)
    url = reverse("members:organisation-update", args=[people.lead_org.pk])
    data = {
        "name": "样例领航股份有限公司", "type": OrganisationType.INSTITUTE, "lead_class": "LISTED", "district": "",
        "legal_representative": "样例法人", "established_on": "2001-02-03", "address": "样例路1号", "listing": "STAR",
        "ownership": "MIXED", "size_class": "LARGE", "chain_link": "SYSTEM", "industry_code": "3971",
        "registered_capital": "5000", "province": "样例省", "city": "样例市", "adcode": "330100",
    }  # fmt: skip

    answer = client.post(url, data)

    assert answer["Location"] == back(people.lead_org)
    kept = Organisation.objects.values(*data).get(pk=people.lead_org.pk)
    assert kept == {
        **data, "district": None, "established_on": date(2001, 2, 3), "registered_capital": Decimal(50_000_000)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"established_on": "yesterday"}, ["established_on"]),
        ({"industry_code": "39"}, ["industry_code"]),
        ({"adcode": "32059x"}, ["adcode"]),
        ({"registered_capital": "-1"}, ["registered_capital"]),
        ({"listing": "MOON"}, ["listing"]),
    ],
)
def test_bad_data_are_refused_and_not_lost(
    people: Personas, sign_in: Any, changes: dict[str, str], fields: list[str]
) -> None:
    url = reverse("members:organisation-update", args=[people.lead_org.pk])
    data = {
        "name": "甲",
        "type": "ENTERPRISE",
        "lead_class": "NONE",
        "listing": "NONE",
        "address": "样例路99号",
        **changes,
    }

    answer = sign_in(people.lead_admin).post(url, data)

    assert list(errors(answer)) == fields
    assert answer.content.decode().count("样例路99号") == 1
    people.lead_org.refresh_from_db()
    assert people.lead_org.address == ""


FIGURES = {  # ×10k yuan
    "year": "2022", "revenue": "300", "rd_expense": "60.00005", "staff": "50", "rd_staff": "20", "source": "OWN",
}  # fmt: skip


def test_a_year_is_stated_and_corrected(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.lead_admin)
    url = reverse("members:year-record", args=[people.lead_org.pk])

    assert client.post(url, FIGURES)["Location"] == back(people.lead_org)
    page = client.get(f"{url}?year=2022")
    assert page.context["form"]["rd_expense"].value() == "60.00005"
    client.post(f"{url}?year=2022", {**FIGURES, "revenue": "400"})

    assert people.lead_org.years.get(year=2022).revenue == Decimal(4_000_000)


@pytest.mark.parametrize("year", ["", "nonsense", "1999", "٢٠٢٥", "9" * 5000])
def test_an_odd_year_in_the_address_shows_an_empty_form(people: Personas, sign_in: Any, year: str) -> None:
    url = reverse("members:year-record", args=[people.lead_org.pk])

    assert sign_in(people.lead_admin).get(url, {"year": year}).status_code == 200


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"year": "1999"}, ["year"]),
        ({"year": "2999"}, ["year"]),
        ({"revenue": "-1"}, ["revenue"]),
        ({"revenue": "much"}, ["revenue"]),
        ({"revenue": "1" * 30}, ["revenue"]),
        ({"rd_expense": "1.2345678"}, ["rd_expense"]),
        ({"staff": "-1"}, ["staff"]),
        ({"staff": "9" * 20}, ["staff"]),
        ({"rd_staff": "51"}, ["rd_staff"]),
    ],
)
def test_bad_figures_are_refused_next_to_their_field(
    people: Personas, sign_in: Any, changes: dict[str, str], fields: list[str]
) -> None:
    url = reverse("members:year-record", args=[people.lead_org.pk])

    answer = sign_in(people.lead_admin).post(url, {**FIGURES, **changes})

    assert list(errors(answer)) == fields
    assert not people.lead_org.years.filter(year=2022).exists()


def test_a_colleague_is_invited(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.lead_admin)
    url = reverse("members:colleague-invite", args=[people.lead_org.pk])
    data = {"name": "样例同事", "email": "Colleague@Sample.test", "roles": ["APPLICANT", "SIGNATORY"]}

    answer = client.post(url, data)

    assert answer["Location"] == back(people.lead_org)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.roles) == ("colleague@sample.test", ["APPLICANT", "SIGNATORY"])
    assert client.get(OWN).content.decode().count("colleague@sample.test") == 1
    withdraw = reverse("members:invitation-withdraw", args=[invitation.pk])
    assert client.get(withdraw).status_code == 200
    assert client.post(withdraw)["Location"] == back(people.lead_org)
    assert Invitation.objects.pending().count() == 0
    assert client.post(withdraw).status_code == 404


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"email": "nobody"}, ["email"]),
        ({"roles": []}, ["roles"]),
        ({"roles": ["OFFICER"]}, ["roles"]),
        ({"name": ""}, ["name"]),
    ],
)
def test_a_bad_invitation_is_refused(
    people: Personas, sign_in: Any, changes: dict[str, Any], fields: list[str]
) -> None:
    url = reverse("members:colleague-invite", args=[people.lead_org.pk])
    data = {"name": "样例同事", "email": "colleague@sample.test", "roles": ["APPLICANT"], **changes}

    assert list(errors(sign_in(people.lead_admin).post(url, data))) == fields


def test_a_refusal_stands_beside_the_form(people: Personas, sign_in: Any) -> None:
    url = reverse("members:colleague-invite", args=[people.lead_org.pk])
    data = {"name": "样例", "email": people.lead.email, "roles": ["APPLICANT"]}

    answer = english(sign_in(people.lead_admin)).post(url, data)

    assert errors(answer) == {"__all__": ["This colleague holds these roles already."]}


def test_a_colleague_gets_one_more_role_and_loses_it_again(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.lead_admin)
    url = reverse("members:colleague-grant", args=[people.lead_org.pk, people.lead.pk])
    offered = [value for value, _label in client.get(url).context["form"].fields["role"].choices]
    assert offered == ["ORG_ADMIN", "SIGNATORY", "CONFIRMER"]

    assert client.post(url, {"role": "SIGNATORY"})["Location"] == back(people.lead_org)
    grant = RoleGrant.objects.in_force().get(user=people.lead, role=Role.SIGNATORY)

    revoke = reverse("members:grant-revoke", args=[grant.pk])
    assert client.get(revoke).status_code == 200
    assert client.post(revoke, {"note": ""})["Location"] == back(people.lead_org)
    assert client.post(revoke, {}).status_code == 404
    assert RoleGrant.objects.in_force().filter(user=people.lead).count() == 1


@pytest.mark.parametrize("role", ["APPLICANT", "OFFICER", ""])
def test_a_role_that_is_not_offered_is_refused(people: Personas, sign_in: Any, role: str) -> None:
    url = reverse("members:colleague-grant", args=[people.lead_org.pk, people.lead.pk])

    assert list(errors(sign_in(people.lead_admin).post(url, {"role": role}))) == ["role"]


def test_a_stranger_is_no_colleague(people: Personas, sign_in: Any) -> None:
    url = reverse("members:colleague-grant", args=[people.lead_org.pk, people.rival.pk])

    assert sign_in(people.lead_admin).get(url).status_code == 404


def test_the_last_administrator_stays(people: Personas, sign_in: Any) -> None:
    grant = RoleGrant.objects.get(user=people.lead_admin)

    answer = english(sign_in(people.lead_admin)).post(reverse("members:grant-revoke", args=[grant.pk]), {})

    assert errors(answer) == {"__all__": ["Nobody else holds this role here; please give it to somebody else first."]}


def test_whoever_gives_up_the_own_last_role_is_led_home(people: Personas, sign_in: Any) -> None:
    make_user("admin2", "样例管理乙", (Role.ORG_ADMIN, people.lead_org))
    grant = RoleGrant.objects.get(user=people.lead_admin)

    answer = sign_in(people.lead_admin).post(reverse("members:grant-revoke", args=[grant.pk]), {})

    assert answer["Location"] == reverse("home")


@pytest.mark.parametrize(("name", "status"), [("lead", 403), ("rival", 404), ("officer", 404), ("system_admin", 403)])
def test_who_may_not_revoke(people: Personas, sign_in: Any, name: str, status: int) -> None:
    grant = RoleGrant.objects.create(
        user=people.lead_confirmer, role=Role.SIGNATORY, organisation=people.lead_org, granted_at="2026-01-01T00:00Z"
    )

    assert sign_in(getattr(people, name)).get(reverse("members:grant-revoke", args=[grant.pk])).status_code == status

"""Roles, people, experts."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from members.enums import Role
from members.models import RoleGrant, User
from tests.factories.members import make_user
from tests.personas import Personas

ROLES = reverse("members:role-list")
USERS = reverse("members:user-list")
CREATE = reverse("members:user-create")


def errors(answer: Any) -> dict[str, list[str]]:
    return {field: [str(error) for error in found] for field, found in answer.context["form"].errors.items()}


def english(client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


# --- roles -------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["lead", "officer", "expert", "audit_admin"])
def test_everybody_may_read_what_the_roles_are(people: Personas, sign_in: Any, name: str) -> None:
    answer = sign_in(getattr(people, name)).get(ROLES)

    assert [card.role for card in answer.context["roles"]] == list(Role)


def test_a_role_carries_what_the_permissions_say(people: Personas, sign_in: Any) -> None:
    assert people.finance
    cards = {card.role: card for card in english(sign_in(people.officer)).get(ROLES).context["roles"]}

    assert cards[Role.FINANCE].holders == 1
    assert cards[Role.LIAISON].holders == 0
    audit = dict(cards[Role.AUDIT_ADMIN].permissions)
    assert audit == {
        "Organisations and people": [
            "Export the audit trail",
            "Read the audit trail",
            "Reveal the text of a sent mail",
            "See the audit console",
            "See which mails were sent",
        ],
        "Applications and funds": ["See approval limits", "See whether duties in a case were kept apart"],
        "Annual evaluation and reports": ["Replay a decision and take its bundle"],
    }
    leader = dict(cards[Role.LEADER].permissions)
    assert [name for name in leader["Applications and funds"] if name == "Decide on applications"] != []


# --- people ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "status"),
    [("system_admin", 200), ("security_admin", 200), ("audit_admin", 403), ("officer", 403), ("lead_admin", 403)],
)
def test_people_are_for_those_who_keep_them(people: Personas, sign_in: Any, name: str, status: int) -> None:
    assert sign_in(getattr(people, name)).get(USERS).status_code == status


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=样例申报", {"lead"}),
        ("q=OFFICER%40", {"officer"}),
        ("role=APPLICANT", {"lead", "rival"}),
        ("active=0", {"signatory"}),
        ("role=EXPERT", set()),
    ],
)
def test_people_are_narrowed(people: Personas, sign_in: Any, query: str, found: set[str]) -> None:
    cast = {name: getattr(people, name) for name in ("lead", "rival", "officer", "signatory", "system_admin")}
    User.objects.filter(pk=people.signatory.pk).update(is_active=False)
    RoleGrant.objects.create(
        user=people.officer, role=Role.EXPERT, granted_at="2026-01-01T00:00Z", revoked_at="2026-02-01T00:00Z"
    )

    rows = sign_in(people.system_admin).get(f"{USERS}?{query}").context["rows"]

    assert {name for name, user in cast.items() if user in rows} == found


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_people_costs_the_same_for_any_number(people: Personas, sign_in: Any, rows: int) -> None:
    for number in range(rows):
        make_user(f"x{number}", f"样例{number}", (Role.CONFIRMER, people.university), (Role.APPLICANT, people.fund))
    client = sign_in(people.system_admin)
    client.get(USERS)

    with CaptureQueriesContext(connection) as queries:
        client.get(USERS)

    assert len(queries) == 8


def url(name: str, person: User) -> str:
    return reverse(f"members:{name}", args=[person.pk])


@pytest.mark.parametrize(
    ("reader", "acts"),
    [("system_admin", {"/deactivate/"}), ("security_admin", {"/grant/", "/revoke/"})],
)
def test_each_administrator_is_offered_the_own_acts(
    people: Personas, sign_in: Any, reader: str, acts: set[str]
) -> None:
    html = sign_in(getattr(people, reader)).get(url("user-detail", people.officer)).content.decode()

    assert {act for act in ("/deactivate/", "/reactivate/", "/grant/", "/revoke/") if act in html} == acts


@pytest.mark.parametrize("reader", ["system_admin", "security_admin"])
def test_nothing_is_offered_about_oneself(people: Personas, sign_in: Any, reader: str) -> None:
    user = getattr(people, reader)

    html = sign_in(user).get(url("user-detail", user)).content.decode()

    assert [act for act in ("/deactivate/", "/grant/", "/revoke/") if act in html] == []


MATRIX = [
    (
        "user-detail",
        {"system_admin": 200, "security_admin": 200, "audit_admin": 404, "officer": 404, "lead_admin": 404},
    ),
    ("role-grant", {"system_admin": 403, "security_admin": 200, "audit_admin": 404, "officer": 404, "lead_admin": 404}),
    (
        "user-deactivate",
        {"system_admin": 200, "security_admin": 403, "audit_admin": 404, "officer": 404, "lead_admin": 404},
    ),
    (
        "user-reactivate",
        {"system_admin": 200, "security_admin": 200, "audit_admin": 404, "officer": 404, "lead_admin": 404},
    ),
]


@pytest.mark.parametrize(("name", "expected"), MATRIX)
def test_who_may_open_what(people: Personas, sign_in: Any, name: str, expected: dict[str, int]) -> None:
    person = people.leader

    found = {reader: sign_in(getattr(people, reader)).get(url(name, person)).status_code for reader in expected}

    assert found == expected


@pytest.mark.parametrize("name", ["role-grant", "user-deactivate"])
def test_nobody_acts_on_oneself(people: Personas, sign_in: Any, name: str) -> None:
    actor = people.security_admin if name == "role-grant" else people.system_admin

    assert sign_in(actor).get(url(name, actor)).status_code == 403
    assert sign_in(actor).post(url(name, actor), {"role": "AUDIT_ADMIN", "note": "x"}).status_code == 403


def test_an_account_is_made_and_given_a_role(people: Personas, sign_in: Any) -> None:
    answer = sign_in(people.system_admin).post(
        CREATE, {"name": "样例新人", "email": "New@Sample.test", "title": "业务处室"}
    )
    user = User.objects.get(email="new@sample.test")
    assert answer["Location"] == user.get_absolute_url()

    granted = sign_in(people.security_admin).post(
        url("role-grant", user),
        {"role": "DISTRICT_OFFICER", "district": people.lead_org.district_id, "note": "样函1号"},
    )

    assert granted["Location"] == user.get_absolute_url()
    assert User.objects.get(pk=user.pk).district_ids == {"320583"}


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"name": "样例", "email": "lead@sample.test"}, ["email"]),
        ({"name": "样例", "email": "LEAD@sample.test"}, ["email"]),
        ({"name": "", "email": "x@sample.test"}, ["name"]),
        ({"name": "样例", "email": "x"}, ["email"]),
    ],
)
def test_a_bad_account_is_refused(people: Personas, sign_in: Any, data: dict[str, str], fields: list[str]) -> None:
    assert people.lead

    assert list(errors(sign_in(people.system_admin).post(CREATE, data))) == fields


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"role": "DISTRICT_OFFICER"}, ["district"]),
        ({"role": "HEAD", "district": "320583"}, ["district"]),
        ({"role": "APPLICANT"}, ["role"]),
        ({"role": ""}, ["role"]),
        ({"role": "OFFICER"}, ["__all__"]),
        ({"role": "AUDIT_ADMIN"}, ["__all__"]),
    ],
)
def test_a_bad_grant_is_refused(people: Personas, sign_in: Any, data: dict[str, str], fields: list[str]) -> None:
    assert people.lead_org

    answer = sign_in(people.security_admin).post(url("role-grant", people.officer), data)

    assert list(errors(answer)) == fields
    assert RoleGrant.objects.filter(user=people.officer).count() == 1


def test_somebody_is_locked_out_at_the_next_click_and_let_in_again(people: Personas, sign_in: Any) -> None:
    theirs = sign_in(people.officer)
    assert theirs.get(ROLES).status_code == 200
    keeper = sign_in(people.system_admin)

    answer = keeper.post(url("user-deactivate", people.officer), {"note": "on leave"})
    assert answer["Location"] == people.officer.get_absolute_url()
    assert theirs.get(ROLES).status_code == 302

    keeper.post(url("user-reactivate", people.officer), {"note": "back"})
    assert sign_in(people.officer).get(ROLES).status_code == 200


def test_a_reason_is_asked(people: Personas, sign_in: Any) -> None:
    assert list(errors(sign_in(people.system_admin).post(url("user-deactivate", people.officer), {}))) == ["note"]


def test_the_second_click_says_what_is_the_case(people: Personas, sign_in: Any) -> None:
    client = english(sign_in(people.system_admin))

    answer = client.post(url("user-reactivate", people.officer), {"note": "x"})

    assert errors(answer) == {"__all__": ["This person is active already."]}


def test_the_security_administrator_revokes_and_stands_at_the_person(people: Personas, sign_in: Any) -> None:
    grant = RoleGrant.objects.get(user=people.officer)

    answer = sign_in(people.security_admin).post(reverse("members:grant-revoke", args=[grant.pk]), {"note": "moved"})

    assert answer["Location"] == people.officer.get_absolute_url()
    assert User.objects.get(pk=people.officer.pk).roles == set()


# --- second factors and shortcuts ----------------------------------------------------------------
def test_who_lacks_a_second_factor_is_counted_and_listed(people: Personas, sign_in: Any) -> None:
    lacking = [make_user(f"bare{n}", f"样例新员{n}", Role.OFFICER) for n in range(7)]
    Authenticator.objects.filter(user__in=lacking).delete()
    client = sign_in(people.security_admin)

    console = client.get(reverse("members:security-console"))
    listed = client.get(USERS, {"factor": "0"})

    assert (console.context["bare_count"], len(console.context["bare"])) == (7, 5)
    assert f"{USERS}?factor=0" in console.text
    assert {person.pk for person in listed.context["rows"]} == {person.pk for person in lacking}


def test_shortcuts_can_be_turned_off(people: Personas, sign_in: Any) -> None:
    client, page = sign_in(people.security_admin), reverse("members:shortcuts-update")

    shown = ["data-letters" in client.get(USERS).text, 'class="keys' in client.get(USERS).text]
    answer = client.post(page, {})
    hidden = ["data-letters" in client.get(USERS).text, 'class="keys' in client.get(USERS).text]
    ticked = client.get(page).context["form"]["shortcuts"].value()
    client.post(page, {"shortcuts": "on"})

    assert (answer.status_code, shown, hidden, ticked) == (302, [True, True], [False, False], False)
    assert "data-letters" in client.get(USERS).text


def test_the_page_of_a_grant_asks_for_the_district_in_chinese(people: Personas, sign_in: Any) -> None:
    address = reverse("members:role-grant", args=[people.officer.pk])

    form = sign_in(people.security_admin).get(address, headers={"accept-language": "zh-hans"}).context["form"]

    with override("zh-hans"):
        assert [str(field.label) for field in form] == ["角色", "县级市（区）", "理由或依据文件"]

"""The demo page: one click, both factors; nobody else, nowhere else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.enums import Role
from members.models import User
from members.selectors import demo_people
from members.services.people import create_expert, create_official, enrol_demo_second_factor
from portal.kernel.audit import trail
from tests.clock import NOON
from tests.factories.members import make_user
from tests.personas import Personas

DEMO = reverse("demo")
HOME = reverse("home")


@pytest.fixture
def official(db: None) -> User:
    """A demo official."""
    user = create_official(
        email="demo-officer@sample.test", name="样例演示科员", roles=[Role.OFFICER], actor=None, at=NOON, is_demo=True
    )
    enrol_demo_second_factor(user=user)
    return user


def test_the_page_shows_the_people_by_their_side(people: Personas, official: User) -> None:
    lead = make_user("demo-lead", "样例演示申报", (Role.APPLICANT, people.lead_org), is_demo=True)
    member = make_user("demo-member", "样例演示成员", (Role.CONFIRMER, people.university), is_demo=True)
    expert = create_expert(
        email="demo-expert@sample.test", name="专家甲", kind="TECH", fields=[], actor=None, at=NOON, is_demo=True
    ).user

    answer = Client(headers={"Accept-Language": "en"}).get(DEMO)

    assert answer.context["sides"] == [
        ("enterprise", [lead]), ("member", [member]), ("bureau", [official]), ("expert", [expert])
    ]  # fmt: skip
    html = answer.content.decode()
    assert html.count("样例领航科技有限公司") == 1
    assert html.count("Forms a consortium and writes applications, tranche requests and annual self-reports.") == 1


def test_one_click_signs_in_with_both_factors(official: User) -> None:
    client = Client()

    answer = client.post(DEMO, {"user": official.email})

    assert (answer.status_code, answer["Location"]) == (302, HOME)
    assert answer.wsgi_request.user == official
    records = client.session["account_authentication_methods"]
    assert [(record["method"], record.get("type")) for record in records] == [("password", None), ("mfa", "totp")]
    assert client.get(reverse("members:role-list")).status_code == 200
    assert trail(official).first().action == "sign_in"


def test_somebody_without_a_second_factor_comes_in_too(people: Personas) -> None:
    lead = make_user("demo-lead", "样例演示申报", (Role.APPLICANT, people.lead_org), is_demo=True)

    answer = Client().post(DEMO, {"user": lead.email, "next": "/members/organisations/own/"})

    assert answer["Location"] == "/members/organisations/own/"
    assert answer.wsgi_request.user == lead


def test_one_person_replaces_the_other(people: Personas, official: User) -> None:
    lead = make_user("demo-lead", "样例演示申报", (Role.APPLICANT, people.lead_org), is_demo=True)
    client = Client()
    client.post(DEMO, {"user": official.email})

    answer = client.post(DEMO, {"user": lead.email})

    assert answer.wsgi_request.user == lead
    assert [record["method"] for record in client.session["account_authentication_methods"]] == ["password"]


@pytest.mark.parametrize("name", ["lead", "officer", "system_admin"])
def test_real_people_are_never_signed_in(people: Personas, name: str) -> None:
    user = getattr(people, name)

    answer = Client().post(DEMO, {"user": user.email})

    assert answer.status_code == 404
    assert not answer.wsgi_request.user.is_authenticated
    assert user not in demo_people()


@pytest.mark.parametrize("user", ["", "nobody@sample.test", "\x01"])
def test_nonsense_is_not_found(db: None, user: str) -> None:
    assert Client().post(DEMO, {"user": user}).status_code == 404


def test_a_deactivated_demo_person_is_not_signed_in(official: User) -> None:
    User.objects.filter(pk=official.pk).update(is_active=False)

    assert Client().post(DEMO, {"user": official.email}).status_code == 404


def test_outside_the_demo_there_is_no_such_door(official: User, settings: Any) -> None:
    settings.DEMO = False

    assert Client().get(DEMO).status_code == 404
    assert Client().post(DEMO, {"user": official.email}).status_code == 404
    assert list(demo_people()) == []


def test_nobody_is_led_elsewhere(official: User) -> None:
    assert Client().post(DEMO, {"user": official.email, "next": "https://elsewhere.test/"})["Location"] == HOME

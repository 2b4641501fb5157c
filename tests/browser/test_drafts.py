"""What was typed when the session ended is offered after the next sign-in, to the same person only."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from consortia.models import Consortium
from members.models import User
from tests.browsing import Visit
from tests.factories.consortia import ready_consortium
from tests.personas import PASSWORD, Personas

pytestmark = pytest.mark.django_db(transaction=True)
MISSION = "攻克高速光互连芯片封装技术。"


@pytest.fixture
def people() -> Personas:
    """The cast, committed, so that the live server sees it."""
    return Personas()


@pytest.fixture
def consortium(people: Personas) -> Consortium:
    """One in preparation, whose profile the lead may change."""
    return ready_consortium(people)


def sign_in(page: Page, user: User) -> None:
    page.fill("#id_login", user.email)
    page.fill("#id_password", PASSWORD)
    page.locator("main form:has(#id_login) button.pri").click()


def lose(page: Page, consortium: Consortium) -> None:
    """Type, lose the session, press the button."""
    page.fill("#id_mission", MISSION)
    Session.objects.all().delete()
    page.locator("main form[data-unsaved] button.pri").click()
    expect(page.locator("#id_login")).to_be_visible()


def test_typed_text_comes_back_after_signing_in_again(visit: Visit, people: Personas, consortium: Consortium) -> None:
    address = reverse("consortia:consortium-update", args=[consortium.pk])
    page = visit(address, language="en")
    sign_in(page, people.lead)
    lose(page, consortium)

    sign_in(page, people.lead)

    expect(page.locator(".typed-back")).to_be_visible()
    assert (page.url.endswith(address), page.input_value("#id_mission") == MISSION) == (True, False)
    page.locator(".typed-back [data-back]").click()
    expect(page.locator("#id_mission")).to_have_value(MISSION)
    page.locator("main form[data-unsaved] button.pri").click()
    page.wait_for_url(lambda url: not url.endswith(address))
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('typed:')).length") == 0
    assert Consortium.objects.get(pk=consortium.pk).mission == MISSION


def test_nobody_else_is_offered_it(visit: Visit, console: list[str], people: Personas, consortium: Consortium) -> None:
    page = visit(reverse("consortia:consortium-update", args=[consortium.pk]), language="en")
    sign_in(page, people.lead)
    lose(page, consortium)

    sign_in(page, people.rival)

    page.wait_for_load_state()
    console.clear()  # another's consortium does not exist for the rival: 404
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('typed:')).length") == 0

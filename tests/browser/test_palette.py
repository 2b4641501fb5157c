"""Ctrl-K: go, find and begin by the keyboard alone."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browsing import Visit, assert_accessible
from tests.factories.funding import make_application
from tests.personas import PASSWORD, Personas

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> Personas:
    """The cast, committed, so that the live server sees it."""
    return Personas()


def enter(visit: Visit, people: Personas) -> Page:
    page = visit(reverse("home"), language="en")
    page.fill("#id_login", people.lead.email)
    page.fill("#id_password", PASSWORD)
    page.locator("main form:has(#id_login) button.pri").click()
    page.wait_for_url(lambda url: url.endswith(reverse("home")))
    return page


def test_it_is_opened_used_and_left_by_the_keyboard(visit: Visit, people: Personas) -> None:
    application = make_application(people, status="SUBMITTED")
    page = enter(visit, people)
    box = page.get_by_role("combobox", name="Go to, find or begin")
    expect(box).to_be_hidden()

    page.keyboard.press("Control+k")

    expect(box).to_be_focused()
    expect(page.get_by_role("option", name="Workbench")).to_have_attribute("aria-selected", "true")
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#palette [aria-selected=true]")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#palette [role=option]").last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()

    page.keyboard.press("Control+k")
    box.fill(application.number)
    expect(page.locator("#palette [role=option]")).to_have_count(2)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith(application.get_absolute_url()))


def test_a_server_that_is_away_is_said(visit: Visit, people: Personas, console: list[str]) -> None:
    page = enter(visit, people)
    page.route("**/palette/*", lambda route: route.abort())

    page.get_by_role("button", name="Go to, find or begin").click()

    expect(page.locator("#palette-list p")).to_contain_text("The server could not answer.")
    console.clear()  # the browser names the request that failed

"""Writing in a section: it saves itself, nobody overwrites another unseen, a lost connection loses nothing."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from funding.models import Application
from funding.rules.sections import SECTIONS
from members.models import User
from tests.browsing import Visit, assert_no_overflow, new_window
from tests.factories.funding import make_application
from tests.personas import PASSWORD, Personas

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> Personas:
    """The cast, committed, so that the live server sees it."""
    return Personas()


@pytest.fixture
def application(people: Personas) -> Application:
    """A draft of the lead."""
    return make_application(people)


@pytest.fixture
def colleague(chromium: Browser, live_server: LiveServer, people: Personas, application: Application) -> Iterator[Page]:
    """The signatory of the lead, at the same section, at another computer."""
    window = new_window(chromium, [])
    window.goto(live_server.url + address(application))
    sign_in(window, people.signatory)
    yield window
    window.context.close()


def address(application: Application) -> str:
    return reverse("funding:application-edit", args=[application.pk, "route"])


def sign_in(page: Page, user: User) -> None:
    page.fill("#id_login", user.email)
    page.fill("#id_password", PASSWORD)
    page.locator("main form:has(#id_login) button.pri").click()


def mark(page: Page, state: str) -> None:
    expect(page.locator(f"[data-when={state}]")).to_be_visible(timeout=15_000)


def test_what_is_typed_is_saved_and_the_way_is_free(visit: Visit, people: Personas, application: Application) -> None:
    page = visit(address(application), language="en")
    sign_in(page, people.lead)

    page.fill("#id_route", "样例路线：分三步。")
    mark(page, "saved")
    page.fill("#id_route", "样例路线：分四步。")
    expect(page.locator("p[data-length]")).to_contain_text("9 of 6000")
    expect(page.locator("#id_version")).to_have_value(str(application.version + 2))

    application.refresh_from_db()
    assert application.route == "样例路线：分四步。"
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('typed:')).length") == 0
    page.locator("main form[data-autosave] button.pri").click()
    page.wait_for_url(lambda url: not url.endswith(address(application)))


@pytest.mark.parametrize("section", [section for section in SECTIONS if section not in {"basics", "budget"}])
def test_every_section_saves_itself(visit: Visit, people: Personas, application: Application, section: str) -> None:
    page = visit(reverse("funding:application-edit", args=[application.pk, section]), language="en")
    sign_in(page, people.lead)

    page.fill("main textarea", "样例文字。")
    mark(page, "saved")

    application.refresh_from_db()
    assert getattr(application, SECTIONS[section].fields[0]) == "样例文字。"


def test_two_people_in_one_field_see_both_texts(
    visit: Visit, console: list[str], people: Personas, application: Application, colleague: Page
) -> None:
    page = visit(address(application), language="en")
    sign_in(page, people.lead)
    expect(page.locator("[data-others]")).to_be_visible(timeout=20_000)

    colleague.fill("#id_route", "签署人的路线。")
    mark(colleague, "saved")
    page.fill("#id_route", "牵头人的路线。")
    mark(page, "changed")
    page.fill("#id_route", "牵头人的路线，仍未保存。")
    page.wait_for_timeout(2500)

    expect(page.locator("[data-meanwhile]")).to_contain_text("签署人的路线。")
    page.set_viewport_size({"width": 390, "height": 844})
    assert_no_overflow(page)
    application.refresh_from_db()
    assert application.route == "签署人的路线。"
    page.locator("main form[data-autosave] button.pri").click()
    page.wait_for_url(lambda url: not url.endswith(address(application)))
    application.refresh_from_db()
    assert application.route == "牵头人的路线，仍未保存。"
    console.clear()  # 409 is no error of the page


def test_a_lost_connection_loses_nothing(
    visit: Visit, console: list[str], people: Personas, application: Application
) -> None:
    page = visit(address(application), language="en")
    sign_in(page, people.lead)
    expect(page.locator("#id_route")).to_be_visible()

    page.context.set_offline(True)
    page.fill("#id_route", "断网时写下的路线。")
    mark(page, "offline")
    page.context.set_offline(False)
    mark(page, "saved")

    application.refresh_from_db()
    assert application.route == "断网时写下的路线。"
    console.clear()  # the browser complains of the lost connection


def test_whoever_was_signed_out_signs_in_beside_and_goes_on(
    visit: Visit, console: list[str], people: Personas, application: Application
) -> None:
    page = visit(address(application), language="en")
    sign_in(page, people.lead)
    expect(page.locator("#id_route")).to_be_visible()
    Session.objects.all().delete()

    page.fill("#id_route", "会话结束后写下的路线。")
    expect(page.locator("#signed-out")).to_be_visible(timeout=15_000)
    with page.context.expect_page() as opened:
        page.locator("#signed-out a.pri").click()
    sign_in(opened.value, people.lead)
    opened.value.wait_for_load_state()
    opened.value.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    mark(page, "saved")

    application.refresh_from_db()
    assert application.route == "会话结束后写下的路线。"
    expect(page.locator("#signed-out")).not_to_be_visible()
    console.clear()


def test_what_is_too_long_stays_and_is_told(
    visit: Visit, console: list[str], people: Personas, application: Application
) -> None:
    page = visit(address(application), language="en")
    sign_in(page, people.lead)
    page.evaluate("document.querySelector('#id_route').removeAttribute('maxlength')")

    page.fill("#id_route", "字" * 6001)
    mark(page, "wrong")

    expect(page.locator(".fld.bad .errorlist")).to_be_visible()
    page.fill("#id_route", "字" * 10)
    mark(page, "saved")
    expect(page.locator(".errorlist")).to_have_count(0)
    console.clear()  # 422 is no error of the page

"""A return by section in real browsers: the district ticks, the lead corrects that alone, the change is shown."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from funding.models import Application
from funding.rules.declarations import DECLARATIONS
from tests.browser.test_autosave import mark, sign_in
from tests.browser.test_designed_form import enter, looked_at
from tests.browsing import Visit, new_window, speak
from tests.factories.funding import make_application
from tests.funding.steps import open_call, submit
from tests.personas import Personas

pytestmark = pytest.mark.django_db(transaction=True)
CORRECTED = "分三步实施；第二步以连续运行 2000 小时为验收指标。"


@pytest.fixture
def people() -> Personas:
    """The cast, committed, so that the live server sees it."""
    return Personas()


@pytest.fixture
def application(people: Personas) -> Application:
    """Submitted to the district while its call is open."""
    return submit(make_application(people, call=open_call(people)), people, at=timezone.now())


@pytest.fixture
def district(chromium: Browser, live_server: LiveServer, people: Personas) -> Iterator[Page]:
    """The officer of the district at another computer."""
    window = new_window(chromium, [])
    speak(window, live_server.url, "en")
    enter(window, live_server.url, people.district_officer)
    yield window
    window.context.close()


def page_of(application: Application, name: str, *more: str) -> str:
    return reverse(f"funding:application-{name}", args=[application.pk, *more])


def test_only_what_was_ticked_reopens_and_the_change_is_shown(
    visit: Visit,
    console: list[str],
    live_server: LiveServer,
    people: Personas,
    application: Application,
    district: Page,
) -> None:
    district.goto(live_server.url + page_of(application, "return"))
    district.get_by_label("Technical route").check()
    district.get_by_label("Objective or route is not clear").check()
    district.fill("#id_note", "样例：请写明第二步的验收指标。")
    looked_at(district)
    send(district, "Return for correction")

    lead = visit(page_of(application, "edit", "route"), language="en")
    sign_in(lead, people.signatory)
    expect(lead.locator("main")).to_contain_text("样例：请写明第二步的验收指标。")
    lead.fill("#id_route", CORRECTED)
    mark(lead, "saved")
    looked_at(lead)
    refused(lead, live_server.url + page_of(application, "edit", "objective"), console)

    lead.goto(live_server.url + page_of(application, "detail"))
    expect(lead.locator("main")).to_contain_text("Correction due")
    lead.goto(live_server.url + page_of(application, "submit"))
    for code in DECLARATIONS:
        lead.check(f"#id_{code}")
    send(lead, "Submit application")

    application.refresh_from_db()
    assert (application.status, application.route, application.objective) == (
        "SUBMITTED", CORRECTED, "攻克关键核心技术。",
    )  # fmt: skip
    district.goto(live_server.url + page_of(application, "changes"))
    expect(district.locator("main ins").first).to_contain_text("2000 小时")
    assert district.locator("main section.card").count() == 1
    looked_at(district)


def send(page: Page, button: str) -> None:
    """Press the button that ends the step."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=button).click()


def refused(page: Page, url: str, console: list[str]) -> None:
    """A section that was not returned is shown, not written."""
    page.goto(url)
    expect(page.locator("main")).to_contain_text("This part was not returned to you")
    expect(page.locator("main form[data-autosave]")).to_have_count(0)
    console.clear()  # a closed step answers 409


def test_the_writer_of_a_part_that_was_not_returned_is_told(
    visit: Visit, console: list[str], people: Personas, application: Application
) -> None:
    """A page that is open when its section closes saves nothing any more and keeps what is typed."""
    Application.objects.update(status="RETURNED", reopened=["objective"])
    page = visit(page_of(application, "edit", "objective"), language="en")
    sign_in(page, people.lead)
    expect(page.locator("#id_objective")).to_be_visible()
    Application.objects.update(reopened=["route"])

    page.fill("#id_objective", "仍在写的目标。")
    mark(page, "closed")

    expect(page.locator("#id_objective")).to_have_value("仍在写的目标。")
    expect(page.locator("[data-when=closed]")).to_contain_text("was not returned")
    application.refresh_from_db()
    assert application.objective == "攻克关键核心技术。"
    console.clear()  # 409 is no error of the page

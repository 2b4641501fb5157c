"""A designed section in a browser: what is asked follows what was answered; it counts and saves itself."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from funding.enums import FormStatus
from funding.models import Answer, Application
from members.models import User
from reports.management.demo.designing import CASE, QUESTIONS, SECTIONS
from tests.browser.test_autosave import mark, sign_in
from tests.browsing import Visit, assert_accessible, assert_no_overflow
from tests.factories.designs import make_form
from tests.factories.funding import make_application, make_call
from tests.personas import Personas

pytestmark = pytest.mark.django_db(transaction=True)
DATA = {
    "sections": [{"code": code, "questions": QUESTIONS[code], **facts} for code, facts in SECTIONS.items()],
    "cases": [{**CASE, "code": "case1"}],
}


@pytest.fixture
def people() -> Personas:
    """The cast, committed, so that the live server sees it."""
    return Personas()


@pytest.fixture
def application(people: Personas) -> Application:
    """A draft in a call with a form of its own."""
    form = make_form(people, data=DATA)
    return make_application(people, call=make_call(people, form_version=form), form_version=form)


def address(application: Application, section: str) -> str:
    return reverse("funding:answers-edit", args=[application.pk, section])


def enter(page: Page, url: str, user: User) -> None:
    """With the session of somebody who has shown both factors."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def looked_at(page: Page) -> None:
    assert_accessible(page)
    assert_no_overflow(page)


def test_what_is_asked_follows_what_was_answered(
    visit: Visit, people: Personas, application: Application, console: list[str]
) -> None:
    page = visit(address(application, "pilot"), language="en")
    sign_in(page, people.lead)
    about = page.locator("#id_a_line_about")
    expect(about).to_be_hidden()

    page.select_option("#id_a_line", "plan")
    mark(page, "saved")
    expect(about).to_be_visible()
    about.fill("中试线位于二期厂房，年产 500 台套。")
    expect(page.locator("[data-count-of=id_a_line_about]")).to_have_text("16 / 600")
    page.fill("#id_a_hours", "x")
    mark(page, "wrong")
    console.clear()  # the browser's own word about the answer 422
    page.fill("#id_a_hours", "2,000")
    mark(page, "saved")
    looked_at(page)

    kept = dict(Answer.objects.values_list("question", "value"))
    assert kept == {"line": "plan", "line_about": "中试线位于二期厂房，年产 500 台套。", "hours": "2000"}


def test_a_table_is_filled_and_summed(visit: Visit, people: Personas, application: Application) -> None:
    page = visit(address(application, "market"), language="en", width=390)
    sign_in(page, people.lead)
    page.fill("[name=a_sales-0-year]", "第一年")
    page.fill("[name=a_sales-0-revenue]", "60")
    expect(page.locator("[data-worked=sum_sales]")).to_have_text("60", timeout=15_000)
    expect(page.locator("#ask-leverage [data-wrong]")).to_contain_text("below the amount asked for")
    page.fill("[name=a_sales-1-year]", "第二年")
    page.fill("[name=a_sales-1-revenue]", "240")
    expect(page.locator("[data-worked=sum_sales]")).to_have_text("300", timeout=15_000)
    expect(page.locator("#ask-leverage [data-wrong]")).to_be_hidden()
    looked_at(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_designer_can_be_used_by_everybody(
    visit: Visit, page: Page, live_server: LiveServer, people: Personas, width: int
) -> None:
    form = make_form(people, FormStatus.DRAFT, data=DATA)
    pages = [
        ("list",), ("detail", form.pk), ("preview", form.pk), ("question-update", form.pk, "pilot", "line_about"),
        ("question-update", form.pk, "market", "sales"), ("case-update", form.pk, "case1"), ("publish", form.pk),
    ]  # fmt: skip
    enter(page, live_server.url, people.officer)
    for name, *more in pages:
        looked_at(visit(reverse(f"funding:form-{name}", args=more), language="en", width=width))

"""Eight people of three organisations write one application at once; the deadline passes while somebody types."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from funding.models import Application, Call
from funding.services.writers import assign_section
from members.enums import Role
from members.models import Organisation, User
from portal.kernel.audit import trail
from tests.browser.test_autosave import mark, sign_in
from tests.browsing import Visit, new_window, speak
from tests.factories.funding import make_application
from tests.factories.members import make_user
from tests.personas import Personas

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = ("objective", "foundation", "route", "commercialisation", "elements")


@pytest.fixture
def people() -> Personas:
    """The cast, committed, so that the live server sees it."""
    return Personas()


@pytest.fixture
def application(people: Personas) -> Application:
    """A draft of the lead."""
    return make_application(people)


@pytest.fixture
def writers(people: Personas, application: Application) -> list[tuple[User, str]]:
    """Three of the lead, three of the university, two of the supplier; each with the section that it writes."""
    lead = [people.lead, people.signatory, _colleague("l1", Role.APPLICANT, people.lead_org)]
    university = [_colleague(f"u{n}", Role.CONFIRMER, people.university) for n in range(3)]
    supplier = [_colleague(f"s{n}", Role.CONFIRMER, people.supplier) for n in range(2)]
    sections = ["objective", "foundation", "route", "commercialisation", "elements", "objective", "foundation", "route"]
    found = list(zip([*university, *supplier, *lead], sections, strict=True))
    for user, section in found[:5]:
        assign_section(
            application=application, section=section, people=[user.pk], shown=[], actor=people.lead, at=timezone.now()
        )
    return found


def _colleague(name: str, role: Role, place: Organisation) -> User:
    return make_user(f"w-{name}", f"样例{name}", (role, place))


@pytest.fixture
def windows(
    chromium: Browser, live_server: LiveServer, application: Application, writers: list[tuple[User, str]]
) -> Iterator[list[Page]]:
    """Eight computers, each at its section."""
    opened = [new_window(chromium, []) for _writer in writers]
    for window, (user, section) in zip(opened, writers, strict=True):
        speak(window, live_server.url, "en")
        window.goto(live_server.url + reverse("funding:application-edit", args=[application.pk, section]))
        sign_in(window, user)
        expect(window.locator(f"#id_{section}")).to_be_visible()
    yield opened
    for window in opened:
        window.context.close()


def test_eight_people_write_at_once_and_no_word_is_lost(
    windows: list[Page], writers: list[tuple[User, str]], application: Application
) -> None:
    """Five sections by five people; then three of the lead in sections of others, who see that text first."""
    texts = [f"{section}：由{user.name}撰写。" for user, section in writers]

    for window, (_user, section), text in list(zip(windows, writers, texts, strict=True))[:5]:
        window.locator(f"#id_{section}").fill(text)  # typed at once: nobody waits for another's answer
    for window in windows[:5]:
        mark(window, "saved")
    for window, (_user, section), text in list(zip(windows, writers, texts, strict=True))[5:]:
        window.locator(f"#id_{section}").fill(text)  # they opened the section before it was written
    for window in windows[5:]:
        mark(window, "changed")

    stored = Application.objects.get(pk=application.pk)
    assert [getattr(stored, section) for section in TEXTS] == texts[:5]
    for window, (_user, section), text in list(zip(windows, writers, texts, strict=True))[5:]:
        expect(window.locator(f"#id_{section}")).to_have_value(text)
        expect(window.locator("[data-meanwhile]")).to_contain_text(getattr(stored, section))


def test_a_writer_of_a_member_sees_its_section_only(windows: list[Page], application: Application) -> None:
    window = windows[0]

    answer = window.request.get(window.url.replace("/objective/", "/route/"))

    assert answer.status in {403, 404}


def test_a_deadline_that_passes_while_typing_keeps_the_text(
    visit: Visit, console: list[str], people: Personas, application: Application
) -> None:
    """What is typed stays in the draft; only the submission is refused, and the page says why."""
    page = visit(reverse("funding:application-edit", args=[application.pk, "route"]), language="en")
    sign_in(page, people.signatory)
    page.fill("#id_route", "截止前写下的路线。")
    mark(page, "saved")

    now = timezone.now()
    Call.objects.update(opens_at=now - timedelta(days=9), closes_at=now - timedelta(seconds=1))
    page.fill("#id_route", "截止后仍在写的路线。")
    expect(page.locator("#id_version")).to_have_value(str(application.version + 2), timeout=15_000)
    page.goto(page.url.replace("/edit/route/", "/submit/"))

    expect(page.locator("main")).to_contain_text("The call is not open.")
    application.refresh_from_db()
    assert (application.route, application.status) == ("截止后仍在写的路线。", "DRAFT")
    assert not trail(application).filter(action="submit").exists()
    console.clear()  # the closed step answers 409

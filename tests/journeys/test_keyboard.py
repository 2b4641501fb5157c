"""Without a mouse: come in, work through the list, pass several at once, confirm a step."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, expect

from funding.enums import Action, ApplicationStatus, TrancheStatus
from funding.models import Application
from funding.rules.declarations import DECLARATIONS
from tests.clock import HOUR, NOON
from tests.factories.funding import freeze, make_application, make_tranche
from tests.journeys.person import Person
from tests.personas import PASSWORD, Personas

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
Enter = Callable[..., Person]
MOST = 60  # presses of Tab until something is reached
SHOWN = """() => {
    const node = document.activeElement, box = node.getBoundingClientRect(), style = getComputedStyle(node);
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return inside && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}"""


class Typist:
    """Somebody whose only device is the keyboard; whatever has the focus must show it."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.keyboard = person.page.keyboard

    def tab_to(self, what: Locator) -> None:
        """Press Tab until it has the focus."""
        for _press in range(MOST):
            self.keyboard.press("Tab")
            assert self.person.page.evaluate(SHOWN), self.here()
            if what.evaluate("node => node === document.activeElement"):
                return
        pytest.fail(f"not reached: {what}")

    def here(self) -> Any:
        """What has the focus, for the message of a failure."""
        return self.person.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")

    def enter(self, what: Locator) -> None:
        """Go there and press Enter, which leads to another page."""
        self.tab_to(what)
        self.follow("Enter")

    def follow(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.person.page.expect_navigation(wait_until="load") as coming:
            self.keyboard.press(key)
        assert coming.value is not None
        assert coming.value.status == 200
        self.person.look()

    def type(self, keys: str) -> None:
        """Single keys, one after the other."""
        for key in keys:
            self.keyboard.press(key)


@pytest.fixture
def officer(enter: Enter, people: Personas) -> Typist:
    """The officer at the keyboard, in Chinese."""
    person = enter("officer")
    person.comes_in_as(people.officer)
    return Typist(person)


@pytest.fixture
def checkable(people: Personas) -> list[Application]:
    """Three that wait for the formal check; the second one's snapshot cannot pass."""
    made = [make_application(people, ApplicationStatus.RECOMMENDED, number=f"2026-T{n}") for n in range(3)]
    for n, application in enumerate(made):
        application.declarations = {"accepted": list(DECLARATIONS)}
        application.moved_at = NOON + n * HOUR
        application.save()
        if n != 1:
            freeze(application)
    return made


def test_one_comes_in(enter: Enter, people: Personas) -> None:
    person, typist = (one := enter("lead", "en")), Typist(one)
    person.visit("public-home")

    typist.tab_to(person.page.get_by_role("link", name="Skip to main content"))
    typist.keyboard.press("Enter")
    expect(person.page.get_by_role("main")).to_be_focused()

    person.visit("public-home")
    typist.enter(person.page.get_by_role("link", name="Sign in", exact=True))
    typist.tab_to(person.field("E-mail"))
    typist.keyboard.type(people.lead.email)
    typist.tab_to(person.field("Password"))
    typist.keyboard.type(PASSWORD)
    typist.follow("Enter")

    assert person.path == reverse("home")
    expect(person.page.get_by_label(person.word("Account menu of %(name)s", name=people.lead.name))).to_be_visible()


def test_the_focus_goes_from_the_roof_to_the_navigation_to_the_page(officer: Typist, checkable: Any) -> None:
    officer.person.visit("funding:application-list")
    parts: list[str] = []
    for _press in range(MOST):
        officer.keyboard.press("Tab")
        part = officer.person.page.evaluate(
            "document.activeElement.closest('.skip, header.roof, nav.nav, main')?.className.split(' ')[0] ?? ''"
        )
        parts += [part] if parts[-1:] != [part] else []
        if part == "main":
            break

    assert parts == ["skip", "roof", "nav", "main"]
    assert officer.person.page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0


def test_several_pass_at_once(officer: Typist, checkable: list[Application]) -> None:
    person, page = officer.person, officer.person.page
    person.visit("funding:application-list")
    names = [one.consortium.name for one in checkable]

    officer.type("jxjx")
    expect(page.locator("tr.sel")).to_have_count(2)
    expect(page.get_by_role("link", name=names[1])).to_be_focused()
    assert page.evaluate(SHOWN)
    officer.type("jxkk")
    expect(page.get_by_role("link", name=names[0])).to_be_focused()
    officer.type("jjx")  # the third one off again
    expect(page.locator("[data-count]")).to_have_text("2")

    officer.type("a")
    expect(person.button("Pass formal check")).to_be_focused()
    officer.follow("Enter")
    person.reads("Will pass")
    person.reads("Will be left as it is")
    expect(page.get_by_role("row").filter(has_text="2026-T")).to_have_count(2)

    label = "I have looked at the files, the deviations and other funding of each of these applications."
    officer.tab_to(person.field(label))
    officer.keyboard.press("Space")
    passing = person.counted("Pass %(n)s application", "Pass %(n)s applications", 1, n=1)
    officer.enter(page.get_by_role("button", name=passing, exact=True))
    person.reads("Passed")

    assert list(Application.objects.order_by("number").values_list("status", flat=True)) == [
        ApplicationStatus.CHECKED, ApplicationStatus.RECOMMENDED, ApplicationStatus.RECOMMENDED,
    ]  # fmt: skip


def test_enter_opens_the_row(officer: Typist, checkable: list[Application]) -> None:
    officer.person.visit("funding:application-list")

    officer.type("jj")
    officer.follow("Enter")

    assert officer.person.path == checkable[1].get_absolute_url()


def test_a_step_is_confirmed(officer: Typist, people: Personas) -> None:
    tranche = make_tranche(people, status=TrancheStatus.REQUESTED)
    person = officer.person
    person.open(tranche.get_absolute_url())

    officer.enter(person.page.get_by_role("link", name=person.word(Action.VERIFY), exact=True))
    officer.enter(person.button(Action.VERIFY))

    person.has_done(Action.VERIFY)
    tranche.refresh_from_db()
    assert (tranche.status, tranche.verified_by) == (TrancheStatus.VERIFIED, people.officer)


def test_a_dialog_gives_the_focus_back(enter: Enter) -> None:
    person, typist = (one := enter("visitor", "en")), Typist(one)
    person.visit("styleguide")
    opener, dialog = person.page.locator("[data-dialog-open]"), person.page.get_by_role("dialog")
    opener.focus()

    typist.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("dialog => dialog.contains(document.activeElement)")
    typist.tab_to(dialog.get_by_role("button").last)
    typist.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    assert person.page.evaluate(SHOWN)

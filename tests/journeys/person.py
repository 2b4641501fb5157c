"""Somebody at a browser of their own. Words are msgids, spoken in the person's language.

Every page that a person comes to is looked at: its answer, its console (by the fixture), its barriers and, when SHOTS
names a folder, its picture.
"""

import base64
import hmac
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models.enums import Choices
from django.test import Client
from django.urls import resolve, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, override
from playwright.sync_api import Download, Locator, Page, Response, expect

from members.models import User
from tests.browsing import speak, violations

STEP = 30  # seconds that a one-time code is good for
SHOTS = os.environ.get("SHOTS", "")
# A page of the same view that is made of the same parts is checked for barriers once in a run, whatever the story.
PARTS = "[...new Set([...document.querySelectorAll('[class]')].flatMap(node => [...node.classList]))].sort().join()"


LOOKED_AT: set[tuple[str, str]] = set()


@dataclass
class Notes:
    """What the whole story comes to: every address visited, every barrier found."""

    visited: set[str] = field(default_factory=set)
    barriers: list[str] = field(default_factory=list)
    pictures: int = 0


class Person:
    """One person, one window, one language."""

    def __init__(self, page: Page, url: str, name: str, language: str, *, notes: Notes, console: list[str]) -> None:
        self.page = page
        self.console = console
        self.notes = notes
        self.url = url
        self.language = language
        self.name = name
        speak(page, url, language)

    # --- words ---------------------------------------------------------------------------------
    def word(self, msgid: str | Choices, **facts: Any) -> str:
        """A msgid, or the label of a choice or an action, as this person reads it."""
        with override(self.language):
            if isinstance(msgid, Choices):
                return capfirst(str(msgid.label))
            text = gettext(msgid)
            assert self.language == "en" or text != msgid, f"no catalogue knows “{msgid}”"
            return capfirst(text % facts if facts else text)

    def counted(self, one: str, many: str, count: int, **facts: Any) -> str:
        """A msgid with a number."""
        with override(self.language):
            return ngettext(one, many, count) % {"count": count, **facts}

    def spoken(self, thing: Any) -> str:
        """A row or a choice as this person reads it."""
        with override(self.language):
            return str(thing)

    # --- going somewhere -----------------------------------------------------------------------
    def open(self, path: str) -> Response:
        """Type an address; the answer, whatever it is."""
        answer = self.page.goto(self.url + path, wait_until="load")
        assert isinstance(answer, Response)
        return answer

    def visit(self, name: str, *args: Any) -> None:
        """Type the address of a page that is there."""
        assert self.open(reverse(name, args=args)).status == 200
        self.look()

    def follow(self, msgid: str, *, inside: str = "", **facts: Any) -> None:
        """Click a link, named by its words; `inside` is a row, a card or another part that holds a text."""
        self.go(self.inside(inside, self.page.get_by_role("link", name=self.word(msgid, **facts), exact=True)))

    def follow_start(self, msgid: str) -> None:
        """Click a tab or a task of the page: its name begins with the words and goes on with a count or a hint."""
        name = re.compile(rf"^{re.escape(self.word(msgid))}(\W|\s|$)")
        self.go(self.page.get_by_role("main").get_by_role("link", name=name).first)

    def follow_text(self, text: str) -> None:
        """Click a link that is a name, not a word of the portal."""
        self.go(self.page.get_by_role("main").get_by_role("link", name=text, exact=True).first)

    def press(self, msgid: str, *, inside: str = "", **facts: Any) -> None:
        """Press a button that leads somewhere."""
        self.go(self.button(msgid, inside=inside, **facts))

    def presses_too_late(self, msgid: str) -> None:
        """Press a button of a page that is out of date; the portal refuses and shows the page again."""
        with self.complaining("409"):
            self.go(self.button(msgid), answer_is=409)

    def is_refused(self, path: str) -> None:
        """The address answers with the page for what does not exist."""
        with self.complaining("404"):
            assert self.open(path).status == 404
            self.reads("Nothing is here")

    @contextmanager
    def complaining(self, status: str) -> Iterator[None]:
        """The console may complain about answers of this status, and about nothing else."""
        said = len(self.console)
        yield
        assert [words for words in self.console[said:] if status not in words] == []
        del self.console[said:]

    def go(self, what: Locator, answer_is: int = 200) -> None:
        """Click and look at the page that comes."""
        with self.page.expect_navigation(wait_until="load") as coming:
            what.click()
        answer = coming.value
        assert answer is not None
        assert answer.status == answer_is, f"{answer.request.method} {answer.url} says {answer.status}"
        self.look()

    def asks(self, path: str) -> int:
        """What the portal answers to an address, without showing the page."""
        return self.page.context.request.get(self.url + path, max_redirects=0).status

    def rows(self, path: str) -> list[Any]:
        """What a list of the read API holds for this person."""
        answer: dict[str, Any] = self.page.context.request.get(self.url + path).json()
        return list(answer["results"])

    def download(self, what: Locator) -> Download:
        """Click something that hands out a file."""
        with self.page.expect_download() as coming:
            what.click()
        return coming.value

    # --- the page ------------------------------------------------------------------------------
    def inside(self, text: str, what: Locator) -> Locator:
        """The first such thing of the page or, with a text, of the smallest row, item or card that holds both."""
        if not text:
            return what.first
        return self.page.locator("tr, li, section").filter(has_text=text).filter(has=what).last.locator(what)

    def button(self, msgid: str, *, inside: str = "", **facts: Any) -> Locator:
        """A button by its words."""
        return self.inside(inside, self.page.get_by_role("button", name=self.word(msgid, **facts), exact=True))

    def field(self, msgid: str, **facts: Any) -> Locator:
        """A field by its label; the star of a required one does not count."""
        label = re.escape(self.word(msgid, **facts))
        return self.page.get_by_label(re.compile(rf"^\s*{label}\s*\*?\s*$"))

    def reads(self, msgid: str, **facts: Any) -> None:
        """These words stand on the page."""
        expect(self.page.get_by_text(self.word(msgid, **facts)).first).to_be_visible()

    def sees(self, text: str) -> None:
        """This text stands on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def misses(self, text: str) -> None:
        """This text stands nowhere, not even hidden."""
        assert text not in self.page.content()

    def is_told(self, msgid: str, **facts: Any) -> None:
        """The portal answers with this message."""
        expect(self.page.locator("#toasts")).to_contain_text(self.word(msgid, **facts))

    def has_done(self, action: Choices) -> None:
        """The portal answers that this step was taken."""
        self.is_told("Done: %(action)s.", action=self.word(action))

    def look(self) -> None:
        """What is checked on every page."""
        if SHOTS:
            self.picture()
        self.notes.visited.add(self.path)
        kind = (resolve(self.path).view_name, self.page.evaluate(PARTS))
        if kind not in LOOKED_AT:
            LOOKED_AT.add(kind)
            self.notes.barriers += [f"{self.page.url}: {one}" for one in violations(self.page)]

    @property
    def path(self) -> str:
        """The address of the page without the host."""
        return urlsplit(self.page.url).path

    def picture(self) -> None:
        """The page wide and narrow, numbered in the order of the story."""
        self.notes.pictures += 1
        stem = f"{self.notes.pictures:03d}-{self.name}-{self.language}"
        folder = Path(SHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{stem}.png", full_page=True)
        with self.narrow():
            self.page.screenshot(path=folder / f"{stem}-narrow.png", full_page=True)

    @contextmanager
    def narrow(self) -> Iterator[None]:
        """The same page on a telephone."""
        size = self.page.viewport_size or {"width": 1280, "height": 900}
        self.page.set_viewport_size({"width": 390, "height": 900})
        yield
        self.page.set_viewport_size(size)

    # --- forms ---------------------------------------------------------------------------------
    def fill(self, values: Mapping[str, Any]) -> None:
        """Fill in fields named by their labels: text, a choice of a list, or True for a box."""
        for label, value in values.items():
            self.enter(self.field(label), value)

    def enter(self, field: Locator, value: Any) -> None:
        """Into one field whatever it takes."""
        if value is True:
            field.check()
        elif field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(label=self.word(value) if isinstance(value, Choices) else self.spoken(value))
        else:
            field.fill(str(value))

    def choose(self, group: str, choice: str) -> None:
        """One of several radio buttons or boxes with a common heading."""
        name = re.compile(rf"^\s*{re.escape(self.word(group))}\s*\*?\s*$")
        self.page.get_by_role("group", name=name).get_by_label(self.word(choice), exact=True).check()

    def is_corrected(self, label: str, msgid: str, **facts: Any) -> None:
        """The field is marked as wrong and described by this sentence, which stands on the page."""
        self.is_corrected_by(label, self.word(msgid, **facts))

    def is_corrected_by(self, label: str, sentence: str) -> None:
        """The same with the whole sentence; it also stands in the summary above the form."""
        field = self.field(label)
        expect(field).to_have_attribute("aria-invalid", "true")
        describing = (field.get_attribute("aria-describedby") or "").split()
        beside = self.page.locator(", ".join(f"#{name}" for name in describing))
        expect(beside.filter(has_text=sentence)).to_be_visible()
        expect(self.page.get_by_role("alert")).to_contain_text(sentence)

    def still_reads(self, values: Mapping[str, Any]) -> None:
        """The form holds what was typed and chosen."""
        assert {label: self.entered(label) for label in values} == {
            label: self.word(value) if isinstance(value, Choices) else str(value) for label, value in values.items()
        }

    def entered(self, label: str) -> str:
        """What a field holds: its text, or the words of the choice."""
        field = self.field(label)
        chosen = field.locator("option:checked")
        return chosen.inner_text() if chosen.count() else field.input_value()

    # --- coming in -----------------------------------------------------------------------------
    def comes_in_as(self, user: User) -> None:
        """Both factors given, where the story is about something else."""
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.url}])

    def sign_in(self, email: str, password: str) -> None:
        """By the page of the sign-in; whoever has a second factor is asked for it next."""
        self.visit("account_login")
        self.fill({"E-mail": email, "Password": password})
        self.press("Sign in")

    def give_code(self, secret: str, button: str) -> None:
        """The six digits that the app shows now."""
        self.fill({"Code": one_time_code(secret)})
        self.press(button)

    def sign_in_as_demo(self, person: str) -> None:
        """By one click."""
        self.visit("demo")
        self.press("Sign in as %(name)s", name=person)


def one_time_code(secret: str) -> str:
    """What an authenticator app shows for the secret (RFC 6238); a code about to expire is waited out."""
    if time.time() % STEP > STEP - 3:
        time.sleep(3.1)
    counter = int(time.time()) // STEP
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"

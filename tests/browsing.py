"""A real browser for tests: Debian's Chromium, driven by Playwright, against pytest-django's live server.

`page` fails its test when the browser's console reported an error (a broken script, a breach of the content security
policy, a missing file). `visit` opens a path of the live server in a language, a theme and a width.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import axe_playwright_python
import pytest
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Response, sync_playwright
from pytest_django.live_server_helper import LiveServer

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LANGUAGES = ("zh-hans", "en")
WIDTHS = (390, 1280)

Theme = Literal["light", "dark"]
Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One driver for the whole run.

    Its synchronous API runs an event loop in this thread, which Django would take for asynchronous code.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for the whole run; every test has its own context."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def console() -> list[str]:
    """What the browser complained about; a test that provokes a complaint clears the list."""
    return []


@pytest.fixture
def page(chromium: Browser, console: list[str]) -> Iterator[Page]:
    """A fresh window without cookies."""
    opened = new_window(chromium, console)
    yield opened
    opened.context.close()
    assert console == []


def new_window(chromium: Browser, console: list[str]) -> Page:
    """A window with cookies of its own, as on another person's computer; the caller closes its context."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    listen(opened, console)
    return opened


def listen(page: Page, console: list[str]) -> None:
    """Write every error of a page into the list."""

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            console.append(message.text)

    page.on("console", said)
    page.on("pageerror", lambda error: console.append(str(error)))


@pytest.fixture
def visit(page: Page, live_server: LiveServer) -> Visit:
    """`visit("/path/", language="en", theme="dark", width=390)` opens a page and gives it back, loaded."""

    def open_page(path: str, *, language: str = "zh-hans", theme: Theme = "light", width: int = 1280) -> Page:
        speak(page, live_server.url, language)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        answer = page.goto(live_server.url + path, wait_until="load")
        assert isinstance(answer, Response)
        return page

    return open_page


def speak(page: Page, url: str, language: str) -> None:
    """Choose the language as the switch in the roof bar does."""
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": url}])


def assert_accessible(page: Page) -> None:
    """No violation that axe-core can find, WCAG 2.2 AA and its best practices."""
    found = violations(page)
    assert found == [], f"{page.url}: {found}"


SAID = """options => axe.run(document, options).then(({violations}) => violations.flatMap(
    ({id, nodes}) => nodes.map(({html}) => `${id}: ${html.slice(0, 160)}`)))"""
# What passes is not worth its time on the way here, nor is a wait for styles that the page has loaded.
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"], "reporter": "no-passes", "preload": False}


def violations(page: Page) -> list[str]:
    """What axe-core finds, each with the piece of the page that it is about."""
    page.evaluate(AXE)  # through the debugger: the page's own policy would refuse a script from elsewhere
    found: list[str] = page.evaluate(SAID, OPTIONS)
    return found


OUTSIDE = """[...document.querySelectorAll("body *")]
    .filter((node) => node.getBoundingClientRect().right > innerWidth + 1 && !node.closest(".scroll-x"))
    .slice(-3).map((node) => node.outerHTML.slice(0, 120))"""


def assert_no_overflow(page: Page) -> None:
    """The page is not wider than the window."""
    excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert excess == 0, f"{page.url} is {excess} px too wide at {page.viewport_size}: {page.evaluate(OUTSIDE)}"


def in_both_languages(visit: Visit, path: str, check: Callable[[Page], None]) -> None:
    """Run a check on a page in Chinese and in English."""
    for language in LANGUAGES:
        check(visit(path, language=language))

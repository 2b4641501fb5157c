"""A theatre for the stories: windows for people, a worker behind the scenes, and the mail that it sends."""

import email
import email.policy
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browsing import new_window
from tests.journeys.person import Notes, Person
from tests.workers import Workers, forget

PATIENCE = 60  # seconds
BROKE_OFF = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Lets `enter` know whether the story broke off."""
    report = yield
    if report.when == "call":
        item.stash[BROKE_OFF] = report.failed
    return report


@pytest.fixture
def enter(
    request: pytest.FixtureRequest, chromium: Browser, console: list[str], live_server: LiveServer
) -> Iterator[Callable[..., Person]]:
    """`enter("lead", language="en")` gives somebody at a browser of their own."""
    pages: list[Page] = []
    notes = Notes()

    def newcomer(name: str = "public", language: str = "zh-hans") -> Person:
        page = new_window(chromium, console)
        pages.append(page)
        return Person(page, live_server.url, name, language, notes=notes, console=console)

    yield newcomer
    broke_off = request.node.stash.get(BROKE_OFF, False)
    if broke_off:
        for page in pages:
            print(f"\n{page.url}\n{page.locator('body').aria_snapshot()}")  # noqa: T201
    for page in pages:
        page.context.close()
    assert notes.barriers == []
    assert broke_off or console == []


@pytest.fixture
def worker(live_server: LiveServer, tmp_path: Path, settings: Any) -> Iterator[Workers]:
    """A real worker: it sends the mails into a folder and renders the reports."""
    forget()
    settings.PUBLIC_URL = live_server.url
    workers = Workers(
        tmp_path / "worker.log",
        EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend",
        TEST_MAIL=str(tmp_path / "mail"),
        PUBLIC_URL=live_server.url,
    )
    workers.start()
    yield workers
    workers.kill_all()
    forget()


@pytest.fixture
def link_mailed_to(worker: Workers, tmp_path: Path) -> Callable[[str], str]:
    """The first link in the mail to an address, once the worker has sent it."""

    def link(address: str) -> str:
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            for letter in letters(tmp_path / "mail"):
                if letter["To"] == address:
                    return re.findall(r"https?://\S+", letter.get_content())[0]
            time.sleep(0.2)
        pytest.fail(f"no mail to {address} after {PATIENCE} s: {worker.log.read_text()[-2000:]}")

    return link


def letters(folder: Path) -> Iterator[email.message.EmailMessage]:
    """Every mail in the folder; the file of a mail ends with a line of dashes."""
    for path in folder.glob("*"):
        text = path.read_bytes().split(b"\n" + b"-" * 79)[0]
        yield email.message_from_bytes(text, policy=email.policy.default)

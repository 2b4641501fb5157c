"""Five hundred signatories submit in the last minute of a call: by the database's clock, and without waiting long.

Each opens the page of the submission and sends it at a moment of its own; the closer to the deadline, the more of them
do. A share sends exactly one second before it, another one a second after it.
"""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from funding.enums import ApplicationStatus
from funding.models import Application, Call
from funding.rules.declarations import DECLARATIONS
from members.enums import Role
from members.models import User
from members.rules.notice import current_version
from portal.kernel.clocks import database_now
from tests.bench.start import free_port
from tests.bench.submits import server
from tests.clock import DAY
from tests.crowds import Answer, Browser, percentile, run_apart, session_of
from tests.factories.consortia import ready_consortium
from tests.factories.funding import make_application, make_call
from tests.factories.members import give, make_district, make_organisation
from tests.personas import Personas

CLIENTS, WINDOW = 500, 60.0  # seconds from the first page to the deadline
READING = 5.0  # seconds between page and submission, at least
EDGE = 20  # one of so many sends a second before the deadline, one a second after it


@dataclass
class Client:
    """A signatory, the application, and what came of it."""

    application: Application
    browser: Browser
    sends: float  # seconds from the start
    page: Answer | None = None
    sent: Answer | None = None


def run(clients: int = CLIENTS, window: float = WINDOW) -> Iterator[tuple[str, float, str]]:
    """Let the crowd loose, then compare every answer with the row."""
    people, port = Personas(), free_port()
    call = make_call(people)
    crowd = list(gather(people, call, port, clients, window))
    with server(port):
        run_apart(warm(crowd))
        closes, over = database_now() + timedelta(seconds=window), time.monotonic() + window
        Call.objects.filter(pk=call.pk).update(opens_at=closes - 14 * DAY, closes_at=closes)
        run_apart(rush(crowd))
    yield from verdict(crowd, closes, over)


def gather(people: Personas, call: Call, port: int, clients: int, window: float) -> Iterator[Client]:
    """Everybody with an organisation, a consortium and a complete draft."""
    dice = random.Random(11)
    for number in range(clients):
        lead = make_organisation(f"样例截止企业{number}有限公司", district=make_district())
        signatory = User.objects.create_user(
            email=f"deadline{number}@sample.test", name="样例签署", password=None, notice_version=current_version()
        )
        give(signatory, Role.SIGNATORY, lead)
        draft = make_application(people, consortium=ready_consortium(people, lead=lead), call=call)
        edge = {0: window - 1, 1: window + 1}.get(number % EDGE)
        sends = edge or dice.triangular(READING, window + 1, window)
        yield Client(draft, Browser(port, session_of(signatory)), sends)


async def warm(crowd: list[Client]) -> None:
    """A server that has been running for some time."""
    await asyncio.gather(*(one.browser.get("/workbench/") for one in crowd[:16]))


async def rush(crowd: list[Client]) -> None:
    """Everybody at the own time."""
    dice = random.Random(12)
    await asyncio.gather(*(submit(one, dice.uniform(0, one.sends - READING)) for one in crowd))


async def submit(client: Client, opens: float) -> None:
    """Open the page, read, send."""
    began = asyncio.get_running_loop().time()
    address = reverse("funding:application-submit", args=[client.application.pk])
    await asyncio.sleep(opens)
    client.page = await client.browser.get(address)
    await asyncio.sleep(began + client.sends - asyncio.get_running_loop().time())
    client.sent = await client.browser.post(address, dict.fromkeys(DECLARATIONS, "on"))


def verdict(crowd: list[Client], closes: datetime, over: float) -> Iterator[tuple[str, float, str]]:
    """The figures: the first five must be 0. `over` is the deadline by time.monotonic()."""
    rows = Application.objects.in_bulk([one.application.pk for one in crowd])
    taken = {pk for pk, row in rows.items() if row.status == ApplicationStatus.SUBMITTED}
    answers = {one.application.pk: one.sent for one in crowd if one.sent}
    said = {pk for pk, answer in answers.items() if answer.status == 302 and "receipt" in answer.location}
    refused = {pk for pk, answer in answers.items() if answer.status == 409}
    early = [pk for pk in refused if answers[pk].began + answers[pk].seconds < over]
    queued = [pk for pk in refused if answers[pk].began < over]
    late = [pk for pk in taken if (rows[pk].submitted_at or closes) >= closes]
    yield "lost", len(said - taken), "applications"
    yield "taken_unsaid", len(taken - said), "applications"
    yield "taken_late", len(late), "applications"
    yield "refused_early", len(early), "applications"
    yield "other_answers", len(crowd) - len(said) - len(refused), "answers"
    yield "clients", len(crowd), "clients"
    yield "sent_in_time_but_served_late", len(queued), "applications"
    yield "accepted", len(said), "applications"
    yield "refused", len(refused), "applications"
    for name, share in (("p50", 0.5), ("p95", 0.95), ("slowest", 1.0)):
        yield f"submit_{name}_s", percentile([took(one.sent) for one in crowd], share), "s"
    yield "page_p95_s", percentile([took(one.page) for one in crowd], 0.95), "s"


def took(answer: Answer | None) -> float:
    """Seconds until the answer was there."""
    return answer.seconds if answer else 0.0

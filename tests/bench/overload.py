"""Ten times the normal load: who waits too long is sent away with 503, nothing is lost or counted twice, and it ends.

Normal is five requests a second, as many as three hundred people send who look at a page a minute. The load does not
wait for answers: the crowd comes whether the server copes or not.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from django.urls import reverse

from consortia.enums import PlatformKind
from consortia.models import Platform
from portal.kernel.idempotency import new_key
from tests.bench.start import free_port
from tests.bench.submits import server
from tests.crowds import Answer, Browser, percentile, run_apart, session_of
from tests.factories.consortia import ready_consortium
from tests.factories.funding import make_application, make_call
from tests.personas import Personas

NORMAL, FACTOR, SECONDS = 5, 10, 600.0  # requests a second
SHED = {429, 503}
CALM, PATIENCE = 1.0, 60.0  # an answer within so many seconds is a normal one again; how long that may take
WRITES = 5  # one request of so many is a form


@dataclass
class Load:
    """A crowd, and what it was told."""

    browsers: list[Browser]
    pages: list[str]
    form: str
    fields: dict[str, str]
    read: list[Answer] = field(default_factory=list)
    wrote: dict[str, Answer] = field(default_factory=dict)

    async def one(self, number: int, dice: random.Random) -> None:
        """The next request: a page, or a form that whoever is sent away sends no second time."""
        browser = self.browsers[number % len(self.browsers)]
        if number % WRITES:
            self.read.append(await browser.get(dice.choice(self.pages)))
        else:
            name = f"样例平台-{number}"
            self.wrote[name] = await browser.post(self.form, {**self.fields, "name": name}, new_key())

    @property
    def answers(self) -> list[Answer]:
        """All of them."""
        return [*self.read, *self.wrote.values()]


def run(seconds: float = SECONDS, factor: int = FACTOR) -> Iterator[tuple[str, float, str]]:
    """First the normal load for a while, then so many times of it, then until an answer is normal again."""
    people, port = Personas(), free_port()
    calm, storm = crowd(people, port), crowd(people, port)
    with server(port):
        run_apart(blow(calm, NORMAL, min(seconds / 10, 30.0), 10**6))
        run_apart(blow(storm, NORMAL * factor, seconds, 0))
        recovered = run_apart(recover(storm))
    yield from verdict(calm, storm)
    yield "recovered_s", recovered, "s"


def crowd(people: Personas, port: int) -> Load:
    """The lead and an officer at their pages."""
    consortium = ready_consortium(people)
    application = make_application(people, consortium=consortium, call=make_call(people))
    sessions = [session_of(people.lead) for _ in range(4)]
    pages = [
        reverse("home"), reverse("consortia:consortium-detail", args=[consortium.pk]),
        reverse("funding:application-detail", args=[application.pk]), reverse("consortia:public-consortium-list"),
    ]  # fmt: skip
    fields = {"kind": PlatformKind.values[0], "area": "1", "builder": str(people.lead_org.pk), "seen": ""}
    form = reverse("consortia:platform-add", args=[consortium.pk])
    return Load([Browser(port, session) for session in sessions], pages, form, fields)


async def blow(load: Load, rate: int, seconds: float, first: int) -> None:
    """So many requests a second, whatever becomes of those before."""
    dice, running = random.Random(first), set()
    async for number in ticks(rate, seconds):
        task = asyncio.create_task(load.one(first + number, dice))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)


async def ticks(rate: int, seconds: float) -> AsyncIterator[int]:
    """0, 1, 2 … at their times."""
    began = time.monotonic()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        yield number


async def recover(load: Load) -> float:
    """Seconds from the end of the load until a page comes as on any day; PATIENCE when it does not."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        answer = await load.browsers[0].get(load.pages[0])
        if answer.status == 200 and answer.seconds < CALM:
            break
    return round(time.monotonic() - began, 1)


def verdict(calm: Load, storm: Load) -> Iterator[tuple[str, float, str]]:
    """The figures; the first four must be 0."""
    answers = Counter(answer.status for answer in storm.answers)
    stored = Counter(Platform.objects.values_list("name", flat=True))
    wrote = {**calm.wrote, **storm.wrote}
    done = {name for name, answer in wrote.items() if answer.status == 302}
    served = [one for one in storm.answers if one.status in {200, 302}]
    shed = [one for one in storm.answers if one.status in SHED]
    yield "lost", len(done - set(stored)), "forms"
    yield "doubled", sum(times > 1 for times in stored.values()), "forms"
    yield "done_though_sent_away", sum(wrote[name].status in SHED for name in stored if name in wrote), "forms"
    yield "other_answers", sum(times for status, times in answers.items() if status not in {200, 302, *SHED}), "answers"
    yield "requests", len(storm.answers), "requests"
    yield "served", len(served), "requests"
    yield "sent_away", len(shed), "requests"
    yield "forms_done", len(done), "forms"
    yield "calm_p95_s", percentile([one.seconds for one in calm.answers], 0.95), "s"
    yield "served_p95_s", percentile([one.seconds for one in served], 0.95), "s"
    yield "sent_away_p95_s", percentile([one.seconds for one in shed], 0.95), "s"

"""Forms are sent while web workers are killed: none is lost, none counts twice.

The form is that of a joint platform, whose table has no constraint that would hide a second row. A client that gets no
answer, or a 5xx, sends the same form with the same key again, as a person does who presses the button once more.
"""

import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from itertools import count
from unittest import mock
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from django.urls import reverse

from consortia.enums import PlatformKind
from consortia.models import Consortium, Platform
from portal.kernel.idempotency import FIELD, new_key
from tests.bench.start import family, free_port, healthy, seconds_until, started
from tests.factories.consortia import ready_consortium
from tests.personas import Personas
from tests.workers import environment

FORMS, KILLS, CLIENTS, WORKERS = 10_000, 40, 4, 2
TOKEN = "t" * 32
PATIENCE = 120  # seconds for one form


class Sender:
    """One browser, signed in as the lead."""

    def __init__(self, port: int, address: str, session: str) -> None:
        self.port, self.address = port, address
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        self.retries = 0

    def send(self, name: str) -> None:
        """Send the form until it is answered. Raises when it is refused or never answered."""
        fields = {"name": name, "kind": PlatformKind.values[0], "area": 1, "builder": self.builder, "seen": ""}
        body = urlencode({**fields, "csrfmiddlewaretoken": TOKEN, FIELD: new_key()})
        limit = time.monotonic() + PATIENCE
        while (status := self._post(body)) != 302:
            if status and status < 500:
                raise RuntimeError(f"{name} was refused with {status}")
            if time.monotonic() > limit:
                raise RuntimeError(f"{name} got no answer")
            self.retries += 1
            time.sleep(0.02)

    builder = ""

    def _post(self, body: str) -> int:
        """The status; 0 when the connection broke."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookies}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", self.address, body, headers)
            answer = connection.getresponse()
            answer.read()
            moved = answer.headers.get("Location", "")
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()
        if answer.status == 302 and "/account/" in moved:
            raise RuntimeError(f"led to {moved}")
        return answer.status


def run(forms: int = FORMS, kills: int = KILLS) -> Iterator[tuple[str, float, str]]:
    """Send the forms, kill meanwhile, count the rows."""
    people = Personas()
    consortium = ready_consortium(people)
    port, begin = free_port(), time.monotonic()
    with server(port) as master:
        done, killed, retries = attack(people, consortium, port, master, forms, kills)
    seconds = time.monotonic() - begin
    stored = Counter(Platform.objects.filter(name__startswith="样例平台-").values_list("name", flat=True))
    yield "lost", sum(name not in stored for name in done), "forms"
    yield "doubled", sum(times > 1 for times in stored.values()), "forms"
    yield "forms", len(done), "forms"
    yield "kills", killed, "workers"
    yield "sent_again", retries, "requests"
    yield "forms_per_s", round(len(done) / seconds, 1), "forms/s"


@contextmanager
def server(port: int) -> Iterator[int]:
    """A web server on the present database; the process id of its master."""
    here = environment() | {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    with tempfile.TemporaryDirectory() as scratch, mock.patch.dict(os.environ, here):
        options = ["--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--preload", "--worker-tmp-dir", scratch]
        with started("gunicorn", *options, "portal.wsgi") as (web, _log):
            seconds_until(lambda: healthy(port), web)
            yield web.pid


def attack(
    people: Personas, consortium: Consortium, port: int, master: int, forms: int, kills: int
) -> tuple[list[str], int, int]:
    """The names answered with success, the kills, the requests sent again."""
    browser = Client()
    browser.force_login(people.lead)
    address = reverse("consortia:platform-add", args=[consortium.pk])
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    senders = [Sender(port, address, session) for _ in range(CLIENTS)]
    for sender in senders:
        sender.builder = str(people.lead_org.pk)
    numbers, done, over = count(), [], threading.Event()

    def work(sender: Sender) -> None:
        while (number := next(numbers)) < forms:
            sender.send(f"样例平台-{number}")
            done.append(f"样例平台-{number}")

    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        killer = pool.submit(kill_workers, master, over, done, forms, kills)
        try:
            list(pool.map(work, senders))
        finally:
            over.set()
    return done, killer.result(), sum(sender.retries for sender in senders)


def kill_workers(master: int, over: threading.Event, done: list[str], forms: int, kills: int) -> int:
    """Kill a worker whenever another share of the forms is through; how many were killed."""
    killed, dice = 0, random.Random(4)
    while not over.wait(dice.uniform(0.005, 0.05)):
        if killed < kills + 2 and len(done) >= killed * forms / (kills + 2):
            workers = family(master)[1:]
            if workers:
                with suppress(ProcessLookupError):
                    os.kill(dice.choice(workers), signal.SIGKILL)
                    killed += 1
    return killed

"""Five hundred enterprises write and submit within the same two minutes, against the processes that bin/up starts.

Each opens a section, saves it by itself a few times, opens the page of the submission and submits; one of ten presses
the button twice. What an answer acknowledged must stand in the frozen snapshot. `rush-kill` is the same while web
workers are killed.
"""

import asyncio
import json
import os
import random
import signal
import statistics
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from unittest import mock

from django.conf import settings
from django.urls import reverse

from funding.enums import Action, ApplicationStatus
from funding.models import Application, Call
from funding.rules.declarations import DECLARATIONS
from members.enums import Role
from members.models import User
from members.rules.notice import current_version
from portal.kernel.audit import sha256
from portal.kernel.clocks import database_now
from portal.kernel.idempotency import new_key
from portal.kernel.models import AuditEntry
from tests import prose
from tests.bench.start import family, free_port, healthy, seconds_until, started
from tests.clock import DAY
from tests.crowds import Answer, Browser, percentile, run_apart, session_of
from tests.factories.consortia import ready_consortium
from tests.factories.funding import make_application, make_call
from tests.factories.members import give, make_district, make_organisation
from tests.personas import Personas
from tests.workers import environment, forget

ENTERPRISES, WINDOW = 500, 120.0  # seconds
SAVES = 4
READING = 0.02  # of the window: between the page of the submission and its button
TWICE = 10  # one of so many presses the button twice
IDLE = 20  # pages asked for before it begins
PATIENCE = 60  # tries of one request, where workers are killed
SECTION = "objective"


@dataclass
class Enterprise:
    """A signatory with a draft, the moments at which it acts, and what it was told."""

    application: Application
    browser: Browser
    moments: list[float]  # seconds from the start: the saves, then the submission
    texts: list[str]
    insists: bool = False  # sends again what broke off, as people do
    acknowledged: str = ""
    submitted: Answer | None = None
    answers: list[Answer] = field(default_factory=list)  # that were not what was to be expected
    sent_again: int = 0

    async def write(self) -> None:
        """Open the section, save it several times, submit."""
        began = asyncio.get_running_loop().time()
        pk, page = self.application.pk, new_key()
        await until(began + self.moments[0] - 1)
        await self._ask(reverse("funding:application-edit", args=[pk, SECTION]), {200})
        for at, text in zip(self.moments, self.texts, strict=False):
            await until(began + at)
            fields = {SECTION: text, "version": "0", "page": page}
            saved = await self._ask(reverse("funding:section-autosave", args=[pk, SECTION]), {200}, fields)
            if saved.status == 200:
                self.acknowledged = text
        address = reverse("funding:application-submit", args=[pk])
        await self._ask(address, {200})
        await until(began + self.moments[-1])
        await self._submit(address)

    async def _submit(self, address: str) -> None:
        fields, key = dict.fromkeys(DECLARATIONS, "on"), new_key()
        times = 2 if int(self.application.number[-4:]) % TWICE == 0 else 1
        answers = await asyncio.gather(*(self._ask(address, {302}, fields, key) for _ in range(times)))
        self.submitted = next((one for one in answers if "receipt" in one.location), None)

    async def _ask(self, path: str, expected: set[int], fields: dict[str, str] | None = None, key: str = "") -> Answer:
        key = key or new_key()
        for _ in range(PATIENCE if self.insists else 1):
            answer = await (self.browser.get(path) if fields is None else self.browser.post(path, fields, key))
            if answer.status and answer.status < 500:
                break
            self.sent_again += self.insists
            await asyncio.sleep(0.05 if self.insists else 0)
        if answer.status not in expected:
            self.answers.append(answer)
        return answer


async def until(moment: float) -> None:
    """Sleep until the loop's clock shows this."""
    await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))


def run(enterprises: int = ENTERPRISES, window: float = WINDOW) -> Iterator[tuple[str, float, str]]:
    """The figures; `lost`, `doubled` and `errors` must be 0."""
    port = free_port()
    crowd = list(gather(enterprises, window, port))
    with portal(port):
        idle = run_apart(unhurried(crowd[0].browser))
        run_apart(rush(crowd))
    yield from verdict(crowd)
    submits = [one.submitted.seconds for one in crowd if one.submitted]
    yield "idle_page_s", idle, "s"
    yield "submit_p50_s", percentile(submits, 0.5), "s"
    yield "submit_p95_s", percentile(submits, 0.95), "s"
    yield "p95_ratio", round(percentile(submits, 0.95) / idle, 1), "a submit / the median of an idle page"


def gather(number: int, window: float, port: int, *, insists: bool = False) -> Iterator[Enterprise]:
    """Everybody with an organisation, a consortium and a complete draft in a call that is open."""
    people, now = Personas(), database_now()
    call: Call = make_call(people, opens_at=now - DAY, closes_at=now + DAY)
    dice = random.Random(23)
    for n in range(number):
        lead = make_organisation(f"样例申报企业{n}有限公司", district=make_district())
        signatory = User.objects.create_user(
            email=f"rush{n}@sample.test", name="样例签署", password=None, notice_version=current_version()
        )
        give(signatory, Role.SIGNATORY, lead)
        consortium = ready_consortium(people, lead=lead)
        draft = make_application(people, consortium=consortium, call=call, number=f"2026-{n:04d}")
        texts = [f"第{save}次保存。{prose.text(random.Random(n * SAVES + save), 8)}" for save in range(SAVES)]
        yield Enterprise(draft, Browser(port, session_of(signatory)), moments(dice, window), texts, insists)


def moments(dice: random.Random, window: float) -> list[float]:
    """When one of them saves and, last, submits, at any moment of the time that there is."""
    submits = dice.uniform(window * 0.2, window * 0.98)
    return [*sorted(dice.uniform(1.0, submits - READING * window) for _ in range(SAVES)), submits]


@contextmanager
def portal(port: int) -> Iterator[int]:
    """Web server, worker and beat as bin/up starts them, on the present database; the process id of the web server."""
    here = environment() | {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    quiet = ["--loglevel", "warning"]
    forget()
    with tempfile.TemporaryDirectory() as scratch, mock.patch.dict(os.environ, here):
        celery = ("celery", "--app", "portal.celery")
        worker = (*celery, "worker", "--concurrency", "2", *quiet, "--without-gossip", "--without-mingle")
        beat = (*celery, "beat", *quiet, "--pidfile=", "--schedule", f"{scratch}/beat")
        web = ("gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-tmp-dir", scratch)
        with started(*worker), started(*beat), started(*web) as (master, _log):
            seconds_until(lambda: healthy(port), master)
            yield master.pid


async def unhurried(browser: Browser) -> float:
    """The median of a page while nothing else goes on, in seconds."""
    warm = [await browser.get("/workbench/") for _ in range(8)]
    if {answer.status for answer in warm} != {200}:
        raise RuntimeError("the page of a signatory did not come")
    answers = [await browser.get("/workbench/") for _ in range(IDLE)]
    return statistics.median(answer.seconds for answer in answers)


async def rush(crowd: list[Enterprise], master: int = 0, pause: float = 0.0) -> int:
    """Everybody at the own time; a web worker is killed about every `pause` seconds meanwhile. How many were."""
    over = asyncio.Event()
    killer = asyncio.create_task(kill(master, over, pause) if pause else asyncio.sleep(0, 0))
    await asyncio.gather(*(one.write() for one in crowd))
    over.set()
    return await killer


async def kill(master: int, over: asyncio.Event, pause: float) -> int:
    """Kill one of the web workers, again and again."""
    killed, dice = 0, random.Random(29)
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), dice.uniform(0.5, 1.5) * pause)
            return killed
        if workers := family(master)[1:]:
            with suppress(ProcessLookupError):
                os.kill(dice.choice(workers), signal.SIGKILL)
                killed += 1


def verdict(crowd: list[Enterprise]) -> Iterator[tuple[str, float, str]]:
    """What an answer said against what stands in the database."""
    rows = Application.everything.in_bulk([one.application.pk for one in crowd])
    entries = Counter(
        AuditEntry.objects.filter(action=Action.SUBMIT, subject_type="funding.application").values_list(
            "subject_id", flat=True
        )
    )
    received = [one for one in crowd if one.submitted]
    frozen = {one.application.pk: (rows[one.application.pk].snapshot or {}).get("application", {}) for one in crowd}
    taken = {pk for pk, row in rows.items() if row.status == ApplicationStatus.SUBMITTED}
    unsaved = [one for one in crowd if one.acknowledged and text_of(one, rows, frozen) != one.acknowledged]
    wrong = Counter(answer.status for one in crowd for answer in one.answers)
    yield "lost", len(unsaved) + len({one.application.pk for one in received} - taken), "texts and submissions"
    yield "doubled", sum(times > 1 for times in entries.values()), "submissions"
    yield "errors", sum(wrong.values()), json.dumps({str(status): n for status, n in wrong.items()})
    yield "enterprises", len(crowd), "enterprises"
    yield "submitted", len(received), "applications"
    yield "submitted_unsaid", len(taken - {one.application.pk for one in received}), "applications"


def text_of(one: Enterprise, rows: dict[object, Application], frozen: dict[object, dict[str, str]]) -> str:
    """What was kept of the section: in the snapshot, or in the draft where nothing was submitted."""
    row = rows[one.application.pk]
    kept: str = frozen[row.pk].get(SECTION, "") if row.snapshot else getattr(row, SECTION)
    return kept


def receipts(crowd: list[Enterprise]) -> Iterator[tuple[str, float, str]]:
    """Receipts against snapshots, and snapshots against receipts and the audit trail."""
    rows = Application.everything.in_bulk([one.application.pk for one in crowd])
    trail = AuditEntry.objects.filter(action=Action.SUBMIT, subject_type="funding.application")
    hashes = {entry.subject_id: entry.facts.get("sha256") for entry in trail}
    received = {one.application.pk for one in crowd if one.submitted}
    whole = {pk for pk, row in rows.items() if row.snapshot and sha256(row.snapshot) == row.snapshot_hash}
    audited = {pk for pk in whole if hashes.get(str(pk)) == rows[pk].snapshot_hash}
    yield "receipts_without_snapshot", len(received - whole), "applications"
    yield "snapshots_without_receipt_or_audit", len(whole - (received & audited)), "applications"

"""Old and new code on one database while people work: the upgrade, and the way back without undoing a migration.

The old code is the tree before the newest commits that brought migrations; it is taken out of the repository, without
whose history this cannot be measured. It serves alone, while the tables are migrated and after that; both serve side by
side; the new one alone; both; and the old one alone again.
"""

import asyncio
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from consortia.enums import PlatformKind
from consortia.models import Consortium, Platform
from portal.kernel.idempotency import new_key
from tests.bench.start import free_port, healthy, seconds_until, started
from tests.crowds import Answer, Browser, session_of
from tests.factories.consortia import ready_consortium
from tests.personas import Personas
from tests.workers import environment

PHASE, WRITERS = 10.0, 2  # seconds of each of the six phases
ATTEMPTS = 20  # at one form
BACK = 3  # commits that brought migrations
ON_THEIR_WAY = 1.0  # seconds that a server still gets for what it has begun, once no more is sent to it
NEW = Path(settings.BASE_DIR)
PLACES = {"kernel": "portal/kernel", **{room: room for room in ("members", "consortia", "funding", "reports")}}
LEADS = ("home", "funding:my-applications", "notifications", "api:consortium-list")
OFFICERS = ("home", "consortia:consortium-list", "funding:application-list", "members:organisation-list")


@dataclass
class Crowd:
    """Who asks whom, and what came of it."""

    pool: list[int] = field(default_factory=list)  # the ports that are asked
    over: threading.Event = field(default_factory=threading.Event)
    answers: list[Answer] = field(default_factory=list)
    done: list[str] = field(default_factory=list)  # names of forms that were answered with success

    async def ask(self, browser: Browser, path: str, fields: dict[str, str] | None = None, key: str = "") -> int:
        """The status of an answer from any of the servers."""
        browser.port = random.choice(self.pool)
        answer = await (browser.post(path, fields, key) if fields else browser.get(path))
        self.answers.append(answer)
        return answer.status

    async def read(self, browser: Browser, paths: list[str]) -> None:
        """One page after the other."""
        for path in cycle(paths):
            if self.over.is_set():
                return
            await self.ask(browser, path)

    async def write(self, browser: Browser, path: str, builder: str, numbers: Iterator[int]) -> None:
        """One form after the other; what gets no answer is sent again with its key."""
        while not self.over.is_set():
            name, key = f"样例平台-{next(numbers)}", new_key()
            fields = {"name": name, "kind": PlatformKind.values[0], "area": "1", "builder": builder, "seen": ""}
            if await self.insist(browser, path, fields, key):
                self.done.append(name)

    async def insist(self, browser: Browser, path: str, fields: dict[str, str], key: str) -> bool:
        """Whether it was taken in the end."""
        for attempt in range(ATTEMPTS):
            if await self.ask(browser, path, fields, key) == 302:
                return True
            await asyncio.sleep(0.1 * attempt)
        return False


def run(phase: float = PHASE) -> Iterator[tuple[str, float, str]]:
    """`lost` and `doubled` must be 0, `errors_percent` at most 0.1."""
    people, crowd = Personas(), Crowd()
    asking = everybody(crowd, people, ready_consortium(people))
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(1) as thread, ExitStack() as servers:
        old = old_tree(Path(scratch))
        brought = go_back(old)
        first = servers.enter_context(serve(old, crowd.pool))
        asked = thread.submit(asyncio.run, asking)
        try:
            migrating = there_and_back(old, crowd.pool, first, servers, phase)
        finally:
            crowd.over.set()
        asked.result()
    yield from verdict(crowd)
    yield "migrations", brought, "migrations"
    yield "migrating_s", migrating, "s"


def there_and_back(old: Path, pool: list[int], first: ExitStack, servers: ExitStack, phase: float) -> float:
    """The phases, of which the old code alone is the first; the seconds that the migrations took."""
    time.sleep(phase)
    begin = time.monotonic()
    manage(NEW, "migrate", "--noinput", "--verbosity=0")
    seconds = time.monotonic() - begin
    time.sleep(phase)
    new = servers.enter_context(serve(NEW, pool))
    time.sleep(phase)
    first.close()
    time.sleep(phase)
    servers.enter_context(serve(old, pool))
    time.sleep(phase)
    new.close()
    time.sleep(phase)
    return round(seconds, 2)


# --- the old tree ------------------------------------------------------------------------------
def old_tree(scratch: Path) -> Path:
    """The code before the newest commits that brought migrations, ready to serve."""
    brought = git("log", f"-{BACK}", "--diff-filter=A", "--format=%H", "--", "*/migrations/0*.py").split()
    tree = scratch / "old"
    tree.mkdir()
    archive = subprocess.run(["git", "archive", f"{brought[-1]}^"], cwd=NEW, check=True, capture_output=True).stdout
    subprocess.run(["tar", "--extract"], cwd=tree, input=archive, check=True)
    manage(tree, "collectstatic", "--noinput", "--verbosity=0")
    return tree


def git(*words: str) -> str:
    """What the repository says."""
    return subprocess.run(["git", *words], cwd=NEW, check=True, capture_output=True, text=True).stdout


def go_back(old: Path) -> int:
    """The tables as the old code made them, with the rows that are there; how many migrations are undone by it."""
    undone = 0
    for app, place in PLACES.items():
        then, now = (sorted(one.stem for one in (tree / place / "migrations").glob("0*.py")) for tree in (old, NEW))
        if now[: len(then)] != then:
            raise RuntimeError(f"the migrations of {app} were rewritten since; there is no upgrade between the two")
        call_command("migrate", app, then[-1], verbosity=0)
        undone += len(now) - len(then)
    return undone


def manage(tree: Path, *words: str) -> None:
    """A command of that tree."""
    subprocess.run([sys.executable, "manage.py", *words], cwd=tree, env=surroundings(tree), check=True)


def surroundings(tree: Path) -> dict[str, str]:
    """What its processes must know: the database of this benchmark, and static files of their own."""
    own = {} if tree == NEW else {"PORTAL_VAR": str(tree / "var")}
    return {**environment(), "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE, **own}


def serve(tree: Path, pool: list[int]) -> ExitStack:
    """A web server of that tree, which people are sent to until it is closed."""
    server, port = ExitStack(), free_port()
    options = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "portal.wsgi"]
    web, _log = server.enter_context(started("gunicorn", *options, cwd=tree, env=surroundings(tree)))
    seconds_until(lambda: healthy(port), web)
    server.callback(leave, pool, port)
    pool.append(port)
    return server


def leave(pool: list[int], port: int) -> None:
    """No more is sent there; what is on its way comes to its end."""
    pool.remove(port)
    time.sleep(ON_THEIR_WAY)


# --- people ------------------------------------------------------------------------------------
def everybody(crowd: Crowd, people: Personas, consortium: Consortium) -> Coroutine[Any, Any, object]:
    """Readers and writers at once; all that they need of the database is fetched now."""
    form, builder, numbers = reverse("consortia:platform-add", args=[consortium.pk]), str(people.lead_org.pk), count()
    lead, officer = session_of(people.lead), session_of(people.officer)
    own = [*map(reverse, LEADS), consortium.get_absolute_url()]

    async def at_once() -> None:
        await asyncio.gather(
            crowd.read(Browser(0, lead), own),
            crowd.read(Browser(0, officer), [*map(reverse, OFFICERS)]),
            *(crowd.write(Browser(0, lead), form, builder, numbers) for _ in range(WRITERS)),
        )

    return at_once()


def verdict(crowd: Crowd) -> Iterator[tuple[str, float, str]]:
    """Every answer that was neither a page nor the way on counts as an error."""
    stored = Counter(Platform.objects.filter(name__startswith="样例平台-").values_list("name", flat=True))
    errors = [answer for answer in crowd.answers if answer.status not in {200, 302}]
    errors += [answer for answer in crowd.answers if "/account/" in answer.location]
    yield "lost", sum(name not in stored for name in crowd.done), "forms"
    yield "doubled", sum(times > 1 for times in stored.values()), "forms"
    yield "errors_percent", round(100 * len(errors) / max(len(crowd.answers), 1), 3), "%"
    yield "requests", len(crowd.answers), "requests"
    yield "forms", len(crowd.done), "forms"
    yield "slowest_s", round(max((answer.seconds for answer in crowd.answers), default=0), 2), "s"

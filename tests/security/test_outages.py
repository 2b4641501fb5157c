"""The servers around the portal fall silent, refuse, are killed and come back; the portal answers all the while."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from portal.kernel.headers import HEADERS
from portal.kernel.postgres.base import PAUSE
from tests.clusters import Cluster, Gate, free_port, until

pytestmark = [pytest.mark.xdist_group("outages"), pytest.mark.django_db]

PASSWORD = "Sample-pass-2026!"
EMAIL = "load@sample.test"
PERSON = f"""
import django
django.setup()
from allauth.account.models import EmailAddress
from tests.factories.members import make_user
user = make_user('load', '样例压测')
user.email = {EMAIL!r}
user.set_password({PASSWORD!r})
user.save()
EmailAddress.objects.update_or_create(user=user, email={EMAIL!r}, defaults=dict(verified=True, primary=True))
"""
LIMIT = 10.0  # seconds: no answer may take longer, whatever is away
KILLS = int(os.environ.get("KILLS", "2"))  # of PostgreSQL under load; KILLS=5 is the long version
WORKERS, THREADS = (os.cpu_count() or 1) + 1, 2


@dataclass
class Answer:
    """What came back, and after how many seconds."""

    status: int
    headers: dict[str, str]
    body: str
    seconds: float
    cookies: dict[str, str]


class Portal:
    """The real web server, on a database behind a gate and a Redis behind another."""

    def __init__(self, database: str, redis: str, log: Path, **more: str) -> None:
        self.port = free_port()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "PORTAL_UNSAFE_DATABASE": "0",
            "PORTAL_PROCESS": "web",
            **more,
        }
        self.log = log
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}"]
        with log.open("ab") as out:
            self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=out, stderr=out)
        until(lambda: self.is_up() or self.process.poll() is not None, 90)
        assert self.process.poll() is None, log.read_text()[-3000:]

    def is_up(self) -> bool:
        with suppress(OSError):
            return self.ask("/healthz").status == 200
        return False

    def ask(self, path: str, body: dict[str, str] | None = None, **headers: str) -> Answer:
        """GET, or POST of a form."""
        began = time.monotonic()
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        client.request("GET" if body is None else "POST", path, None if body is None else urlencode(body), sent)
        got = client.getresponse()
        text = got.read().decode()
        client.close()
        jar = SimpleCookie()
        for cookie in got.headers.get_all("Set-Cookie", []):
            jar.load(cookie)
        cookies = {name: morsel.value for name, morsel in jar.items()}
        return Answer(got.status, dict(got.getheaders()), text, time.monotonic() - began, cookies)

    def sign_in(self) -> str:
        """A whole sign-in as a browser does it; the key of the new session, or nothing when it failed."""
        answer = self.send("/account/login/", login=EMAIL, password=PASSWORD)
        return answer.cookies.get("sessionid", "")

    def send(self, path: str, **typed: str) -> Answer:
        """Open the page of a form, fill it in and send it; the page itself when there is no form to be had."""
        page = self.ask(path)
        if page.status != 200:
            return page
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.body))
        return self.ask(path, {**fields, **typed}, Cookie=f"csrftoken={page.cookies['csrftoken']}")

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()


@pytest.fixture(scope="module")
def cluster(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cluster]:
    """With the tables of the test's database and one person who may sign in."""
    cluster = Cluster()
    with django_db_blocker.unblock():
        params = connection.get_connection_params()
    words = ("host", "port", "user", "password", "dbname")
    source = psycopg.conninfo.make_conninfo(**{word: params[word] for word in words if params.get(word)})
    cluster.take("portal", source)
    with psycopg.connect(cluster.url("portal"), autocommit=True) as there:
        there.execute("TRUNCATE django_session")
    yield cluster
    cluster.end()


@pytest.fixture(scope="module")
def gate(cluster: Cluster) -> Gate:
    return Gate(cluster.port)


@pytest.fixture(scope="module")
def redis_gate() -> Gate:
    return Gate(int(re.search(r":(\d+)/", settings.REDIS_URL)[1]))  # type: ignore[index]


@pytest.fixture(scope="module")
def portal(
    cluster: Cluster, gate: Gate, redis_gate: Gate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    redis = re.sub(r":\d+/", f":{redis_gate.port}/", settings.REDIS_URL)
    make_person(cluster)
    portal = Portal(cluster.url("portal", gate.port), redis, tmp_path_factory.mktemp("portal") / "log")
    yield portal
    portal.end()


@pytest.fixture(autouse=True)
def _all_is_well_again(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "portal" in request.fixturenames:
        for name in ("gate", "redis_gate"):
            request.getfixturevalue(name).set("open")
        time.sleep(PAUSE + 0.5)  # each process leaves a silent server alone for a moment
        until(lambda: request.getfixturevalue("portal").ask("/readyz").status == 200, 30)


def make_person(cluster: Cluster) -> None:
    """Somebody without roles, by the portal's own code in a process of its own."""
    environment = {**os.environ, "DATABASE_URL": cluster.url("portal")}
    environment |= {"DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    subprocess.run([sys.executable, "-c", PERSON], cwd=settings.BASE_DIR, env=environment, check=True)


# --- the database ------------------------------------------------------------------------------
@pytest.mark.parametrize("mode", ["refuse", "silent"])
def test_r05_a_database_out_of_reach_is_a_sentence_within_ten_seconds(portal: Portal, gate: Gate, mode: str) -> None:
    session = portal.sign_in()
    assert session
    gate.set(mode)  # type: ignore[arg-type]

    chinese = portal.ask("/workbench/", Cookie=f"sessionid={session}", Accept_Language="zh-CN")
    english = portal.ask("/workbench/", Cookie=f"sessionid={session}; django_language=en")
    program = portal.ask("/api/v1/applications/", Cookie=f"sessionid={session}; django_language=en")
    signing = portal.ask("/account/login/", {"login": EMAIL, "password": PASSWORD})
    health, ready = portal.ask("/healthz"), portal.ask("/readyz")

    assert [answer.status for answer in (chinese, english, program, ready)] == [503] * 4
    assert [answer.headers["Retry-After"] for answer in (chinese, english, program)] == ["30"] * 3
    assert "<h1>暂时无法使用</h1>" in chinese.body
    assert "<h1>Briefly not available</h1>" in english.body
    assert program.headers["Content-Type"] == "application/json"
    assert signing.status in {403, 503}  # without a token it is refused before anything is looked up
    assert health.status == 200
    assert max(answer.seconds for answer in (chinese, english, program, signing, health, ready)) < LIMIT


def test_r05_no_queue_piles_up_before_a_silent_database(portal: Portal, gate: Gate) -> None:
    session = portal.sign_in()
    gate.set("silent")
    answers: list[Answer] = []

    def ask() -> None:
        answers.append(portal.ask("/workbench/", Cookie=f"sessionid={session}"))

    threads = [threading.Thread(target=ask) for _ in range(3 * WORKERS * THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    health = portal.ask("/healthz")

    assert Counter(answer.status for answer in answers) == {503: len(threads)}
    assert max(answer.seconds for answer in answers) < 2 * LIMIT
    assert health.seconds < 2


@pytest.mark.parametrize(
    ("question", "status"),
    [
        (b"GET / SMUGGLED HTTP/1.1\r\n\r\n", "400"),
        (b"GET /?" + b"x" * 5000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "414"),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + b"x" * 9000 + b"\r\n\r\n", "431"),
    ],
)
def test_x07_what_never_reaches_the_portal_is_answered_with_its_headers(
    portal: Portal, question: bytes, status: str
) -> None:
    with socket.create_connection(("127.0.0.1", portal.port), timeout=LIMIT) as line:
        line.sendall(question)
        head, _, body = line.makefile("rb").read().decode("latin1").partition("\r\n\r\n")

    first, *lines = head.split("\r\n")
    sent = dict(one.split(": ", 1) for one in lines)
    assert first.split()[1] == status
    assert {name: sent.get(name) for name in HEADERS} == dict(HEADERS)
    assert ("SMUGGLED" in body, sent["Content-Length"]) == (False, str(len(body)))


def test_whoever_connects_and_says_nothing_keeps_nobody_waiting(portal: Portal) -> None:
    address = ("127.0.0.1", portal.port)
    with ExitStack() as open_lines:
        silent = [open_lines.enter_context(socket.create_connection(address, timeout=LIMIT)) for _ in range(40)]
        asked = [portal.ask("/healthz") for _ in range(8)]
        silent[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")

        assert (silent[0].recv(12), {answer.status for answer in asked}) == (b"HTTP/1.1 200", {200})
        assert max(answer.seconds for answer in asked) < 2


def test_r04_a_restart_of_postgresql_needs_no_restart_of_the_portal(portal: Portal, cluster: Cluster) -> None:
    session = portal.sign_in()
    assert portal.ask("/workbench/", Cookie=f"sessionid={session}").status == 200

    cluster.restart()
    back = until(lambda: portal.ask("/workbench/", Cookie=f"sessionid={session}").status == 200, LIMIT)
    answers = [portal.ask("/workbench/", Cookie=f"sessionid={session}").status for _ in range(4 * WORKERS * THREADS)]

    assert back < LIMIT
    assert set(answers) == {200}


def test_r03_postgresql_killed_under_load(portal: Portal, cluster: Cluster) -> None:
    statuses: Counter[int] = Counter()
    promised: list[str] = []
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            statuses[portal.ask("/consortia/public/").status] += 1
            if key := portal.sign_in():
                promised.append(key)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    waits = []
    for kills in range(KILLS):
        until(lambda: len(promised) > kills, 60)  # noqa: B023
        cluster.kill()
        time.sleep(0.5)
        cluster.start()
        waits.append(until(lambda: portal.ask("/readyz").status == 200, 30))
    time.sleep(1)
    over.set()
    for thread in threads:
        thread.join()
    with psycopg.connect(cluster.url("portal")) as there:
        kept = {key for (key,) in there.execute("SELECT session_key FROM django_session").fetchall()}

    assert set(statuses) == {200, 503}
    assert len(promised) >= KILLS
    assert set(promised) - kept == set()
    assert max(waits) < 30


# --- Redis -------------------------------------------------------------------------------------
@pytest.mark.parametrize("mode", ["refuse", "silent"])
def test_r02_signing_in_and_working_need_no_redis(portal: Portal, redis_gate: Gate, mode: str) -> None:
    redis_gate.set(mode)  # type: ignore[arg-type]

    began = time.monotonic()
    session = portal.sign_in()
    signed_in = time.monotonic() - began
    page = portal.ask("/workbench/", Cookie=f"sessionid={session}")
    ready = portal.ask("/readyz")

    assert session
    assert (page.status, page.headers.get("Location"), ready.status) == (200, None, 200)
    assert '"redis": false' in ready.body
    assert max(signed_in, page.seconds, ready.seconds) < LIMIT


# --- the mail server ---------------------------------------------------------------------------
def test_r07_a_mail_server_that_hangs_holds_nobody_up(cluster: Cluster, redis_gate: Gate, tmp_path: Path) -> None:
    mail = Gate(free_port())
    mail.set("silent")
    redis = re.sub(r":\d+/", f":{redis_gate.port}/", settings.REDIS_URL)
    server = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_PORT": str(mail.port),
              "EMAIL_HOST": "127.0.0.1"}  # fmt: skip
    portal = Portal(cluster.url("portal"), redis, tmp_path / "log", **server)
    known = portal.send("/account/password/reset/", email=EMAIL)
    portal.end()

    assert known.status == 302
    assert known.seconds < 5

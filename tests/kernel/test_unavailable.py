"""What does not answer in time is a sentence in the reader's language, never a bare 500."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from members.models import User
from portal.kernel import caching, checks
from portal.kernel.backups import address
from portal.kernel.outages import trouble
from portal.kernel.postgres.base import FUSE, Fuse, ImpatientConnection
from portal.settings.env import PATIENCE
from portal.urls import urlpatterns as ours
from tests.factories.members import make_user


def away(_request: HttpRequest) -> HttpResponse:
    raise OperationalError("the server closed the connection")


def slow(_request: HttpRequest) -> HttpResponse:
    ask("SET LOCAL statement_timeout = 100", "SELECT pg_sleep(5)")
    return HttpResponse()


def busy(_request: HttpRequest) -> HttpResponse:
    ask("SET LOCAL lock_timeout = 100", "LOCK TABLE kernel_counter IN ACCESS EXCLUSIVE MODE")
    return HttpResponse()


def ask(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


views = {"away": away, "slow": slow, "busy": busy}
urlpatterns = [*ours, *(path(f"{start}{name}/", view) for name, view in views.items() for start in ("x/", "api/x/"))]
handler500 = "portal.kernel.errors.server_error"

NOBODY_LISTENS = {
    "default": {
        "BACKEND": "portal.kernel.caching.DependableCache",
        "LOCATION": "redis://127.0.0.1:1/0",
        "OPTIONS": {"socket_connect_timeout": 1},
    }
}


@pytest.fixture
def visitor() -> Client:
    """Signed in, at addresses that fail."""
    client = Client(raise_request_exception=False)
    client.force_login(make_somebody())
    return client


@contextmanager
def held() -> Iterator[None]:
    """Somebody else holds the lock."""
    with psycopg.connect(address()) as other:
        other.execute("LOCK TABLE kernel_counter IN ACCESS SHARE MODE")
        yield


SENTENCES = [
    ("away", "zh-hans", "30", "暂时无法使用"),
    ("away", "en", "30", "Briefly not available"),
    ("slow", "zh-hans", "30", "处理时间过长"),
    ("slow", "en", "30", "This takes too long"),
    ("busy", "zh-hans", "5", "他人正在办理同一事项"),
    ("busy", "en", "5", "Somebody else is working on this"),
]


@override_settings(ROOT_URLCONF="tests.kernel.test_unavailable")
@pytest.mark.django_db
@pytest.mark.parametrize(("name", "language", "retry", "heading"), SENTENCES)
def test_each_trouble_has_its_sentence(visitor: Client, name: str, language: str, retry: str, heading: str) -> None:
    with held():
        answer = visitor.get(f"/x/{name}/", headers={"accept-language": language})

    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, retry, "no-store")
    assert answer.content.decode().count(f"<h1>{heading}</h1>") == 1


@override_settings(ROOT_URLCONF="tests.kernel.test_unavailable")
@pytest.mark.django_db
def test_a_program_gets_json(visitor: Client) -> None:
    with held():
        answer = visitor.get("/api/x/busy/", headers={"accept-language": "en"})

    assert (answer.status_code, answer["Content-Type"]) == (503, "application/json")
    assert answer.json()["detail"].startswith("The same record is being changed at this moment")


def test_a_fault_of_ours_is_no_outage() -> None:
    assert trouble(ValueError("ours")) is None


# --- the timeouts ------------------------------------------------------------------------------
@pytest.mark.django_db
def test_every_connection_has_the_timeouts_of_its_process() -> None:
    with connection.cursor() as cursor:
        names = ["idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout"]
        cursor.execute("SELECT setting::int / 1000 FROM pg_settings WHERE name = ANY(%s) ORDER BY name", [names])
        found = [seconds for (seconds,) in cursor.fetchall()]

    worker = PATIENCE["worker"]
    assert found == [worker.idle, worker.lock, worker.statement]
    assert connection.connection.patience == worker.answer


def test_a_page_is_given_up_within_ten_seconds() -> None:
    web = PATIENCE["web"]

    assert web.lock < web.statement < (web.answer or 99) < 10


def test_a_server_that_stops_in_mid_answer_is_given_up() -> None:
    with ImpatientConnection.connect(address(), autocommit=True) as there:
        there.patience = 0.3
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError, match="does not answer"):
            there.execute("SELECT pg_sleep(5)")

    assert time.monotonic() - began < 2
    FUSE.until = 0.0


def test_a_fuse_blows_only_for_a_server_that_keeps_silent() -> None:
    fuse = Fuse()

    fuse.failed(time.monotonic())
    fuse.check()
    fuse.failed(time.monotonic() - 3)

    with pytest.raises(OperationalError):
        fuse.check()


# --- a database that forgets -------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("allowed", [True, False])
def test_nothing_starts_on_a_server_that_forgets(allowed: bool) -> None:
    ask("SET LOCAL synchronous_commit = off")

    with override_settings(UNSAFE_DATABASE=allowed):
        found = [fault.msg for fault in checks.durable(databases=["default"])]

    told = "PostgreSQL (default) runs with synchronous_commit off: a power cut would lose data."
    assert (told in found) is not allowed


# --- Redis -------------------------------------------------------------------------------------
@pytest.fixture
def alone() -> Iterator[BaseCache]:
    """A cache whose Redis is away."""
    caching.DependableCache.away_until = 0.0
    with override_settings(CACHES=NOBODY_LISTENS):
        yield caches["default"]
        caches["default"].clear()
    caching.DependableCache.away_until = 0.0


def test_r02_without_redis_limits_are_still_counted(alone: BaseCache) -> None:
    alone.add("tries", 0, timeout=60)

    counts = [alone.incr("tries") for _ in range(3)]

    assert (counts, alone.get("tries"), alone.get("nothing", 7)) == ([1, 2, 3], 3, 7)


def make_somebody() -> User:
    return make_user("somebody", "样例某人")

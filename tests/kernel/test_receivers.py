"""A broker that is down costs a delay, never a request nor a job."""

import socket
import time
from collections.abc import Iterator

import pytest
from django.db import transaction

from portal.celery import app
from portal.kernel import jobs
from portal.kernel.models import Job
from portal.kernel.receivers import broker_away
from tests.clock import NOON

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _a_new_process() -> Iterator[None]:
    """It has not learnt yet that the broker is away."""
    broker_away.until = 0.0
    yield
    broker_away.until = 0.0


@pytest.fixture
def deaf() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@pytest.mark.parametrize("kind", ["deaf", "closed"])
def test_a_broker_that_does_not_answer_holds_nobody_up(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    port = request.getfixturevalue(kind)
    monkeypatch.setattr(app.conf, "broker_write_url", f"redis://127.0.0.1:{port}/0")
    began = time.monotonic()

    with transaction.atomic():
        job = jobs.enqueue(kind="tests.unheard", key="k", params={}, requested_by=None, at=NOON)

    assert time.monotonic() - began < 3
    assert list(Job.objects.due(NOON)) == [job]
    assert [record.name for record in caplog.records] == ["portal.kernel.receivers"]


def test_a_broker_that_failed_is_left_alone_for_a_while(
    closed: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(app.conf, "broker_write_url", f"redis://127.0.0.1:{closed}/0")

    for number in range(5):
        jobs.enqueue(kind="tests.unheard", key=f"k{number}", params={}, requested_by=None, at=NOON)

    assert Job.objects.due(NOON).count() == 5
    assert [record.name for record in caplog.records] == ["portal.kernel.receivers"]

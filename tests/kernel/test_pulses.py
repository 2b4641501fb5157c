"""Outages are measured: by what does not answer, and by silence in which nobody could work."""

from datetime import timedelta
from threading import Thread
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from django.db import IntegrityError, transaction

from portal.kernel import audit, pulses
from portal.kernel.models import Outage, Pulse
from portal.kernel.tasks import feel_pulse
from tests.clock import NOON
from tests.personas import Personas

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def spans() -> list[tuple[float, float | None]]:
    """From when to when, in minutes after NOON."""
    return [
        ((row.started_at - NOON) / MINUTE, (row.ended_at - NOON) / MINUTE if row.ended_at else None)
        for row in Outage.objects.order_by("started_at")
    ]


def beats(*moments: tuple[float, bool]) -> None:
    for minute, alive in moments:
        pulses.beat(at=NOON + minute * MINUTE, alive=alive)


def test_a_steady_pulse_is_no_outage() -> None:
    beats((0, True), (1, True), (2.5, True), (5.5, True))

    assert spans() == []
    assert Pulse.objects.get().at == NOON + 5.5 * MINUTE


def test_what_does_not_answer_is_away_since_the_last_answer() -> None:
    beats((0, True), (1, False), (2, False), (3, False))
    assert spans() == [(0, None)]

    beats((4, True), (5, True))

    assert spans() == [(0, 4)]


def test_silence_is_an_outage() -> None:
    beats((0, True), (20, True))

    assert spans() == [(0, 20)]


def test_silence_in_which_somebody_worked_is_none(people: Personas) -> None:
    beats((0, True))
    audit.record(actor=people.lead, action="edit", subject=people.lead_org, at=NOON + 7 * MINUTE)

    beats((20, True))

    assert spans() == []


def test_what_the_portal_does_by_itself_is_no_work(people: Personas) -> None:
    beats((0, True))
    audit.record(actor=None, action="edit", subject=people.lead_org, at=NOON + 7 * MINUTE)

    beats((20, True))

    assert spans() == [(0, 20)]


def test_the_first_beat_and_one_out_of_order_tell_nothing() -> None:
    beats((0, False), (5, True), (2, False), (5, True))

    assert spans() == [(0, 5)]


def test_the_database_holds_one_outage_at_a_time() -> None:
    Outage.objects.create(started_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outage.objects.create(started_at=NOON + MINUTE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outage.objects.create(started_at=NOON, ended_at=NOON)


@pytest.mark.parametrize(("status", "alive"), [("200 OK", True), ("503 Service Unavailable", False)])
def test_the_web_processes_are_asked_as_users_ask_them(settings: Any, status: str, alive: bool) -> None:
    asked = []

    def web(environ: Any, start_response: Any) -> list[bytes]:
        asked.append((environ["PATH_INFO"], environ["HTTP_HOST"]))
        start_response(status, [("Content-Type", "application/json")])
        return [b"{}"]

    with make_server("127.0.0.1", 0, web) as server:
        settings.PULSE_URL, settings.PUBLIC_URL = f"http://127.0.0.1:{server.server_port}/readyz", "https://sample.test"
        Thread(target=server.handle_request, daemon=True).start()
        assert pulses.answers() is alive

    assert asked == [("/readyz", "sample.test")]


def test_where_nobody_listens_nobody_answers(settings: Any) -> None:
    settings.PULSE_URL = "http://127.0.0.1:9/readyz"
    assert pulses.answers() is False
    settings.PULSE_URL = "file:///etc/hosts"
    assert pulses.answers() is False


def test_the_minute_s_task_writes_by_the_clock_of_the_database() -> None:
    feel_pulse()
    first = Pulse.objects.get().at
    feel_pulse()

    assert (Pulse.objects.get().at > first, Outage.objects.count()) == (True, 0)

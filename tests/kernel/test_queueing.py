"""Who is served next when more requests wait than there are threads."""

import socket
import time
from threading import Event

import pytest

from portal.kernel.queueing import HEAD_START, Line, beginning_of, head_start

SUBMIT = b"POST /funding/applications/1/submit/ HTTP/1.1\r\nHost: portal"


@pytest.mark.parametrize(
    ("beginning", "seconds"),
    [
        (SUBMIT, HEAD_START),
        (b"POST /funding/applications/1/submit/?next=/autosave/ HTTP/1.1", HEAD_START),
        (b"POST /funding/applications/1/edit/objective/autosave/ HTTP/1.1", 0),
        (b"GET /funding/applications/1/submit/ HTTP/1.1", 0),
        (b"POSTMAN / HTTP/1.1", 0),
        (b"POS", 0),
        (b"", 0),
        (b"\x16\x03\x01\x02", 0),
    ],
)
def test_what_somebody_sends_by_a_button_has_a_head_start(beginning: bytes, seconds: float) -> None:
    assert head_start(beginning) == seconds


def test_a_request_is_read_without_being_taken() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        before = beginning_of(ours)
        theirs.sendall(SUBMIT)

        assert (before, beginning_of(ours), beginning_of(ours), ours.recv(4)) == (b"", SUBMIT, SUBMIT, b"POST")


def test_a_connection_that_is_gone_has_no_beginning() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    ours.close()

    assert beginning_of(ours) == b""


def test_what_is_due_first_is_served_first_and_equals_in_their_order() -> None:
    served: list[tuple[float, str]] = []
    opened = Event()
    line = Line(1, lambda due, _name: due)
    busy = line.submit(lambda _due, _name: opened.wait(10), 0.0, "busy")
    waiting = [line.submit(lambda *call: served.append(call), *call) for call in ((3.0, "a"), (1.0, "b"), (3.0, "c"))]

    opened.set()
    for one in (busy, *waiting):
        one.result(10)

    assert served == [(1.0, "b"), (3.0, "a"), (3.0, "c")]
    line.shutdown(wait=True)


def test_a_failure_is_told_to_whoever_asks_and_the_thread_goes_on() -> None:
    line = Line(1, lambda number: number)

    with pytest.raises(ZeroDivisionError):
        line.submit(lambda number: 1 / number, 0).result(10)

    assert line.submit(lambda number: 1 / number, 2).result(10) == 0.5
    line.shutdown(wait=True)


def test_the_end_comes_after_everything_that_waits() -> None:
    line = Line(2, lambda seconds: seconds)
    waiting = [line.submit(time.sleep, 0.05) for _ in range(6)]

    line.shutdown(wait=True)

    assert [one.done() for one in waiting] == [True] * 6
    assert not any(thread.is_alive() for thread in line.threads)

"""Who is served next when more requests wait than there are threads.

In the order in which they came, but for one thing: what somebody sends by a button goes before what is read and before
what a page saves by itself, as if it had come HEAD_START seconds earlier. So an application that is submitted in the
rush before a deadline stands behind no page, and nobody waits for ever because others send forms.
"""

import socket
from collections.abc import Callable
from concurrent.futures import Future
from itertools import count
from math import inf
from queue import PriorityQueue
from threading import Thread
from typing import Any

HEAD_START = 8.0  # seconds
PEEKED = 512  # bytes of a request: enough for its first line
SAVES_ITSELF = b"/autosave/"

Call = tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]


def head_start(beginning: bytes) -> float:
    """How much earlier a request counts as come, by its first line."""
    method, _space, rest = beginning.partition(b" ")
    path = rest.partition(b" ")[0].partition(b"?")[0]
    return HEAD_START if method == b"POST" and not path.endswith(SAVES_ITSELF) else 0.0


def beginning_of(connection: socket.socket) -> bytes:
    """What has come of a request, which stays to be read; nothing if nothing is there yet."""
    try:
        return connection.recv(PEEKED, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except OSError:
        return b""


class Line:
    """Threads that always take what is due first; `due` says of a call's arguments when it counts as come."""

    def __init__(self, threads: int, due: Callable[..., float]) -> None:
        self.due, self.numbers = due, count()
        self.waiting: PriorityQueue[tuple[float, int, Call | None]] = PriorityQueue()
        self.threads = [Thread(target=self._serve, daemon=True) for _ in range(threads)]
        for thread in self.threads:
            thread.start()

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Have the function called with these arguments when its turn has come."""
        future: Future[Any] = Future()
        self.waiting.put((self.due(*args), next(self.numbers), (future, function, args)))
        return future

    def shutdown(self, *, wait: bool) -> None:
        """End the threads after everything that waits; return when they have ended, or at once."""
        for _ in self.threads:
            self.waiting.put((inf, next(self.numbers), None))
        for thread in self.threads if wait else ():
            thread.join()

    def _serve(self) -> None:
        while (call := self.waiting.get()[2]) is not None:
            future, function, args = call
            try:
                future.set_result(function(*args))
            except BaseException as error:  # noqa: BLE001 - whoever asks for the result gets it
                future.set_exception(error)

"""Two people at once, on two connections; or many, in processes of their own."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from threading import Barrier
from time import monotonic
from typing import Any

from django.db import connection, connections

PATIENCE = 300.0  # seconds for a crowd of processes


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; for each the result, or the exception it raised."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=10)
            return act()
        except Exception as error:  # noqa: BLE001
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def refusals(results: list[Any]) -> int:
    """How many acts were refused."""
    return sum(isinstance(result, Exception) for result in results)


def in_processes(number: int, work: Callable[[Any, int], None]) -> None:
    """Run `work(start, n)` in so many forked processes; `start.wait(seconds)` lets them begin a step together."""
    connections.close_all()
    context = get_context("fork")
    start: Any = context.Barrier(number)
    crowd = [context.Process(target=_leave_after, args=(work, start, n)) for n in range(number)]
    for one in crowd:
        one.start()
    end = monotonic() + PATIENCE
    for one in crowd:
        one.join(max(0.0, end - monotonic()))
    codes = [one.exitcode for one in crowd]  # None: still at it
    for one in crowd:
        one.kill()
    if any(code != 0 for code in codes):
        raise RuntimeError(f"processes fell ill: {codes}")


def _leave_after(work: Callable[[Any, int], None], start: Any, n: int) -> None:
    for one in connections.all(initialized_only=True):
        one.connection = None  # what the fork copied: the children would talk over one line
    work(start, n)
    connections.close_all()
    os._exit(0)  # leaves the parent's exit handlers alone

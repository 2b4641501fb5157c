"""How far a job is that reads row by row, told from a thread of its own: the transaction that reads may not write."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, connections

from portal.kernel.jobs import LeaseLost, Progress

EVERY = 1.0  # seconds
FROM, TO = 5, 90  # per cent

T = TypeVar("T")


class Counting:
    """`with counting.told(): ... counting.over(rows)`; whoever reads on after the job was cancelled gets LeaseLost."""

    def __init__(self, progress: Progress, step: str, of: int) -> None:
        self.progress, self.step, self.of = progress, step, of
        self.rows = 0
        self.lost = False

    def over(self, rows: Iterable[T]) -> Iterator[T]:
        """The same rows, counted."""
        for row in rows:
            if self.lost:
                raise LeaseLost(str(self.progress.job.pk))
            self.rows += 1
            yield row

    def tell(self) -> None:
        """Say how far it is. Raises LeaseLost."""
        done = min(self.rows / self.of, 1) if self.of else 0
        self.progress(FROM + round((TO - FROM) * done), self.step, rows=self.rows, of=max(self.of, self.rows))

    @contextmanager
    def told(self) -> Iterator[None]:
        """While the block runs; inside somebody's transaction another connection would not see the job."""
        if connection.in_atomic_block:
            yield
            return
        over = threading.Event()
        thread = threading.Thread(target=self._telling, args=(over,), name=f"count-{self.progress.job.pk}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _telling(self, over: threading.Event) -> None:
        said = -1
        try:
            while not over.wait(EVERY):
                if self.rows != said:
                    said = self.rows
                    self.tell()
        except LeaseLost:
            self.lost = True
        finally:
            connections.close_all()

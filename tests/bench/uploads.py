"""What hostile uploads do to the processes that take them in: two workers, mutants first, then bombs."""

import multiprocessing
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.kernel import files
from tests.hostile_files import BOMBS, mutants

WORKERS = 2
BATCH = 50
KILOBYTES = 1024  # ru_maxrss counts in them


def run(count: int = 2_000) -> Iterator[tuple[str, float, str]]:
    """The figures of `count` mutants and all bombs."""
    seen = Seen()
    for batch in batches(count):
        seen.examine(batch)
    yield "files", seen.files, "files"
    yield "refused", seen.refused, "files"
    yield "worker_deaths", seen.deaths, "workers"
    yield "slowest_s", round(seen.slowest, 2), "s"
    yield "peak_mb", round(seen.peak / KILOBYTES, 1), "MB"


def batches(count: int) -> Iterator[list[tuple[str, bytes]]]:
    """Mutants in handfuls, then the bombs one after the other."""
    batch: list[tuple[str, bytes]] = []
    for one in mutants(count):
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch
    for name, make in BOMBS.values():
        yield [(name, make())] * WORKERS


class Seen:
    """What came of the files so far."""

    def __init__(self) -> None:
        self.files = self.refused = self.deaths = 0
        self.slowest, self.peak = 0.0, 0
        self.workers = self.hire()

    def hire(self) -> ProcessPoolExecutor:
        """Fresh workers."""
        return ProcessPoolExecutor(WORKERS, multiprocessing.get_context("fork"))

    def examine(self, batch: list[tuple[str, bytes]]) -> None:
        """Let the workers take a batch in; one that dies is counted and replaced."""
        try:
            for seconds, refused, peak in self.workers.map(take_in, batch):
                self.files += 1
                self.refused += refused
                self.slowest, self.peak = max(self.slowest, seconds), max(self.peak, peak)
        except BrokenProcessPool:
            self.deaths += 1
            self.workers = self.hire()


def take_in(upload: tuple[str, bytes]) -> tuple[float, bool, int]:
    """Seconds, whether it was refused, and the most memory of this worker or a process it had, in kilobytes."""
    begin = time.perf_counter()
    refused = False
    try:
        files.check(SimpleUploadedFile(*upload), "bench.any")
    except files.FileRefused:
        refused = True
    seconds = time.perf_counter() - begin
    peaks = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return seconds, refused, max(peaks)

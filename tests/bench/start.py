"""How long the web server and the worker need to come up, and what the worker weighs."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

PATIENCE = 120  # seconds
PROGRAMS = Path(sys.executable).parent


def run() -> Iterator[tuple[str, float, str]]:
    """The three figures of a start."""
    port = free_port()
    with started("gunicorn", "--bind", f"127.0.0.1:{port}") as (web, _):
        yield "web_s", seconds_until(lambda: healthy(port), web), "s"
    queue = f"bench-{os.getpid()}"
    options = [
        "worker",
        "--concurrency",
        "2",
        "--queues",
        queue,
        "--loglevel",
        "info",
        "--without-gossip",
        "--without-mingle",
    ]
    with started("celery", "--app", "portal.celery", *options) as (worker, log):
        yield "worker_s", seconds_until(lambda: " ready." in log.read_text(), worker), "s"
        time.sleep(1)
        yield "worker_mb", round(sum(map(memory_mb, family(worker.pid))), 1), "MB"


@contextmanager
def started(program: str, *arguments: str, **where: Any) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    """A program of the virtual environment, its log, and its end with all its children; `where` is for Popen."""
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [PROGRAMS / program, *arguments], stdout=output, stderr=output, start_new_session=True, **where
            )
        try:
            yield process, log
        except RuntimeError as error:
            error.add_note(log.read_text())
            raise
        finally:
            process.terminate()
            try:
                process.wait(20)
            finally:
                end_group(process.pid)


def end_group(group: int) -> None:
    """Nothing is left of the program."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def seconds_until(happened: Callable[[], bool], process: "subprocess.Popen[bytes]") -> float:
    """Wall seconds from now until it has happened. Raises when the process ends or patience does."""
    begin = time.monotonic()
    while not happened():
        if process.poll() is not None or time.monotonic() - begin > PATIENCE:
            raise RuntimeError(f"{process.args!r} did not come up")
        time.sleep(0.01)
    return round(time.monotonic() - begin, 2)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def healthy(port: int) -> bool:
    """The first 200 of /healthz."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]


def memory_mb(pid: int) -> float:
    """The share of memory that is this process's own, pages shared with others divided among them (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} has no PSS")

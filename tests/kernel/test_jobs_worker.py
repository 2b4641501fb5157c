"""A real worker is killed in the middle of a job, and Redis forgets everything."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from redis import Redis

from portal.kernel import jobs
from portal.kernel.models import Job, Notification
from portal.kernel.models.job import JobState
from portal.kernel.tasks import run_job, sweep_jobs
from tests.personas import Personas

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 45  # seconds; a start of the worker takes about three


def forget() -> None:
    """Empty the broker: the queue and the messages handed out but not acknowledged."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.delete("celery", "unacked", "unacked_index", "unacked_mutex")


def environment() -> dict[str, str]:
    db = connection.settings_dict
    address = f"postgres://{db['USER']}:{db['PASSWORD']}@/{db['NAME']}?host={db['HOST']}"
    at_port = f"postgres://{db['USER']}:{db['PASSWORD']}@{db['HOST']}:{db['PORT']}/{db['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": at_port if db["PORT"] else address,
        "REDIS_URL": settings.REDIS_URL,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "LOG_LEVEL": "WARNING",
    }


class Workers:
    """Worker processes of this test, each in a process group of its own."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "-c", "1", "-l", "WARNING"]
        command += ["--include", "tests.kernel.slow_handlers", "--without-gossip", "--without-mingle"]
        with self.log.open("ab") as log:
            worker = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment(), stdout=log, stderr=log, start_new_session=True
            )
        self.running.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """As a power cut would: parent and children at once."""
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        self.running.remove(worker)

    def kill_child(self, worker: subprocess.Popen[bytes]) -> None:
        """As the kernel does when memory runs out: the process that does the work."""
        children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    forget()
    workers = Workers(tmp_path / "worker.log")
    yield workers
    for worker in list(workers.running):
        workers.kill(worker)
    forget()


def wait_for(job: Job, reached: Callable[[Job], bool], meanwhile: Callable[[], object] = lambda: None) -> Job:
    """Look at the job until it is where it should be; `meanwhile` is done about once a second."""
    limit, beat = time.monotonic() + PATIENCE, 0.0
    while time.monotonic() < limit:
        job = Job.objects.get(pk=job.pk)
        if reached(job):
            return job
        if time.monotonic() >= beat:
            beat = time.monotonic() + 1
            meanwhile()
        time.sleep(0.05)
    pytest.fail(f"the job is {job.state} at {job.progress} % after {PATIENCE} s")


def is_half_way(job: Job) -> bool:
    return job.state == JobState.RUNNING and job.progress >= 25


def is_done(job: Job) -> bool:
    return job.state == JobState.DONE


def slow_job(people: Personas) -> Job:
    params = {"recipient": str(people.officer.pk)}
    return jobs.enqueue(kind="tests.slow", key="slow", params=params, requested_by=people.officer, at=timezone.now())


def test_a_killed_worker_and_an_emptied_redis_lose_nothing_and_do_nothing_twice(
    people: Personas, workers: Workers
) -> None:
    first = workers.start()
    job = slow_job(people)
    wait_for(job, is_half_way)

    workers.kill(first)
    forget()
    left = Job.objects.get(pk=job.pk)
    workers.start()
    done = wait_for(job, is_done, meanwhile=sweep_jobs.delay)
    for _ in range(3):
        run_job.delay(str(job.pk))
    time.sleep(1)

    assert (left.state, left.attempts) == (JobState.RUNNING, 1)
    assert (done.attempts, done.result) == (2, {"attempt": 2})
    assert Job.objects.get(pk=job.pk).finished_at == done.finished_at
    assert Notification.objects.count() == 1


def test_a_killed_child_costs_only_time(people: Personas, workers: Workers) -> None:
    worker = workers.start()
    job = slow_job(people)
    wait_for(job, is_half_way)

    workers.kill_child(worker)
    done = wait_for(job, is_done, meanwhile=sweep_jobs.delay)

    assert (done.attempts, done.result) == (2, {"attempt": 2})
    assert Notification.objects.count() == 1

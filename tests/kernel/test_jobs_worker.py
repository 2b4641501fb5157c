"""A real worker is killed in the middle of a job, and Redis forgets everything."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from portal.kernel import jobs
from portal.kernel.models import Job, Notification
from portal.kernel.models.job import JobState
from portal.kernel.tasks import run_job, sweep_jobs
from tests.personas import Personas
from tests.workers import Workers, forget

pytestmark = pytest.mark.django_db(transaction=True)

HANDLERS = "tests.kernel.slow_handlers"
PATIENCE = 45  # seconds; a start of the worker takes about three


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    forget()
    workers = Workers(tmp_path / "worker.log")
    yield workers
    workers.kill_all()
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
    first = workers.start(HANDLERS)
    job = slow_job(people)
    wait_for(job, is_half_way)

    workers.kill(first)
    forget()
    left = Job.objects.get(pk=job.pk)
    workers.start(HANDLERS)
    done = wait_for(job, is_done, meanwhile=sweep_jobs.delay)
    for _ in range(3):
        run_job.delay(str(job.pk))
    time.sleep(1)

    assert (left.state, left.attempts) == (JobState.RUNNING, 1)
    assert (done.attempts, done.result) == (2, {"attempt": 2})
    assert Job.objects.get(pk=job.pk).finished_at == done.finished_at
    assert Notification.objects.count() == 1


def test_a_killed_child_costs_only_time(people: Personas, workers: Workers) -> None:
    worker = workers.start(HANDLERS)
    job = slow_job(people)
    wait_for(job, is_half_way)

    workers.kill_child(worker)
    done = wait_for(job, is_done, meanwhile=sweep_jobs.delay)

    assert (done.attempts, done.result) == (2, {"attempt": 2})
    assert Notification.objects.count() == 1

"""Jobs are done while workers are killed and Redis is emptied: none is lost, none is done twice."""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from portal.kernel import jobs
from portal.kernel.models import Job, Notification
from portal.kernel.models.job import JobState
from portal.kernel.tasks import sweep_jobs
from tests.personas import Personas
from tests.workers import Workers, forget

JOBS, KILLS, EMPTIED, WORKERS = 2_000, 20, 2, 2
HANDLERS = "tests.kernel.slow_handlers"
KIND = "tests.brief"
PATIENCE = 1_200  # seconds for everything
SWEEP_EVERY = 1.0  # seconds


def run(number: int = JOBS, kills: int = KILLS, emptied: int = EMPTIED) -> Iterator[tuple[str, float, str]]:
    """Ask for the jobs, then kill and empty whenever another share of them is done."""
    people = Personas()
    for n in range(number):
        params = {"recipient": str(people.officer.pk)}
        jobs.enqueue(
            kind=KIND, key=f"brief-{n}", params=params, requested_by=None, at=timezone.now(), max_attempts=30
        )  # fmt: skip
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        killed, forgotten = attack(Workers(Path(scratch) / "log"), number, kills, emptied)
    effects = Counter(Notification.objects.filter(kind=KIND).values_list("params__job", flat=True))
    yield "lost", number - Job.objects.filter(kind=KIND, state=JobState.DONE).count(), "jobs"
    yield "done_twice", sum(times > 1 for times in effects.values()), "jobs"
    yield "without_effect", number - len(effects), "jobs"
    yield "jobs", number, "jobs"
    yield "kills", killed, "workers"
    yield "emptied", forgotten, "times"
    yield "jobs_per_s", round(number / (time.monotonic() - begin), 1), "jobs/s"


def attack(workers: Workers, number: int, kills: int, emptied: int) -> tuple[int, int]:
    """How often a worker was killed and Redis emptied before every job had ended."""
    killed = forgotten = 0
    dice, limit, beat = random.Random(3), time.monotonic() + PATIENCE, 0.0
    forget()
    try:
        for _ in range(WORKERS):
            workers.start(HANDLERS)
        while (done := ended()) < number:
            if time.monotonic() > limit:
                break
            if killed < kills and done >= killed * number / (kills + 1) and at_work():
                workers.kill(dice.choice(workers.running))
                workers.start(HANDLERS)
                killed += 1
            if forgotten < emptied and done > (forgotten + 0.5) * number / emptied:
                forget()
                forgotten += 1
            if time.monotonic() >= beat:
                sweep_jobs()
                beat = time.monotonic() + SWEEP_EVERY
            time.sleep(0.05)
    finally:
        workers.kill_all()
        forget()
    return killed, forgotten


def ended() -> int:
    """How many jobs are done or given up."""
    return Job.objects.filter(kind=KIND, state__in=[JobState.DONE, JobState.FAILED]).count()


def at_work() -> bool:
    """Whether a worker is in the middle of something that a kill would interrupt."""
    return Job.objects.filter(kind=KIND, state=JobState.RUNNING, lease_until__gt=timezone.now()).exists()

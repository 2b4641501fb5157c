"""Jobs as an outbox: wanted in the caller's transaction, done once, by whichever worker holds the lease.

A handler may be run again after its worker died, so what it writes at the end belongs into
`progress.finishing()`, which commits it together with the job's DONE or not at all.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connections, models, transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils.translation import gettext_noop

from portal.kernel.models.job import ENDED, Job, JobQuerySet, JobState

logger = logging.getLogger(__name__)

job_queued = Signal()  # sent after commit, with job_id

LEASE = timedelta(seconds=30)  # a dead worker is found out after this long; a living one renews it thrice as often
BACK_OFF = timedelta(seconds=15)
AT_ONCE = timedelta(0)
UNEXPECTED = gettext_noop("Something went wrong inside the portal; the technical log has the details.")
INTERRUPTED = gettext_noop("The worker was interrupted again and again; please try once more later.")


class JobFailed(Exception):
    """A handler's reasoned failure; its text is shown to the person who asked for the job."""


class LeaseLost(Exception):
    """Another worker has the job, or it was cancelled: whoever gets this must write nothing more."""


Result = dict[str, Any]
Handler = Callable[[Job, "Progress"], Result]


@dataclass(frozen=True)
class Registered:
    """A handler and how long it may go without a sign of progress before another worker takes over."""

    run: Handler
    patience: timedelta


HANDLERS: dict[str, Registered] = {}


def handler(kind: str, *, lease: timedelta = 2 * LEASE) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of `kind`; `lease` must exceed its longest step without progress.

    A worker that died is found out sooner, after LEASE: only a living one keeps a job so long.
    """

    def register(function: Handler) -> Handler:
        if kind in HANDLERS:
            raise ValueError(f"{kind} has two handlers")
        HANDLERS[kind] = Registered(function, lease)
        return function

    return register


# --- asking for a job --------------------------------------------------------------------------
def enqueue_all(
    *, kind: str, wanted: Mapping[str, dict[str, Any]], requested_by: Any, at: datetime, max_attempts: int = 3
) -> list[Job]:
    """One job for each new key with its params, in the order of `wanted`, however many there are in one query."""
    facts = {"kind": kind, "requested_by": requested_by, "run_after": at, "created_at": at}
    made = Job.objects.bulk_create(
        Job(key=key, params=params, max_attempts=max_attempts, **facts) for key, params in wanted.items()
    )
    for job in made:
        announce(job)
    return made


def enqueue(
    *, kind: str, key: str, params: dict[str, Any], requested_by: Any, at: datetime, max_attempts: int = 3,
    rest: timedelta = AT_ONCE,
) -> Job:  # fmt: skip
    """The job of this key, written in the caller's transaction; the same key gives the same job.

    After a `rest` the sweeper wakes a worker for it.
    """
    facts = {
        "kind": kind,
        "params": params,
        "requested_by": requested_by,
        "run_after": at + rest,
        "created_at": at,
        "max_attempts": max_attempts,
    }
    job, created = Job.objects.get_or_create(key=key, defaults=facts)
    if job.kind != kind:
        raise ValueError(f"the key {key} belongs to a job of kind {job.kind}")
    if created and not rest:
        announce(job)
    return job


def announce(job: Job) -> None:
    """Wake a worker once the row is committed; should that fail, the sweeper will find the row."""
    transaction.on_commit(partial(job_queued.send_robust, Job, job_id=job.pk))


def retry(*, job: Job, at: datetime, cancelled: bool = False) -> bool:
    """Give a failed job, or one that was `cancelled`, three more attempts; False when it is no such job (any more)."""
    states = (JobState.FAILED, JobState.CANCELLED) if cancelled else (JobState.FAILED,)
    changed = Job.objects.filter(pk=job.pk, state__in=states).update(
        state=JobState.QUEUED, max_attempts=F("attempts") + 3, run_after=at, finished_at=None, error="", progress=0
    )
    if changed:
        announce(job)
    return bool(changed)


def cancel(*, job: Job, at: datetime) -> bool:
    """Stop a job: at once when it waits, at its next sign of progress when it runs. False when it has ended."""
    return bool(cancel_all(wanted=Job.objects.filter(pk=job.pk), at=at))


def cancel_all(*, wanted: JobQuerySet, at: datetime) -> int:
    """Stop those that have not ended, as `cancel` does; how many."""
    going = wanted.exclude(state__in=ENDED)
    return going.update(state=JobState.CANCELLED, lease_until=None, finished_at=at)


def hold_all(*, wanted: JobQuerySet) -> int:
    """Let those that wait wait until they are released; how many. Whoever is at work goes on."""
    return wanted.filter(state=JobState.QUEUED).update(state=JobState.HELD)


def release_all(*, wanted: JobQuerySet, at: datetime) -> int:
    """Let those that were held be done; how many."""
    held = list(wanted.filter(state=JobState.HELD))
    changed = wanted.filter(state=JobState.HELD).update(state=JobState.QUEUED, run_after=at)
    for job in held:
        announce(job)
    return changed


# --- doing it ----------------------------------------------------------------------------------
class Progress:
    """One attempt at a job: `progress(60, "Rendering pages")` shows it and renews the lease.

    Time is the `at` of the attempt plus what a steady clock says has passed since. Between two signs of progress a
    thread renews the lease, until `patience` is over: a handler that hangs loses its job as a dead worker does.
    """

    def __init__(self, job: Job, patience: timedelta, at: datetime) -> None:
        self.job, self.patience, self.at = job, patience, at
        self.lease = min(patience, LEASE)
        self.began = time.monotonic()
        self.heard_at = at
        self.finished = False

    def now(self) -> datetime:
        """The time, for what the handler writes."""
        return self.at + timedelta(seconds=time.monotonic() - self.began)

    def __call__(self, percent: int, step: str, **counts: int) -> None:
        """Say how far it is (0 to 100), what comes now (an English msgid) and what is counted. Raises LeaseLost."""
        self.heard_at = self.now()
        told = {"result": counts} if counts else {}
        until = self.heard_at + self.lease
        self._write(progress=max(0, min(percent, 100)), step=step[:120], lease_until=until, **told)

    def renew(self) -> None:
        """A sign of life without progress; nothing when the job is no longer ours, or is being finished."""
        until = min(self.now() + self.lease, self.heard_at + self.patience)
        with transaction.atomic():
            mine = self._mine().select_for_update(skip_locked=True).values_list("pk", flat=True)
            Job.objects.filter(pk__in=list(mine)).update(lease_until=until)

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Renew the lease from a thread of its own while the block runs."""
        over = threading.Event()
        thread = threading.Thread(target=_beat, args=(self, over), name=f"heartbeat-{self.job.pk}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(self.lease.total_seconds())

    @contextmanager
    def finishing(self) -> Iterator[Result]:
        """The last effects, the result (fill the yielded dict) and DONE in one transaction.

        Raises LeaseLost before the block when the job is no longer ours; the row stays locked
        inside it, so that nobody can take the job meanwhile.
        """
        result: Result = {}
        with transaction.atomic():
            self._write(lease_until=self.now() + self.lease)
            yield result
            self.finish(result)

    def finish(self, result: Result) -> None:
        """Write DONE. Raises LeaseLost."""
        self._write(
            state=JobState.DONE,
            result=result,
            progress=100,
            step="",
            error="",
            lease_until=None,
            finished_at=self.now(),
        )
        self.finished = True

    def fail(self, error: str) -> None:
        """Wait a little longer after each attempt, then give up. Raises LeaseLost."""
        if self.job.attempts < self.job.max_attempts:
            pause = BACK_OFF * 4 ** (self.job.attempts - 1)
            self._write(state=JobState.QUEUED, run_after=self.now() + pause, lease_until=None, error=error)
        else:
            self._write(state=JobState.FAILED, finished_at=self.now(), lease_until=None, error=error)

    def hold(self) -> None:
        """Wait until released; the attempt does not count. Raises LeaseLost."""
        self._write(state=JobState.HELD, lease_until=None, max_attempts=F("max_attempts") + 1)
        self.finished = True

    def _write(self, **values: Any) -> None:
        """Compare and swap: only the attempt that holds the job may write to it."""
        if not self._mine().update(**values):
            raise LeaseLost(str(self.job.pk))

    def _mine(self) -> models.QuerySet[Job]:
        return Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING, attempts=self.job.attempts)


def _beat(progress: Progress, over: threading.Event) -> None:
    """The heartbeat, on a connection of its own; a database that does not answer is asked again."""
    try:
        while not over.wait(progress.lease.total_seconds() / 3):
            try:
                progress.renew()
            except DatabaseError:
                logger.warning("job %s: the lease could not be renewed", progress.job.pk)
                connections.close_all()
    finally:
        connections.close_all()


def run(job_id: UUID, at: datetime) -> None:
    """Do the job if it is due and nobody else does it; otherwise nothing."""
    progress = claim(job_id, at)
    if progress is None:
        return
    try:
        attempt(progress)
    except LeaseLost:
        logger.warning("job %s was taken over or cancelled", job_id)


def claim(job_id: UUID, at: datetime) -> Progress | None:
    """Take the job for one attempt, or None."""
    kind = Job.objects.filter(pk=job_id).values_list("kind", flat=True).first()
    if kind is None:
        return None
    patience = HANDLERS[kind].patience if kind in HANDLERS else LEASE
    with transaction.atomic():
        taken = Job.objects.due(at).filter(pk=job_id).update(
            state=JobState.RUNNING,
            attempts=F("attempts") + 1,
            started_at=at,
            lease_until=at + min(patience, LEASE),
            progress=0,
            step="",
        )  # fmt: skip
        return Progress(Job.objects.get(pk=job_id), patience, at) if taken else None


def attempt(progress: Progress) -> None:
    """Run the handler and write how it ended. Raises LeaseLost."""
    job = progress.job
    try:
        with progress.beating():
            result = HANDLERS[job.kind].run(job, progress)
        if not progress.finished:
            progress.finish(result)
    except LeaseLost:
        raise
    except JobFailed as failure:
        logger.warning("job %s (%s) failed: %s", job.pk, job.kind, failure)
        progress.fail(str(failure)[:500] or UNEXPECTED)
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        progress.fail(UNEXPECTED)


def sweep(at: datetime, limit: int = 500) -> list[UUID]:
    """Give up what died in its last attempt; the ids of what is due, longest waiting first."""
    Job.objects.exhausted(at).update(state=JobState.FAILED, error=INTERRUPTED, lease_until=None, finished_at=at)
    return list(Job.objects.due(at).order_by("run_after", "id").values_list("id", flat=True)[:limit])

"""Batches of reports, as their pages show them."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Avg, F, QuerySet

from portal.kernel.models.job import JobState
from reports.enums import BatchStatus
from reports.models import BatchItem, EvaluationCycle, ReportBatch
from reports.models.batch import GOING, SCOPES, BatchItemQuerySet

AT_WORK_SHOWN = 4
FEW = 3  # reports made before a guess is worth showing


@dataclass(frozen=True)
class Standing:
    """How far a batch is."""

    batch: ReportBatch
    done: int
    running: int
    waiting: int
    failed: int
    cancelled: int
    at_work: list[BatchItem]
    left: timedelta | None  # about how long it takes still, once there is something to guess from

    @property
    def reports(self) -> int:
        """How many reports it is about."""
        return self.done + self.running + self.waiting + self.failed + self.cancelled

    @property
    def percent(self) -> int:
        """How many of a hundred are over."""
        return 100 * (self.done + self.failed + self.cancelled) // self.reports

    @property
    def going(self) -> bool:
        """Whether it changes by itself or may be gone on with."""
        return self.batch.status in GOING

    @property
    def missing(self) -> int:
        """How many could be tried again."""
        return self.failed + self.cancelled


def batches_of(cycle: EvaluationCycle) -> QuerySet[ReportBatch]:
    """Those of a year, newest first."""
    return ReportBatch.objects.filter(cycle=cycle).select_related("requested_by")


def numbers_to_make(cycle: EvaluationCycle) -> dict[str, int]:
    """BatchScope → how many reports a batch would be about."""
    return {scope: cycle.evaluations.filter(status__in=states).count() for scope, states in SCOPES.items()}


def standing_of(batch: ReportBatch) -> Standing:
    """How far it is, in three queries."""
    counts = batch.items.counts()
    running = counts.get(JobState.RUNNING, 0)
    waiting = counts.get(JobState.QUEUED, 0) + counts.get(JobState.HELD, 0)
    at_work = rows_of(batch).in_states(JobState.RUNNING)[:AT_WORK_SHOWN] if running else ()
    return Standing(
        batch=batch,
        done=counts.get(JobState.DONE, 0),
        running=running,
        waiting=waiting,
        failed=counts.get(JobState.FAILED, 0),
        cancelled=counts.get(JobState.CANCELLED, 0),
        at_work=list(at_work),
        left=_left(batch, waiting, running),
    )


def _left(batch: ReportBatch, waiting: int, running: int) -> timedelta | None:
    """The reports that wait, at the pace of those that were made, by as many as are at work now."""
    done = batch.items.filter(job__state=JobState.DONE, report__job=F("job"))
    if batch.status != BatchStatus.RUNNING or not running or done.count() < FEW:
        return None
    each: timedelta = done.aggregate(each=Avg(F("job__finished_at") - F("job__started_at")))["each"]
    return each * (waiting / running + 1)


def rows_of(batch: ReportBatch) -> BatchItemQuerySet:
    """Its rows with their `state` and what the page shows of each."""
    rows: BatchItemQuerySet = batch.items.with_state().select_related(
        "evaluation__consortium__lead", "job", "report__file", "report__job"
    )
    heavy = ("snapshot", "values", "sheet", "scores")
    return rows.defer("report__snapshot", *(f"evaluation__{name}" for name in heavy))

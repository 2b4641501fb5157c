"""All reports of a year by one click: ordered, paused, gone on with, stopped, tried again.

Each report has a job and a row of its own, so that as many workers as there are share them, and whatever dies loses
nothing. The lock of a batch comes before those of its jobs.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit, jobs
from portal.kernel.authz import require
from portal.kernel.jobs import Progress
from portal.kernel.models import Job
from portal.kernel.models.job import JobState
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action, BatchScope, BatchStatus, ReportStatus
from reports.models import BatchItem, EvaluationCycle, Report, ReportBatch
from reports.models.batch import GOING, SCOPES
from reports.services.documents import LEFT, request_report
from reports.services.notices import tell_of_batch
from reports.workflow import REPORT, REPORT_BATCH

JOB_KIND = "reports.render_in_batch"


@transaction.atomic
def order_batch(*, cycle: EvaluationCycle, language: str, scope: str, actor: Any, at: datetime) -> ReportBatch:
    """Have every report of the year made; while a batch of this language is going, that one.

    Raises PermissionDenied or TransitionRefused.
    """
    require(actor, "reports.run_batch", cycle)
    locked = EvaluationCycle.objects.select_for_update(of=("self",), no_key=True).get(pk=cycle.pk)
    if going := ReportBatch.objects.filter(cycle=locked, language=language, status__in=GOING).first():
        return going
    wanted = locked.evaluations.filter(status__in=SCOPES[BatchScope(scope)]).order_by("consortium__code")
    rows = {uuid4(): evaluation for evaluation in wanted.values_list("pk", flat=True)}
    if not rows:
        raise TransitionRefused(_("There is no report to make of this year yet."))
    batch = ReportBatch.objects.create(
        cycle=locked, language=language, scope=scope, requested_by=actor, created_at=at
    )  # fmt: skip
    params = {f"{JOB_KIND}:{pk}": {"item": str(pk)} for pk in rows}
    made = jobs.enqueue_all(kind=JOB_KIND, wanted=params, requested_by=actor, at=at)
    BatchItem.objects.bulk_create(
        BatchItem(pk=pk, batch=batch, evaluation_id=evaluation, job=job, created_at=at)
        for (pk, evaluation), job in zip(rows.items(), made, strict=True)
    )
    facts = {"year": locked.year, "language": language, "scope": scope, "reports": len(rows)}
    audit.record(actor=actor, action=Action.ORDER_BATCH, subject=batch, at=at, facts=facts)
    return batch


# --- steering ----------------------------------------------------------------------------------
def pause_batch(*, batch: ReportBatch, actor: Any, at: datetime) -> ReportBatch:
    """What waits waits on; what is being made is made to its end."""
    with REPORT_BATCH.moving(batch, Action.PAUSE_BATCH, actor=actor, at=at) as locked:
        jobs.hold_all(wanted=_jobs(locked))
    return batch


def resume_batch(*, batch: ReportBatch, actor: Any, at: datetime) -> ReportBatch:
    """Go on where it was paused."""
    with REPORT_BATCH.moving(batch, Action.RESUME_BATCH, actor=actor, at=at) as locked:
        jobs.release_all(wanted=_jobs(locked), at=at)
    return batch


def cancel_batch(*, batch: ReportBatch, actor: Any, at: datetime) -> ReportBatch:
    """Make no more of it; the reports that are there stay."""
    facts: dict[str, Any] = {}
    with REPORT_BATCH.moving(batch, Action.CANCEL_BATCH, actor=actor, at=at, facts=facts) as locked:
        facts["stopped"] = jobs.cancel_all(wanted=_jobs(locked), at=at)
        locked.ended_at = at
    return batch


def retry_batch(*, batch: ReportBatch, actor: Any, at: datetime) -> ReportBatch:
    """Make again what failed or was stopped; whoever asks now is the one to be told."""
    facts: dict[str, Any] = {}
    with REPORT_BATCH.moving(batch, Action.RETRY_BATCH, actor=actor, at=at, facts=facts) as locked:
        missing = locked.items.missing().select_related("job", "report__job")
        for item in missing:
            _again(item, actor=actor, at=at)
        facts["reports"] = len(missing)
        locked.ended_at, locked.requested_by = None, actor
    return batch


def _again(item: BatchItem, *, actor: Any, at: datetime) -> None:
    if item.report and item.report.status == ReportStatus.FAILED:
        with REPORT.moving(item.report, Action.RETRY, actor=actor, at=at) as report:
            report.requested_by = actor
    job = item.report.job if item.report and item.report.job else item.job
    jobs.retry(job=job, at=at, cancelled=True)


def _jobs(batch: ReportBatch) -> Any:
    return Job.objects.filter(pk__in=batch.items.values("job"))


# --- the work ----------------------------------------------------------------------------------
@transaction.atomic
def hold_if_paused(*, item: BatchItem, progress: Progress) -> bool:
    """Put the job aside while its batch is paused; the lock keeps whoever resumes it from missing the job."""
    batch = ReportBatch.objects.select_for_update(no_key=True).get(pk=item.batch_id)
    if batch.status == BatchStatus.PAUSED:
        progress.hold()
    return progress.finished


@transaction.atomic
def freeze_item(*, item: BatchItem, job: Job, at: datetime) -> Report:
    """The report of a row: as it was frozen before, or frozen now. What another job has given up this one takes over.

    Raises TransitionRefused when there is nothing to report any longer.
    """
    locked = BatchItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
    actor = locked.batch.requested_by
    report = locked.report or request_report(
        evaluation=locked.evaluation, actor=actor, language=locked.batch.language, at=at, job=job
    )
    report = Report.objects.select_for_update(of=("self",), no_key=True).select_related("job").get(pk=report.pk)
    if report.status == ReportStatus.FAILED:
        with REPORT.moving(report, Action.RETRY, actor=actor, at=at) as failed:
            failed.requested_by = actor
    if report.status == ReportStatus.QUEUED and (report.job is None or report.job.state in LEFT):
        report.job, report.requested_by = job, actor
        report.save(update_fields=["job", "requested_by"])
    locked.report = report
    locked.save(update_fields=["report"])
    return report


def end_batch(*, batch: ReportBatch, at: datetime) -> bool:
    """End it if nothing more happens by itself, and tell whoever ordered it; whether it ended now."""
    facts: dict[str, Any] = {}
    try:
        with REPORT_BATCH.moving(batch, Action.END_BATCH, actor=None, at=at, facts=facts) as locked:
            counts = locked.items.counts()
            facts |= {"done": counts.get(JobState.DONE, 0), "reports": sum(counts.values())}
            locked.ended_at = at
            tell_of_batch(batch=locked, at=at, **facts)
    except TransitionRefused:
        return False
    return True


def end_batches(*, at: datetime) -> int:
    """End those whose last report failed or whose worker died at the very end; how many."""
    return sum(end_batch(batch=batch, at=at) for batch in ReportBatch.objects.filter(status__in=GOING))


@transaction.atomic
def take_batch(*, batch: ReportBatch, actor: Any, at: datetime) -> list[Report]:
    """The reports that are there, for the file of all of them; that they are taken is on record."""
    require(actor, "reports.follow_batch", batch)
    rows = Report.objects.filter(batch_items__batch=batch, status=ReportStatus.STORED)
    heavy = (f"evaluation__{name}" for name in ("snapshot", "values", "sheet", "scores"))
    rows = rows.select_related("file", "evaluation__consortium").defer("snapshot", *heavy)
    found = list(rows.order_by("evaluation__consortium__code"))
    if not found:
        raise TransitionRefused(_("No report of this batch is there yet."))
    audit.record(actor=actor, action=Action.TAKE_BATCH, subject=batch, at=at, facts={"reports": len(found)})
    return found

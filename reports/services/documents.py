"""Report documents: ordered once per snapshot, made by a job, stored once."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from members.enums import Role
from members.selectors import holders
from portal.kernel import audit, files, jobs
from portal.kernel.authz import require
from portal.kernel.models import Attachment, Job
from portal.kernel.models.job import JobState
from portal.kernel.numbering import next_number
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action, EvaluationStatus, ReportStatus
from reports.models import Evaluation, Report
from reports.models.evaluation import FILED
from reports.selectors.snapshots import report_snapshot
from reports.services.notices import REPORT_CORRECTED, REPORT_FAILED, REPORT_READY, tell_about_report
from reports.workflow import REPORT

TEMPLATE_VERSION = "7"
JOB_KIND = "reports.render"
FILE_KIND = "annual_report"
LEFT = (JobState.FAILED, JobState.CANCELLED)  # by its job


def request_report(
    *, evaluation: Evaluation, actor: Any, language: str, at: datetime, job: Job | None = None
) -> Report:
    """The report of the evaluation as it stands: frozen, numbered and ordered; asked again, the same one.

    A `job` that is at work already makes it; else one is ordered.
    """
    with transaction.atomic():
        require(actor, "reports.request_report", evaluation)
        locked = Evaluation.objects.select_for_update(of=("self",), no_key=True).get(pk=evaluation.pk)
        if locked.status not in FILED:
            raise TransitionRefused(_("There is nothing to report before the self-report is filed."))
        snapshot = report_snapshot(locked)
        facts = {"template_version": TEMPLATE_VERSION, "language": language, "snapshot_hash": audit.sha256(snapshot)}
        existing = Report.objects.filter(evaluation=locked, **facts).first()
        return existing or _create(locked, snapshot, facts, actor=actor, at=at, job=job)


def report_series(*, evaluation: Evaluation) -> str:
    """The series in which the reports of its year are numbered."""
    return f"report-{evaluation.cycle.year}"


def _create(
    evaluation: Evaluation,
    snapshot: dict[str, Any],
    facts: dict[str, str],
    *,
    actor: Any,
    at: datetime,
    job: Job | None,
) -> Report:
    year = evaluation.cycle.year
    is_final = evaluation.status == EvaluationStatus.FINAL
    report = Report.objects.create(
        number=f"PJ-{year}-{next_number(report_series(evaluation=evaluation)):04d}",
        evaluation=evaluation,
        snapshot=snapshot,
        is_final=is_final,
        corrects=_issued(evaluation, facts) if is_final else None,
        requested_by=actor,
        created_at=at,
        **facts,
    )
    report.job = job or jobs.enqueue(
        kind=JOB_KIND,
        key=f"{JOB_KIND}:{facts['snapshot_hash']}:{TEMPLATE_VERSION}:{facts['language']}",
        params={"report": str(report.pk)},
        requested_by=actor,
        at=at,
    )
    report.save(update_fields=["job"])
    audit.record(actor=actor, action=Action.REQUEST_REPORT, subject=report, at=at, facts=facts)
    return report


def _issued(evaluation: Evaluation, facts: dict[str, str]) -> Report | None:
    """The final report that says otherwise and whose place the new one takes."""
    issued = Report.objects.filter(evaluation=evaluation, language=facts["language"], is_final=True)
    newest = issued.filter(status=ReportStatus.STORED).first()
    return newest if newest and newest.snapshot_hash != facts["snapshot_hash"] else None


def store_report(*, report: Report, path: Path, pages: int, at: datetime, quietly: bool = False) -> Report:
    """Keep the document that the job made; the one who asked for it is told, unless it is to be done `quietly`."""
    actor = report.requested_by
    facts: dict[str, Any] = {"pages": pages}
    with REPORT.moving(report, Action.STORE, actor=actor, at=at, facts=facts) as locked:
        locked.file = _keep_file(locked, path, at)
        locked.pages = pages
        facts["sha256"] = locked.file.sha256
        if not quietly:
            tell_about_report(report=locked, kind=REPORT_READY, recipients=[actor], at=at)
        if locked.corrects_id:
            people = holders(Role.APPLICANT, Role.SIGNATORY, organisation=locked.evaluation.consortium.lead_id)
            tell_about_report(report=locked, kind=REPORT_CORRECTED, recipients=people, at=at)
    return report


def _keep_file(report: Report, path: Path, at: datetime) -> Attachment:
    """The document under a name that people recognise."""
    with override(report.language):
        words = {"consortium": report.evaluation.consortium.name, "year": report.evaluation.cycle.year}
        name = str(_("%(consortium)s annual evaluation report %(year)s") % words)
    return files.store_path(path, name=f"{name}.pdf", mime=files.PDF, kind=FILE_KIND, at=at, actor=report.requested_by)


def fail_report(*, report: Report, at: datetime, note: str = "", quietly: bool = False) -> Report:
    """Record that the job has given up; the one who asked is told, unless it is to be done `quietly`."""
    with REPORT.moving(report, Action.FAIL, actor=report.requested_by, at=at, note=note) as locked:
        if not quietly:
            tell_about_report(report=locked, kind=REPORT_FAILED, recipients=[locked.requested_by], at=at)
    return report


def has_given_up(*, report: Report) -> bool:
    """Whether nothing more will happen by itself: failed, stopped with its batch, or its job died without a word."""
    if report.status != ReportStatus.QUEUED:
        return report.status == ReportStatus.FAILED
    return bool(report.job and report.job.state in LEFT)


def retry_report(*, report: Report, actor: Any, at: datetime) -> Report:
    """Give the job new attempts; whoever asks now is the one to be told."""
    with transaction.atomic():
        if report.status == ReportStatus.QUEUED and has_given_up(report=report):
            fail_report(report=report, at=at)
        with REPORT.moving(report, Action.RETRY, actor=actor, at=at) as locked:
            locked.requested_by = actor
            if locked.job:
                jobs.retry(job=locked.job, at=at, cancelled=True)
    return report

"""A report is ordered once per snapshot, made by a job, and stored once, whatever dies in between."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.kernel import jobs
from portal.kernel.models import Attachment, AuditEntry, Job, Notification
from portal.kernel.models.job import JobState
from portal.kernel.workflow import TransitionRefused
from reports import pdf
from reports.enums import EvaluationStatus, ReportStatus
from reports.models import Evaluation, Report
from reports.selectors.selfreport import filing_snapshot
from reports.selectors.snapshots import report_snapshot
from reports.services.documents import has_given_up, request_report, retry_report
from reports.services.grading import finalise_evaluation
from reports.services.scoring import declare_no_conflict
from reports.tasks import make
from tests.clock import DAY, NOON
from tests.factories.reports import crowded_evaluation, make_evaluation, make_report
from tests.personas import Personas
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("fonts")

S = EvaluationStatus
LATER = NOON + timedelta(hours=1)


def order(evaluation: Any, actor: Any, language: str = "zh-hans", at: Any = NOON) -> Report:
    return request_report(evaluation=evaluation, actor=actor, language=language, at=at)


def job_of(report: Report) -> Job:
    report.refresh_from_db()
    assert report.job
    return report.job


# --- ordering ----------------------------------------------------------------------------------
def test_the_same_snapshot_gives_the_same_report(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FINAL)

    first, second = order(evaluation, people.head), order(evaluation, people.officer, at=NOON + DAY)

    assert first == second
    assert (Report.objects.count(), Job.objects.count()) == (1, 1)
    assert first.number == "PJ-2026-0001"


def test_another_language_is_another_report(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FINAL)

    first, second = order(evaluation, people.head), order(evaluation, people.head, "en")

    assert (first.snapshot_hash, first.number != second.number) == (second.snapshot_hash, True)


def test_a_step_further_is_another_report(people: Personas) -> None:
    evaluation = make_evaluation(people, S.PUBLICISED)
    draft = order(evaluation, people.officer)

    finalise_evaluation(evaluation=evaluation, actor=people.head, at=NOON)

    final = Report.objects.exclude(pk=draft.pk).get()
    assert (draft.is_final, final.is_final) == (False, True)


def test_what_changes_nothing_in_the_report_orders_no_other(people: Personas) -> None:
    evaluation = make_evaluation(people, S.VERIFIED, declared_at=None)
    first = order(evaluation, people.officer)

    declare_no_conflict(evaluation=evaluation, actor=people.expert, at=NOON)

    assert order(evaluation, people.officer) == first


@pytest.mark.django_db(transaction=True)
def test_two_officials_order_at_once(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FINAL)

    results = at_once(*(partial(order, evaluation, person) for person in (people.head, people.officer)))

    assert results[0] == results[1]
    assert (Report.objects.count(), Job.objects.count()) == (1, 1)


@pytest.mark.parametrize("status", [S.FILLING, S.RETURNED, S.ABSENT])
def test_nothing_is_reported_before_it_is_filed(people: Personas, status: str) -> None:
    with pytest.raises(TransitionRefused):
        order(make_evaluation(people, status), people.officer)


@pytest.mark.parametrize("name", ["lead", "signatory", "rival", "district_officer", "expert", "system_admin"])
def test_only_the_bureau_orders(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        order(make_evaluation(people, S.FINAL), getattr(people, name))


def test_ordering_is_all_or_nothing(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FINAL)

    with transaction.atomic():
        order(evaluation, people.head)
        transaction.set_rollback(True)

    assert (Report.objects.count(), Job.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


def test_a_year_of_many_members_is_frozen_by_as_many_queries(people: Personas, django_assert_num_queries: Any) -> None:
    small, large = (crowded_evaluation(people, members, S.GRADED) for members in (5, 40))
    with CaptureQueriesContext(connection) as asked:
        report_snapshot(Evaluation.objects.get(pk=small.pk))
        filing_snapshot(Evaluation.objects.get(pk=small.pk))

    with django_assert_num_queries(len(asked)):
        frozen = report_snapshot(Evaluation.objects.get(pk=large.pk))
        filing_snapshot(Evaluation.objects.get(pk=large.pk))

    assert len(frozen["filing"]["facts"]["members"]) == 40


# --- making ------------------------------------------------------------------------------------
def test_the_job_makes_and_stores_the_document(people: Personas) -> None:
    report = order(make_evaluation(people, S.FINAL), people.head)
    assert report.job

    jobs.run(report.job.pk, NOON)

    job = job_of(report)
    assert (job.state, job.progress, job.result) == (JobState.DONE, 100, {"pages": report.pages})
    assert report.status == ReportStatus.STORED
    assert report.file
    assert report.file.file.read_bytes().startswith(b"%PDF-1.7")
    assert (report.file.mime, report.file.kind) == ("application/pdf", "annual_report")
    assert [notice.kind for notice in Notification.objects.filter(recipient=people.head)] == ["reports.report_ready"]


def test_progress_is_told_on_the_way(people: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    report = order(make_evaluation(people, S.FINAL), people.head)
    told: list[tuple[int, str]] = []
    speak = jobs.Progress.__call__

    def listen(self: jobs.Progress, percent: int, step: str) -> None:
        told.append((percent, step))
        speak(self, percent, step)

    monkeypatch.setattr(jobs.Progress, "__call__", listen)
    jobs.run(report.job.pk, NOON)  # type: ignore[union-attr]

    assert told == [
        (5, "Reading the snapshot"),
        (15, "Writing chapters and charts"),
        (35, "Laying out the pages"),
        (75, "Storing the document"),
    ]


def test_a_worker_that_was_thought_dead_stores_nothing_more(people: Personas) -> None:
    report = order(make_evaluation(people, S.FINAL), people.head)
    stale = jobs.claim(report.job.pk, NOON)  # type: ignore[union-attr]
    assert stale

    jobs.run(report.job.pk, LATER)  # type: ignore[union-attr]
    with pytest.raises(jobs.LeaseLost):
        make(Report.objects.get(pk=report.pk), stale)

    report.refresh_from_db()
    assert (report.status, Attachment.objects.filter(kind="annual_report").count()) == (ReportStatus.STORED, 1)
    assert AuditEntry.objects.filter(action="store_report").count() == 1


def test_a_job_run_again_after_it_stored_changes_nothing(people: Personas) -> None:
    report = order(make_evaluation(people, S.FINAL), people.head)
    jobs.run(report.job.pk, NOON)  # type: ignore[union-attr]
    stored = Report.objects.get().file

    Job.objects.update(state=JobState.QUEUED, finished_at=None, progress=0)
    jobs.run(report.job.pk, LATER)  # type: ignore[union-attr]

    assert (Report.objects.get().file, Job.objects.get().state) == (stored, JobState.DONE)


# --- failing -----------------------------------------------------------------------------------
@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The renderer breaks; calling the fixture mends it."""
    whole = pdf.lay_out

    def fall(_html: str) -> Any:
        raise OSError("the disk is full")

    monkeypatch.setattr(pdf, "lay_out", fall)
    return lambda: monkeypatch.setattr(pdf, "lay_out", whole)


def exhaust(report: Report) -> Job:
    for attempt in range(3):
        jobs.run(report.job.pk, NOON + attempt * timedelta(hours=1))  # type: ignore[union-attr]
    return job_of(report)


def test_the_last_failure_is_recorded_and_told(people: Personas, broken: Callable[[], None]) -> None:
    report = order(make_evaluation(people, S.FINAL), people.head)

    job = exhaust(report)

    assert (report.status, job.state, job.attempts) == (ReportStatus.FAILED, JobState.FAILED, 3)
    assert [notice.kind for notice in Notification.objects.filter(recipient=people.head)] == ["reports.report_failed"]


def test_asked_again_it_is_made(people: Personas, broken: Callable[[], None]) -> None:
    report = order(make_evaluation(people, S.FINAL), people.head)
    exhaust(report)
    broken()

    retry_report(report=report, actor=people.officer, at=NOON + DAY)
    jobs.run(report.job.pk, NOON + DAY)  # type: ignore[union-attr]

    report.refresh_from_db()
    assert (report.status, report.requested_by) == (ReportStatus.STORED, people.officer)


def test_a_job_whose_last_worker_was_killed_can_be_asked_again(people: Personas) -> None:
    report = order(make_evaluation(people, S.FINAL), people.head)
    Job.objects.update(attempts=3, state=JobState.RUNNING, lease_until=NOON, started_at=NOON)
    jobs.sweep(LATER)
    report.refresh_from_db()
    assert has_given_up(report=report)

    retry_report(report=report, actor=people.head, at=LATER)

    job = job_of(report)
    assert (report.status, job.state, job.max_attempts) == (ReportStatus.QUEUED, JobState.QUEUED, 6)


def test_a_report_on_its_way_is_not_asked_again(people: Personas) -> None:
    report = order(make_evaluation(people, S.FINAL), people.head)

    with pytest.raises(TransitionRefused):
        retry_report(report=report, actor=people.head, at=NOON)


# --- who sees it -------------------------------------------------------------------------------
def test_leads_and_districts_see_final_stored_reports_only(people: Personas) -> None:
    attachment = Attachment.objects.create(
        name="a.pdf", kind="annual_report", size=1, mime="application/pdf", sha256="0" * 64, path="a"
    )
    stored = {"status": ReportStatus.STORED, "file": attachment, "pages": 1}
    evaluation = make_evaluation(people, S.FINAL)
    final = make_report(people, evaluation, **stored)
    make_report(people, evaluation, is_final=False, snapshot={"draft": 1}, **stored)
    make_report(people, evaluation, snapshot={"waiting": 1})

    seen = {
        name: set(Report.objects.visible_to(getattr(people, name)))
        for name in ("lead", "signatory", "district_officer", "other_district_officer", "rival", "expert")
    }

    nothing: set[Report] = set()
    assert seen == {
        "lead": {final}, "signatory": {final}, "district_officer": {final}, "other_district_officer": nothing,
        "rival": nothing, "expert": nothing,
    }  # fmt: skip
    assert Report.objects.visible_to(people.finance).count() == 3


def test_the_database_knows_that_stored_means_file(people: Personas) -> None:
    report = make_report(people)

    with pytest.raises(IntegrityError, match="stored_means_file"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(status=ReportStatus.STORED)


def test_the_database_knows_one_report_per_snapshot(people: Personas) -> None:
    report = make_report(people)

    with pytest.raises(IntegrityError, match="same_snapshot_same_report"), transaction.atomic():
        make_report(people, report.evaluation)

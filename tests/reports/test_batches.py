"""A year of reports by one click: each made once, whatever is paused, stopped, killed or fails."""

import io
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consortia.enums import ConsortiumStatus
from portal.kernel import jobs
from portal.kernel.files import sha256_of
from portal.kernel.models import Attachment, AuditEntry, Job, Notification
from portal.kernel.models.job import JobState
from portal.kernel.tasks import sweep_jobs
from portal.kernel.workflow import TransitionRefused
from reports import pdf
from reports.enums import BatchScope, BatchStatus, EvaluationStatus, ReportStatus
from reports.models import BatchItem, Evaluation, Report, ReportBatch
from reports.selectors.batches import standing_of
from reports.services.batches import (
    cancel_batch,
    end_batches,
    order_batch,
    pause_batch,
    resume_batch,
    retry_batch,
    take_batch,
)
from reports.services.documents import has_given_up, request_report, retry_report
from tests.clock import DAY, NOON
from tests.factories.consortia import ready_consortium
from tests.factories.reports import make_cycle, make_evaluation
from tests.personas import Personas
from tests.races import at_once
from tests.workers import Workers, forget

pytestmark = pytest.mark.usefixtures("fonts")

S = EvaluationStatus
LATER = NOON + timedelta(hours=1)
ENOUGH = 60  # seconds for two workers


@pytest.fixture
def year(people: Personas) -> list[Evaluation]:
    """Two final evaluations and one on its way."""
    consortia = [ready_consortium(people, status=ConsortiumStatus.OPERATING) for _ in range(3)]
    return [
        make_evaluation(people, status, consortium=consortium)
        for status, consortium in zip((S.FINAL, S.FINAL, S.GRADED), consortia, strict=True)
    ]


def order(people: Personas, scope: str = BatchScope.FINAL, language: str = "zh-hans", by: str = "head") -> ReportBatch:
    return order_batch(cycle=make_cycle(people), language=language, scope=scope, actor=getattr(people, by), at=NOON)


def work(at: Any = NOON) -> None:
    """Do what is due, in this process."""
    for job in jobs.sweep(at):
        jobs.run(job, at)


def states(batch: ReportBatch) -> list[str]:
    return [one.state for one in batch.items.with_state()]  # type: ignore[attr-defined]


def told(people: Personas, name: str = "head") -> list[str]:
    return [notice.kind for notice in Notification.objects.filter(recipient=getattr(people, name))]


# --- ordering ----------------------------------------------------------------------------------
def test_one_click_orders_every_final_report(people: Personas, year: list[Evaluation]) -> None:
    batch = order(people)

    assert {item.evaluation for item in batch.items.all()} == set(year[:2])
    assert Job.objects.filter(state=JobState.QUEUED).count() == 2
    entry = AuditEntry.objects.get(action="order_batch")
    assert entry.facts["reports"] == 2


def test_drafts_come_along_when_they_are_wanted(people: Personas, year: list[Evaluation]) -> None:
    assert order(people, BatchScope.FILED).items.count() == 3


def test_a_second_click_leads_to_the_same_batch(people: Personas, year: list[Evaluation]) -> None:
    assert order(people) == order(people, by="officer")
    assert (ReportBatch.objects.count(), Job.objects.count()) == (1, 2)


def test_the_other_language_is_another_batch(people: Personas, year: list[Evaluation]) -> None:
    assert order(people) != order(people, language="en")


def test_a_year_without_a_report_has_no_batch(people: Personas) -> None:
    make_evaluation(people, S.FILLING)

    with pytest.raises(TransitionRefused):
        order(people, BatchScope.FILED)


@pytest.mark.parametrize("name", ["leader", "finance", "supervisor", "district_officer", "lead", "expert"])
def test_others_order_none(people: Personas, year: list[Evaluation], name: str) -> None:
    with pytest.raises(PermissionDenied):
        order(people, by=name)


@pytest.mark.django_db(transaction=True)
def test_two_officials_order_at_once(people: Personas, year: list[Evaluation]) -> None:
    batches = at_once(partial(order, people), partial(order, people, by="officer"))

    assert batches[0] == batches[1]
    assert BatchItem.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_whoever_orders_does_not_wait_for_a_report_being_frozen(people: Personas, year: list[Evaluation]) -> None:
    """A worker that freezes holds the evaluation and wants the trail; who orders holds the trail and names it."""
    first, second = order(people), order(people, language="en")
    item = first.items.all()[0]

    def name_it_again() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        return BatchItem.objects.filter(pk=item.pk).update(evaluation=year[2])

    with transaction.atomic():
        request_report(evaluation=year[2], actor=people.head, language="en", at=NOON)
        assert in_a_thread(name_it_again) == 1
    assert second.items.count() == 2


def in_a_thread(work: Callable[[], int]) -> int:
    """What the work returns, done on a connection of its own."""

    def whole() -> int:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(whole).result()


# --- making ------------------------------------------------------------------------------------
def test_every_report_is_made_and_one_notice_says_so(people: Personas, year: list[Evaluation]) -> None:
    batch = order(people, BatchScope.FILED)

    work()

    batch.refresh_from_db()
    assert (batch.status, states(batch)) == (BatchStatus.ENDED, ["DONE"] * 3)
    assert [report.is_final for report in Report.objects.order_by("evaluation__consortium__code")] == [
        True,
        True,
        False,
    ]
    assert told(people) == ["reports.report_batch_ready"]
    assert all(report.file.file.read_bytes().startswith(b"%PDF") for report in Report.objects.all() if report.file)


@pytest.mark.usefixtures("light")
def test_what_was_made_of_the_same_facts_is_not_made_again(people: Personas, year: list[Evaluation]) -> None:
    before = request_report(evaluation=year[0], actor=people.officer, language="zh-hans", at=NOON)
    work()

    batch = order(people)
    work()

    items = {item.evaluation_id: item.report_id for item in batch.items.all()}
    assert items[year[0].pk] == before.pk
    assert (Report.objects.count(), Attachment.objects.filter(kind="annual_report").count()) == (2, 2)


@pytest.mark.usefixtures("light")
def test_a_dead_worker_costs_an_attempt_and_no_second_report(people: Personas, year: list[Evaluation]) -> None:
    batch = order(people)
    dead = jobs.claim(batch.items.all()[0].job_id, NOON)
    assert dead

    work(LATER)
    work(LATER)
    with pytest.raises(jobs.LeaseLost):
        dead(50, "too late")

    batch.refresh_from_db()
    assert (batch.status, states(batch)) == (BatchStatus.ENDED, ["DONE"] * 2)
    assert Attachment.objects.filter(kind="annual_report").count() == 2


@pytest.mark.usefixtures("light")
def test_a_batch_whose_worker_died_at_the_very_end_is_ended_by_the_sweep(
    people: Personas, year: list[Evaluation]
) -> None:
    batch = order(people)
    work()
    ReportBatch.objects.update(status=BatchStatus.RUNNING, ended_at=None)

    assert (end_batches(at=LATER), end_batches(at=LATER)) == (1, 0)

    batch.refresh_from_db()
    assert (batch.status, batch.ended_at) == (BatchStatus.ENDED, LATER)


# --- steering ----------------------------------------------------------------------------------
@pytest.mark.usefixtures("light")
def test_paused_nothing_is_begun_and_resumed_it_goes_on(people: Personas, year: list[Evaluation]) -> None:
    batch = order(people)
    taken = jobs.claim(batch.items.all()[0].job_id, NOON)  # a worker that has not begun yet
    assert taken

    pause_batch(batch=batch, actor=people.officer, at=NOON)
    jobs.attempt(taken)
    work()
    paused = states(batch)
    resume_batch(batch=batch, actor=people.head, at=LATER)
    work(LATER)

    batch.refresh_from_db()
    assert (paused, Report.objects.count()) == (["HELD", "HELD"], 2)
    assert (batch.status, states(batch)) == (BatchStatus.ENDED, ["DONE", "DONE"])


@pytest.mark.usefixtures("light")
def test_stopped_it_makes_no_more_and_keeps_what_is_there(people: Personas, year: list[Evaluation]) -> None:
    batch = order(people)
    first, second = batch.items.all()
    jobs.run(first.job_id, NOON)
    at_work = jobs.claim(second.job_id, NOON)
    assert at_work

    cancel_batch(batch=batch, actor=people.head, at=NOON)
    with pytest.raises(jobs.LeaseLost):
        jobs.attempt(at_work)
    work(LATER)

    assert sorted(states(batch)) == ["CANCELLED", "DONE"]
    assert [report.status for report in Report.objects.exclude(batch_items=second)] == [ReportStatus.STORED]
    left = Report.objects.filter(batch_items=second).first()
    assert left is None or has_given_up(report=left)


@pytest.mark.usefixtures("light")
def test_what_was_stopped_can_be_made_after_all(people: Personas, year: list[Evaluation]) -> None:
    batch = order(people)
    cancel_batch(batch=batch, actor=people.head, at=NOON)

    retry_batch(batch=batch, actor=people.officer, at=LATER)
    work(LATER)

    batch.refresh_from_db()
    assert (batch.status, states(batch)) == (BatchStatus.ENDED, ["DONE", "DONE"])
    assert (told(people), told(people, "officer")) == ([], ["reports.report_batch_ready"])


@pytest.mark.parametrize("act", [resume_batch, retry_batch])
def test_a_running_batch_is_neither_resumed_nor_tried_again(
    people: Personas, year: list[Evaluation], act: Callable[..., Any]
) -> None:
    with pytest.raises(TransitionRefused):
        act(batch=order(people), actor=people.head, at=NOON)


@pytest.mark.parametrize("act", [pause_batch, cancel_batch])
def test_a_second_click_is_refused_and_others_may_not(
    people: Personas, year: list[Evaluation], act: Callable[..., Any]
) -> None:
    batch = order(people)

    with pytest.raises(PermissionDenied):
        act(batch=batch, actor=people.leader, at=NOON)
    act(batch=batch, actor=people.head, at=NOON)
    with pytest.raises(TransitionRefused):
        act(batch=batch, actor=people.head, at=NOON)


# --- failing -----------------------------------------------------------------------------------
@pytest.fixture
def broken(light: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The renderer breaks; calling the fixture mends it."""
    whole = pdf.lay_out

    def fall(_html: str) -> Any:
        raise OSError("the disk is full")

    monkeypatch.setattr(pdf, "lay_out", fall)
    return lambda: monkeypatch.setattr(pdf, "lay_out", whole)


def exhaust() -> None:
    for attempt in range(3):
        work(NOON + attempt * timedelta(hours=1))
    end_batches(at=NOON + DAY)


def test_what_failed_is_counted_told_and_made_again(
    people: Personas, year: list[Evaluation], broken: Callable[[], None]
) -> None:
    batch = order(people)
    exhaust()
    batch.refresh_from_db()
    failed, reasons = states(batch), {item.reason for item in batch.items.with_state()}
    ended, notices = batch.status, told(people)

    broken()
    retry_batch(batch=batch, actor=people.head, at=NOON + DAY)
    work(NOON + DAY)

    assert (ended, failed, notices) == (BatchStatus.ENDED, ["FAILED", "FAILED"], ["reports.report_batch_lacks"])
    assert all(reasons)
    batch.refresh_from_db()
    assert (batch.status, states(batch)) == (BatchStatus.ENDED, ["DONE", "DONE"])
    assert {report.status for report in Report.objects.all()} == {ReportStatus.STORED}


def test_one_that_failed_is_made_again_from_its_own_page(
    people: Personas, year: list[Evaluation], broken: Callable[[], None]
) -> None:
    batch = order(people)
    exhaust()
    broken()

    retry_report(report=Report.objects.all()[0], actor=people.officer, at=NOON + DAY)
    work(NOON + DAY)

    assert sorted(states(batch)) == ["DONE", "FAILED"]
    assert told(people, "officer") == ["reports.report_ready"]


@pytest.mark.usefixtures("light")
def test_an_evaluation_that_went_back_fails_with_the_reason(people: Personas, year: list[Evaluation]) -> None:
    batch = order(people)
    Evaluation.objects.filter(pk=year[0].pk).update(status=S.RETURNED)

    exhaust()

    row = batch.items.with_state().get(evaluation=year[0])
    assert (row.job_state, "before the self-report is filed" in row.reason or bool(row.reason)) == ("FAILED", True)


# --- real workers ------------------------------------------------------------------------------
@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    forget()
    workers = Workers(tmp_path / "worker.log")
    yield workers
    workers.kill_all()
    forget()


@pytest.mark.django_db(transaction=True)
def test_killed_workers_and_an_emptied_redis_lose_nothing_and_make_nothing_twice(
    people: Personas, year: list[Evaluation], workers: Workers
) -> None:
    batch = order_batch(
        cycle=make_cycle(people), language="en", scope=BatchScope.FILED, actor=people.head, at=timezone.now()
    )
    first = workers.start()
    limit, killed = time.monotonic() + ENOUGH, False
    workers.start()

    while ReportBatch.objects.get().status == BatchStatus.RUNNING and time.monotonic() < limit:
        if not killed and Job.objects.filter(state=JobState.RUNNING, progress__gte=15).exists():
            workers.kill(first)
            forget()
            killed = True
        sweep_jobs()
        end_batches(at=timezone.now())
        time.sleep(0.5)

    assert killed
    assert (ReportBatch.objects.get().status, states(batch)) == (BatchStatus.ENDED, ["DONE"] * 3)
    assert Attachment.objects.filter(kind="annual_report").count() == 3
    assert AuditEntry.objects.filter(action="store_report").count() == 3
    assert told(people) == ["reports.report_batch_ready"]


# --- the file of all ---------------------------------------------------------------------------
def url(name: str, batch: ReportBatch) -> str:
    return reverse(f"reports:batch-{name}", args=[batch.pk])


@pytest.mark.usefixtures("light")
def test_the_zip_holds_each_report_as_it_was_stored(people: Personas, year: list[Evaluation], sign_in: Any) -> None:
    batch = order(people)
    work()

    answer = sign_in(people.finance).get(url("download", batch))

    archive = ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    stored = {report.file.sha256 for report in Report.objects.all() if report.file}
    inside = {name: sha256_of(archive.open(name)) for name in archive.namelist() if name.endswith(".pdf")}
    assert set(inside.values()) == stored
    listed = archive.read("index.csv").decode("utf-8-sig")
    assert all(name in listed and digest in listed for name, digest in inside.items())
    assert AuditEntry.objects.filter(action="take_batch", actor_id=people.finance.pk).count() == 1


def test_an_empty_zip_is_not_given(people: Personas, year: list[Evaluation], sign_in: Any) -> None:
    assert sign_in(people.finance).get(url("download", order(people))).status_code == 409


@pytest.mark.parametrize("name", ["lead", "district_officer", "expert", "rival"])
def test_batches_are_the_bureaus(people: Personas, year: list[Evaluation], sign_in: Any, name: str) -> None:
    batch = order(people)
    client = sign_in(getattr(people, name))

    codes = {client.get(url(page, batch)).status_code for page in ("detail", "progress", "pause", "download")}

    assert codes <= {403, 404}
    with pytest.raises(PermissionDenied):
        take_batch(batch=batch, actor=getattr(people, name), at=NOON)


# --- pages -------------------------------------------------------------------------------------
@pytest.fixture
def head(people: Personas, sign_in: Any) -> Client:
    client: Client = sign_in(people.head)
    client.cookies["django_language"] = "en"
    return client


def test_the_click_and_what_it_shows(people: Personas, year: list[Evaluation], head: Client) -> None:
    page = reverse("reports:batch-order", args=[make_cycle(people).pk])

    shown = head.get(page).content.decode()
    wrong = head.post(page, {"language": "fr", "scope": "SOME"})
    sent = head.post(page, {"language": "en", "scope": "FILED"})

    batch = ReportBatch.objects.get()
    assert "All that were filed, the others as drafts: 3 reports" in shown
    assert set(wrong.context["form"].errors) == {"language", "scope"}
    assert sent["Location"] == batch.get_absolute_url()
    assert "0 of 3 ready" in head.get(batch.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("light")
def test_a_page_that_looks_on_learns_of_the_end(people: Personas, year: list[Evaluation], head: Client) -> None:
    batch = order(people)
    jobs.run(batch.items.all()[0].job_id, NOON)
    half = head.get(url("progress", batch))
    work()

    assert standing_of(batch).percent == 100
    assert ("1 of 2 ready" in half.content.decode(), "HX-Redirect" in half) == (True, False)
    assert head.get(url("progress", batch))["HX-Redirect"] == batch.get_absolute_url()


def test_the_buttons_steer(people: Personas, year: list[Evaluation], head: Client) -> None:
    batch = order(people)

    codes = [
        (act, head.post(url(act, batch), {}).status_code) for act in ("pause", "pause", "resume", "cancel", "retry")
    ]

    assert codes == [("pause", 302), ("pause", 409), ("resume", 302), ("cancel", 302), ("retry", 302)]
    assert ReportBatch.objects.get().status == BatchStatus.RUNNING


def test_the_rows_have_a_constant_number_of_queries(
    people: Personas, year: list[Evaluation], head: Client, django_assert_max_num_queries: Any
) -> None:
    batch = order(people, BatchScope.FILED)
    head.get(batch.get_absolute_url())

    with django_assert_max_num_queries(17):
        page = head.get(batch.get_absolute_url(), {"state": "QUEUED", "q": year[0].consortium.code[:4]})

    assert page.context["count"].value == 3

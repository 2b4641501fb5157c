"""Funding reports as files made in the background: who has them, what may stop them, how long they stay."""

import csv
import hashlib
import io
from collections import deque
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.enums import Role
from portal.kernel import jobs
from portal.kernel.counting import Counting
from portal.kernel.jobs import LeaseLost, claim, run
from portal.kernel.models import Attachment, AuditEntry, ExportLog, Job, Notification
from portal.kernel.workflow import TransitionRefused
from reports.enums import ExportState
from reports.exporters import BY_SLUG
from reports.models import ExportJob
from reports.services import exports
from reports.services.exports import Asked, cancel_export, open_export, order_export, prune_exports, retry_export
from tests.factories.consortia import rival_consortium
from tests.factories.funding import make_application, make_award, make_contract
from tests.funding.steps import queries_of
from tests.personas import Personas
from tests.reports.test_exports import enter

pytestmark = pytest.mark.django_db
NOW = timezone.now()  # pages ask the clock whether a file is still kept
RIGHT = BY_SLUG["awards"].permission


def order(user: Any, slug: str = "awards", **asked: Any) -> ExportJob:
    facts = {"format": "csv", "language": "en", "query": "", "params": {}, "words": [], "purpose": "", **asked}
    report = BY_SLUG[slug]
    export = report.export(report.base(user), [])
    return order_export(export=export, asked=Asked(**facts), actor=user, at=NOW)


def made(one: ExportJob) -> ExportJob:
    run(one.job_id, one.job.run_after)
    return ExportJob.objects.select_related("job", "log", "file", "requested_by").get(pk=one.pk)


def rows_in(one: ExportJob) -> list[list[str]]:
    assert one.file
    return list(csv.reader(io.StringIO(one.file.file.read_bytes().decode("utf-8-sig"))))


def page(one: ExportJob, act: str = "") -> str:
    return reverse(f"reports:export-job{act}", args=[one.pk])


# --- making ------------------------------------------------------------------------------------
def test_the_pages_lead_from_the_order_to_the_file(people: Personas) -> None:
    award = make_contract(people).award
    client = enter(people.finance)

    sent = client.post(
        f"{reverse('reports:export-take', args=['awards'])}?year={award.year}",
        {"format": "csv", "purpose": "样例：年度核对", "later": "1"},
    )
    one = ExportJob.objects.select_related("job").get()
    waiting = [client.get(page(one, act)) for act in ("", "-progress", "-download")]
    done = made(one)
    over, whole = client.get(page(one, "-progress")), client.get(page(one))
    file = client.get(page(one, "-download"))

    assert (sent["Location"], [one.status_code for one in waiting]) == (page(one), [200, 200, 409])
    assert (over["HX-Redirect"], whole.status_code, file.status_code) == (page(one), 200, 200)
    content = b"".join(file.streaming_content)  # type: ignore[attr-defined]
    assert done.log
    assert hashlib.sha256(content).hexdigest() == done.log.sha256
    assert (done.log.row_count, done.log.purpose, done.log.params) == (1, "样例：年度核对", {"year": str(award.year)})
    assert done.expires_at
    kept = done.expires_at - one.created_at
    assert timedelta(days=settings.EXPORTS_KEPT_DAYS) <= kept < timedelta(days=settings.EXPORTS_KEPT_DAYS, hours=1)
    assert str(award.year) in whole.content.decode()
    assert [entry.action for entry in AuditEntry.objects.order_by("pk") if "export" in entry.action] == [
        "order_export", "export",
    ]  # fmt: skip
    assert Notification.objects.get(kind="reports.export_ready").recipient == people.finance


def test_the_file_holds_what_its_maker_may_see_when_it_is_made(people: Personas) -> None:
    mine = make_contract(people).award
    make_award(people, make_application(people, "APPROVED", consortium=rival_consortium(people)))

    heading, *rows = rows_in(made(order(people.lead)))

    assert [row[heading.index("Consortium code")] for row in rows] == [mine.consortium.code]


def test_a_worker_that_died_is_followed_by_another_and_nothing_is_made_twice(people: Personas) -> None:
    make_contract(people)
    one = order(people.finance)
    assert claim(one.job_id, NOW)  # and dies
    late = NOW + timedelta(minutes=10)

    assert jobs.sweep(late) == [one.job_id]
    run(one.job_id, late)
    run(one.job_id, late)

    one.refresh_from_db()
    kept = Attachment.objects.filter(kind="funding_export").count()
    assert (one.file is not None, ExportLog.objects.count(), kept) == (True, 1, 1)


def test_who_lost_the_right_meanwhile_gets_the_reason_and_may_try_again(people: Personas) -> None:
    one = order(people.finance)
    people.finance.role_grants.update(revoked_at=NOW)
    for attempt in range(3):
        run(one.job_id, NOW + timedelta(hours=attempt))
    failed = ExportJob.objects.select_related("job", "requested_by").get(pk=one.pk)
    assert failed.state_at(NOW) == ExportState.FAILED
    assert (ExportLog.objects.count(), "may not" in failed.job.error_text) == (0, True)
    assert Notification.objects.filter(kind="reports.export_failed", recipient=people.finance).count() == 1
    with pytest.raises(PermissionDenied):
        retry_export(order=failed, permission=RIGHT, actor=failed.requested_by, at=NOW)

    people.finance.role_grants.update(revoked_at=None)
    client = enter(people.finance)
    shown = client.get(page(one)).content.decode()
    again = client.post(page(one, "-retry"))
    second = client.post(page(one, "-retry"))

    assert failed.job.error_text in shown
    assert (again.status_code, second.status_code) == (302, 409)
    assert made(ExportJob.objects.get(pk=one.pk)).state_at(NOW) == ExportState.DONE


def test_a_filter_that_no_longer_fits_is_said(people: Personas) -> None:
    one = order(people.finance, query="tier=Z")
    run(one.job_id, NOW)
    assert "filter" in Job.objects.get(pk=one.job_id).error


# --- stopping ----------------------------------------------------------------------------------
def test_what_waits_is_stopped_once(people: Personas) -> None:
    one, client = order(people.finance), enter(people.finance)

    answers = [client.post(page(one, "-cancel")).status_code for _ in range(2)]
    run(one.job_id, NOW)

    one = ExportJob.objects.select_related("job").get(pk=one.pk)
    assert (answers, one.state_at(NOW), ExportLog.objects.count()) == ([302, 409], ExportState.CANCELLED, 0)


def test_what_is_being_made_stops_at_the_next_row(people: Personas) -> None:
    one = order(people.finance)
    progress = claim(one.job_id, NOW)
    assert progress
    counting = Counting(progress, "Reading the rows", 4)
    rows = counting.over(iter(range(4)))
    assert next(rows) == 0
    counting.tell()
    job = Job.objects.get(pk=one.job_id)
    assert (job.progress, job.result) == (26, {"rows": 1, "of": 4})

    cancel_export(order=one, actor=people.finance, at=NOW)
    with pytest.raises(LeaseLost):
        counting.tell()
    counting.lost = True

    with pytest.raises(LeaseLost):
        list(rows)


@pytest.mark.django_db(transaction=True)
def test_how_far_it_is_is_told_while_the_rows_are_read(people: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.kernel.counting.EVERY", 0.02)
    one = order(people.finance)
    progress = claim(one.job_id, timezone.now())
    assert progress
    counting = Counting(progress, "Reading the rows", 0)
    over = timezone.now() + timedelta(seconds=20)

    with counting.told(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        rows = counting.over(iter(int, 1))
        next(rows)
        while not Job.objects.get(pk=one.job_id).result and timezone.now() < over:
            pass
        seen = Job.objects.get(pk=one.job_id).result

    assert seen == {"rows": 1, "of": 1}
    assert jobs.cancel(job=one.job, at=NOW)
    with counting.told(), pytest.raises(LeaseLost):
        deque(row for row in rows if timezone.now() > over)


def test_five_at_once_are_enough(people: Personas) -> None:
    for _ in range(exports.AT_ONCE):
        order(people.finance)

    with pytest.raises(TransitionRefused, match="So many"):
        order(people.finance)
    answer = enter(people.finance).post(
        reverse("reports:export-take", args=["awards"]), {"format": "csv", "later": "1"}
    )

    assert (answer.status_code, b"So many" in answer.content) == (200, True)
    order(people.officer)


# --- taking ------------------------------------------------------------------------------------
def test_only_its_maker_has_the_file(people: Personas) -> None:
    one = made(order(people.finance))

    acts = ("", "-progress", "-download")
    found = {
        name: [enter(getattr(people, name)).get(page(one, act)).status_code for act in acts]
        for name in ("officer", "lead", "supervisor")
    }
    posts = [enter(people.supervisor).post(page(one, act)).status_code for act in ("-cancel", "-retry")]

    assert found == {"officer": [404] * 3, "lead": [404] * 3, "supervisor": [200, 200, 403]}
    assert posts == [403, 403]
    assert Client().get(page(one, "-download")).status_code == 302


def test_whoever_sees_something_else_by_now_gets_it_no_longer(people: Personas) -> None:
    one = made(order(people.finance))
    assert open_export(order=one, permission=RIGHT, actor=people.finance, at=NOW) == one.file

    people.finance.role_grants.create(role=Role.OFFICER, granted_at=NOW)

    refused = enter(people.finance).get(page(one, "-download"))
    assert (refused.status_code, b"has changed since" in refused.content) == (409, True)
    people.finance.role_grants.update(revoked_at=NOW)
    assert enter(people.finance).get(page(one, "-download")).status_code == 403


def test_a_file_goes_after_some_days_and_its_record_stays(people: Personas) -> None:
    one = made(order(people.finance))
    assert one.expires_at
    before, after = one.expires_at - timedelta(seconds=1), one.expires_at

    assert [prune_exports(at=before), prune_exports(at=after), prune_exports(at=after)] == [0, 1, 0]

    gone = ExportJob.objects.select_related("job", "log").get(pk=one.pk)
    assert (gone.state_at(after), gone.log, gone.file) == (ExportState.EXPIRED, one.log, None)
    assert not Attachment.objects.filter(kind="funding_export").exists()
    client = enter(people.finance)
    assert [client.get(page(one, act)).status_code for act in ("", "-download")] == [200, 409]


def test_a_file_too_old_is_refused_before_it_is_swept(people: Personas) -> None:
    one = made(order(people.finance))
    with pytest.raises(TransitionRefused, match="some days"):
        open_export(order=one, permission=RIGHT, actor=people.finance, at=NOW + timedelta(days=400))


def test_personal_data_needs_a_purpose(people: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    report = BY_SLUG["awards"]
    monkeypatch.setitem(report.__dict__, "personal", True)

    with pytest.raises(ValidationError, match="what it is for"):
        order(people.finance)

    assert order(people.finance, purpose="样例：审计").purpose == "样例：审计"


# --- the list ----------------------------------------------------------------------------------
def test_the_list_shows_ones_own_and_supervision_everybodys(people: Personas) -> None:
    mine, others = made(order(people.finance)), order(people.officer)

    def shown(user: Any) -> set[Any]:
        return {row.pk for row, *_rest in enter(user).get(reverse("reports:export-job-list")).context["shown"]}

    assert (shown(people.finance), shown(people.supervisor)) == ({mine.pk}, {mine.pk, others.pk})
    assert enter(people.expert).get(reverse("reports:export-job-list")).status_code == 403


def test_the_list_costs_the_same_whatever_its_length(people: Personas) -> None:
    client, address = enter(people.supervisor), reverse("reports:export-job-list")
    made(order(people.finance))
    client.get(address)
    before = len(queries_of(client, address))
    for user in (people.officer, people.head):
        made(order(user))

    assert len(queries_of(client, address)) == before <= 10


# --- the database ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"format": "exe"}, "export_job_format_is_known"),
        ({"reach": ""}, "export_job_file_is_on_record"),
        ({"log": None}, "export_job_file_is_on_record"),
        ({"expires_at": None}, "export_job_file_is_on_record"),
    ],
)
def test_the_database_refuses(people: Personas, change: dict[str, Any], constraint: str) -> None:
    one = made(order(people.finance))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ExportJob.objects.filter(pk=one.pk).update(**change)

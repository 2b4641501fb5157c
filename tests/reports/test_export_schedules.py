"""Funding reports made files again and again: on which day, in whose name, until when."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from funding.models import Award
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from reports.enums import Period, Rhythm
from reports.exporters import BY_SLUG, REPORTS
from reports.exporters.report import Report
from reports.figures import days_of, next_time
from reports.models import ExportJob, ExportSchedule
from reports.services.exports import AT_ONCE, Asked, order_export
from reports.services.schedules import run_schedule, schedule_export, stop_schedule
from reports.tasks import order_scheduled_exports
from tests.clock import DAY, NOON
from tests.factories.funding import make_award
from tests.personas import Personas
from tests.reports.test_export_jobs import made, order
from tests.reports.test_exports import enter

pytestmark = pytest.mark.django_db
ASKED = Asked(format="csv", language="en", query="", params={}, words=[], purpose="")


def export_of(user: Any) -> Any:
    report = BY_SLUG["awards"]
    return report.export(report.base(user), [])


def schedule(user: Any, rhythm: str = "MONTHLY", working_day: int = 3) -> ExportSchedule:
    return schedule_export(
        export=export_of(user), asked=ASKED, rhythm=rhythm, working_day=working_day, actor=user, at=NOON
    )


@pytest.mark.parametrize(
    ("rhythm", "working_day", "after", "expected"),
    [
        (Rhythm.WEEKLY, 1, date(2026, 11, 18), date(2026, 11, 23)),
        (Rhythm.WEEKLY, 5, date(2026, 11, 18), date(2026, 11, 20)),
        (Rhythm.MONTHLY, 1, date(2026, 11, 2), date(2026, 12, 1)),
        (Rhythm.MONTHLY, 1, date(2026, 9, 30), date(2026, 10, 8)),  # after the National Day
        (Rhythm.QUARTERLY, 2, date(2026, 5, 18), date(2026, 7, 2)),
        (Rhythm.QUARTERLY, 1, date(2026, 2, 1), date(2026, 4, 1)),
    ],
)
def test_the_day_is_a_working_day_of_the_period(rhythm: Rhythm, working_day: int, after: date, expected: date) -> None:
    found = next_time(rhythm, working_day, after)
    assert (found, found > after) == (expected, True)


@pytest.mark.parametrize(
    ("period", "today", "first", "last"),
    [
        (Period.LAST_MONTH, date(2026, 1, 4), date(2025, 12, 1), date(2025, 12, 31)),
        (Period.THIS_MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        (Period.LAST_QUARTER, date(2026, 2, 3), date(2025, 10, 1), date(2025, 12, 31)),
        (Period.THIS_QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        (Period.LAST_YEAR, date(2026, 1, 1), date(2025, 1, 1), date(2025, 12, 31)),
        (Period.THIS_YEAR, date(2026, 11, 18), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_moves_with_the_day(period: Period, today: date, first: date, last: date) -> None:
    assert days_of(period, today) == (first, last)


@pytest.mark.parametrize("report", [one for one in REPORTS if "period" in one.filters], ids=lambda one: one.slug)
def test_each_report_with_a_period_is_narrowed_by_it(people: Personas, report: Report) -> None:
    answer = enter(people.finance).get(reverse("reports:funding-report", args=[report.slug]), {"period": "last-month"})

    assert (answer.status_code, answer.context["filter"].form.errors) == (200, {})


def test_what_is_made_again_and_again_holds_the_days_as_of_then(people: Personas) -> None:
    award = make_award(people)
    months = [timezone.localdate(), timezone.localdate().replace(day=1) - timedelta(days=1)]
    found = []
    for day in months:
        Award.objects.filter(pk=award.pk).update(approved_on=day)
        one = made(order(people.finance, query="period=this-month", words=[("Awarded in the period", "This month")]))
        found.append(one.log and one.log.row_count)
    first = months[0].replace(day=1)
    page = enter(people.finance).post(
        f"{reverse('reports:export-take', args=['awards'])}?period=this-month", {"format": "xlsx"}
    )

    notes = load_workbook(BytesIO(b"".join(page.streaming_content))).worksheets[1]  # type: ignore[attr-defined]
    assert found == [1, 0]
    (days,) = (row[1].value for row in notes.iter_rows() if row[0].value == "Days of the period")
    assert str(days).startswith(f"{first} – ")


def test_it_is_made_once_on_its_day_in_the_name_of_its_owner(people: Personas) -> None:
    row = schedule(people.finance)
    due = NOON + (row.next_on - timezone.localdate(NOON))
    export = export_of(people.finance)

    early, order, again = (run_schedule(schedule=row, export=export, at=at) for at in (due - DAY, due, due))

    assert (early, again) == (None, None)
    assert order
    assert (order.requested_by, order.slug, ExportJob.objects.count()) == (people.finance, "awards", 1)
    row.refresh_from_db()
    assert row.next_on == next_time(Rhythm.MONTHLY, 3, timezone.localdate(due))


def test_without_the_right_it_stops_and_its_owner_is_told(people: Personas) -> None:
    row = schedule(people.finance)
    ExportSchedule.objects.update(next_on=timezone.localdate())
    people.finance.role_grants.update(revoked_at=NOON)

    order_scheduled_exports()
    order_scheduled_exports()

    row.refresh_from_db()
    assert (row.stopped_at is None, ExportJob.objects.count()) == (False, 0)
    assert Notification.objects.get(kind="reports.export_stopped").recipient == people.finance


def test_the_sweep_orders_what_is_due_and_waits_while_too_many_are_made(people: Personas) -> None:
    first, second = schedule(people.finance), schedule(people.officer)
    ExportSchedule.objects.update(next_on=timezone.localdate() - timedelta(days=1))
    for _ in range(AT_ONCE):
        order_export(export=export_of(people.officer), asked=ASKED, actor=people.officer, at=NOON)

    order_scheduled_exports()

    first.refresh_from_db()
    second.refresh_from_db()
    today = timezone.localdate()
    assert (first.next_on > today, second.next_on > today) == (True, False)
    assert ExportJob.objects.filter(requested_by=people.finance).count() == 1


def test_the_pages_set_it_up_and_stop_it(people: Personas) -> None:
    client, address = enter(people.finance), reverse("reports:export-schedule", args=["awards"])
    facts = {"format": "csv", "purpose": "样例：月报", "rhythm": "WEEKLY", "working_day": "6"}

    shown = client.get(address)
    wrong = client.post(address, facts)
    right = client.post(address, facts | {"working_day": "5"})
    row = ExportSchedule.objects.get()
    listed = client.get(right["Location"])
    stop = reverse("reports:export-schedule-stop", args=[row.pk])
    answers = [client.get(stop).status_code, client.post(stop).status_code, client.post(stop).status_code]

    assert (shown.status_code, b"five working days" in wrong.content, right.status_code) == (200, True, 302)
    assert [one for one, _title in listed.context["schedules"]] == [row]
    assert answers == [200, 302, 409]
    assert client.get(right["Location"]).context["schedules"] == []


def test_nobody_else_sees_or_stops_it(people: Personas) -> None:
    row = schedule(people.finance)
    stop = reverse("reports:export-schedule-stop", args=[row.pk])

    assert [enter(one).post(stop).status_code for one in (people.officer, people.supervisor)] == [404, 404]
    with pytest.raises(PermissionDenied):
        stop_schedule(schedule=row, actor=people.officer, at=NOON)
    with pytest.raises(PermissionDenied):
        schedule(people.expert)
    stop_schedule(schedule=row, actor=people.finance, at=NOON)
    with pytest.raises(TransitionRefused):
        stop_schedule(schedule=row, actor=people.finance, at=NOON)


def test_a_week_has_five_working_days(people: Personas) -> None:
    with pytest.raises(ValidationError, match="five working days"):
        schedule(people.finance, "WEEKLY", 6)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"rhythm": "DAILY"}, "export_schedule_rhythm_is_known"),
        ({"working_day": 0}, "export_schedule_day_is_in_the_period"),
        ({"rhythm": "WEEKLY", "working_day": 6}, "export_schedule_day_is_in_the_period"),
    ],
)
def test_the_database_refuses(people: Personas, change: dict[str, Any], constraint: str) -> None:
    schedule(people.finance)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ExportSchedule.objects.update(**change)

"""Exports: typed, defused, on record, and no larger in memory for being long."""

import csv
import hashlib
import io
import json
import tracemalloc
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from portal.kernel import exporting, workbooks
from portal.kernel.authz import PERMISSIONS, Rule
from portal.kernel.exporting import Column, Export, Exported
from portal.kernel.models import AuditEntry, ExportLog, Job
from tests.clock import NOON
from tests.personas import Personas

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _permission(monkeypatch: pytest.MonkeyPatch, people: Personas) -> None:
    monkeypatch.setitem(PERMISSIONS, "tests.export", Rule("the officer", lambda user, _obj: user == people.officer))


def jobs_of(user: Any, params: Mapping[str, Any]) -> QuerySet[Job]:
    rows = Job.objects.visible_to(user).order_by("key")
    return rows.filter(kind=params["kind"]) if "kind" in params else rows


COLUMNS = (
    Column(gettext_lazy("Notifications"), lambda row: row.key, key="name"),
    Column("Amount awarded", lambda row: row.params.get("money"), "money"),
    Column("Share", lambda row: row.params.get("share"), "percent"),
    Column("Day", lambda row: date.fromisoformat(row.params["day"]) if "day" in row.params else None, "date"),
    Column("Time", lambda row: row.run_after, "date"),
    Column("Attempts", lambda row: row.attempts, "int"),
)
PLAIN = Export("jobs", gettext_lazy("Notifications"), "tests.export", jobs_of, COLUMNS)


def make_job(people: Personas, key: str, **params: Any) -> None:
    Job.objects.create(kind="k", key=key, params=params, requested_by=people.officer, run_after=NOON, created_at=NOON)


def make_two(people: Personas) -> None:
    make_job(people, "a 样例", money="1234567.895", share="33.3333", day="2026-11-18")
    make_job(people, "b")


def exported(people: Personas, file_format: str, export: Export = PLAIN, **facts: Any) -> Exported:
    facts = {"user": people.officer, "params": {}, "purpose": "", "at": NOON, **facts}
    with translation.override(facts.pop("language", "en")):
        return exporting.make_export(export=export, file_format=file_format, **facts)


def content(done: Exported) -> bytes:
    with done.file:
        return done.file.read()


def rows_of_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


# --- CSV ---------------------------------------------------------------------------------------
def test_csv_has_a_bom_and_numbers_as_numbers(people: Personas) -> None:
    make_two(people)

    data = content(exported(people, "csv"))

    assert data.startswith(b"\xef\xbb\xbf")
    assert rows_of_csv(data) == [
        ["Notifications", "Amount awarded (yuan)", "Share (%)", "Day", "Time", "Attempts"],
        ["a 样例", "1234567.90", "33.3333", "2026-11-18", "2026-11-18 12:00", "0"],
        ["b", "", "", "", "2026-11-18 12:00", "0"],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"])
def test_text_is_never_a_formula(people: Personas, text: str) -> None:
    make_job(people, text)

    assert rows_of_csv(content(exported(people, "csv")))[1][0] == f"'{text}"


def test_a_negative_amount_stays_a_number(people: Personas) -> None:
    make_job(people, "a", money="-5")

    assert rows_of_csv(content(exported(people, "csv")))[1][1] == "-5.00"


def test_an_export_without_rows_is_a_header(people: Personas) -> None:
    assert len(rows_of_csv(content(exported(people, "csv")))) == 1


# --- XLSX --------------------------------------------------------------------------------------
def test_xlsx_is_typed_frozen_summed_and_explained(people: Personas) -> None:
    make_two(people)
    make_job(people, "c", money="100000")

    data = content(exported(people, "xlsx", params={"kind": "k"}))

    book = load_workbook(io.BytesIO(data))
    sheet, notes = book["Data"], book["Notes"]
    table = [[cell.value for cell in row] for row in sheet.iter_rows()]
    when = datetime(2026, 11, 18, 12, 0)  # noqa: DTZ001
    assert table == [
        ["Unit of amounts: yuan", None, None, None, None, None],
        ["Notifications", "Amount awarded (yuan)", "Share (%)", "Day", "Time", "Attempts"],
        ["a 样例", 1234567.9, 33.3333, datetime(2026, 11, 18), when, 0],  # noqa: DTZ001
        ["b", None, None, None, when, 0],
        ["c", 100000, None, None, when, 0],
        ["Total", "=SUM(B3:B5)", None, None, None, None],
    ]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A3", "A2:F5")
    assert {row[0].value: row[1].value for row in notes.iter_rows()} == {
        "Export": "Notifications",
        "Made at": "2026-11-18 12:00:00 +0800",
        "Made by": people.officer.name,
        "Rows": 3,
        "Unit of amounts": "yuan",
        "kind": "k",
    }


def test_the_total_is_there_before_a_spreadsheet_reckons(people: Personas) -> None:
    make_two(people)
    make_job(people, "c", money="0.1")

    book = load_workbook(io.BytesIO(content(exported(people, "xlsx"))), data_only=True)

    assert book["Data"]["B6"].value == 1234568.0


def test_without_totals_days_are_days_and_numbers_look_like_numbers(people: Personas) -> None:
    make_job(people, "a", share="33.3", day="2026-11-18")
    bare = replace(PLAIN, columns=tuple(column for column in COLUMNS if not column.summed))

    row = load_workbook(io.BytesIO(content(exported(people, "xlsx", bare, params={"kind": "k"}))))["Data"][3]

    looks = [cell.number_format for cell in row]
    assert looks == ["General", "0.00##", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0"]


def test_xlsx_text_is_text(people: Personas) -> None:
    make_job(people, "=1+1", day="2026-11-18")

    cell = load_workbook(io.BytesIO(content(exported(people, "xlsx"))))["Data"]["A3"]

    assert (cell.data_type, cell.value) == ("s", "=1+1")


def test_xlsx_without_rows_can_be_opened(people: Personas) -> None:
    sheet = load_workbook(io.BytesIO(content(exported(people, "xlsx"))))["Data"]

    assert sheet.max_row == 2


def test_the_workbook_speaks_the_readers_language(people: Personas) -> None:
    make_two(people)

    book = load_workbook(io.BytesIO(content(exported(people, "xlsx", language="zh-hans"))))

    assert book.sheetnames == ["数据", "说明"]
    assert [book["数据"]["A1"].value, book["数据"]["B2"].value] == ["金额单位：元", "Amount awarded（元）"]


def test_an_export_may_tell_its_filter_and_rules_in_words(people: Personas) -> None:
    told = Export(
        "told",
        "Told",
        "tests.export",
        jobs_of,
        COLUMNS,
        notes=lambda _user, params: [("Rules", f"2026-1 {params['y']}")],
    )

    book = load_workbook(io.BytesIO(content(exported(people, "xlsx", told, params={"y": 2025}))))

    assert [cell.value for cell in book["Notes"][6]] == ["Rules", "2026-1 2025"]


def test_more_rows_than_a_sheet_holds_are_refused(people: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    make_two(people)
    monkeypatch.setattr(workbooks, "MAX_ROWS", 1)

    with pytest.raises(ValidationError, match="cannot hold so many rows"):
        exported(people, "xlsx")

    assert ExportLog.objects.count() == 0


# --- JSON --------------------------------------------------------------------------------------
def test_json_is_an_array_and_json_lines_are_its_elements(people: Personas) -> None:
    make_two(people)

    array = json.loads(content(exported(people, "json")))
    lines = [json.loads(line) for line in content(exported(people, "jsonl")).splitlines()]

    assert array == lines
    assert array == [
        {
            "name": "a 样例",
            "amount_awarded": 1234567.9,
            "share": 33.3333,
            "day": "2026-11-18",
            "time": "2026-11-18T12:00:00+08:00",
            "attempts": 0,
        },
        {
            "name": "b",
            "amount_awarded": None,
            "share": None,
            "day": None,
            "time": "2026-11-18T12:00:00+08:00",
            "attempts": 0,
        },
    ]


def test_json_without_rows_is_an_empty_array(people: Personas) -> None:
    assert json.loads(content(exported(people, "json"))) == []
    assert content(exported(people, "jsonl")) == b""


# --- on record ---------------------------------------------------------------------------------
def test_what_was_taken_is_on_record(people: Personas) -> None:
    make_two(people)

    done = exported(people, "csv", params={"kind": "k", "year": 2026}, purpose=" Audit of 2026 ")
    data = content(done)

    log = ExportLog.objects.get()
    assert (log.user, log.slug, log.format, log.params) == (people.officer, "jobs", "csv", {"kind": "k", "year": 2026})
    assert (log.row_count, log.size, log.purpose, log.created_at) == (2, len(data), "Audit of 2026", NOON)
    assert log.sha256 == hashlib.sha256(data).hexdigest()
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.at, entry.subject_id, entry.note) == (people.officer, NOON, str(log.pk), "Audit of 2026")
    assert entry.facts == {
        "slug": "jobs",
        "format": "csv",
        "rows": 2,
        "params": {"kind": "k", "year": 2026},
        "sha256": log.sha256,
    }


def test_an_export_needs_its_permission(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        exported(people, "csv", user=people.rival)

    assert ExportLog.objects.count() == 0


def test_an_export_holds_only_what_its_reader_may_see(people: Personas) -> None:
    make_two(people)
    Job.objects.update(requested_by=people.head)

    assert len(rows_of_csv(content(exported(people, "csv")))) == 1


def test_a_format_that_is_not_offered_is_refused(people: Personas) -> None:
    with pytest.raises(ValidationError) as refused:
        exported(people, "exe")

    assert refused.value.message_dict == {"format": ["This format is not offered."]}


def test_personal_data_needs_a_purpose(people: Personas) -> None:
    personal = Export("people", "People", "tests.export", jobs_of, COLUMNS, personal=True)

    with pytest.raises(ValidationError) as refused:
        exported(people, "csv", personal, purpose="  ")
    content(exported(people, "csv", personal, purpose="Audit"))

    assert list(refused.value.message_dict) == ["purpose"]
    assert ExportLog.objects.get().purpose == "Audit"


@pytest.mark.parametrize(
    ("file_format", "mime"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("json", "application/json"),
        ("jsonl", "application/x-ndjson"),
    ],
)
def test_the_answer_is_a_named_download(people: Personas, file_format: str, mime: str) -> None:
    response = exporting.respond(exported(people, file_format))

    assert response["Content-Type"] == mime
    assert response["Content-Disposition"] == f'attachment; filename="Notifications 2026-11-18.{file_format}"'
    assert response["Cache-Control"] == "private, no-store"
    assert len(b"".join(response)) == ExportLog.objects.get().size
    response.close()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [({"format": "exe"}, "export_log_format_is_known"), ({"sha256": "x"}, "export_log_sha256_is_hex")],
)
def test_the_database_refuses(people: Personas, change: dict[str, Any], constraint: str) -> None:
    done = exported(people, "csv")
    done.file.close()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ExportLog.objects.filter(pk=done.log.pk).update(**change)


# --- memory ------------------------------------------------------------------------------------
MANY = """
    INSERT INTO kernel_job (id, created_at, kind, key, params, state, attempts, max_attempts, run_after, progress,
                            step, result, error, requested_by_id)
    SELECT gen_random_uuid(), now(), 'many', 'many ' || n, '{"money": "12.5"}', 'QUEUED', 0, 3, now(), 0,
           '', '{}', '', %s FROM generate_series(%s, %s) n
"""


def peak(people: Personas, file_format: str) -> int:
    """Bytes of Python memory at the highest point of an export."""
    tracemalloc.start()
    exported(people, file_format).file.close()
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "json"])
def test_four_times_the_rows_take_no_more_memory(people: Personas, file_format: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MANY, [people.officer.pk, 1, 10])
    peak(people, file_format)  # what is loaded once
    with connection.cursor() as cursor:
        cursor.execute(MANY, [people.officer.pk, 11, 4_000])
    short = peak(people, file_format)
    with connection.cursor() as cursor:
        cursor.execute(MANY, [people.officer.pk, 4_001, 16_000])

    long = peak(people, file_format)

    assert list(ExportLog.objects.order_by("row_count").values_list("row_count", flat=True)) == [10, 4_000, 16_000]
    assert long < 1.2 * short


def test_the_end_of_a_long_sheet_takes_no_more_memory_than_that_of_a_short_one() -> None:
    def taken(rows: int) -> int:
        tracemalloc.start()
        try:
            workbooks._frame(COLUMNS, "Jobs", rows, {1: Decimal(1)}, [("Rows", rows)])
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    taken(1)
    assert taken(1_000_000) < taken(1) + 1_000_000


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_an_export_that_breaks_off_leaves_no_cursor_open(people: Personas, file_format: str) -> None:
    make_two(people)
    broken = Export("broken", "Broken", "tests.export", jobs_of, (Column("x", lambda row: 1 / row.attempts, "int"),))

    with pytest.raises(ZeroDivisionError):
        exported(people, file_format, broken)

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_cursors")
        assert cursor.fetchall() == []
    assert ExportLog.objects.count() == 0


def test_amounts_are_rounded_half_up_and_kept_exact() -> None:
    column = Column("x", lambda row: row, "money")

    assert [column.cell(value) for value in (Decimal("0.005"), "1e3", 7, None, "")] == [
        Decimal("0.01"),
        Decimal("1000.00"),
        Decimal("7.00"),
        None,
        None,
    ]


def test_a_time_is_told_as_in_suzhou() -> None:
    column = Column("x", lambda row: row, "date")

    assert str(column.cell(datetime(2026, 11, 18, 20, 0, tzinfo=UTC))) == "2026-11-19 04:00:00+08:00"

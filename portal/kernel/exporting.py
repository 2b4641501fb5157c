"""Exports: data over a selector, three writers, and a record of who took what.

A file is written to disk completely, logged and audited, and only then handed over: what reaches a
reader is whole and on record. Memory stays bounded whatever the number of rows.
"""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import IO, Any, Literal, cast

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit, files
from portal.kernel.authz import require
from portal.kernel.models.notification import ExportFormat, ExportLog
from portal.kernel.workbooks import TooManyRows, write_workbook

Kind = Literal["text", "money", "date", "int", "count", "number", "percent"]
Value = str | Decimal | int | date | None
Params = Mapping[str, Any]

CHUNK = 2000
SUMMED = frozenset({"money", "count"})
TOO_MANY_ROWS = _("A workbook cannot hold so many rows; please narrow the filter or take CSV.")
NOT_OFFERED = _("This format is not offered.")
CENT = Decimal("0.01")
FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # the wide ones are read as formulas by East Asian spreadsheets
MIME = {
    ExportFormat.XLSX: files.XLSX,
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.JSON: "application/json",
    ExportFormat.JSONL: "application/x-ndjson",
    ExportFormat.PDF: files.PDF,
}


@dataclass(frozen=True)
class Column:
    """One column: money in yuan, percent on the scale of 100, a day or a time, a number, or text.

    Money and counts have totals, unless `total` is None; else it is the field or expression of the same sum in the
    database, for whoever shows it without reading all the rows.
    """

    title: str | Promise
    value: Callable[[Any], Any]
    kind: Kind = "text"
    width: int = 0  # signs; 0 chooses by kind
    key: str = ""  # the name in JSON; by default made from the English title
    total: Any = ""
    sql: Any = None  # the field or expression of the same value, where the database can make the file by itself
    timed: bool = False  # a date with its hour

    @property
    def summed(self) -> bool:
        """Whether it has a total."""
        return self.kind in SUMMED and self.total is not None

    @property
    def heading(self) -> str:
        """The title with its unit, in the reader's language."""
        if self.kind == "money":
            return gettext("%(title)s (yuan)") % {"title": self.title}
        return f"{self.title} (%)" if self.kind == "percent" else str(self.title)

    @property
    def name(self) -> str:
        """The name in JSON, the same in every language."""
        with translation.override("en"):
            return self.key or slugify(str(self.title)).replace("-", "_")

    def cell(self, row: Any) -> Value:
        """The value of a row as its kind's Python type; None for an empty cell."""
        raw = self.value(row)
        return None if raw is None or raw == "" else CONVERT[self.kind](raw)


NUMBER = Column(_("No."), lambda _row: None, kind="int", width=6)  # filled in by whoever writes the rows


@dataclass(frozen=True)
class Export:
    """A named export; `rows` must already be cut to what `user` may see."""

    slug: str
    title: str | Promise
    permission: str
    rows: Callable[[Any, Params], QuerySet[Any] | Iterable[Any]]
    columns: tuple[Column, ...]
    personal: bool = False  # personal data inside: a purpose must be given
    notes: Callable[[Any, Params], Iterable[tuple[str, str]]] | None = None  # filter and rules, in words
    facts: Callable[[], Mapping[str, Any]] = dict  # what else the record keeps of it
    numbered: bool = False  # the first column counts the rows
    values: QuerySet[Any] | None = None  # the same rows as plain values, in the order of the columns

    @property
    def heads(self) -> tuple[Column, ...]:
        """The columns of the file."""
        return (NUMBER, *self.columns) if self.numbered else self.columns


@dataclass(frozen=True)
class Exported:
    """A finished file, open at its beginning, and its line in the log."""

    file: IO[bytes]
    name: str
    log: ExportLog


def _time(raw: Any) -> date:
    return timezone.localtime(raw) if isinstance(raw, datetime) else raw


CONVERT: dict[Kind, Callable[[Any], Value]] = {
    "text": str,
    "money": lambda raw: Decimal(raw).quantize(CENT, ROUND_HALF_UP),
    "percent": lambda raw: Decimal(str(raw)),
    "int": int,
    "count": int,
    "number": lambda raw: Decimal(str(raw)),
    "date": _time,
}


# the file, its format, its rows, what the record keeps of it
Written = tuple[IO[bytes], ExportFormat, int, Mapping[str, Any]]
Told = Callable[[Iterable[list[Value]]], Iterable[list[Value]]]
Writer = Callable[[IO[bytes], tuple[Column, ...], Iterable[list[Value]]], int]


# --- making one --------------------------------------------------------------------------------
def make_export(*, export: Export, user: Any, params: Params, file_format: str, purpose: str, at: datetime) -> Exported:
    """Write the file and put it on record. Raises PermissionDenied or ValidationError; the caller closes the file."""
    require_purpose(export, user, purpose)
    written = write(export, user, params, file_format, at)
    return put_on_record(export=export, written=written, user=user, params=params, purpose=purpose, at=at)


def put_on_record(
    *, export: Export, written: Written, user: Any, params: Params, purpose: str, at: datetime
) -> Exported:
    """The line in the log and the entry in the trail of a file that is written."""
    file, chosen, rows, more = written
    with transaction.atomic():
        log = ExportLog.objects.create(
            user=user,
            slug=export.slug,
            format=chosen,
            params=audit.plain(params),
            row_count=rows,
            size=file.seek(0, io.SEEK_END),
            purpose=purpose.strip()[:200],
            sha256=files.sha256_of(file),
            created_at=at,
        )
        facts = {"slug": log.slug, "format": log.format, "rows": rows, "params": log.params, "sha256": log.sha256}
        audit.record(actor=user, action="export", subject=log, at=at, note=log.purpose, facts={**facts, **more})
    return Exported(file, f"{export.title} {timezone.localdate(at)}.{chosen}", log)


def require_purpose(export: Export, user: Any, purpose: str) -> None:
    """The right to take it, and what for where it holds personal data. Raises PermissionDenied or ValidationError."""
    require(user, export.permission)
    if export.personal and not purpose.strip():
        raise ValidationError({"purpose": _("This export holds personal data: please say what it is for.")})


def respond(exported: Exported) -> FileResponse:
    """The file as a download, streamed from disk."""
    response = FileResponse(
        exported.file,
        as_attachment=True,
        filename=exported.name,
        content_type=MIME[ExportFormat(exported.log.format)],
    )
    files.guard(response)
    return response


def _format(name: str) -> ExportFormat:
    try:
        return ExportFormat(name)
    except ValueError:
        raise ValidationError({"format": NOT_OFFERED}) from None


def write(
    export: Export, user: Any, params: Params, file_format: str, at: datetime, told: Told = iter,
    writer: Writer | None = None,
) -> Written:  # fmt: skip
    """The file, open, not yet on record; `told` sees the rows on their way. Raises ValidationError.

    Without a `writer` of the caller's the format must be one of ours.
    """
    chosen = _format(file_format)
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    try:
        with one_moment(), closing(_cells(export, user, params)) as cells:
            written = writer or _writer(export, user, params, chosen, at)
            rows = written(file, export.heads, told(cells))
            return file, chosen, rows, export.facts()
    except BaseException as error:
        file.close()
        if isinstance(error, TooManyRows):
            raise ValidationError(TOO_MANY_ROWS) from None
        raise


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction that reads everything as of one instant: rows, their totals and the books cannot disagree."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _writer(export: Export, user: Any, params: Params, chosen: ExportFormat, at: datetime) -> Writer:
    if chosen == ExportFormat.PDF:
        raise ValidationError({"format": NOT_OFFERED})
    if chosen != ExportFormat.XLSX:
        return WRITERS[chosen]
    return partial(write_workbook, title=str(export.title), notes=partial(_about, export, user, params, at))


def _cells(export: Export, user: Any, params: Params) -> Generator[list[Value], None, None]:
    """The rows as cells, by a server-side cursor.

    It is closed here whatever happens: left to the garbage collector, psycopg's lock may wait for itself.
    """
    if export.values is not None:
        yield from _plain_cells(export, export.values)
        return
    found = export.rows(user, params)
    source = found.iterator(chunk_size=CHUNK) if isinstance(found, QuerySet) else (row for row in found)
    with closing(cast("Generator[Any, None, None]", source)) as rows:
        for number, row in enumerate(rows, 1):
            cells = [column.cell(row) for column in export.columns]
            yield [number, *cells] if export.numbered else cells


def _plain_cells(export: Export, values: QuerySet[Any]) -> Iterator[list[Value]]:
    """The same of plain values, which need no objects."""
    times = [n for n, column in enumerate(export.columns) if column.timed]
    with closing(cast("Generator[Any, None, None]", values.iterator(chunk_size=CHUNK))) as rows:
        for number, row in enumerate(rows, 1):
            cells = [number, *row] if export.numbered else list(row)
            for n in times:
                cells[n + export.numbered] = _time(row[n])
            yield cells


def _about(export: Export, user: Any, params: Params, at: datetime, rows: int) -> list[tuple[str, str | int]]:
    """The lines of the notes sheet."""
    notes = export.notes(user, params) if export.notes else ((key, str(value)) for key, value in params.items())
    return [
        (gettext("Export"), str(export.title)),
        (gettext("Made at"), timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S %z")),
        (gettext("Made by"), str(user)),
        (gettext("Rows"), rows),
        (gettext("Unit of amounts"), gettext("yuan")),
        *((str(label), str(text)) for label, text in notes),
    ]


# --- text formats ------------------------------------------------------------------------------
def defuse(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _csv_cell(value: Value) -> str:
    if isinstance(value, str):
        return defuse(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def write_csv(file: IO[bytes], columns: tuple[Column, ...], rows: Iterable[list[Value]]) -> int:
    """UTF-8 with a BOM, so that Excel reads Chinese; the number of rows."""
    target = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(target)
    writer.writerow([defuse(column.heading) for column in columns])
    count = 0
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
        count += 1
    target.detach()
    return count


def _json_cell(value: Value) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def _json_lines(columns: tuple[Column, ...], rows: Iterable[list[Value]]) -> Iterator[bytes]:
    names = [column.name for column in columns]
    for row in rows:
        cells = dict(zip(names, map(_json_cell, row), strict=True))
        yield json.dumps(cells, ensure_ascii=False).encode()


def write_json_lines(file: IO[bytes], columns: tuple[Column, ...], rows: Iterable[list[Value]]) -> int:
    """One object a line; the number of rows."""
    count = 0
    for line in _json_lines(columns, rows):
        file.write(line + b"\n")
        count += 1
    return count


def write_json(file: IO[bytes], columns: tuple[Column, ...], rows: Iterable[list[Value]]) -> int:
    """One array of objects; the number of rows."""
    count = 0
    for count, line in enumerate(_json_lines(columns, rows), 1):
        file.write((b"[\n" if count == 1 else b",\n") + line)
    file.write(b"\n]\n" if count else b"[]\n")
    return count


WRITERS: dict[ExportFormat, Writer] = {
    ExportFormat.CSV: write_csv,
    ExportFormat.JSON: write_json,
    ExportFormat.JSONL: write_json_lines,
}

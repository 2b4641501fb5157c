"""The XLSX writer of exports: typed cells, frozen header, totals, a sheet of notes; memory does not grow."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, Protocol
from zipfile import ZipFile

import xlsxwriter
from django.utils.translation import gettext
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from portal.kernel.sheets import SHEET, TYPES, row_writer, splice, styles_of

UNIT_ROW, HEAD_ROW, FIRST_ROW = 0, 1, 2
MAX_ROWS = 1_048_576 - FIRST_ROW - 1  # one is left for the totals
WIDTHS = {"text": 24, "money": 18, "date": 17, "int": 10, "count": 10, "number": 12, "percent": 10}
FORMATS = {
    "text": {"num_format": "General"},
    "money": {"num_format": "#,##0.00"},
    "int": {"num_format": "0"},
    "count": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.00##"},
    "percent": {"num_format": "0.00##"},
}
HEAD = {"bold": True, "bg_color": "#E8EEF0", "border": 1, "text_wrap": True, "valign": "vcenter"}
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class TooManyRows(Exception):
    """More rows than a sheet can hold."""


class Heading(Protocol):
    """What the writer must know of a column."""

    @property
    def heading(self) -> str: ...
    @property
    def kind(self) -> Any: ...
    @property
    def width(self) -> int: ...
    @property
    def summed(self) -> bool: ...


@dataclass(frozen=True)
class Frame:
    """All of a workbook but its rows: the parts of the archive, the sheet of data parted where the rows belong."""

    before: bytes
    styles: dict[str, str]  # of a first row that shows every format, by column
    after: bytes
    parts: dict[str, bytes]


def _frame(
    columns: Sequence[Heading],
    title: str,
    rows: int,
    totals: dict[int, Decimal],
    notes: Iterable[tuple[str, str | int]],
) -> Frame:
    """The workbook of so many rows, as the library writes it.

    Out of constant memory it would keep a place for each row up to that of the totals.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        book.set_properties({"title": title})
        sheet = book.add_worksheet(gettext("Data"))
        _open(book, sheet, columns, title)
        _show_formats(book, sheet, columns)
        if rows:
            sheet.autofilter(HEAD_ROW, 0, FIRST_ROW + rows - 1, len(columns) - 1)
            _write_totals(book, sheet, columns, FIRST_ROW + rows, totals)
        write_notes(book, notes)
    with ZipFile(content) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return _parted(parts)


def _parted(parts: dict[str, bytes]) -> Frame:
    """The sheet before and after its first row, which only shows the formats."""
    xml = parts.pop(SHEET)
    begin = xml.index(b'<row r="%d"' % (FIRST_ROW + 1))
    end = xml.index(b"</row>", begin) + len(b"</row>")
    return Frame(xml[:begin], styles_of(xml[begin:end].decode()), xml[end:], parts)


def _open(book: Any, sheet: Any, columns: Sequence[Heading], title: str) -> None:
    """Unit row, header, and how it is shown and printed."""
    head = book.add_format(HEAD)
    for n, column in enumerate(columns):
        sheet.set_column(n, n, column.width or WIDTHS[column.kind])
    money = any(column.kind == "money" for column in columns)
    sheet.write_string(UNIT_ROW, 0, gettext("Unit of amounts: yuan") if money else "")
    for n, column in enumerate(columns):
        sheet.write_string(HEAD_ROW, n, column.heading, head)
    sheet.freeze_panes(FIRST_ROW, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_header("&C&14" + title.replace("&", "&&")[:200])
    sheet.set_footer("&C&P / &N")


def _show_formats(book: Any, sheet: Any, columns: Sequence[Heading]) -> None:
    """A first row that shows the format of each column, then that of a day and of a moment.

    A format gets its number when its row leaves the memory, for the last row after those of the notes; the rows in
    between are ours and need the same numbers in every frame.
    """
    formats = {kind: book.add_format(look) for kind, look in FORMATS.items()}
    days = [book.add_format({"num_format": look}) for look in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm")]
    shown = [*(formats.get(column.kind, formats["int"]) for column in columns), *days]
    for n, look in enumerate(shown):
        look._get_xf_index()  # noqa: SLF001 (there is no public way)
        sheet.write_blank(FIRST_ROW, n, None, look)


def _write_totals(book: Any, sheet: Any, columns: Sequence[Heading], row: int, totals: dict[int, Decimal]) -> None:
    """As formulas with their value."""
    if not totals:
        return
    if 0 not in totals:
        sheet.write_string(row, 0, gettext("Total"), book.add_format({"bold": True, "top": 1}))
    for n, total in totals.items():
        reach = f"{xl_rowcol_to_cell(FIRST_ROW, n)}:{xl_rowcol_to_cell(row - 1, n)}"
        look = book.add_format({**FORMATS[columns[n].kind], "bold": True, "top": 1})
        sheet.write_formula(row, n, f"=SUM({reach})", look, float(total))


class Counter:
    """The rows on their way into the sheet, counted and summed."""

    def __init__(self, columns: Sequence[Heading], styles: dict[str, str]) -> None:
        names = [xl_col_to_name(n) for n in range(len(columns) + 2)]
        numbers, (day, moment) = names[:-2], names[-2:]
        self.written = row_writer([styles[name] for name in numbers], styles[day], styles[moment])
        self.totals = {n: Decimal(0) for n, column in enumerate(columns) if column.summed}
        self.count = 0

    def lines(self, rows: Iterable[Sequence[Any]]) -> Iterator[str]:
        """Each row as XML. Raises TooManyRows."""
        totals, written, summed = self.totals, self.written, tuple(self.totals)
        for cells in rows:
            if self.count >= MAX_ROWS:
                raise TooManyRows
            self.count += 1
            for n in summed:
                if cells[n]:
                    totals[n] += cells[n]
            yield written(FIRST_ROW + self.count, cells)


def write_workbook(
    file: IO[bytes],
    columns: Sequence[Heading],
    rows: Iterable[Sequence[Any]],
    *,
    title: str,
    notes: Callable[[int], Iterable[tuple[str, str | int]]],
) -> int:
    """Write the workbook to `file`; the number of rows. `notes` gets that number. Raises TooManyRows."""
    empty = _frame(columns, title, 0, {}, ())
    counter = Counter(columns, empty.styles)

    def after() -> tuple[bytes, dict[str, bytes]]:
        frame = _frame(columns, title, counter.count, counter.totals, notes(counter.count))
        return frame.after, {name: part for name, part in frame.parts.items() if name != TYPES}

    splice(file, empty.before, counter.lines(rows), after, empty.parts[TYPES])
    return counter.count


def write_notes(book: Any, lines: Iterable[tuple[str, str | int]]) -> None:
    """A sheet of its own that says in words what one should know."""
    sheet = book.add_worksheet(gettext("Notes"))
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    counted = book.add_format({"num_format": "#,##0", "align": "left", "valign": "top"})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 80)
    for row, (label, text) in enumerate(lines):
        sheet.write_string(row, 0, label, bold)
        if isinstance(text, int):
            sheet.write_number(row, 1, text, counted)
        else:
            sheet.write_string(row, 1, text, wrapped)


class Blank(Protocol):
    """What the writer must know of a column that somebody is going to fill in."""

    @property
    def heading(self) -> str: ...
    @property
    def offered(self) -> Sequence[str]: ...
    @property
    def required(self) -> bool: ...


LIST_LENGTH = 255  # signs that a spreadsheet takes as a list of choices
LAST_ROW = 1_048_575


def write_blank(file: IO[bytes], columns: Sequence[Blank], *, title: str, notes: Iterable[tuple[str, str]]) -> None:
    """A workbook to be filled in: headings, every cell as text so that no digit is lost, lists of choices, notes."""
    with xlsxwriter.Workbook(file, {**OPTIONS, "constant_memory": False}) as book:
        book.set_properties({"title": title})
        sheet, text = book.add_worksheet(gettext("Data")), book.add_format({"num_format": "@"})
        heads = {True: book.add_format({**HEAD, "font_color": "#9A3412"}), False: book.add_format(HEAD)}
        for n, column in enumerate(columns):
            sheet.set_column(n, n, WIDTHS["text"], text)
            sheet.write_string(0, n, column.heading, heads[column.required])
            if column.offered and len(",".join(column.offered)) <= LIST_LENGTH:
                sheet.data_validation(1, n, LAST_ROW, n, {"validate": "list", "source": list(column.offered)})
        sheet.freeze_panes(1, 0)
        write_notes(book, notes)

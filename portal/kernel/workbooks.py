"""The XLSX writer of exports: typed cells, frozen header, totals, a sheet of notes; memory does not grow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Protocol

import xlsxwriter
from django.utils.translation import gettext
from xlsxwriter.utility import xl_rowcol_to_cell

UNIT_ROW, HEAD_ROW, FIRST_ROW = 0, 1, 2
MAX_ROWS = 1_048_576 - FIRST_ROW - 1  # one is left for the totals
WIDTHS = {"text": 24, "money": 18, "date": 17, "int": 10, "percent": 10}
FORMATS = {
    "text": {},
    "money": {"num_format": "#,##0.00"},
    "int": {"num_format": "0"},
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


class Sheet:
    """The data sheet while it is being written, row after row."""

    def __init__(self, book: Any, columns: Sequence[Heading]) -> None:
        self.columns = columns
        self.sheet = book.add_worksheet(gettext("Data"))
        self.head = book.add_format(HEAD)
        self.formats = {kind: book.add_format(look) for kind, look in FORMATS.items()}
        self.total_formats = {kind: book.add_format({**look, "bold": True, "top": 1}) for kind, look in FORMATS.items()}
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.totals = {n: Decimal(0) for n, column in enumerate(columns) if column.kind == "money"}
        self.next_row = FIRST_ROW

    def open(self, title: str) -> None:
        """Unit row, header, and how it is shown and printed."""
        for n, column in enumerate(self.columns):
            self.sheet.set_column(n, n, column.width or WIDTHS[column.kind])
        self.sheet.write_string(UNIT_ROW, 0, gettext("Unit of amounts: yuan") if self.totals else "")
        for n, column in enumerate(self.columns):
            self.sheet.write_string(HEAD_ROW, n, column.heading, self.head)
        self.sheet.freeze_panes(FIRST_ROW, 0)
        self.sheet.repeat_rows(HEAD_ROW)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_header("&C&14" + title.replace("&", "&&")[:200])
        self.sheet.set_footer("&C&P / &N")

    def add(self, cells: Sequence[Any]) -> None:
        """One row of data. Raises TooManyRows."""
        if self.next_row - FIRST_ROW >= MAX_ROWS:
            raise TooManyRows
        for n, value in enumerate(cells):
            self._cell(n, value)
            if n in self.totals:
                self.totals[n] += value or 0
        self.next_row += 1

    def _cell(self, n: int, value: Any) -> None:
        kind = self.columns[n].kind
        if value is None:
            return
        if isinstance(value, datetime):
            self.sheet.write_datetime(self.next_row, n, value.replace(tzinfo=None), self.moment)
        elif isinstance(value, date):
            self.sheet.write_datetime(self.next_row, n, value, self.day)
        elif isinstance(value, str):
            self.sheet.write_string(self.next_row, n, value)
        else:
            self.sheet.write_number(self.next_row, n, value, self.formats[kind])

    def close(self) -> int:
        """Totals (as formulas with their value) and the filter; the number of rows."""
        last = self.next_row - 1
        if last >= FIRST_ROW:
            self.sheet.autofilter(HEAD_ROW, 0, last, len(self.columns) - 1)
            self._write_totals(last)
        return self.next_row - FIRST_ROW

    def _write_totals(self, last: int) -> None:
        if not self.totals:
            return
        if 0 not in self.totals:
            self.sheet.write_string(self.next_row, 0, gettext("Total"), self.total_formats["text"])
        for n, total in self.totals.items():
            reach = f"{xl_rowcol_to_cell(FIRST_ROW, n)}:{xl_rowcol_to_cell(last, n)}"
            self.sheet.write_formula(self.next_row, n, f"=SUM({reach})", self.total_formats["money"], float(total))


def write_workbook(
    file: IO[bytes],
    columns: Sequence[Heading],
    rows: Iterable[Sequence[Any]],
    *,
    title: str,
    notes: Callable[[int], Iterable[tuple[str, str | int]]],
) -> int:
    """Write the workbook to `file`; the number of rows. `notes` gets that number. Raises TooManyRows."""
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"title": title})
        sheet = Sheet(book, columns)
        sheet.open(title)
        for cells in rows:
            sheet.add(cells)
        count = sheet.close()
        write_notes(book, notes(count))
    return count


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

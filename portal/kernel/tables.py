"""Reads the rows of an XLSX or CSV that somebody filled in, one after the other; memory does not grow with them.

Only of files that the inspector has passed. Nothing is calculated: a formula is not its value.
"""

import csv
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_ROWS = 20_000
MAX_COLUMNS = 60
LAST_ROW = 1_048_576  # that a sheet of an XLSX can have
MAX_SIGNS = 2_000  # of a cell
MAX_SHEETS = 12
SPELLINGS = ("utf-8-sig", "gb18030")
BLOCK = 64 * 1024
BROKEN = (  # SyntaxError is what both parsers of XML raise
    SyntaxError, zipfile.BadZipFile, zlib.error, csv.Error, KeyError, IndexError, ValueError, TypeError, AttributeError,
    EOFError, OverflowError,
)  # fmt: skip
NOT_READ = _("The table cannot be read; please fill in the template and upload that.")
TOO_MANY = _("The table has more than %(limit)s rows; please divide it.")
FORMULA = _("A formula is not taken; please enter its value.")
CELL_ERROR = _("The cell holds an error of the spreadsheet.")
TOO_LONG = _("The text is too long.")


class Unreadable(ValidationError):
    """The file as a whole is not what it should be."""


@dataclass(frozen=True)
class Odd:
    """A cell that holds no value, and why."""

    reason: Any  # a lazy text


Line = tuple[int, list[Any]]


def read_table(path: Path, *, csv_text: bool) -> Iterator[Line]:
    """(number of the row, cells) of every row of the first sheet that is not blank; a cell is a text, a number, a date
    or Odd.

    Raises Unreadable, also in the middle.
    """
    with _said_plainly():
        for count, line in enumerate(_filled(_csv_lines(path) if csv_text else _xlsx_lines(path))):
            if count > MAX_ROWS:
                raise Unreadable(TOO_MANY, params={"limit": MAX_ROWS})
            yield line


def read_sheets(path: Path, *, signs: int = MAX_SIGNS) -> list[list[Line]]:
    """The filled rows of every sheet of an XLSX, all of them in memory, of a cell at most so many signs.

    Raises Unreadable.
    """
    with (
        _said_plainly(),
        path.open("rb") as source,
        closing(openpyxl.load_workbook(source, read_only=True, keep_links=False)) as book,
    ):
        if len(book.worksheets) > MAX_SHEETS:
            raise Unreadable(NOT_READ)
        return [_all_of(sheet, signs) for sheet in book.worksheets]


def _all_of(sheet: Any, signs: int) -> list[Line]:
    found: list[Line] = []
    for line in _filled(_lines_of(sheet, signs)):
        if len(found) >= MAX_ROWS:
            raise Unreadable(TOO_MANY, params={"limit": MAX_ROWS})
        found.append(line)
    return found


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise Unreadable(NOT_READ) from error


def _filled(lines: Iterator[Line]) -> Iterator[Line]:
    for number, cells in lines:
        if any(cell not in {None, ""} if isinstance(cell, str | None) else True for cell in cells):
            yield number, cells


def _xlsx_lines(path: Path) -> Iterator[Line]:
    with path.open("rb") as source, closing(openpyxl.load_workbook(source, read_only=True, keep_links=False)) as book:
        yield from _lines_of(book.worksheets[0])


def _lines_of(sheet: Any, signs: int = MAX_SIGNS) -> Iterator[Line]:
    """Rows that the file leaves out are passed over at once: one row at the end stands for a million of them."""
    sheet.reset_dimensions()  # what a file says of its own size is not to be believed
    left_out: Any = None
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, max_row=LAST_ROW), start=1):
        if cells is left_out:
            continue
        values = [_value(cell, signs) for cell in cells]
        if all(value is None for value in values):
            left_out = cells  # the library hands out the same one again and again
        else:
            yield number, values


def _value(cell: Any, signs: int) -> Any:
    if cell.data_type == "f":
        return Odd(FORMULA)
    if cell.data_type == "e":
        return Odd(CELL_ERROR)
    return _short(cell.value, signs)


def _csv_lines(path: Path) -> Iterator[Line]:
    with path.open(encoding=_spelling(path), newline="") as source:
        reader = csv.reader(source, strict=True)
        for cells in reader:
            yield reader.line_num, [_short(cell) for cell in cells[:MAX_COLUMNS]]


def _short(value: Any, signs: int = MAX_SIGNS) -> Any:
    if isinstance(value, str):
        text = value.strip()
        return text if len(text) <= signs else Odd(TOO_LONG)
    return value


def _spelling(path: Path) -> str:
    """UTF-8 where all of it is, else what Chinese spreadsheets write."""
    try:
        with path.open(encoding=SPELLINGS[0]) as source:
            while source.read(BLOCK):
                pass
    except UnicodeDecodeError:
        return SPELLINGS[1]
    return SPELLINGS[0]


def as_text(value: Any) -> str:
    """A cell as somebody would have typed it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    return str(value).strip()

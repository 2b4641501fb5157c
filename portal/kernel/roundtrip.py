"""Tables that somebody downloads, fills in offline and uploads again.

Each sheet has typed cells, lists of choices and locked headings; the first column and the first row, both hidden, name
rows and columns, and a hidden sheet remembers what stood in the cells, so that only what was really changed is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kernel.tables import MAX_SIGNS, Line, Odd, Unreadable, as_text, read_sheets
from portal.kernel.workbooks import HEAD, LIST_LENGTH, OPTIONS, write_notes

NUMBERS = {"wan": "#,##0.00####", "number": "#,##0.###", "whole": "0", "share": "0.00##"}
MEMORY = "_memory"
MARK = "#"  # before the code of a table, in the first cell of its sheet
PLACES = 9  # beyond these a spreadsheet's number is noise
NAMES, HEADINGS, FIRST = 0, 1, 2
NOT_OURS = _("This is not a workbook of this page. Download it here, fill it in, and upload that.")
GUARD = {
    "select_locked_cells": True, "select_unlocked_cells": True, "format_columns": True, "format_rows": True,
    "sort": True, "autofilter": True,
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A column. Kinds: text, choice, day, whole, number, share and wan (10,000 yuan)."""

    name: str
    heading: str
    kind: str = "text"
    locked: bool = False
    offered: Sequence[str] = ()
    width: int = 14


@dataclass(frozen=True)
class Entry:
    """A row; values are texts as somebody would type them, dates ISO 8601. Cells of `locked` fields are closed here."""

    key: str
    values: Mapping[str, str]
    locked: Collection[str] = ()


@dataclass(frozen=True)
class Table:
    """A sheet; `spare` rows at its end take new entries."""

    code: str
    title: str
    fields: Sequence[Field]
    entries: Sequence[Entry]
    spare: int = 0


@dataclass(frozen=True)
class FilledRow:
    """A row that came back; `key` is empty for a new one, a cell is a text or Odd."""

    number: int
    key: str
    cells: Mapping[str, Any]


@dataclass(frozen=True)
class Filled:
    """What came back; `base` is what stood there when it was downloaded, by table, key and field."""

    about: Mapping[str, str]
    base: Mapping[tuple[str, str], Mapping[str, str]]
    tables: Mapping[str, list[FilledRow]] = field(default_factory=dict)


# --- writing -----------------------------------------------------------------------------------
def write_tables(
    file: IO[bytes],
    tables: Sequence[Table],
    *,
    title: str,
    notes: Iterable[tuple[str, str]],
    about: Mapping[str, str],
) -> None:
    """The workbook; `about` comes back with it."""
    with xlsxwriter.Workbook(file, {**OPTIONS, "constant_memory": False}) as book:
        book.set_properties({"title": title})
        write_notes(book, notes)
        for table in tables:
            _Writer(book, table).write()
        _write_memory(book, tables, about)


class _Writer:
    """One sheet."""

    def __init__(self, book: Any, table: Table) -> None:
        self.table, self.sheet = table, book.add_worksheet(table.title[:31])
        self.head = book.add_format(HEAD)
        self.looks = {
            (kind, locked): book.add_format(_look(kind, locked=locked))
            for kind in ("text", "choice", "day", *NUMBERS)
            for locked in (True, False)
        }

    def write(self) -> None:
        self.sheet.write_string(NAMES, 0, MARK + self.table.code)
        self.sheet.set_row(NAMES, None, None, {"hidden": True})
        self.sheet.set_column(0, 0, None, None, {"hidden": True})
        for n, column in enumerate(self.table.fields, start=1):
            self._head(n, column)
        for row, entry in enumerate(self.table.entries, start=FIRST):
            self._row(row, entry)
        for row in range(FIRST + len(self.table.entries), self._end):
            self._row(row, Entry("", {}))
        self.sheet.freeze_panes(FIRST, 2)
        self.sheet.protect("", GUARD)

    @property
    def _end(self) -> int:
        return FIRST + len(self.table.entries) + self.table.spare

    def _head(self, n: int, column: Field) -> None:
        self.sheet.write_string(NAMES, n, column.name)
        self.sheet.write_string(HEADINGS, n, column.heading, self.head)
        self.sheet.set_column(n, n, column.width)
        rule = None if column.locked else _rule(column)
        if rule and self._end > FIRST:
            self.sheet.data_validation(FIRST, n, self._end - 1, n, rule)

    def _row(self, row: int, entry: Entry) -> None:
        self.sheet.write_string(row, 0, entry.key)
        for n, column in enumerate(self.table.fields, start=1):
            locked = column.locked or column.name in entry.locked
            self._cell(row, n, column, entry.values.get(column.name, ""), locked=locked)

    def _cell(self, row: int, n: int, column: Field, text: str, *, locked: bool) -> None:
        look = self.looks[column.kind, locked]
        if not text:
            self.sheet.write_blank(row, n, None, look)
        elif column.kind in NUMBERS:
            self.sheet.write_number(row, n, Decimal(text), look)
        elif column.kind == "day":
            self.sheet.write_datetime(row, n, date.fromisoformat(text), look)
        else:
            self.sheet.write_string(row, n, unix_lines(text), look)


def unix_lines(text: str) -> str:
    """Lines as a spreadsheet ends them; others come back as signs that nobody typed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _look(kind: str, *, locked: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"locked": locked, "valign": "top", "border": 1, "border_color": "#C9D3D7"}
    shown |= {"bg_color": "#EEF2F3"} if locked else {}
    if kind in NUMBERS:
        return shown | {"num_format": NUMBERS[kind]}
    if kind == "day":
        return shown | {"num_format": "yyyy-mm-dd"}
    return shown | {"num_format": "@", "text_wrap": True}


def _rule(column: Field) -> dict[str, Any] | None:
    """What a spreadsheet lets somebody enter."""
    if column.kind == "choice" and len(",".join(column.offered)) <= LIST_LENGTH:
        return {"validate": "list", "source": list(column.offered)}
    if column.kind == "day":
        return {"validate": "date", "criteria": ">=", "value": date(1990, 1, 1)}
    if column.kind == "share":
        return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
    if column.kind == "whole":
        return {"validate": "integer", "criteria": ">=", "value": 0}
    if column.kind == "wan":
        return {"validate": "decimal", "criteria": ">=", "value": 0,
                "error_message": gettext("An amount in 10,000 yuan, not below 0.")}  # fmt: skip
    return None


def _write_memory(book: Any, tables: Sequence[Table], about: Mapping[str, str]) -> None:
    sheet = book.add_worksheet(MEMORY)
    lines = [("about", "", name, text) for name, text in about.items()]
    for table in tables:
        for entry in table.entries:
            lines += [(table.code, entry.key, name, text) for name, text in entry.values.items()]
    for n, line in enumerate(lines):
        for place, text in enumerate((MARK, *line)):
            sheet.write_string(n, place, unix_lines(text))
    sheet.protect("", {})
    sheet.very_hidden()


# --- reading -----------------------------------------------------------------------------------
def read_tables(path: Path, *, signs: int = MAX_SIGNS) -> Filled:
    """What was filled in, of a cell at most so many signs. Raises Unreadable."""
    about: dict[str, str] = {}
    base: dict[tuple[str, str], dict[str, str]] = {}
    found: dict[str, list[FilledRow]] = {}
    for lines in read_sheets(path, signs=signs):
        mark = lines[0][1][0] if lines and lines[0][1] else None
        if mark == MARK:
            _remember(lines, about, base)
        elif isinstance(mark, str) and mark.startswith(MARK):
            found[mark.removeprefix(MARK)] = list(_rows(lines))
    if not about or not found:
        raise Unreadable(NOT_OURS)
    return Filled(about, base, found)


def _remember(lines: list[Line], about: dict[str, str], base: dict[tuple[str, str], dict[str, str]]) -> None:
    for _number, cells in lines:
        table, key, name, text = map(_spelt, [*cells, *[None] * 4][1:5])
        if table == "about":
            about[name] = text
        else:
            base.setdefault((table, key), {})[name] = text


def _rows(lines: list[Line]) -> Iterator[FilledRow]:
    names = list(map(_spelt, lines[0][1]))
    for number, cells in lines[1:]:
        if number <= HEADINGS + 1:
            continue
        named = zip(names[1:], map(normal, cells[1:]), strict=False)
        values = {name: value for name, value in named if name}
        if any(values.values()):
            yield FilledRow(number, _spelt(cells[0]), values)


def _spelt(cell: Any) -> str:
    return "" if isinstance(cell, Odd) else as_text(cell)


def normal(cell: Any) -> Any:
    """A cell as text, numbers without idle zeros or the noise of binary fractions; Odd as it is."""
    if isinstance(cell, Odd):
        return cell
    if isinstance(cell, datetime | date):
        return as_text(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return plain(str(cell))
    return as_text(cell)


def plain(text: str) -> str:
    """A number in plain digits; anything else as it is."""
    try:
        amount = round(Decimal(text), PLACES)
    except InvalidOperation:
        return text
    return f"{amount.normalize():f}" if amount else "0"

"""A funding report as data for its paper, to be printed and signed; in the language that is active."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from portal.kernel.audit import sha256
from portal.kernel.capitals import capitals
from portal.kernel.exporting import NUMBER, Column, Value
from portal.kernel.templatetags.ui import yuan
from reports.exporters.report import ZERO, Report

MOST_ROWS = 2000
TOO_MANY = gettext_lazy("A paper holds %(most)s rows at most; please narrow the filter or take a workbook.")
LINE = 176  # signs on a line of the table
PADDING = 2  # signs
LEAST = 6  # signs of a column
RIGHT = frozenset({"money", "percent", "number", "int", "count"})

Cell = tuple[str, str]  # its kind and what stands in it


@dataclass(frozen=True)
class Paper:
    """Everything that the template prints."""

    name: str
    number: str
    facts: tuple[tuple[str, str], ...]
    widths: tuple[int, ...]
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...]
    capitals: tuple[tuple[str, str], ...]
    books: tuple[tuple[str, str], ...]
    signers: tuple[str, ...]
    sha256: str


def paper_of(
    report: Report, narrowed: Any, rows: Iterable[Sequence[Value]], *, number: str, by: str,
    words: Iterable[tuple[str, str]], at: datetime,
) -> Paper:  # fmt: skip
    """The paper of these rows, numbered in their first cell. Raises ValidationError if there are too many."""
    cells = _bounded(rows)
    columns = (NUMBER, *report.columns)
    places = [n for n, column in enumerate(columns) if not n or column.name not in report.off_paper]
    sums = {n: sum((_amount(row[n]) for row in cells), ZERO) for n in places if columns[n].summed}
    facts = (
        (_("Number"), number), (pgettext("list", "Prepared by"), by),
        (_("Made at"), f"{localtime(at):%Y-%m-%d %H:%M}"), (_("Rows"), str(len(cells))),
        (_("Unit of amounts"), _("yuan")), *(list(words) or [(_("Filter"), _("none: all that the taker may see"))]),
    )  # fmt: skip
    heads = tuple((_kind(columns[n]), str(columns[n].title)) for n in places)
    lines = tuple(tuple((_kind(columns[n]), _text(columns[n], row[n])) for n in places) for row in cells)
    totals = tuple((_kind(columns[n]), _text(columns[n], sums.get(n))) for n in places)
    return Paper(
        name=str(report.title), number=number, facts=tuple((str(name), str(text)) for name, text in facts),
        widths=_widths(heads, lines, totals), heads=heads, rows=lines, totals=totals,
        capitals=tuple(_in_capitals(columns, sums)),
        books=tuple((str(check.name), check.words) for check in report.checks(narrowed)),
        signers=(_("Prepared by (signature)"), _("Checked by (signature)"), _("Approved by (signature)")),
        sha256=sha256([[_plain(value) for value in row] for row in cells]),
    )  # fmt: skip


def _bounded(rows: Iterable[Sequence[Value]]) -> list[Sequence[Value]]:
    found: list[Sequence[Value]] = []
    for row in rows:
        if len(found) == MOST_ROWS:
            raise ValidationError(TOO_MANY % {"most": MOST_ROWS})
        found.append(row)
    return found


def _amount(value: Value) -> Decimal:
    return Decimal(value) if isinstance(value, Decimal | int) else ZERO


def _plain(value: Value) -> Any:
    return value if value is None or isinstance(value, str | int) else str(value)


def _kind(column: Column) -> str:
    return "num" if column.kind in RIGHT else "day" if column.kind == "date" else "text"


def _text(column: Column, value: Value) -> str:
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, Decimal):
        return yuan(value) if column.kind == "money" else f"{value:f}"
    return "" if value is None else str(value)


def _widths(heads: Sequence[Cell], rows: Sequence[Sequence[Cell]], totals: Sequence[Cell]) -> tuple[int, ...]:
    """Hundredths of the table: figures and days get what they need on one line, text shares the rest."""
    needed = [_needed(head, [row[n] for row in (*rows, totals)]) for n, head in enumerate(heads)]
    fixed = {n for n, (kind, _text) in enumerate(heads) if kind != "text"}
    taken = sum(needed[n] for n in fixed)
    text = sum(needed) - taken
    room = max(LINE - PADDING * len(heads) - taken, LEAST * (len(heads) - len(fixed)))
    wanted = [
        PADDING + (one if n in fixed else max(min(one, one * room // text), LEAST)) for n, one in enumerate(needed)
    ]
    found = [max(share * 100 // sum(wanted), 1) for share in wanted]
    cut = sorted(range(len(found)), key=lambda n: found[n] * sum(wanted) - wanted[n] * 100)
    for n in cut[: 100 - sum(found)]:  # whoever lost most by rounding first
        found[n] += 1
    return tuple(found)


def _needed(head: Cell, cells: Iterable[Cell]) -> int:
    """The signs of the widest cell, at least of the longest word of the head."""
    word = max((_signs(one) if one.isascii() else min(_signs(one), 6) for one in head[1].split()), default=0)
    return max([LEAST - PADDING, word, *(_signs(text) for _kind, text in cells)])


def _signs(text: str) -> int:
    """A Chinese sign is as wide as two others."""
    return sum(1 if sign.isascii() else 2 for sign in text)


def _in_capitals(columns: Sequence[Column], sums: dict[int, Decimal]) -> Iterator[tuple[str, str]]:
    """The totals of money as they stand on Chinese paper; in other languages figures are enough."""
    if (get_language() or "").startswith("zh"):
        for n, total in sums.items():
            if columns[n].kind == "money":
                yield str(columns[n].title), capitals(total)

"""Answers of a designed form in words, for whoever reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext

from funding.enums import QuestionKind as K
from funding.rules.designs import Column, Question
from funding.rules.judging import typed
from funding.rules.values import UNKNOWN

WAN = Decimal(10_000)


@dataclass(frozen=True)
class Grid:
    """Rows of words under their headings."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...] = ()

    @property
    def lines(self) -> list[list[tuple[str, bool]]]:
        """The cells, each with whether it is a number."""
        aligned = self.numeric or (False,) * len(self.heads)
        return [list(zip(row, aligned, strict=True)) for row in self.rows]

    @property
    def headings(self) -> list[tuple[str, bool]]:
        """The heads, each with whether numbers stand below it."""
        return list(zip(self.heads, self.numeric or (False,) * len(self.heads), strict=True))


@dataclass(frozen=True)
class Worded:
    """A question with its answer: a text, or a grid."""

    code: str
    label: str
    text: str = ""
    grid: Grid | None = None
    origin: str = ""  # where what is shown was taken from

    @property
    def plain(self) -> str:
        """The answer as one text, for comparing."""
        if self.grid is None:
            return self.text
        return "\n".join(" | ".join(row) for row in self.grid.rows)


def in_words(question: Question, value: Any) -> Worded:
    """A kept answer in the reader's language."""
    if question.kind == K.TABLE:
        return Worded(question.code, str(question.label), grid=_grid(question, value))
    return Worded(question.code, question.heading, cell(question, value))


def _grid(question: Question, value: Any) -> Grid:
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    return Grid(
        tuple(column.heading for column in question.columns),
        tuple(tuple(cell(column, row.get(column.code)) for column in question.columns) for row in rows),
        tuple(column.kind in {K.NUMBER, K.MONEY} for column in question.columns),
    )


def cell(asked: Question | Column, value: Any) -> str:
    """One answer as text; empty for none."""
    found = typed(asked, value)
    if found is UNKNOWN:
        return ""
    if asked.kind == K.MONEY:
        return f"{found / WAN:,.2f}"
    if isinstance(found, Decimal):
        return f"{found.normalize():,f}"
    if isinstance(found, date):
        return day(found)
    if asked.kind in {K.CHOICE, K.CHOICES}:
        chosen = {found} if isinstance(found, str) else set(found)
        return gettext(", ").join(str(one.label) for one in asked.choices if one.code in chosen)
    return gettext(", ").join(found) if isinstance(found, tuple) else str(found)


def day(value: date) -> str:
    """A day as it is written in the reader's language."""
    if (get_language() or "zh").startswith("zh"):
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%b %Y}"

"""CSV made by the database: COPY of a SELECT whose columns are the export's, passed through in blocks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.utils import timezone

BLOCK = 1 << 16
QUOTE = "'"


def labels(path: str, choices: Sequence[tuple[Any, Any]]) -> Case:
    """What a list of choices calls the value of a field, in the language that is active."""
    return Case(*(When(**{path: code}, then=Value(str(label))) for code, label in choices), default=F(path))


def selected(rows: QuerySet[Any], expressions: Sequence[Any], order: Sequence[str]) -> QuerySet[Any]:
    """The rows as plain values in the order of the columns."""
    named = {f"c{n}": one if isinstance(one, Combinable | Case) else F(one) for n, one in enumerate(expressions)}
    found: QuerySet[Any] = rows.order_by(*order).annotate(**named).values_list(*named)
    return found


class Copy:
    """A file in blocks: BOM and headings at once, then the rows; text that begins like a `formula` is defused."""

    def __init__(
        self, values: QuerySet[Any] | None, headings: Sequence[str], kinds: Sequence[str], formula: Sequence[str]
    ) -> None:
        if values is None:
            raise ValueError("the database cannot make this file by itself")
        self.values, self.headings, self.kinds, self.formula = values, headings, kinds, formula
        self.rows = 0  # sent so far

    def blocks(self) -> Iterator[bytes]:
        """The file, in the language that is active."""
        yield _line(self.headings)
        statement, params = _statement(self.values, self.kinds, self.formula)
        with connection.cursor() as cursor, cast("Any", cursor).cursor.copy(statement, params) as copy:
            waiting, size = [], 0
            for row in copy:  # the server sends a row at a time
                waiting.append(row)
                size += len(row)
                if size > BLOCK:
                    self.rows += len(waiting)
                    yield b"".join(waiting)
                    waiting, size = [], 0
            self.rows += len(waiting)
            yield b"".join(waiting)


def _line(headings: Sequence[str]) -> bytes:
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerow(headings)
    return target.getvalue().encode("utf-8-sig")


SHOWN = {
    "text": "CASE WHEN left({0}, 1) = ANY (%s) THEN %s || {0} ELSE nullif({0}, '') END",
    "moment": "to_char({0} AT TIME ZONE %s, 'YYYY-MM-DD HH24:MI')",
}


def _statement(values: QuerySet[Any], kinds: Sequence[str], formula: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
    inner, params = values.query.sql_with_params()
    given: dict[str, list[Any]] = {"text": [list(formula), QUOTE], "moment": [str(timezone.get_current_timezone())]}
    names = [f"c{n}" for n in range(len(kinds))]
    shown = ", ".join(SHOWN.get(kind, "{0}").format(name) for name, kind in zip(names, kinds, strict=True))
    outer = f"SELECT {shown} FROM ({inner}) AS found ({', '.join(names)})"  # noqa: S608 (names are ours)
    mine = [one for kind in kinds for one in given.get(kind, [])]
    return f"COPY ({outer}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')", (*mine, *params)

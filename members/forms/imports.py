"""Files for import: the form that takes them, the template to fill in, and the reading of their rows."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.enums import ImportKind
from members.forms.import_columns import TIDY, Column, columns_of, spelt
from members.models import ImportBatch
from members.rules.intake import Row, key_of
from members.services.imports import FILES
from portal.kernel import files
from portal.kernel.forms import UploadField
from portal.kernel.tables import MAX_ROWS, Line, Odd, Unreadable, as_text, read_table
from portal.kernel.workbooks import write_blank

KEYS = {
    ImportKind.ORGANISATIONS: ("uscc", "country", "registration_number"),
    ImportKind.YEARS: ("uscc", "country", "registration_number", "year"),
}
NO_ROWS = _("The table has headings and no rows.")
UNKNOWN = _("The column “%(heading)s” is not known. Take the headings of the template.")
TWICE = _("The column “%(heading)s” stands there twice.")
MISSING = _("The column “%(heading)s” is missing.")
A_NUMBER = _("The code stands there as a number, which loses digits; format the column as text.")


class ImportForm(forms.ModelForm[ImportBatch]):
    """What the file holds, where it comes from, and the file."""

    upload = UploadField(label=_("File"), kind=FILES)

    class Meta:
        model = ImportBatch
        fields = ["kind", "source"]
        help_texts = {"source": _("Organisations from official statistics count as verified, all others do not.")}


# --- the template ------------------------------------------------------------------------------
def write_template(file: IO[bytes], kind: ImportKind, at: datetime) -> None:
    """A workbook with the columns and, on the second sheet, what they take."""
    write_blank(file, columns_of(kind, at), title=str(kind.label), notes=notes(columns_of(kind, at)))


def template_text(kind: ImportKind, at: datetime) -> bytes:
    """The headings as CSV, with a mark by which spreadsheets know UTF-8."""
    target = io.StringIO(newline="")
    csv.writer(target).writerow([column.heading for column in columns_of(kind, at)])
    return target.getvalue().encode("utf-8-sig")


def notes(columns: tuple[Column, ...]) -> Iterator[tuple[str, str]]:
    """How to fill in the template."""
    yield gettext("Rows"), gettext("One row for each, below the headings; at most %(n)s rows.") % {"n": MAX_ROWS}
    yield gettext("Empty cells"), gettext("Leave what stands already as it is.")
    yield gettext("Formulas"), gettext("Are not taken; enter values.")
    for column in columns:
        must = gettext("Required.") if column.required else ""
        unit = gettext("In 10,000 yuan.") if column.is_money else ""
        offered = gettext("One of: %(words)s") % {"words": " / ".join(column.offered)} if column.offered else ""
        yield column.heading, " ".join(filter(None, (must, unit, str(column.hint), offered)))


# --- reading -----------------------------------------------------------------------------------
def rows_of(batch: ImportBatch, at: datetime) -> Iterator[Row]:
    """The rows of the file one after the other. Raises Unreadable, also in the middle."""
    path: Path = batch.file.file
    lines = read_table(path, csv_text=batch.file.mime == files.CSV)
    _number, headings = next(lines, (0, []))
    columns = placed(headings, columns_of(batch.kind, at))
    count = 0
    for count, line in enumerate(lines, start=1):  # noqa: B007
        yield read_row(ImportKind(batch.kind), columns, line)
    if not count:
        raise Unreadable(NO_ROWS)


def placed(headings: list[Any], columns: tuple[Column, ...]) -> dict[int, Column]:
    """Which column stands at which place. Raises Unreadable."""
    found: dict[int, Column] = {}
    for place, heading in enumerate(headings):
        text = as_text(heading) if not isinstance(heading, Odd) else "?"
        if not text:
            continue
        column = next((one for one in columns if spelt(text) in one.names), None)
        if column is None or column in found.values():
            raise Unreadable(TWICE if column else UNKNOWN, params={"heading": text[:60]})
        found[place] = column
    if missing := next((one for one in columns if one.required and one not in found.values()), None):
        raise Unreadable(MISSING, params={"heading": lazy(lambda: missing.heading, str)()})
    return found


def read_row(kind: ImportKind, columns: dict[int, Column], line: Line) -> Row:
    """The values of a row and what is wrong with them; an empty cell says nothing."""
    number, cells = line
    values: dict[str, str] = {}
    errors: list[tuple[str, ValidationError]] = []
    for place, column in columns.items():
        cell = cells[place] if place < len(cells) else None
        try:
            read_cell(column, cell, values)
        except ValidationError as error:
            errors.append((column.name, error))
    TIDY[kind](values, errors)
    parts = [values[name] for name in KEYS[kind] if name in values]
    key, label = key_of(*parts), values.get("name") or " ".join(parts)
    return Row(number, "" if any(name in KEYS[kind] for name, _error in errors) else key, label, values, errors)


def read_cell(column: Column, cell: Any, values: dict[str, str]) -> None:
    """Put the value under the name of the column, unless the cell is empty. Raises ValidationError."""
    if isinstance(cell, Odd):
        raise ValidationError(cell.reason)
    if column.name == "uscc" and isinstance(cell, int | float):
        raise ValidationError(A_NUMBER)
    text = as_text(cell)
    value = column.read(text)
    if text:
        values[column.name] = value

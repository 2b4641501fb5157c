"""The file of relations: its columns, its template, and its rows."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.forms.import_columns import DAYS, CodeField, Column, WordField
from members.forms.imports import NO_ROWS, placed, read_cell
from members.rules.relations import RelationKind
from members.services.imports import FILES
from members.services.relations import MOST, Entry, RowError
from portal.kernel.forms import NameField, NumberField, UploadField
from portal.kernel.tables import Line, Unreadable, read_table
from portal.kernel.workbooks import write_blank

COLUMNS = (
    Column("email", _("E-mail address of the expert"), forms.EmailField(), required=True),
    Column("kind", _("Relation"), WordField(RelationKind.choices, required=True), required=True),
    Column("person", _("The other person"), NameField(max_length=60, required=False),
           hint=_("Only for kinship, supervision and joint inventions; then also where the person works, if known.")),
    Column("code", _("Credit code of the organisation"), CodeField(max_length=18, required=False),
           hint=_("When the organisation is in the portal.")),
    Column("name", _("Name of the organisation"), NameField(max_length=120, required=False),
           hint=_("When the organisation is not in the portal.")),
    Column("percent", _("Shareholding (%)"), NumberField(max_digits=5, decimal_places=2, required=False)),
    Column("since", _("Bound since"), forms.DateField(input_formats=DAYS, required=False)),
    Column("until", _("Until"), forms.DateField(input_formats=DAYS, required=False),
           hint=_("Empty while it lasts.")),
    Column("document_number", _("Document or register entry"), NameField(max_length=120, required=False)),
)  # fmt: skip


class RelationImportForm(forms.Form):
    """The file."""

    upload = UploadField(label=_("File"), kind=FILES)


def write_relation_template(file: IO[bytes]) -> None:
    """A workbook with the columns and what they take."""
    title = gettext("Relations of experts")
    said = [(column.heading, " ".join(filter(None, (_required(column), str(column.hint))))) for column in COLUMNS]
    write_blank(file, COLUMNS, title=title, notes=said)


def _required(column: Column) -> str:
    return gettext("Required.") if column.required else ""


def relation_rows(upload: Any) -> tuple[list[Entry], list[RowError]]:
    """What the file says, and what is wrong with single cells. Raises Unreadable."""
    with tempfile.NamedTemporaryFile(suffix=Path(upload.name).suffix) as file:
        for block in upload.chunks():
            file.write(block)
        file.flush()
        lines = read_table(Path(file.name), csv_text=upload.name.lower().endswith(".csv"))
        _number, headings = next(lines, (0, []))
        columns = placed(headings, COLUMNS)
        rows = list(_limited(lines))
    if not rows:
        raise Unreadable(NO_ROWS)
    entries, errors = [], []
    for line in rows:
        values, wrong = _read(columns, line)
        errors += wrong
        entries += [] if wrong else [Entry(line[0], **values)]
    return entries, errors


def _limited(lines: Iterator[Line]) -> Iterator[Line]:
    for count, line in enumerate(lines, 1):
        if count > MOST:
            raise Unreadable(_("At most %(limit)s relations at once; please divide the file."), params={"limit": MOST})
        yield line


def _read(columns: dict[int, Column], line: Line) -> tuple[dict[str, Any], list[RowError]]:
    """The cleaned values of a row by field, and its wrong cells."""
    number, cells = line
    values: dict[str, Any] = {}
    errors = []
    for place, column in columns.items():
        cell = cells[place] if place < len(cells) else None
        texts: dict[str, str] = {}
        try:
            read_cell(column, cell, texts)
            values |= {name: column.field.clean(text) for name, text in texts.items()}
        except ValidationError as error:
            errors.append(RowError(number, column.heading, " ".join(error.messages)))
    if missing := [column for column in columns.values() if column.required and column.name not in values]:
        told = {error.column for error in errors}
        errors += [
            RowError(number, column.heading, gettext("Required."))
            for column in missing if column.heading not in told
        ]  # fmt: skip
    return values, errors

"""The file of expenditures: its columns, its template, and its rows."""

import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import BudgetSource, InvoiceKind
from funding.forms.fields import ReferenceField
from funding.forms.spending import SpendingForm, YuanField
from funding.models import Award
from funding.rules.budget import categories_of
from funding.services.spending import Entry, Spending
from members.forms.import_columns import DAYS, CodeField, Column, WordField
from members.forms.imports import NO_ROWS, placed, read_cell
from members.models import Organisation
from portal.kernel import files
from portal.kernel.forms import DayField, TickField, UploadField
from portal.kernel.tables import Line, Unreadable, read_table
from portal.kernel.workbooks import write_blank

KIND = "funding.spending_table"
MOST = 500
CODES = frozenset({"invoice_code", "invoice_number", "seller_code", "voucher"})
MANY = _("At most %(limit)s rows at once; please divide the file.")
AS_NUMBER = _("The number stands there as a number, which loses digits; format the column as text.")
files.LIMITS[KIND] = files.Limit(1024 * 1024, (".xlsx",))


class SpendingImportForm(forms.Form):
    """The filled table, and whether it is only looked at."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    upload = UploadField(label=_("Filled table"), kind=KIND)
    mode = forms.ChoiceField(
        label=_("What to do"), widget=forms.RadioSelect, initial="look",
        choices=[("look", _("Look first: nothing is recorded")), ("record", _("Record all rows, or none"))],
    )  # fmt: skip
    confirmed = TickField(
        label=_("Doubts are looked at and right so"), required=False,
        help_text=_("The same day and amount twice, or more than the budget."),
    )  # fmt: skip

    def __init__(self, *args: Any, places: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.places = {str(one.pk): one for one in places}
        fields["organisation"].choices = [(key, one.name) for key, one in self.places.items()]


def columns_for(award: Award) -> tuple[Column, ...]:
    """What can be filled in for this award."""
    mode = award.application.call.budget_mode
    categories = [(one.value, one.label) for one in categories_of(mode)]
    fields: dict[str, forms.Field] = {
        "day": DayField(ahead=0, input_formats=DAYS),
        "category": WordField(categories, required=True),
        "source": WordField(BudgetSource.choices, required=True),
        "amount": YuanField(),
        "description": forms.CharField(max_length=200),
        "voucher": ReferenceField(max_length=40),
        "invoice_kind": WordField(InvoiceKind.choices, required=True),
        "invoice_code": CodeField(max_length=40, required=False),
        "invoice_number": CodeField(max_length=40, required=False),
        "net": YuanField(required=False),
        "seller_name": forms.CharField(max_length=120, required=False),
        "seller_code": CodeField(max_length=40, required=False),
        "explanation": forms.CharField(max_length=500, required=False),
    }
    told: dict[str, Any] = SpendingForm.base_fields
    return tuple(
        Column(name, told[name].label, field, required=field.required, hint=told[name].help_text)
        for name, field in fields.items()
    )


def write_spending_template(file: IO[bytes], award: Award) -> None:
    """A workbook with the columns and what they take."""
    columns = columns_for(award)
    said = [
        (column.heading, " ".join(filter(None, (gettext("Required.") if column.required else "", str(column.hint)))))
        for column in columns
    ]
    write_blank(file, columns, title=gettext("Expenditures"), notes=said)


def spending_rows(upload: Any, award: Award) -> tuple[list[Entry], list[tuple[int, str, str]]]:
    """What the file says, and what is wrong with single cells. Raises Unreadable."""
    rows, wrong = read_rows(upload, columns_for(award), CODES)
    return [Entry(number, Spending(**values)) for number, values in rows], wrong


def read_rows(
    upload: Any, expected: tuple[Column, ...], codes: frozenset[str]
) -> tuple[list[tuple[int, dict[str, Any]]], list[tuple[int, str, str]]]:
    """Each row in order by its number with its values, and what is wrong with cells of the others."""
    with tempfile.NamedTemporaryFile(suffix=Path(upload.name).suffix) as file:
        for block in upload.chunks():
            file.write(block)
        file.flush()
        lines = read_table(Path(file.name), csv_text=False)
        _number, headings = next(lines, (0, []))
        columns = placed(headings, expected)
        rows = list(lines)
    if not rows:
        raise Unreadable(NO_ROWS)
    if len(rows) > MOST:
        raise Unreadable(MANY, params={"limit": MOST})
    good: list[tuple[int, dict[str, Any]]] = []
    wrong: list[tuple[int, str, str]] = []
    for line in rows:
        values, errors = read_values(columns, line, as_text=codes)
        wrong += [(line[0], name, text) for name, text in errors.items()]
        good += [] if errors else [(line[0], values)]
    return good, wrong


def read_values(
    columns: dict[int, Column], line: Line, *, as_text: Collection[str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """(values, errors) of a row by column; those `as_text` may not stand there as numbers."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for place, column in columns.items():
        cell = line[1][place] if place < len(line[1]) else None
        try:
            values |= _value(column, cell, column.name in as_text)
        except ValidationError as error:
            errors[column.name] = " ".join(error.messages)
    return values, errors


def _value(column: Column, cell: Any, is_text: bool) -> dict[str, Any]:
    if is_text and isinstance(cell, int | float):
        raise ValidationError(AS_NUMBER)
    texts: dict[str, str] = {}
    read_cell(column, cell, texts)
    if column.name in texts:
        return {column.name: column.field.clean(texts[column.name])}
    if column.required:
        raise ValidationError(gettext("Required."))
    return {}

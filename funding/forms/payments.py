"""Forms of payment batches and bank statements, and how the file of a bank is read."""

import tempfile
from pathlib import Path
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import LineOutcome
from funding.forms.fields import LongText
from funding.forms.spending import YuanField
from funding.forms.spending_import import read_values
from funding.models import PaymentBatch, PaymentOrder
from funding.services.statements import KIND, Said
from members.forms.import_columns import DAYS, CodeField, Column, WordField
from members.forms.imports import NO_ROWS, placed
from portal.kernel.forms import DayField, UploadField
from portal.kernel.tables import Unreadable, read_table
from portal.kernel.workbooks import write_blank

MOST = 500
CODES = frozenset({"order_number", "reference"})
MANY = _("At most %(limit)s rows at once; please divide the file.")


class BatchForm(forms.ModelForm):  # type: ignore[type-arg]
    """The document that a batch is paid by; which tranches belong to it is ticked beside."""

    class Meta:
        model = PaymentBatch
        fields = ["document_number", "purpose"]


class BatchNoteForm(forms.Form):
    """A step on a batch with an optional note."""

    note = LongText(label=_("Note"), required=False, max_length=300, rows=3, help_text=_("Stays with the batch."))


class BatchReasonForm(forms.Form):
    """Why a batch is given up."""

    reason = LongText(label=_("Reason"), max_length=300, rows=3, help_text=_("Stays with the batch."))


class BackForm(forms.Form):
    """What came back from the treasury or the bank, and why."""

    day = DayField(label=_("Day"), ahead=0)
    reason = LongText(
        label=_("Reason"), max_length=300, rows=3, help_text=_("As the bank says it; the lead can read it.")
    )


class StatementForm(forms.Form):
    """The file of the bank."""

    upload = UploadField(
        label=_("Bank statement"), kind=KIND, help_text=_("XLSX or CSV with the columns of the template.")
    )


class LineForm(forms.Form):
    """Which order a line belongs to, or that it belongs to none."""

    order_number = forms.CharField(
        label=_("Order number"), max_length=24, required=False,
        help_text=_("Leave empty when the line is about none of our orders."),
    )  # fmt: skip
    note = LongText(label=_("What was found out"), max_length=300, rows=3)

    def clean_order_number(self) -> PaymentOrder | None:
        number = self.cleaned_data["order_number"].strip().upper()
        if not number:
            return None
        order = PaymentOrder.objects.select_related("batch", "tranche", "payment").filter(number=number).first()
        if order is None:
            raise ValidationError(gettext("No order has this number."))
        return order


# --- the file of the bank ----------------------------------------------------------------------
COLUMNS: tuple[Column, ...] = tuple(
    Column(name, label, field, required=field.required, hint=hint)
    for name, label, field, hint in (
        (
            "order_number",
            _("Order number"),
            CodeField(max_length=24, required=False),
            _("As in the file for the bank."),
        ),
        ("payee_name", _("Payee"), forms.CharField(max_length=200), ""),
        ("amount", _("Amount (yuan)"), YuanField(), ""),
        ("day", _("Day"), DayField(ahead=0, input_formats=DAYS), ""),
        ("outcome", _("What the bank did"), WordField(LineOutcome.choices, required=True), ""),
        ("reference", _("Reference of the bank"), CodeField(max_length=40), _("Or the voucher of the treasury.")),
        ("remark", _("Remark"), forms.CharField(max_length=300, required=False), ""),
    )
)


def write_statement_template(file: IO[bytes]) -> None:
    """A workbook with the columns and what they take."""
    said = [
        (column.heading, " ".join(filter(None, (gettext("Required.") if column.required else "", str(column.hint)))))
        for column in COLUMNS
    ]
    write_blank(file, COLUMNS, title=gettext("Bank statement"), notes=said)


def statement_rows(upload: Any) -> tuple[list[Said], list[tuple[int, str, str]]]:
    """What the file says, and (row, column, what is wrong) of single cells. Raises Unreadable."""
    suffix = Path(upload.name).suffix.lower()
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        for block in upload.chunks():
            file.write(block)
        file.flush()
        lines = read_table(Path(file.name), csv_text=suffix == ".csv")
        _number, headings = next(lines, (0, []))
        columns = placed(headings, COLUMNS)
        rows = list(lines)
    if not rows:
        raise Unreadable(NO_ROWS)
    if len(rows) > MOST:
        raise Unreadable(MANY, params={"limit": MOST})
    said, wrong = [], []
    for line in rows:
        values, errors = read_values(columns, line, as_text=CODES)
        wrong += [(line[0], name, text) for name, text in errors.items()]
        said += [] if errors else [Said(row=line[0], **values)]
    return said, wrong

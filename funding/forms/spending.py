"""Forms of expenditures."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.enums import BudgetSource, InvoiceKind
from funding.forms.fields import LongText, ReferenceField
from funding.models import Award, Expenditure
from funding.rules.budget import categories_of
from funding.services.spending import KIND, Spending
from members.models import Organisation
from portal.kernel.forms import DayField, NumberField, TickField, UploadField

CENT = Decimal("0.01")
NAMES = (
    "day", "category", "source", "amount", "description", "voucher", "invoice_kind", "invoice_code", "invoice_number",
    "net", "seller_code", "seller_name", "explanation",
)  # fmt: skip


class YuanField(NumberField):
    """An amount as it stands on a voucher, in yuan."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=18, decimal_places=2, min_value=CENT, **kwargs)


class SpendingForm(forms.Form):
    """What a voucher says."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    day = DayField(label=_("Day of the voucher"), ahead=0)
    category = forms.ChoiceField(label=_("Category"))
    source = forms.ChoiceField(label=_("Source of the money"), choices=BudgetSource.choices)
    amount = YuanField(label=_("Amount with tax (yuan)"))
    description = forms.CharField(label=_("What for"), max_length=200)
    voucher = ReferenceField(
        label=_("Voucher number"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("As in the books of your organisation; it counts once a year."),
    )  # fmt: skip
    invoice_kind = forms.ChoiceField(label=_("Invoice"), choices=InvoiceKind.choices, initial=InvoiceKind.DIGITAL)
    invoice_code = forms.CharField(
        label=_("Invoice code"),
        max_length=40,
        required=False,
        help_text=_("10 or 12 digits; a fully digital invoice has none."),
    )
    invoice_number = forms.CharField(
        label=_("Invoice number"),
        max_length=40,
        required=False,
        help_text=_("8 digits, or 20 of a fully digital invoice."),
    )
    net = YuanField(label=_("Amount without tax (yuan)"), required=False)
    seller_name = forms.CharField(label=_("Seller"), max_length=120, required=False)
    seller_code = forms.CharField(
        label=_("Credit code of the seller"), max_length=40, required=False, help_text=_("Empty for a natural person.")
    )
    upload = UploadField(label=_("Evidence"), kind=KIND, required=False)
    explanation = LongText(
        label=_("Why it is not on the negative list"), max_length=500, rows=3, required=False,
        help_text=_("Only where the portal asks for it."),
    )  # fmt: skip
    confirmed = TickField(label=_("I have looked at this; it is right so."), required=False)

    def __init__(self, *args: Any, award: Award, places: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mode = award.application.call.budget_mode
        fields: dict[str, Any] = self.fields
        fields["category"].choices = [(one.value, one.label) for one in categories_of(mode)]
        self.places = {str(one.pk): one for one in places}
        fields["organisation"].choices = [(key, one.name) for key, one in self.places.items()]

    @property
    def asks(self) -> bool:
        """Whether something has to be confirmed."""
        return "confirmed" in self.errors

    def facts(self) -> dict[str, Any]:
        """What the services take."""
        found = self.cleaned_data
        return {
            "spending": Spending(**{name: found[name] for name in NAMES}),
            "upload": found["upload"] or None,
            "confirmed": found["confirmed"],
        }


def typed(row: Expenditure) -> dict[str, Any]:
    """What a correction begins with."""
    return {"organisation": str(row.organisation_id), **{name: getattr(row, name) for name in NAMES}}


class RefusalForm(forms.Form):
    """Why an expenditure is not accepted."""

    reason = LongText(label=_("Reason"), max_length=300, rows=3, help_text=_("The organisation can read it."))

"""Forms of budget lines."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.enums import AppropriationKind
from funding.forms.fields import LongText
from funding.models import Appropriation, BudgetLine, Programme
from portal.kernel.forms import DayField, WanField, WholeField


class ProgrammeForm(forms.ModelForm[Programme]):
    """A fund of the city."""

    class Meta:
        model = Programme
        fields = ["code", "name", "document_number"]


class LineForm(forms.ModelForm[BudgetLine]):
    """A line of a programme."""

    class Meta:
        model = BudgetLine
        fields = ["programme", "year", "subject", "name"]
        field_classes = {"year": WholeField}
        help_texts = {"subject": _("The code of the government's classification, for example 2060404.")}


class AppropriationForm(forms.ModelForm[Appropriation]):
    """What a document gives or takes; typed in 10,000 yuan and stored in yuan."""

    amount = WanField(
        label=_("Amount (×10k yuan)"), signed=True, help_text=_("With a minus for what is taken from the line.")
    )
    decided_on = DayField(label=_("Date of the document"))
    reason = LongText(label=_("Reason"), rows=3, max_length=300, required=False, help_text=_("For an adjustment."))

    class Meta:
        model = Appropriation
        fields = ["kind", "amount", "document_number", "decided_on", "reason"]

    def __init__(self, *args: Any, begun: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["kind"] = AppropriationKind.ADJUSTMENT if begun else AppropriationKind.INITIAL


class DropForm(forms.Form):
    """Why it is taken back."""

    reason = LongText(label=_("Reason"), max_length=300, rows=3)


class LineOfCallForm(forms.Form):
    """Which line a call draws on."""

    line = forms.ModelChoiceField(label=_("Budget line"), queryset=BudgetLine.objects.none(), empty_label=None)

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["line"]
        field.queryset = BudgetLine.objects.filter(year=year).select_related("programme")

"""Forms of funds and their investments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consortia.forms.fields import in_order
from consortia.forms.work import InConsortium
from consortia.models import Fund, Investment
from portal.kernel.forms import CentField, PastDayField


class FundForm(InConsortium, forms.ModelForm[Fund]):
    """An industry fund."""

    MEMBERS = ("manager",)

    class Meta:
        model = Fund
        fields = ["name", "kind", "role", "manager", "sub_fields", "scale", "paid_in"]
        field_classes = {"scale": CentField, "paid_in": CentField}
        widgets = {"sub_fields": forms.CheckboxSelectMultiple}
        labels = {"scale": _("Scale (×10k yuan)"), "paid_in": _("Paid in (×10k yuan)")}
        help_texts = {"sub_fields": _("What the fund invests in.")}

    def clean(self) -> Any:
        cleaned = super().clean()
        in_order(self, "paid_in", "scale", _("More than the scale of the fund cannot be paid in."), at="paid_in")
        return cleaned


class InvestmentForm(forms.ModelForm[Investment]):
    """What a fund put into an enterprise."""

    class Meta:
        model = Investment
        fields = ["target", "amount", "date", "landed"]
        field_classes = {"amount": CentField, "date": PastDayField}
        labels = {"amount": _("Amount (×10k yuan)")}
        help_texts = {"landed": _("The enterprise has come to the city, or has built something here.")}

"""The form of a credit check."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import CreditCheck
from members.services.documents import KIND
from portal.kernel.forms import PastDayField, UploadField


class CreditForm(forms.ModelForm[CreditCheck]):
    """What the source says, as the official has read it."""

    upload = UploadField(label=_("Report"), kind=KIND, required=False)

    class Meta:
        model = CreditCheck
        fields = ["source", "result", "as_of", "reference", "summary"]
        field_classes = {"as_of": PastDayField}
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"summary": _("Needed unless nothing stands against it.")}

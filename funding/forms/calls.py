"""Forms of calls."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.forms.fields import LongText, MomentField
from funding.models import Call
from portal.kernel.forms import WanField, WholeField

BEIJING = _("Beijing time")


class CallForm(forms.ModelForm[Call]):
    """A draft call; amounts are typed in 10,000 yuan and stored in yuan."""

    guidelines = LongText(
        label=_("Guidelines"), rows=12, max_length=20_000, required=False,
        help_text=_("Who may apply, for what, with which papers; shown to everybody."),
    )  # fmt: skip
    opens_at = MomentField(label=_("Opens"), help_text=BEIJING)
    closes_at = MomentField(label=_("Closes"), help_text=BEIJING)
    budget = WanField(label=_("Budget (×10k yuan)"))
    cap_a = WanField(label=_("Cap of tier A (×10k yuan)"))
    cap_b = WanField(label=_("Cap of tier B (×10k yuan)"))
    cap_c = WanField(label=_("Cap of tier C (×10k yuan)"))

    class Meta:
        model = Call
        fields = [
            "title", "year", "round", "batch", "guidelines", "opens_at", "closes_at", "budget", "cap_a", "cap_b",
            "cap_c", "rules",
        ]  # fmt: skip
        field_classes = {"year": WholeField, "round": WholeField, "batch": WholeField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].widget.attrs["autocomplete"] = "off"


class PublishForm(forms.Form):
    """The number under which the call is issued."""

    document_number = forms.CharField(
        label=_("Document number"), max_length=40, help_text=_("As on the document, for example 苏科外〔2026〕1号.")
    )


class ConcludeForm(forms.Form):
    """The end of a call."""

    note = LongText(label=_("Note"), rows=3, max_length=1000, required=False)

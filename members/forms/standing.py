"""Forms of officials about organisations, qualifications and integrity records."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import IntegrityRecord, Qualification
from members.services.documents import KIND
from members.services.integrity import require_order
from members.services.qualifications import require_fitting
from portal.kernel.forms import DayField, FoundingDayField, PastDayField, UploadField, WholeField


def _say(form: forms.BaseForm, check: Callable[[], None]) -> None:
    """A refusal stands at its field."""
    try:
        check()
    except forms.ValidationError as error:
        form.add_error(None, error)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class RemarkForm(forms.Form):
    """A remark that nobody has to make."""

    note = forms.CharField(label=_("Remark"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class VerifyForm(forms.Form):
    """Where it was looked up."""

    source = forms.CharField(
        label=_("Looked up in"), max_length=200,
        help_text=_("For example the national register of enterprises, or the foreign register and the day."),
    )  # fmt: skip


class AffiliateForm(forms.Form):
    """Whose subsidiary it is."""

    parent_code = forms.CharField(
        label=_("Credit code of the parent"), max_length=18, required=False,
        help_text=_("Leave it empty when there is no parent any more."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    source = forms.CharField(label=_("Looked up in"), max_length=200)


class QualificationForm(forms.ModelForm[Qualification]):
    """One certificate, or one place in a ranking."""

    upload = UploadField(label=_("Document"), kind=KIND, required=False)

    class Meta:
        model = Qualification
        fields = ["kind", "label", "level", "certificate", "valid_from", "valid_to", "list_year", "rank"]
        field_classes = {
            "valid_from": FoundingDayField, "valid_to": DayField, "list_year": WholeField, "rank": WholeField,
        }  # fmt: skip
        help_texts = {
            "label": _("Needed only when it is not in the list."),
            "valid_to": _("Empty when it does not end."),
            "list_year": _("Only for rankings."),
            "rank": _("Only for rankings: 1 to 500."),
        }

    def clean(self) -> dict[str, Any]:
        """What the service would refuse is said at once, next to its field."""
        data = super().clean() or {}
        if {"kind", "label", "list_year", "rank"} <= data.keys():
            _say(self, lambda: require_fitting(facts=data))
        return data


class IntegrityForm(forms.ModelForm[IntegrityRecord]):
    """A breach, who found it, and what follows."""

    upload = UploadField(label=_("Document"), kind=KIND, required=False)

    class Meta:
        model = IntegrityRecord
        fields = ["level", "behaviour", "source", "measure", "effective_from", "effective_to"]
        field_classes = {"effective_from": DayField, "effective_to": DayField}
        help_texts = {
            "source": _("Who found it, and the number of the document."),
            "effective_to": _(
                "Empty: a minor one ends after one year, a serious one after three, a grave one after five."
            ),
        }

    def clean(self) -> dict[str, Any]:
        """What the service would refuse is said at once, next to its field."""
        data = super().clean() or {}
        begins, ends = data.get("effective_from"), data.get("effective_to")
        if begins and ends:
            _say(self, lambda: require_order(begins=begins, ends=ends))
        return data


class AppealForm(forms.Form):
    """What the organisation says against a record, and what became of it."""

    appealed_on = PastDayField(label=_("Appealed on"))
    appeal = forms.CharField(
        label=_("Appeal and its outcome"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )

"""Forms of grading, decision and approval, and the filter of the ranking."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.forms.fields import LongText
from funding.models import Application, Call
from funding.selectors.decisions import RANKED
from portal.kernel.forms import WanField

NO_SUPPORT = ("", _("No support"))


class GradeForm(forms.Form):
    """The officer's proposal; prefilled by the rules."""

    tier = forms.ChoiceField(
        label=_("Proposed tier"), choices=[*Tier.choices, NO_SUPPORT], widget=forms.RadioSelect, required=False
    )
    amount = WanField(label=_("Proposed amount (10,000 yuan)"))
    rationale = LongText(
        label=_("Rationale"), max_length=2000, rows=4, required=False,
        help_text=_("Needed when tier or amount depart from what the rules propose."),
    )  # fmt: skip


class DecideForm(forms.Form):
    """The decision of the meeting."""

    tier = forms.ChoiceField(label=_("Decided tier"), choices=Tier.choices, widget=forms.RadioSelect)
    amount = WanField(label=_("Decided amount (10,000 yuan)"))
    meeting = forms.CharField(
        label=_("Meeting or document"), max_length=120, help_text=_("Which meeting decided, by which minutes.")
    )
    note = LongText(
        label=_("Reasons"), max_length=2000, rows=3, required=False,
        help_text=_("Needed when tier or amount depart from the grading."),
    )  # fmt: skip


class DeclineForm(forms.Form):
    """The decision not to support."""

    meeting = forms.CharField(
        label=_("Meeting or document"), max_length=120, help_text=_("Which meeting decided, by which minutes.")
    )
    note = LongText(label=_("Reasons"), max_length=2000, rows=4)


class ReasonForm(forms.Form):
    """A step that must be explained."""

    note = LongText(label=_("Reason"), max_length=1000, rows=4)


class NoteForm(forms.Form):
    """A step with an optional note."""

    note = LongText(label=_("Remark"), max_length=1000, rows=3, required=False)


class ApproveForm(forms.Form):
    """The approval, by its document."""

    document_number = forms.CharField(label=_("Number of the approval document"), max_length=40)
    note = LongText(label=_("Remark"), max_length=1000, rows=2, required=False)


class CallFilter(forms.Form):
    """Which ranking."""

    call = forms.ModelChoiceField(label=_("Call"), queryset=Call.objects.none(), required=False, empty_label=None)

    def __init__(self, *args: Any, calls: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        call: Any = self.fields["call"]
        call.queryset = calls


class BoardFilter(CallFilter):
    """Which part of it."""

    tier = forms.ChoiceField(label=_("Tier"), choices=[("", _("All")), *Tier.choices], required=False)
    status = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(Application._meta.get_field("status").choices or ())  # noqa: SLF001
        status: Any = self.fields["status"]
        status.choices = [("", _("All")), *((code, words[code]) for code in RANKED)]

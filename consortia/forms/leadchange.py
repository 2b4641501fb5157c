"""Forms around a change of the lead."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consortia.enums import LeadChangeGround
from consortia.forms.fields import area
from consortia.models import Consortium
from consortia.selectors.leadchanges import may_lead
from consortia.services.leadchanges import BY_LEAD
from members.models import Organisation


class ProposeForm(forms.Form):
    """Who is to lead and why; only members that could be named, and grounds that fit who asks, are offered."""

    new_lead = forms.ModelChoiceField(Organisation.objects.none(), label=_("New lead"))
    ground = forms.ChoiceField(label=_("Ground"))
    note = forms.CharField(label=_("Reason"), max_length=2000, widget=area(5))

    def __init__(self, *args: Any, consortium: Consortium, by_lead: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_lead"].queryset = may_lead(consortium)  # type: ignore[attr-defined]
        fitting = [one for one in LeadChangeGround if (one in BY_LEAD) == by_lead]
        self.fields["ground"].choices = [(one.value, one.label) for one in fitting]  # type: ignore[attr-defined]


class SeenForm(forms.Form):
    """The yes to exactly what was read."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class AnswerForm(forms.Form):
    """What the lead so far says."""

    answer = forms.CharField(label=_("Answer"), max_length=4000, widget=area(8))

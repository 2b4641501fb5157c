"""Forms of visits, follow-ups and issues."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consortia.enums import JOINED
from consortia.forms.demand import offer
from consortia.forms.fields import area
from consortia.models import Consortium, FollowUp, Issue, LiaisonVisit, Participation
from consortia.selectors.demands import joined_places
from consortia.selectors.liaison import liaison_officers
from members.models import Organisation, User
from portal.kernel.forms import DayField, PastDayField


class AssignForm(forms.Form):
    """Who accompanies the consortium."""

    officer = forms.ModelChoiceField(
        label=_("Liaison officer"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = liaison_officers()  # type: ignore[attr-defined]


class VisitForm(forms.ModelForm[LiaisonVisit]):
    """A visit or another service."""

    class Meta:
        model = LiaisonVisit
        fields = ["kind", "date", "participants", "findings"]
        field_classes = {"date": PastDayField}
        widgets = {"findings": area(6)}
        help_texts = {
            "participants": _("Functions and organisations rather than names."),
            "findings": _("Read by officials and the lead organisation, not by the other members."),
        }


class FollowUpForm(forms.ModelForm[FollowUp]):
    """What has to be done."""

    class Meta:
        model = FollowUp
        fields = ["text", "due"]
        field_classes = {"due": DayField}


class DoneForm(forms.Form):
    """How a follow-up was done."""

    done_note = forms.CharField(label=_("What was done"), max_length=500, widget=area(3))


class IssueForm(forms.ModelForm[Issue]):
    """An issue raised in confidence."""

    class Meta:
        model = Issue
        fields = ["raised_by", "subject", "statement", "parties"]
        widgets = {"statement": area(6), "parties": forms.CheckboxSelectMultiple}
        help_texts = {"parties": _("They read the issue as well. Tick nobody to speak to the liaison officer alone.")}

    def __init__(self, *args: Any, consortium: Consortium, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "raised_by", joined_places(user, consortium))
        joined = Participation.objects.filter(consortium=consortium, status__in=JOINED).values("organisation")
        self.fields["parties"].queryset = Organisation.objects.filter(pk__in=joined)  # type: ignore[attr-defined]


class IssueNoteForm(forms.Form):
    """A sentence about an issue."""

    text = forms.CharField(label=_("Note"), max_length=2000, widget=area(4))

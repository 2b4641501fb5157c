"""Forms for names that are to be kept from a review."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.forms.fields import LongText
from funding.models.avoidance import AvoidanceKind


class AvoidanceForm(forms.Form):
    """Who, and why."""

    kind = forms.ChoiceField(label=_("What is named"), choices=AvoidanceKind.choices, initial=AvoidanceKind.PERSON)
    name = forms.CharField(
        label=_("Full name"), max_length=120,
        help_text=_("As it is written officially; one name, without title or place of work."),
    )  # fmt: skip
    reason = LongText(
        label=_("Reason"), max_length=500, rows=3,
        help_text=_("Facts from which a bias is to be feared: a lawsuit, direct competition, an open dispute."),
    )  # fmt: skip


class JudgeAvoidanceForm(forms.Form):
    """What becomes of a name."""

    accepted = forms.ChoiceField(
        label=pgettext_lazy("avoidance", "Decision"),
        choices=[
            ("yes", pgettext_lazy("avoidance", "Accept: is kept from this review")),
            ("no", pgettext_lazy("avoidance", "Refuse: may review it")),
        ],
        widget=forms.RadioSelect,
    )
    judgement = LongText(label=_("Reason"), max_length=500, rows=3)

    def clean_accepted(self) -> Any:
        return self.cleaned_data["accepted"] == "yes"

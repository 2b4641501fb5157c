"""Forms of naming and releasing experts."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from funding.forms.fields import LongText
from members.models import Expert


class ExpertsForm(forms.Form):
    """Who reviews, by name and with a reason."""

    experts = forms.ModelMultipleChoiceField(label=_("Experts"), queryset=Expert.objects.none())
    note = LongText(label=_("Reason"), max_length=500, rows=3, help_text=_("Why these experts."))

    def __init__(self, *args: Any, eligible: Collection[Any], least: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least = least
        experts: Any = self.fields["experts"]
        experts.queryset = Expert.objects.filter(pk__in=eligible).select_related("user")

    def clean_experts(self) -> Any:
        """At least as many as are needed."""
        experts = self.cleaned_data["experts"]
        if len(experts) < self.least:
            text = ngettext_lazy(
                "At least %(needed)s expert is needed.", "At least %(needed)s experts are needed.", self.least
            )
            raise forms.ValidationError(str(text % {"needed": self.least}))
        return experts


class ReleaseForm(forms.Form):
    """Why an expert is taken off the panel."""

    note = LongText(label=_("Reason"), max_length=500, rows=3)

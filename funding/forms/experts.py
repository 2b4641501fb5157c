"""Forms of assigning and releasing experts."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from funding.forms.fields import LongText
from members.models import Expert
from portal.kernel.forms import WholeField

MOST = 15
DRAW, CHOICE = "draw", "choice"


class ExpertsForm(forms.Form):
    """Who reviews: chosen by name, or `count` drawn at random; the pressed button says which."""

    method = forms.CharField(required=False, widget=forms.HiddenInput)
    count = WholeField(label=_("How many experts"), min_value=1, max_value=MOST, required=False)
    experts = forms.ModelMultipleChoiceField(label=_("Experts"), queryset=Expert.objects.none(), required=False)
    note = forms.CharField(label=_("Remark"), max_length=500, required=False)

    def __init__(self, *args: Any, eligible: Collection[Any], least: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least = least
        experts: Any = self.fields["experts"]
        experts.queryset = Expert.objects.filter(pk__in=eligible).select_related("user")
        self.fields["count"].initial = least

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("method") == DRAW:
            self._clean_draw(cleaned.get("count"))
        elif cleaned.get("method") == CHOICE:
            self._clean_choice(cleaned.get("experts") or ())
        else:
            self.add_error(None, _("Draw the experts, or choose them by name."))
        return cleaned

    def _clean_draw(self, count: int | None) -> None:
        if count is None and "count" not in self.errors:
            self.add_error("count", _("Please say how many."))
        elif count is not None and count < self.least:
            self.add_error("count", self._too_few())

    def _clean_choice(self, experts: Collection[Expert]) -> None:
        if len(experts) < self.least and "experts" not in self.errors:
            self.add_error("experts", self._too_few())

    def _too_few(self) -> str:
        text = ngettext_lazy(
            "At least %(needed)s expert is needed.", "At least %(needed)s experts are needed.", self.least
        )
        return str(text % {"needed": self.least})


class ReleaseForm(forms.Form):
    """Why an expert is taken off the panel."""

    note = LongText(label=_("Reason"), max_length=500, rows=3)

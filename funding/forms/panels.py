"""Forms of a panel that talks."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.forms.fields import LongText
from funding.rules.scoring import Indicator


class DiscussForm(forms.Form):
    """What an expert says about a criterion."""

    indicator = forms.ChoiceField(label=_("Criterion"))
    text = LongText(label=_("Your contribution"), max_length=1000, rows=3)

    def __init__(self, *args: Any, rubric: Collection[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["indicator"]
        choice.choices = [(one.code, f"{one.code} {one.name}") for one in rubric]


class ConsolidateForm(forms.Form):
    """The lead reviewer's summary; complete only to finish it."""

    opinion = LongText(
        label=_("Consolidated opinion"), max_length=3000, rows=8, required=False,
        help_text=_("What the panel says together: strengths, weaknesses, advice. No names, no single scores."),
    )  # fmt: skip
    explanation = LongText(
        label=_("Explanation of the spread"), max_length=2000, rows=4, required=False,
        help_text=_("Needed where the experts differ widely; only officials and the panel read it."),
    )  # fmt: skip


class NameLeadForm(forms.Form):
    """Why another one than the rules propose."""

    note = LongText(label=_("Reason"), max_length=500, rows=3, help_text=_("It stands in the record."))

"""Forms about several consortia at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consortia.enums import Audience
from consortia.forms.liaison import AssignForm


class BulkAssignForm(AssignForm):
    """Who accompanies all of them; nobody is chosen in so many words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].required = True
        self.fields["officer"].empty_label = "—"  # type: ignore[attr-defined]


class CircularForm(forms.Form):
    """A text and whom it is for."""

    audience = forms.MultipleChoiceField(
        label=_("To whom"), choices=Audience.choices, widget=forms.CheckboxSelectMultiple, initial=[Audience.LEADS]
    )
    subject = forms.CharField(label=_("Subject"), max_length=80)
    text = forms.CharField(label=_("Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))

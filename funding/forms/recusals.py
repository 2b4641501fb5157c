"""Forms of those who keep away from a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.forms.fields import LongText
from members.models import User


class StepAsideForm(forms.Form):
    """Why one keeps away."""

    ground = LongText(label=_("What binds you to this case"), max_length=500, rows=3)


class RecuseOfficialForm(forms.Form):
    """Who keeps away, and why."""

    person = forms.ModelChoiceField(label=_("Official"), queryset=User.objects.none())
    ground = LongText(label=_("Reason"), max_length=500, rows=3)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["person"]
        chosen.queryset = people

"""Forms of approval limits."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.forms.fields import LongText
from members.models import User
from portal.kernel.forms import NumberField


class LimitForm(forms.Form):
    """A new limit of a leader."""

    person = forms.ChoiceField(label=_("Leader"))
    amount = NumberField(
        label=_("Limit (yuan)"), max_digits=18, decimal_places=2, min_value=Decimal(0), required=False,
        help_text=_("For one tranche and for one payment batch. Empty: any sum."),
    )  # fmt: skip
    reason = LongText(label=_("Reason"), max_length=300, rows=3)

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.people = {str(one.pk): one for one in people}
        fields["person"].choices = [(key, one.name) for key, one in self.people.items()]

    def clean_person(self) -> User:
        return self.people[self.cleaned_data["person"]]


class LimitNoteForm(forms.Form):
    """A step on a limit with an optional note."""

    note = LongText(label=_("Note"), required=False, max_length=300, rows=3)


class LimitReasonForm(forms.Form):
    """Why a limit is declined."""

    note = LongText(label=_("Reason"), max_length=300, rows=3)

"""Forms around the departure of a member."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consortia.forms.work import member_organisations
from consortia.models import Departure, DepartureItem
from consortia.services.departures import Choice

NOBODY, FREED = "", "freed"


class AllocateForm(forms.Form):
    """The taker of each row; only what was changed is sent on, so two people do not undo each other's choices."""

    def __init__(self, *args: Any, departure: Departure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member = departure.participation
        found = member_organisations(departure.consortium).exclude(pk=member.organisation_id)
        self.takers = {str(place.pk): place for place in found}
        self.rows = {f"row-{row.pk}": row for row in departure.items.all()}
        for name, row in self.rows.items():
            self.fields[name] = self._field(row)

    def _field(self, row: DepartureItem) -> forms.ChoiceField:
        members = [(key, place.name) for key, place in self.takers.items()]
        freed = [(FREED, pgettext_lazy("departure", "Given up"))] if row.may_be_freed else []
        return forms.ChoiceField(
            label=row.label or row.get_kind_display(),
            choices=[(NOBODY, _("Not decided")), *members, *freed],
            initial=FREED if row.freed else str(row.taker_id or NOBODY),
            required=False,
            show_hidden_initial=True,
        )

    def choices(self) -> dict[UUID, Choice]:
        """What was changed, by the key of the row."""
        return {self.rows[name].pk: self._choice(self.cleaned_data[name]) for name in self.changed_data}

    def _choice(self, value: str) -> Choice:
        return Choice(taker=self.takers.get(value), freed=value == FREED)


def read_row(token: str) -> tuple[UUID, str]:
    """The key of a row, and the fingerprint of what was read."""
    key, _colon, fingerprint = token.partition(":")
    return UUID(key), fingerprint


class ReadRowsField(forms.TypedMultipleChoiceField):
    """Rows as `key:sha256`; whether they are still asked about and read so is for the service: pages grow old."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, _value: Any) -> bool:
        return True


class ConsentForm(forms.Form):
    """The taker's yes to exactly what it has read: one row, and others that it is asked about."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    also = ReadRowsField(label=_("Agree to these as well"), coerce=read_row, required=False)

    def __init__(self, *args: Any, others: Iterable[DepartureItem], every: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["also"]
        field.choices = [(f"{row.pk}:{row.sha256}", str(row)) for row in others]
        if every:
            field.initial = [token for token, _name in field.choices]
        if not field.choices:
            field.widget = forms.MultipleHiddenInput()

"""Forms of the minutes of a decision meeting."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.enums import MeetingChoice
from funding.forms.fields import MomentField
from funding.services.meetings import Attendance
from members.models import User
from portal.kernel.forms import TickField

NOBODY = User.objects.none()


class AttendanceForm(forms.Form):
    """When and where it was, who was invited and who came."""

    held_at = MomentField(label=_("Begins"))
    place = forms.CharField(label=_("Place of the meeting"), max_length=200)
    chair = forms.ModelChoiceField(label=_("Chair"), queryset=NOBODY)
    invited = forms.ModelMultipleChoiceField(label=_("Invited to the meeting"), queryset=NOBODY, required=False)
    present = forms.ModelMultipleChoiceField(
        label=_("Came"), queryset=NOBODY, error_messages={"required": _("Tick who came.")}
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("chair", "invited", "present"):
            field: Any = self.fields[name]
            field.queryset = people

    @property
    def attendance(self) -> Attendance:
        """What was written down; who came was invited."""
        facts = self.cleaned_data
        present = list(facts["present"])
        invited = list({*facts["invited"], *present})
        return Attendance(facts["held_at"], facts["place"], facts["chair"], invited, present)


class BallotForm(forms.Form):
    """How each of those who may vote voted; who is left out took no part."""

    def __init__(self, *args: Any, people: Iterable[User], barred: Collection[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {f"vote_{one.pk}": one for one in people if one.pk not in barred}
        for name, person in self.people.items():
            self.fields[name] = forms.ChoiceField(
                label=person.name, choices=MeetingChoice.choices, widget=forms.RadioSelect, required=False
            )

    @property
    def choices(self) -> dict[User, str]:
        """Who voted how."""
        given = {person: self.cleaned_data[name] for name, person in self.people.items()}
        return {person: choice for person, choice in given.items() if choice}


class CloseMeetingForm(forms.Form):
    """The minutes are closed as they were on the page."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    read = TickField(label=_("I have read these minutes; attendance and votes are as the meeting was."))

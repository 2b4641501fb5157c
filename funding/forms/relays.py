"""Forms of money passed on to members."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.forms.fields import LongText, ReferenceField
from funding.forms.spending import YuanField
from funding.services.relays import KIND
from members.models import Organisation
from portal.kernel.forms import DayField, UploadField


class RelayForm(forms.Form):
    """A transfer from the lead to a member."""

    organisation = forms.ChoiceField(label=_("Member"))
    amount = YuanField(label=_("Amount (yuan)"))
    passed_on = DayField(label=_("Passed on"), ahead=0)
    slip = ReferenceField(
        label=_("Number of the bank slip"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    upload = UploadField(label=_("Bank slip"), kind=KIND)

    def __init__(self, *args: Any, members: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.members = {str(one.pk): one for one in members}
        fields["organisation"].choices = [(key, one.name) for key, one in self.members.items()]

    def clean_organisation(self) -> Organisation:
        return self.members[self.cleaned_data["organisation"]]


class ReceivedForm(forms.Form):
    """The money is there."""

    received_on = DayField(label=_("Received on"), ahead=0)


class DenialForm(forms.Form):
    """Why a report is wrong."""

    reason = LongText(label=_("Reason"), max_length=300, rows=3, help_text=_("Lead, member and bureau can read it."))

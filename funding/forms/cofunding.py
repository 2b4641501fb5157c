"""Forms of money from the district."""

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.forms.fields import LongText, ReferenceField
from funding.forms.spending import YuanField
from funding.services.cofundings import KIND
from portal.kernel.forms import DayField, UploadField


class CofundingForm(forms.Form):
    """A payment of the district to the lead."""

    amount = YuanField(label=_("Amount (yuan)"))
    arrived_on = DayField(label=_("Arrived on"), ahead=0)
    slip = ReferenceField(
        label=_("Number of the bank slip"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    upload = UploadField(label=_("Bank slip"), kind=KIND)


class CofundingReasonForm(forms.Form):
    """Why a record does not hold."""

    reason = LongText(label=_("Reason"), max_length=300, rows=3, help_text=_("Lead, district and bureau can read it."))


class CofundingNoteForm(forms.Form):
    """A word with the confirmation."""

    note = LongText(label=_("Note"), max_length=300, rows=3, required=False)

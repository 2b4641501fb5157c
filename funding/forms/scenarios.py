"""Forms of scenarios: put forward for a meeting, approved by who has read the list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import TickField


class PutForwardForm(forms.Form):
    """Which meeting is to decide."""

    meeting = forms.CharField(
        label=_("Meeting or document"), max_length=120, help_text=_("Which meeting decides, by which minutes.")
    )


class ApproveListForm(forms.Form):
    """The approval is bound to the list that was on the page."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    read = TickField(label=_("I have read this list with its deviations and reasons, and approve it as it stands."))

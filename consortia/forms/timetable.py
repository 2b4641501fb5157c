"""Forms of the timetable of a sub-field."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consortia.models import FieldMilestone
from portal.kernel.forms import DayField, PastDayField


class FieldMilestoneForm(forms.ModelForm[FieldMilestone]):
    """One step of the timetable."""

    class Meta:
        model = FieldMilestone
        fields = ["name", "due", "responsible"]
        field_classes = {"due": DayField}


class FieldReachForm(forms.Form):
    """The day on which it was reached."""

    reached_on = PastDayField(label=_("Reached on"))

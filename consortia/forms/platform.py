"""The form of a joint platform."""

from django import forms

from consortia.forms.work import InConsortium
from consortia.models import Platform
from portal.kernel.forms import PastDayField, WholeField


class PlatformForm(InConsortium, forms.ModelForm[Platform]):
    """A joint platform."""

    MEMBERS = ("builder",)

    class Meta:
        model = Platform
        fields = ["kind", "name", "builder", "area", "opened_on"]
        field_classes = {"area": WholeField, "opened_on": PastDayField}

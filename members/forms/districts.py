"""The form of a district."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import District


class DistrictForm(forms.ModelForm[District]):
    """The industries that a district stands for."""

    class Meta:
        model = District
        fields = ["focus"]
        widgets = {"focus": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"focus": _("Shown on the landscape. Separate them by commas.")}

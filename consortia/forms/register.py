"""The form in front of the export of a register."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.notification import ExportFormat

FORMATS = [(one, one.label) for one in (ExportFormat.XLSX, ExportFormat.CSV)]


class RegisterExportForm(forms.Form):
    """Which format, and what for."""

    format = forms.ChoiceField(label=_("Format"), choices=FORMATS, initial=ExportFormat.XLSX, widget=forms.RadioSelect)
    purpose = forms.CharField(
        label=_("Purpose"), required=False, max_length=200, help_text=_("Stands in the log of exports.")
    )

"""The form in front of an export."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import DayField
from portal.kernel.models.notification import ExportFormat

FORMATS = [
    (ExportFormat.XLSX, ExportFormat.XLSX.label),
    (ExportFormat.CSV, ExportFormat.CSV.label),
    (ExportFormat.JSON, ExportFormat.JSON.label),
]


class ExportForm(forms.Form):
    """Which year, which format, what for."""

    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    format = forms.ChoiceField(label=_("Format"), choices=FORMATS, initial=ExportFormat.XLSX, widget=forms.RadioSelect)
    purpose = forms.CharField(
        label=_("Purpose"), required=False, max_length=200, help_text=_("Stands in the log of exports.")
    )

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("All years")), *((year, str(year)) for year in years)]  # type: ignore[attr-defined]


class AuditExportForm(forms.Form):
    """Which format, and what for: the file holds personal data."""

    format = forms.ChoiceField(
        label=_("Format"), choices=FORMATS[:2], initial=ExportFormat.XLSX, widget=forms.RadioSelect
    )
    purpose = forms.CharField(label=_("Purpose"), max_length=200, help_text=_("Stands in the log of exports."))


class DayForm(forms.Form):
    """A day, chosen in the browser's calendar."""

    on = DayField(label=_("Day"), required=False)

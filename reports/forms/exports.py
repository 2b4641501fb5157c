"""The form in front of an export."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import DayField, WholeField
from portal.kernel.models.notification import ExportFormat
from portal.kernel.views_exports import ListExportForm
from reports.enums import Rhythm
from reports.models.schedule import MOST_DAYS

FORMATS = [
    (ExportFormat.XLSX, ExportFormat.XLSX.label),
    (ExportFormat.CSV, ExportFormat.CSV.label),
    (ExportFormat.JSON, ExportFormat.JSON.label),
]


class AuditExportForm(forms.Form):
    """Which format, and what for: the file holds personal data."""

    format = forms.ChoiceField(
        label=_("Format"), choices=FORMATS[:2], initial=ExportFormat.XLSX, widget=forms.RadioSelect
    )
    purpose = forms.CharField(label=_("Purpose"), max_length=200, help_text=_("Stands in the log of exports."))


class DayForm(forms.Form):
    """A day, chosen in the browser's calendar."""

    on = DayField(label=_("Day"), required=False)


class ScheduleForm(ListExportForm):
    """Which format, what for, and when."""

    rhythm = forms.ChoiceField(
        label=_("How often"), choices=Rhythm.choices, initial=Rhythm.MONTHLY, widget=forms.RadioSelect
    )
    working_day = WholeField(
        label=_("Working day"), min_value=1, max_value=MOST_DAYS, initial=1,
        help_text=_("Counted from the beginning of the week, month or quarter; public holidays do not count."),
    )  # fmt: skip

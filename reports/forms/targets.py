"""Setting and correcting a target of the city."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.forms.fields import LongText
from portal.kernel.forms import NumberField, WholeField
from reports.enums import IN_YUAN, TargetMetric
from reports.forms.grading import FIRST_YEAR

WAN = Decimal(10_000)
YEARS_AHEAD = 10


class CorrectTargetForm(forms.Form):
    """Another value, where it stands, and why; `metric` says how the value is read."""

    value = NumberField(
        label=pgettext_lazy("of the city", "Target"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2,
        help_text=_("A whole number; funds and contracts in 10,000 yuan."),
    )  # fmt: skip
    document = forms.CharField(
        label=_("Source document"), max_length=200, help_text=_("Title or number of the document that sets it.")
    )
    reason = LongText(label=_("Reason"), max_length=500, rows=3)

    def __init__(self, *args: Any, metric: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = metric

    def clean(self) -> dict[str, Any]:
        """Sums become yuan, counts are whole."""
        data = super().clean() or {}
        value, metric = data.get("value"), self.of or data.get("metric")
        if value is not None and metric in IN_YUAN:
            data["value"] = value * WAN
        elif value is not None and metric and value != int(value):
            self.add_error("value", ValidationError(_("This is counted: give a whole number.")))
        return data


class SetTargetForm(CorrectTargetForm):
    """A figure and a year that have no target yet."""

    metric = forms.ChoiceField(label=_("Target figure"), choices=TargetMetric.choices)
    year = WholeField(label=_("Year"), min_value=FIRST_YEAR)
    reason = None  # type: ignore[assignment]

    field_order = ("metric", "year", "value", "document")

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.this_year = this_year

    def clean_year(self) -> int:
        """Not far ahead."""
        year: int = self.cleaned_data["year"]
        if year > self.this_year + YEARS_AHEAD:
            raise ValidationError(_("At most ten years ahead."))
        return year

"""The self-report: its figures, its evidence, and what the district says to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import NumberField, TickField, UploadField, WholeField
from reports.selectors.selfreport import UNCHECKED, DimensionRows, MetricRow

WHOLE = {"items", "people", "enterprises", "members"}
PARTS = ("value", "target", "note")
LEAST_TARGET = 1


@dataclass(frozen=True)
class Line:
    """A metric with its fields; some have no field for value or target."""

    row: MetricRow
    value: BoundField | None
    target: BoundField | None
    note: BoundField


class FigureField(NumberField):
    """A figure not below `least` (None: any); whole for what is counted, at most 100 for a share."""

    def __init__(self, unit: str, label: str, least: int | None = 0) -> None:
        super().__init__(
            required=False,
            min_value=least,
            max_value=100 if unit == "%" else None,
            max_digits=14,
            decimal_places=0 if unit in WHOLE else 2,
            label=label,
        )


class SelfReportForm(forms.Form):
    """Every metric of the year's rules; whatever is missing may be filled in later."""

    summary = forms.CharField(
        label=_("Summary of the year"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Progress of the tasks, main results and their use; at most 5,000 characters."),
    )
    problems = forms.CharField(
        label=_("Problems and plans"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Delays and their reasons, what will be done next year."),
    )
    version = WholeField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, rows: tuple[DimensionRows, ...], units: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for metric in (metric for dimension in rows for metric in dimension.metrics):
            self._add(metric, units[metric.code])

    def _add(self, metric: MetricRow, unit: str) -> None:
        names = {"value": _("%(name)s: actual value"), "target": _("%(name)s: target"), "note": _("%(name)s: note")}
        labels = {part: str(text) % {"name": metric.name} for part, text in names.items()}
        if not metric.automatic:
            least = None if metric.signed else 0
            self.fields[f"{metric.code}_value"] = FigureField(unit, labels["value"], least)
        if metric.takes_target:
            self.fields[f"{metric.code}_target"] = FigureField(unit, labels["target"], LEAST_TARGET)
        self.fields[f"{metric.code}_note"] = forms.CharField(required=False, max_length=300, label=labels["note"])

    def lines(self) -> Iterator[tuple[DimensionRows, list[Line]]]:
        """The fields as the page lays them out."""
        for dimension in self.rows:
            if dimension.metrics:
                yield dimension, [self._line(metric) for metric in dimension.metrics]

    def _line(self, metric: MetricRow) -> Line:
        value = None if metric.automatic else self[f"{metric.code}_value"]
        target = self[f"{metric.code}_target"] if metric.takes_target else None
        return Line(metric, value, target, self[f"{metric.code}_note"])

    def values(self) -> dict[str, dict[str, str]]:
        """What was typed, in the shape that the model keeps."""
        codes = [metric.code for dimension in self.rows for metric in dimension.metrics]
        return {code: {part: _text(self.cleaned_data.get(f"{code}_{part}")) for part in PARTS} for code in codes}


def initial_values(values: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What is kept, as the initial data of the form."""
    return {f"{code}_{part}": text for code, entry in values.items() for part, text in entry.items() if text}


def _text(value: Decimal | str | None) -> str:
    """One spelling of what was typed; empty when nothing was."""
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return value or ""


class EvidenceForm(forms.Form):
    """A file that proves figures."""

    file = UploadField(kind="evidence", label=_("File"))
    metric = forms.MultipleChoiceField(
        label=_("Figures that it proves"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("A file that proves no single figure belongs to the whole self-report and earns no points."),
    )  # fmt: skip
    label = forms.CharField(label=_("What it is"), max_length=120)

    def __init__(self, *args: Any, metrics: list[MetricRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        metric: Any = self.fields["metric"]
        metric.choices = [(row.code, row.name) for row in metrics if not row.automatic]


class OpinionForm(forms.Form):
    """The district's verification."""

    opinion = forms.CharField(
        label=_("Opinion of the verification"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was compared with which evidence, and the finding."),
    )
    checked = forms.MultipleChoiceField(
        label=_("Checked on the spot"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Drawn by lot when the self-report was filed; what changed much has more tickets."),
    )  # fmt: skip

    def __init__(self, *args: Any, drawn: Sequence[MetricRow] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["checked"]
        field.choices = [(row.code, f"{row.name}: {row.shown['value']} {row.unit}") for row in drawn]
        if not drawn:
            del self.fields["checked"]

    def clean_checked(self) -> list[str]:
        """All of them; the step itself asks once more."""
        ticked: list[str] = self.cleaned_data["checked"]
        field: Any = self.fields["checked"]
        if len(ticked) < len(field.choices):
            raise ValidationError(UNCHECKED)
        return ticked


class ReasonForm(forms.Form):
    """A step that must be explained."""

    note = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class NoteForm(forms.Form):
    """A step with an optional note."""

    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class TrueForm(forms.Form):
    """The lead files."""

    truthful = TickField(label=_("The figures are true, complete and proven; my organisation answers for them."))

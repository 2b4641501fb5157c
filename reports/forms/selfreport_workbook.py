"""The self-report offline: written with what stands there, and judged cell by cell when it comes back."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kernel import files
from portal.kernel.forms import UploadField
from portal.kernel.roundtrip import NOT_OURS, Entry, Field, Filled, FilledRow, Table, plain, read_tables, write_tables
from portal.kernel.tables import Odd, Unreadable
from reports.forms.selfreports import PARTS, SelfReportForm, initial_values
from reports.models import Evaluation
from reports.selectors.selfreport import DimensionRows, MetricRow, metrics_of

KIND = "reports.self_report_workbook"
MB = 1024 * 1024
FORM, FIGURES, TEXTS = "self-report", "figures", "texts"
WORDS = ("summary", "problems")
SIGNS = 6_000  # of a cell: the longest text of the form has 5,000
HEADINGS = {
    "name": _("Indicator"), "unit": _("Unit"), "source": _("Data source"), "before": _("Last year"),
    "value": _("Actual value"), "target": _("Target"), "yardstick": _("Yardstick"), "note": _("Note"),
    "text": _("Text"),
}  # fmt: skip
OF_ANOTHER = _("This workbook belongs to the self-report of another consortium.")
OTHER_YEAR = _("This workbook belongs to the self-report of another year.")
OTHER_RULES = _("The rules of the year are no longer those of this workbook. Download it again.")
OLDER = _(
    "The self-report was saved after this workbook was downloaded. Download it again, so that nothing newer is lost."
)
NOTHING = _("Nothing in this workbook differs from what stands here.")
NOT_HERE = _("This row does not belong to the self-report.")
TWICE = _("This row stands there twice.")
GONE = _("The row of %(name)s is missing.")
LOCKED = _("This cell is filled by the portal and cannot be changed here.")

files.LIMITS[KIND] = files.Limit(MB, (".xlsx",))


class WorkbookForm(forms.Form):
    """The filled workbook."""

    upload = UploadField(label=_("Filled workbook"), kind=KIND)


# --- out ---------------------------------------------------------------------------------------
def write_self_report(file: IO[bytes], evaluation: Evaluation, rows: tuple[DimensionRows, ...], at: datetime) -> None:
    """Every figure and text as it stands; what flows in from the registers is locked."""
    title = f"{evaluation.consortium.name} {evaluation.cycle.year}"
    tables = [_figures(evaluation, rows), _texts(evaluation)]
    write_tables(file, tables, title=title, notes=_notes(evaluation, at), about=_about(evaluation))


def _about(evaluation: Evaluation) -> dict[str, str]:
    return {
        "form": FORM,
        "evaluation": str(evaluation.pk),
        "consortium": str(evaluation.consortium_id),
        "rules": evaluation.cycle.rules.sha256,
        "version": str(evaluation.version),
    }


def _figures(evaluation: Evaluation, rows: tuple[DimensionRows, ...]) -> Table:
    def field(name: str, kind: str = "text", width: int = 14, *, locked: bool = True) -> Field:
        return Field(name, str(HEADINGS[name]), kind, locked, width=width)

    fields = [
        field("name", width=36),
        field("unit"),
        field("source", width=30),
        field("before", "number"),
        field("value", "number", locked=False),
        field("target", "number", locked=False),
        field("yardstick", "number"),
        field("note", width=50, locked=False),
    ]
    entries = [Entry(one.code, _cells(one, evaluation), _closed(one)) for one in _metrics(rows)]
    return Table(FIGURES, gettext("Figures"), fields, entries)


def _cells(metric: MetricRow, evaluation: Evaluation) -> dict[str, str]:
    """A stated target that the records have taken over is shown as they have it."""
    return {
        "name": metric.name,
        "unit": metric.unit,
        "source": metric.basis or gettext("Stated by the lead"),
        "before": _number(metric.before),
        "value": _number(metric.value),
        "target": _number(metric.target),
        "yardstick": _number(metric.yardstick),
        "note": evaluation.values.get(metric.code, {}).get("note", ""),
    }


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain(str(value))


def _closed(metric: MetricRow) -> set[str]:
    """The cells that are nobody's to fill in."""
    return {name for name, closed in (("value", metric.automatic), ("target", not metric.takes_target)) if closed}


def _texts(evaluation: Evaluation) -> Table:
    fields = [
        Field("name", gettext("Part"), locked=True, width=28),
        Field("text", str(HEADINGS["text"]), width=100),
    ]
    entries = [
        Entry(name, {"name": str(SelfReportForm.base_fields[name].label), "text": getattr(evaluation, name)})
        for name in WORDS
    ]
    return Table(TEXTS, gettext("Texts"), fields, entries)


def _notes(evaluation: Evaluation, at: datetime) -> Iterator[tuple[str, str]]:
    yield gettext("Self-report"), f"{evaluation.consortium.name} {evaluation.cycle.year}"
    yield gettext("Downloaded"), f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    yield gettext("What to fill in"), gettext("White cells can be changed; grey ones are filled by the portal.")
    yield (
        gettext("From the registers"),
        gettext("A grey figure comes from the registers of the portal: correct it there, and explain it here."),
    )
    yield gettext("Percentages"), gettext("Enter 85 for 85 %, without the sign.")
    yield (
        gettext("Targets"),
        gettext("A figure without a target is held against the yardstick. Where the records know one, it is grey."),
    )
    yield (
        gettext("Note"),
        gettext("Required where a figure is far from last year's. At most 300 characters."),
    )
    yield gettext("Formulas"), gettext("Are not taken; enter values.")
    yield (
        gettext("Upload"),
        gettext(
            "Save as XLSX and upload it on the page it came from. Every wrong cell is named; nothing is saved until "
            "the whole workbook is right. If somebody saved the self-report meanwhile, download the workbook again."
        ),
    )


# --- back --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Wrong:
    """A cell that cannot be taken; `row` is 0 and `column` empty where there is no single one."""

    sheet: str
    row: int
    column: str
    text: str


class SelfReportJudgement:
    """A workbook that came back, held against the form of the page. Raises Unreadable."""

    def __init__(self, upload: Any, evaluation: Evaluation, rows: tuple[DimensionRows, ...]) -> None:
        self.evaluation = evaluation
        self.metrics = {one.code: one for one in _metrics(rows)}
        filled = _read(upload)
        _require_ours(filled.about, evaluation)
        self.wrong: list[Wrong] = []
        self.places: dict[str, tuple[str, int, str]] = {}  # field of the form: where it stands
        data: dict[str, str] = {"version": str(evaluation.version)}
        for name in WORDS:
            data[name] = getattr(evaluation, name)
        data |= initial_values(evaluation.values)
        for code, keys in ((FIGURES, self.metrics), (TEXTS, dict.fromkeys(WORDS))):
            data |= self._typed(filled, code, keys)
        self.form = SelfReportForm(data, rows=rows, units=units_of(evaluation))
        self._judge()

    def _typed(self, filled: Filled, code: str, keys: Mapping[str, Any]) -> dict[str, str]:
        """What the cells of a sheet say, by field of the form."""
        found: dict[str, str] = {}
        seen: set[str] = set()
        title = gettext("Figures") if code == FIGURES else gettext("Texts")
        for row in filled.tables.get(code, ()):
            if row.key not in keys or row.key in seen:
                self.wrong.append(Wrong(title, row.number, "", str(TWICE if row.key in seen else NOT_HERE)))
                continue
            seen.add(row.key)
            base = filled.base.get((code, row.key), {})
            found |= self._row(title, row, base) if code == FIGURES else self._text(title, row, base)
        names = {key: keys[key].name if keys[key] else SelfReportForm.base_fields[key].label for key in keys}
        missing = [str(name) for key, name in names.items() if key not in seen]
        self.wrong += [Wrong(title, 0, "", str(GONE) % {"name": name}) for name in missing]
        return found

    def _row(self, title: str, row: FilledRow, base: Mapping[str, str]) -> dict[str, str]:
        closed = _closed(self.metrics[row.key])
        found: dict[str, str] = {}
        for name in HEADINGS:
            if name == "text":
                continue
            is_open = name in PARTS and name not in closed
            found |= self._cell(title, row, base, name, f"{row.key}_{name}" if is_open else "")
        return found

    def _text(self, title: str, row: FilledRow, base: Mapping[str, str]) -> dict[str, str]:
        return {**self._cell(title, row, base, "name", ""), **self._cell(title, row, base, "text", row.key)}

    def _cell(self, title: str, row: FilledRow, base: Mapping[str, str], name: str, field: str) -> dict[str, str]:
        """What an open cell says for its field; a closed one (no field) must be as it was."""
        cell, place = row.cells.get(name, ""), (title, row.number, str(HEADINGS[name]))
        if not field:
            if cell != base.get(name, "").strip():
                self.wrong.append(Wrong(*place, str(LOCKED)))
            return {}
        self.places[field] = place
        if isinstance(cell, Odd):
            self.wrong.append(Wrong(*place, str(cell.reason)))
            return {field: ""}
        return {field: str(cell)}

    def _judge(self) -> None:
        if not self.form.is_valid():
            for field, sentences in self.form.errors.items():
                sheet, row, column = self.places.get(field, ("", 0, ""))
                self.wrong += [Wrong(sheet, row, column, str(sentence)) for sentence in sentences]
        self.wrong.sort(key=lambda one: (one.sheet, one.row, one.column))

    @property
    def differs(self) -> bool:
        """Whether anything would change."""
        there, data = self.evaluation, self.form.cleaned_data
        stated = {code: entry for code, entry in self.form.values().items() if any(entry.values())}
        texts = all(data[name].split() == getattr(there, name).split() for name in WORDS)
        return not texts or initial_values(stated) != _kept(there, self.metrics)


def _kept(evaluation: Evaluation, metrics: Mapping[str, MetricRow]) -> dict[str, str]:
    """What is kept as far as the form of the page has fields for it."""
    open_ones = {f"{code}_{part}" for code, one in metrics.items() for part in PARTS if part not in _closed(one)}
    return {name: text for name, text in initial_values(evaluation.values).items() if name in open_ones}


def units_of(evaluation: Evaluation) -> dict[str, str]:
    """The unit of each metric, by which its field is made."""
    return {metric["code"]: metric["unit_en"] for metric in metrics_of(evaluation.cycle.rules.data)}


def _metrics(rows: tuple[DimensionRows, ...]) -> list[MetricRow]:
    return [metric for dimension in rows for metric in dimension.metrics]


def _read(upload: Any) -> Filled:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        for block in upload.chunks():
            file.write(block)
        file.flush()
        return read_tables(Path(file.name), signs=SIGNS)


def _require_ours(about: Mapping[str, str], evaluation: Evaluation) -> None:
    """Refuse what was made for something else or before the last save. Raises Unreadable."""
    mine = _about(evaluation)
    if about.get("form") != FORM:
        raise Unreadable(NOT_OURS)
    for name, reason in (
        ("consortium", OF_ANOTHER), ("evaluation", OTHER_YEAR), ("rules", OTHER_RULES), ("version", OLDER),
    ):  # fmt: skip
        if about.get(name) != mine[name]:
            raise Unreadable(reason)

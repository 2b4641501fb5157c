"""The tables of an application's workbook: how each is written, and row by row what came back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from consortia.forms.participation import PART, PartForm
from consortia.forms.work import TechnologyForm
from consortia.models import KeyTechnology, Participation
from funding.forms.budget import AMOUNT, BUDGET_FIELDS, shown
from funding.models import Application
from funding.rules.budget import NOTE, Cell, Row, merge
from funding.rules.sections import BUDGET
from funding.selectors.budgets import CATEGORIES, SOURCES, cells_of, members_of, sheet_of
from funding.services.workbooks import PartEdit, TechnologyEdit
from portal.kernel.forms import CentField
from portal.kernel.roundtrip import Entry, Field, Filled, FilledRow, Table, plain
from portal.kernel.stale import seen_of
from portal.kernel.tables import Odd

FORMULA_SIGNS = ("=", "+", "-", "@")
BUDGET_CODE, TECHNOLOGIES, MEMBERS = "budget", "technologies", "members"
NOT_HERE = _("This row is not here (any more).")
TWICE = _("This row stands there twice.")
FORMULA_TEXT = _("A text must not begin with =, +, - or @.")
NOT_OFFERED = _("Choose one of those that are offered.")
STANDS = _("Meanwhile somebody wrote “%(value)s” here.")
NOT_NEW = _("New rows are possible in the list of technologies only.")


# --- what came back ----------------------------------------------------------------------------
@dataclass
class RowDiff:
    """A row that differs: what changes (heading, before, after), what is wrong (heading, sentence)."""

    number: int
    label: str
    is_new: bool = False
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class TableDiff:
    """The rows of a table that differ."""

    code: str
    title: str
    rows: list[RowDiff] = field(default_factory=list)


# --- a table -----------------------------------------------------------------------------------
class Spec:
    """A table of the workbook: how it is written, and how it is read."""

    code: str
    title: Any

    def __init__(self, application: Application) -> None:
        self.application = application

    def table(self) -> Table:
        """The sheet with what stands there now."""
        raise NotImplementedError

    def label(self, key: str, cells: Mapping[str, Any]) -> str:
        """What a reader calls the row."""
        raise NotImplementedError

    def judge(self, filled: Filled) -> Iterator[RowDiff]:
        """Each row that differs; what can be taken over is kept in the table."""
        met: set[str] = set()
        for row in filled.tables.get(self.code, ()):
            diff = RowDiff(row.number, self.label(row.key, row.cells), is_new=not row.key)
            if row.key and row.key in met:
                diff.errors.append(("", str(TWICE)))
            else:
                self.read(row, filled.base.get((self.code, row.key), {}), diff)
            met.add(row.key)
            if diff.changes or diff.errors:
                yield diff

    def read(self, row: FilledRow, base: Mapping[str, str], diff: RowDiff) -> None:
        """Compare one row with what stood there and with what stands there."""
        raise NotImplementedError


class BudgetSpec(Spec):
    """The budget."""

    code, title = BUDGET_CODE, BUDGET.title

    def __init__(self, application: Application) -> None:
        super().__init__(application)
        self.sheet = sheet_of(application)
        self.stored = cells_of(self.sheet.lines)
        self.rows = {".".join(row): row for row in self.sheet.rows}
        self.typed: dict[str, str] = {}
        self.seen: dict[str, str] = {}

    def table(self) -> Table:
        words = (("organisation", gettext("Organisation"), 28), ("source", gettext("Source of the money"), 14))
        fields = [
            *(Field(name, heading, locked=True, width=width) for name, heading, width in words),
            Field("category", gettext("Category"), locked=True, width=14),
            *(Field(str(year), f"{year}", "wan") for year in self.sheet.years),
            Field(NOTE, gettext("Note"), width=40),
        ]
        return Table(self.code, str(self.title), fields, [self._entry(key, row) for key, row in self.rows.items()])

    def _entry(self, key: str, row: Row) -> Entry:
        name = next(place.name for place in self.sheet.places if place.organisation == row.organisation)
        words = {"organisation": name, "source": str(SOURCES[row.source]), "category": str(CATEGORIES[row.category])}
        cells = {column: self._shown(Cell(row, column)) for column in self.sheet.columns}
        return Entry(key, words | {column: text for column, text in cells.items() if text})

    def _shown(self, cell: Cell) -> str:
        text = self.stored.get(cell.name, "")
        return text if cell.column == NOTE or not text else plain(shown(cell.name, text))

    def label(self, key: str, cells: Mapping[str, Any]) -> str:
        return self.sheet.label(self.rows[key]) if key in self.rows else str(cells.get("organisation") or "")

    def read(self, row: FilledRow, base: Mapping[str, str], diff: RowDiff) -> None:
        columns = [(column, row.cells.get(column, "")) for column in self.sheet.columns]
        changed = [(column, new) for column, new in columns if new != base.get(column, "")]
        if changed and row.key not in self.rows:
            diff.errors.append(("", str(NOT_HERE if row.key else NOT_NEW)))
            return
        for column, new in changed:
            self._cell(Cell(self.rows[row.key], column), base.get(column, ""), new, diff)

    def _cell(self, cell: Cell, was: str, new: Any, diff: RowDiff) -> None:
        heading = gettext("Note") if cell.column == NOTE else cell.column
        try:
            text, before = _cleaned(cell, new), _cleaned(cell, was)
        except forms.ValidationError as error:
            diff.errors.append((heading, " ".join(error.messages)))
            return
        found = merge(base={cell.name: before}, typed={cell.name: text}, stored=self.stored)
        if found.clashes:
            diff.errors.append((heading, str(STANDS) % {"value": shown(cell.name, found.clashes[cell.name])}))
        elif found.changed:
            diff.changes.append((heading, shown(cell.name, before), shown(cell.name, text)))
            self.typed[cell.name], self.seen[cell.name] = text, before


def _cleaned(cell: Cell, raw: Any) -> str:
    """The canonical text of what stands in a cell. Raises ValidationError."""
    value = BUDGET_FIELDS[NOTE if cell.column == NOTE else AMOUNT].clean(_said(raw))
    return str(value) if isinstance(value, str) else f"{value:.2f}" if value else ""


def _said(raw: Any) -> str:
    """The text of a cell. Raises ValidationError for a formula, or what looks like one."""
    if isinstance(raw, Odd):
        raise forms.ValidationError(raw.reason)
    if raw.startswith(FORMULA_SIGNS) and not raw.lstrip("+-").replace(".", "", 1).isdigit():
        raise forms.ValidationError(FORMULA_TEXT)
    return str(raw)


class RowsSpec(Spec):
    """Rows that a form of another room checks: choices are told by their words, in either language."""

    names: tuple[str, ...]
    locked: tuple[tuple[str, Any], ...] = ()
    wide: tuple[str, ...] = ()
    spare = 0  # empty rows for new ones; without them there can be none

    @cached_property
    def form(self) -> Any:
        """The form, empty: its fields are the columns."""
        raise NotImplementedError

    @cached_property
    def rows(self) -> dict[str, Any]:
        """What stands there, by id."""
        raise NotImplementedError

    def table(self) -> Table:
        fields = [Field(name, str(heading), locked=True, width=28) for name, heading in self.locked]
        fields += [self._field(name) for name in self.names]
        entries = [Entry(key, self.words(row)) for key, row in self.rows.items()]
        return Table(self.code, str(self.title), fields, entries, self.spare)

    def _field(self, name: str) -> Field:
        column = self.form.fields[name]
        offered = [str(label) for value, label in getattr(column, "choices", ()) if value]
        width = 40 if name in self.wide else 16
        return Field(name, capfirst(str(column.label)), kind_of(name, column), offered=offered, width=width)

    def words(self, row: Any) -> dict[str, str]:
        """The cells of a row as they are shown."""
        found = {name: self.shown(name, text) for name, text in self.stored(row).items()}
        return {name: text for name, text in found.items() if text}

    def stored(self, row: Any) -> dict[str, str]:
        """The cells of a row as the form takes them."""
        return {name: self._stored(name, getattr(row, name)) for name in self.names}

    def _stored(self, name: str, value: Any) -> str:
        column = self.form.fields[name]
        if isinstance(column, CentField):
            value = column.prepare_value(value)
        if isinstance(column, forms.DecimalField):
            return plain(str(value))
        return str(getattr(value, "pk", value))

    def choices(self, name: str) -> dict[str, str]:
        """What the codes of a choice are called now."""
        return {str(value): str(label) for value, label in getattr(self.form.fields[name], "choices", ()) if value}

    def shown(self, name: str, text: str) -> str:
        """A cell in words."""
        return self.choices(name).get(text, text)

    @cached_property
    def codes(self) -> dict[str, dict[str, str]]:
        """For each choice, its code by its words in every language."""
        found: dict[str, dict[str, str]] = {name: {} for name in self.names if self.choices(name)}
        for language, _name in settings.LANGUAGES:
            with override(language):
                for name, codes in found.items():
                    codes |= {label: code for code, label in self.choices(name).items()}
        return found

    def code_of(self, name: str, raw: Any) -> str:
        """A cell as the form takes it. Raises ValidationError."""
        text = _said(raw) if kind_of(name, self.form.fields[name]) == "text" or isinstance(raw, Odd) else str(raw)
        if not text or name not in self.codes:
            return text
        if text not in self.codes[name]:
            raise forms.ValidationError(NOT_OFFERED)
        return self.codes[name][text]

    def heading(self, name: str) -> str:
        """What the column is called."""
        return capfirst(str(self.form.fields[name].label)) if name in self.form.fields else ""

    def read(self, row: FilledRow, base: Mapping[str, str], diff: RowDiff) -> None:
        new = {name: raw for name in self.names if (raw := row.cells.get(name, "")) != base.get(name, "")}
        if not new:
            return
        if row.key not in self.rows and (row.key or not self.spare):
            diff.errors.append(("", str(NOT_HERE if row.key else NOT_NEW)))
            return
        instance = self.rows.get(row.key)
        present = self.stored(instance) if instance else {}
        changed = self._changed(new, base, present, diff)
        if changed and not diff.errors:
            self.take(instance, present | changed, diff)

    def _changed(
        self, new: Mapping[str, Any], base: Mapping[str, str], present: Mapping[str, str], diff: RowDiff
    ) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, raw in new.items():
            try:
                text, was = self.code_of(name, raw), self.code_of(name, base.get(name, ""))
            except forms.ValidationError as error:
                diff.errors.append((self.heading(name), " ".join(error.messages)))
                continue
            now = present.get(name, "")
            if now not in {was, text}:
                diff.errors.append((self.heading(name), str(STANDS) % {"value": self.shown(name, now)}))
            elif now != text:
                found[name] = text
                diff.changes.append((self.heading(name), self.shown(name, now), self.shown(name, text)))
        return found

    def take(self, instance: Any, data: dict[str, str], diff: RowDiff) -> None:
        """Have the form check the row, and keep what it makes of it."""
        raise NotImplementedError

    def refuse(self, form: Any, diff: RowDiff) -> None:
        """Put what the form says at the row."""
        for name, sentences in form.errors.items():
            diff.errors.append((self.heading(name), " ".join(sentences)))


def kind_of(name: str, column: forms.Field) -> str:
    """How a spreadsheet holds it."""
    if name.endswith("_share"):
        return "share"
    kinds: tuple[tuple[type[forms.Field], str], ...] = (
        (CentField, "wan"), (forms.DecimalField, "number"), (forms.IntegerField, "whole"), (forms.DateField, "day"),
        (forms.ChoiceField, "choice"),
    )  # fmt: skip
    return next((kind for known, kind in kinds if isinstance(column, known)), "text")


class TechnologySpec(RowsSpec):
    """The key-technology list: indicators and targets."""

    code, title = TECHNOLOGIES, _("Key-technology list")
    names = (
        "name", "problem_class", "benchmark", "gap", "openness", "indicator", "unit", "baseline", "target", "trl_start",
        "trl_now", "trl_target", "owner", "due",
    )  # fmt: skip
    wide = ("name", "gap", "benchmark")
    spare = 20

    def __init__(self, application: Application) -> None:
        super().__init__(application)
        self.edits: list[TechnologyEdit] = []

    @cached_property
    def form(self) -> Any:
        return TechnologyForm(consortium=self.application.consortium)

    @cached_property
    def rows(self) -> dict[str, KeyTechnology]:
        found = self.application.consortium.technologies.select_related("owner").order_by("created_at", "id")
        return {str(row.pk): row for row in found}

    def label(self, key: str, cells: Mapping[str, Any]) -> str:
        return self.rows[key].name if key in self.rows else str(cells.get("name") or "")

    def take(self, instance: Any, data: dict[str, str], diff: RowDiff) -> None:
        seen = seen_of(instance) if instance else ""
        form = TechnologyForm(data, instance=instance, consortium=self.application.consortium)
        if form.is_valid():
            self.edits.append(TechnologyEdit(form.instance, seen))
        else:
            self.refuse(form, diff)


class MemberSpec(RowsSpec):
    """What each member promises."""

    code, title = MEMBERS, _("Member organisations")
    names = tuple(PART)
    locked = (("organisation", _("Organisation")),)
    wide = ("duties",)

    def __init__(self, application: Application) -> None:
        super().__init__(application)
        self.edits: list[PartEdit] = []

    @cached_property
    def form(self) -> Any:
        return PartForm()

    @cached_property
    def rows(self) -> dict[str, Participation]:
        return {str(row.pk): row for row in members_of(self.application)}

    def words(self, row: Any) -> dict[str, str]:
        return {"organisation": row.organisation.name, **super().words(row)}

    def label(self, key: str, cells: Mapping[str, Any]) -> str:
        return self.rows[key].organisation.name if key in self.rows else str(cells.get("organisation") or "")

    def take(self, instance: Any, data: dict[str, str], diff: RowDiff) -> None:
        form = PartForm(data)
        if form.is_valid():
            self.edits.append(PartEdit(instance, form.part(), seen_of(instance, PART)))
        else:
            self.refuse(form, diff)

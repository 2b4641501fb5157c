"""The workbook of an application: what it asks, and row by row what came back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.forms.participation import PART, PartForm
from consortia.forms.work import TechnologyForm
from consortia.models import KeyTechnology, Participation
from consortia.workflow import EDITS, edit_obstacles
from funding.forms.budget import AMOUNT, BUDGET_FIELDS, shown
from funding.models import Application, Workbook
from funding.rules.budget import NOTE, Cell, Row, merge
from funding.rules.sections import BUDGET
from funding.selectors.budgets import CATEGORIES, SOURCES, cells_of, members_of, sheet_of
from funding.services.workbooks import KIND, Edits, PartEdit, TechnologyEdit
from portal.kernel.audit import sha256
from portal.kernel.authz import may
from portal.kernel.forms import CentField, UploadField
from portal.kernel.roundtrip import Entry, Field, Filled, FilledRow, Table, plain, read_tables, write_tables
from portal.kernel.stale import seen_of
from portal.kernel.tables import Odd, Unreadable

SPARE = 20  # new technologies in one workbook
FORMULA_SIGNS = ("=", "+", "-", "@")
BUDGET_CODE, TECHNOLOGIES, MEMBERS = "budget", "technologies", "members"
OF_ANOTHER = _("This workbook belongs to another application.")
NOT_HERE = _("This row is not here (any more).")
TWICE = _("This row stands there twice.")
FORMULA_TEXT = _("A text must not begin with =, +, - or @.")
NOT_OFFERED = _("Choose one of those that are offered.")
STANDS = _("Meanwhile somebody wrote “%(value)s” here.")
NOT_NEW = _("New rows are possible in the list of technologies only.")


class WorkbookForm(forms.Form):
    """The filled workbook."""

    upload = UploadField(label=_("Filled workbook"), kind=KIND)


class AcceptForm(forms.Form):
    """The differences that were shown, by their fingerprint."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


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
        return Table(self.code, str(self.title), fields, entries, SPARE if self.code == TECHNOLOGIES else 0)

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
        if row.key not in self.rows and (row.key or self.code != TECHNOLOGIES):
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


# --- the whole ---------------------------------------------------------------------------------
def specs_for(application: Application, user: Any) -> list[Spec]:
    """The tables that this person may change now."""
    consortium, found = application.consortium, list[Spec]()
    if application.is_reopened(BUDGET.code) and may(user, "funding.write_section", application.section(BUDGET.code)):
        found.append(BudgetSpec(application))
    edit = EDITS[Action.UPDATE_TECHNOLOGY]
    if may(user, edit.permission, consortium) and not edit_obstacles(consortium, Action.UPDATE_TECHNOLOGY):
        found += [TechnologySpec(application), MemberSpec(application)]
    return found


def write_workbook(file: IO[bytes], application: Application, user: Any, at: datetime) -> None:
    """The tables that this person may change, with what stands in them."""
    tables = [spec.table() for spec in specs_for(application, user)]
    about = {"application": str(application.pk), "number": application.number}
    title = f"{application.number} {application.consortium.name}"
    write_tables(file, tables, title=title, notes=_notes(application, tables, at), about=about)


def _notes(application: Application, tables: list[Table], at: datetime) -> Iterator[tuple[str, str]]:
    yield gettext("Application"), f"{application.number} {application.consortium.name}"
    yield gettext("Downloaded"), f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    yield gettext("Tables"), gettext(", ").join(table.title for table in tables)
    yield gettext("What to fill in"), gettext("White cells can be changed; grey ones only say what the row is about.")
    yield gettext("Amounts"), gettext("In 10,000 yuan. An emptied cell removes the amount.")
    yield gettext("New rows"), gettext("Empty rows at the end of the list of technologies take new ones.")
    yield gettext("Formulas"), gettext("Are not taken; enter values.")
    yield (
        gettext("Upload"),
        gettext(
            "Save as XLSX and upload it on the page it came from. First you see every difference; then all of it is "
            "taken over, or nothing. What others changed meanwhile in other cells stays as it is."
        ),
    )


class Judgement:
    """A workbook that came back, compared with what stands here now. Raises Unreadable."""

    def __init__(self, workbook: Workbook, application: Application, user: Any) -> None:
        filled = read_tables(workbook.file.file)
        if filled.about.get("application") != str(application.pk):
            raise Unreadable(OF_ANOTHER)
        self.specs = specs_for(application, user)
        self.tables = [TableDiff(spec.code, str(spec.title), list(spec.judge(filled))) for spec in self.specs]

    @property
    def wrong(self) -> int:
        """How many rows are wrong."""
        return sum(bool(row.errors) for table in self.tables for row in table.rows)

    @property
    def changed(self) -> int:
        """How many rows would change or be added."""
        return sum(bool(row.changes) for table in self.tables for row in table.rows)

    @property
    def revises(self) -> int:
        """How many members would have to confirm anew."""
        return len(self.edits.parts)

    @property
    def digest(self) -> str:
        """Changes when anything that is shown does."""
        return sha256([
            [table.code, [[row.number, row.is_new, row.changes, row.errors] for row in table.rows]]
            for table in self.tables
        ])  # fmt: skip

    @cached_property
    def edits(self) -> Edits:
        """What is to be written; of members first who gives shares away."""
        by_code: dict[str, Any] = {spec.code: spec for spec in self.specs}
        budget, technologies = by_code.get(BUDGET_CODE), by_code.get(TECHNOLOGIES)
        parts = by_code[MEMBERS].edits if MEMBERS in by_code else []
        return Edits(
            cells=budget.typed if budget else {},
            seen=budget.seen if budget else {},
            technologies=technologies.edits if technologies else [],
            parts=sorted(parts, key=_gain),
        )


def _gain(edit: PartEdit) -> Decimal:
    row, part = edit.participation, edit.part
    return part.ip_share - row.ip_share + part.benefit_share - row.benefit_share

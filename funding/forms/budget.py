"""The budget as a form: a table for each member, of which any number of cells may be sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from funding.enums import BudgetSource
from funding.rules.budget import NOTE, NOTE_LENGTH, Cell, Line, Row
from funding.selectors.budgets import CATEGORIES, SOURCES, Place, Sheet, Sum, Sums, Text, cells_of, sums_of
from portal.kernel.forms import CentField, WholeField
from portal.kernel.stale import UNSAID

AMOUNT = "amount"
MOST_SEEN = 400_000  # signs; every cell of forty members with a note
BUDGET_FIELDS: dict[str, forms.Field] = {
    AMOUNT: CentField(
        label=_("Amount of each member by year, source and category (×10k yuan)"), required=False,
        help_text=_("Sources: fiscal grant, own funds, others. The grant is the amount asked for."),
    ),
    NOTE: forms.CharField(
        label=_("Note"), max_length=NOTE_LENGTH, required=False, help_text=_("What the amounts rest on.")
    ),
}  # fmt: skip


class SeenCells(forms.CharField):
    """The cells that stood there when the page was opened, as JSON."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> dict[str, str]:
        if value is None:
            raise forms.ValidationError(UNSAID, code="unsaid")
        try:
            found = json.loads(value or "{}")
        except ValueError:
            found = None
        if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
            raise forms.ValidationError(UNSAID, code="unsaid")
        return found


@dataclass(frozen=True)
class Box:
    """A cell as it is drawn; `of` are the kinds of sums it belongs to."""

    name: str
    value: str
    label: str
    error: str = ""
    of: str = ""


@dataclass(frozen=True)
class FormRow:
    """A row as it is drawn."""

    category: Text
    boxes: tuple[Box, ...]
    total: Sum
    note: Box


@dataclass(frozen=True)
class FormGroup:
    """The rows of one source."""

    source: Text
    rows: tuple[FormRow, ...]
    sums: tuple[Sum, ...]
    total: Sum


@dataclass(frozen=True)
class FormTable:
    """The table of one organisation; `own` are its own funds in the budget."""

    place: Place
    groups: tuple[FormGroup, ...]
    sums: tuple[Sum, ...]
    total: Sum
    own: Sum
    is_open: bool


class BudgetForm(forms.Form):
    """All cells of a budget; after `is_valid`, `typed` holds those that were sent, in canonical texts."""

    version = WholeField(widget=forms.HiddenInput, min_value=0)
    page = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    seen = SeenCells(max_length=MOST_SEEN)

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.typed: dict[str, str] = {}
        self.faults: dict[str, str] = {}
        self.clashes: Mapping[str, str] = {}

    def clean(self) -> Any:
        for name, cell in self.sheet.cells.items():
            if name in self.data:
                self._read(name, cell)
        if self.faults:
            n = len(self.faults)
            text = ngettext("%(n)d entry has to be corrected.", "%(n)d entries have to be corrected.", n)
            self.add_error(None, text % {"n": n})
        return super().clean()

    def _read(self, name: str, cell: Cell) -> None:
        field = BUDGET_FIELDS[NOTE if cell.column == NOTE else AMOUNT]
        try:
            value = field.clean(self.data[name])
        except forms.ValidationError as error:
            self.faults[name] = " ".join(error.messages)
        else:
            self.typed[name] = value if isinstance(value, str) else f"{value:.2f}" if value else ""

    def clash(self, clashes: Mapping[str, str]) -> None:
        """Mark the cells into which somebody else wrote meanwhile; sent once more, they are overwritten."""
        self.clashes = clashes
        present = gettext("Now stands: %(value)s")
        self.faults |= {name: present % {"value": shown(name, text) or "—"} for name, text in clashes.items()}
        seen = {**self.cleaned_data["seen"], **clashes}
        self.data = {**self.data.dict(), "seen": json.dumps(seen)}  # type: ignore[attr-defined]

    def labelled(self, clashes: Mapping[str, str]) -> list[tuple[str, str]]:
        """These cells in words, with what stands there now."""
        cells = self.sheet.cells
        return [(self._label(cells[name]), shown(name, text)) for name, text in clashes.items()]

    def _label(self, cell: Cell) -> str:
        column = gettext("Note") if cell.column == NOTE else cell.column
        return f"{self.sheet.label(cell.row)} · {column}"

    # --- what is drawn -----------------------------------------------------------------------------
    @cached_property
    def stored(self) -> dict[str, str]:
        """What stands in the cells."""
        return cells_of(self.sheet.lines)

    @cached_property
    def lines(self) -> list[Line]:
        """The rows as they were typed, else as they stand."""
        texts = {**self.stored, **self.typed}
        return [
            Line(row, {
                year: Decimal(text) for year in self.sheet.years if (text := texts.get(Cell(row, str(year)).name))
            })
            for row in self.sheet.rows
        ]  # fmt: skip

    @cached_property
    def sums(self) -> Sums:
        """Of the whole budget."""
        names = {place.organisation: place.name for place in self.sheet.places}
        return sums_of(self.lines, names, self.sheet.years, self.sheet.categories)

    @property
    def granted(self) -> Sum:
        """The fiscal grant in the whole budget."""
        return self.sums.from_sources[BudgetSource.values.index(BudgetSource.GRANT)]

    def tables(self, mine: set[str]) -> list[FormTable]:
        """A table for each organisation; those of `mine`, of the first and with an error are open."""
        return [self._table(n, place, mine) for n, place in enumerate(self.sheet.places)]

    def _table(self, n: int, place: Place, mine: set[str]) -> FormTable:
        lines = {line.row: line for line in self.lines if line.row.organisation == place.organisation}
        groups = tuple(self._group(f"m{n}", place, source, lines) for source in BudgetSource.values)
        wrong = any(name.startswith(f"{place.organisation}.") for name in self.faults)
        return FormTable(
            place, groups, self._by_year(f"m{n}", lines), _whole(f"m{n}", lines), groups[1].total,
            is_open=wrong or place.organisation in mine or (not mine and n == 0),
        )  # fmt: skip

    def _group(self, place_token: str, place: Place, source: str, lines: Mapping[Row, Line]) -> FormGroup:
        own = {row: line for row, line in lines.items() if row.source == source}
        token = f"{place_token} s{source}"
        rows = (self._row(token, Row(place.organisation, source, one), own) for one in self.sheet.categories)
        return FormGroup(SOURCES[source], tuple(rows), self._by_year(token, own), _whole(token, own))

    def _by_year(self, token: str, lines: Mapping[Row, Line]) -> tuple[Sum, ...]:
        return tuple(
            Sum(sum((line.amounts.get(year, Decimal(0)) for line in lines.values()), Decimal(0)), f"{token} y{year}")
            for year in self.sheet.years
        )

    def _row(self, token: str, row: Row, lines: Mapping[Row, Line]) -> FormRow:
        boxes = tuple(self._box(Cell(row, str(year)), f"{token} c{row.category} y{year}") for year in self.sheet.years)
        total = Sum(lines[row].total, f"{token} c{row.category}")
        return FormRow(CATEGORIES[row.category], boxes, total, self._box(Cell(row, NOTE), ""))

    def _box(self, cell: Cell, of: str) -> Box:
        name = cell.name
        value = self.data.get(name) if self.is_bound else None
        text = shown(name, self.stored.get(name, "")) if value is None else value
        return Box(name, text, self._label(cell), self.faults.get(name, ""), of)


def _whole(token: str, lines: Mapping[Row, Line]) -> Sum:
    return Sum(sum((line.total for line in lines.values()), Decimal(0)), token)


def shown(name: str, text: str) -> str:
    """The text of a cell as somebody would type it."""
    is_amount = text and not name.endswith(f".{NOTE}")
    return str(BUDGET_FIELDS[AMOUNT].prepare_value(Decimal(text))) if is_amount else text

"""The budget of an application as plain values: its cells, its sums, and what two people write at the same time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from funding.enums import BudgetCategory, BudgetMode, BudgetSource

ITEMISED = (
    BudgetCategory.EQUIPMENT, BudgetCategory.BUSINESS, BudgetCategory.LABOUR, BudgetCategory.INDIRECT,
)  # fmt: skip
NOTE = "note"
NOTE_LENGTH = 200


def budget_years(first: int, build_years: int) -> range:
    """The calendar years that a build period of so many years touches, the year of the call being the first."""
    return range(first, first + build_years + 1)


def categories_of(mode: str) -> tuple[BudgetCategory, ...]:
    """What a budget is divided into; a lump sum is not divided."""
    return (BudgetCategory.LUMP_SUM,) if mode == BudgetMode.LUMP_SUM else ITEMISED


class Row(NamedTuple):
    """What an organisation spends from one source in one category."""

    organisation: str
    source: str
    category: str


class Cell(NamedTuple):
    """An amount of a row in one year, or its note."""

    row: Row
    column: str  # the year, or NOTE

    @property
    def name(self) -> str:
        """How forms and files call it."""
        return ".".join((*self.row, self.column))


def cell_named(name: str) -> Cell | None:
    """The cell of this name, if it can be one."""
    match name.split("."):
        case [organisation, source, category, column]:
            return Cell(Row(organisation, source, category), column)
    return None


# --- two people at once ------------------------------------------------------------------------
@dataclass(frozen=True)
class Merged:
    """What somebody changed, and where somebody else had changed the same meanwhile; cells by name."""

    changed: dict[str, str]
    clashes: dict[str, str]  # what stands there now


def merge(*, base: Mapping[str, str], typed: Mapping[str, str], stored: Mapping[str, str]) -> Merged:
    """Compare what was typed with what the writer began with, and that with what stands there now.

    Values are canonical texts, an absent one is empty. Cells that were not typed stay as they are.
    """
    edited = {name: text for name, text in typed.items() if text not in {base.get(name, ""), stored.get(name, "")}}
    clashes = {name: stored.get(name, "") for name in edited if stored.get(name, "") != base.get(name, "")}
    changed = {name: text for name, text in edited.items() if name not in clashes}
    return Merged(changed, clashes)


# --- sums --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """A row with its amounts in yuan by year."""

    row: Row
    amounts: Mapping[int, Decimal]
    note: str = ""

    @property
    def total(self) -> Decimal:
        """Over all years."""
        return sum(self.amounts.values(), Decimal(0))


@dataclass(frozen=True)
class Cross:
    """Sums in two directions; a missing sum is zero."""

    sums: Mapping[tuple[Any, Any], Decimal]
    rows: Mapping[Any, Decimal] = field(default_factory=dict)
    columns: Mapping[Any, Decimal] = field(default_factory=dict)
    total: Decimal = Decimal(0)

    def at(self, row: Any, column: Any) -> Decimal:
        """One sum."""
        return self.sums.get((row, column), Decimal(0))


def cross(lines: Iterable[Line], row: Callable[[Line, int], Any], column: Callable[[Line, int], Any]) -> Cross:
    """Every amount of every line added up under its row and its column, each found from line and year."""
    sums: defaultdict[tuple[Any, Any], Decimal] = defaultdict(Decimal)
    rows: defaultdict[Any, Decimal] = defaultdict(Decimal)
    columns: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for line in lines:
        for year, amount in line.amounts.items():
            r, c = row(line, year), column(line, year)
            sums[r, c] += amount
            rows[r] += amount
            columns[c] += amount
    return Cross(dict(sums), dict(rows), dict(columns), sum(rows.values(), Decimal(0)))


def by_member_and_year(lines: Iterable[Line]) -> Cross:
    """Rows are ids of organisations."""
    return cross(lines, lambda line, _year: line.row.organisation, lambda _line, year: year)


def by_source_and_category(lines: Iterable[Line]) -> Cross:
    """Rows are categories, columns sources."""
    return cross(lines, lambda line, _year: line.row.category, lambda line, _year: line.row.source)


def from_source(lines: Iterable[Line], source: BudgetSource) -> dict[str, Decimal]:
    """What each organisation spends from this source."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.row.source == source:
            found[line.row.organisation] += line.total
    return dict(found)


# --- what is wrong -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Promise:
    """A member and the cash that it has promised, in yuan."""

    organisation: str
    name: str
    cash: Decimal


@dataclass(frozen=True)
class Fault:
    """What keeps a budget from being handed in: `code` says which sentence, `name` whom it is about."""

    code: str
    name: str = ""
    has: Decimal = Decimal(0)
    needs: Decimal = Decimal(0)


def faults(
    lines: list[Line], *, requested: Decimal, cap: Decimal, years: range, members: Iterable[Promise]
) -> Iterator[Fault]:
    """Everything that does not fit, first what concerns the whole."""
    if not any(line.total for line in lines):
        yield Fault("empty")
        return
    grant = sum(from_source(lines, BudgetSource.GRANT).values(), Decimal(0))
    if grant != requested:
        yield Fault("grant", has=grant, needs=requested)
    if grant > cap:
        yield Fault("cap", has=grant, needs=cap)
    outside = sorted({year for line in lines for year, amount in line.amounts.items() if amount} - set(years))
    yield from (Fault("year", name=str(year)) for year in outside)
    yield from _of_members(lines, list(members))


def _of_members(lines: list[Line], members: list[Promise]) -> Iterator[Fault]:
    own, known = from_source(lines, BudgetSource.OWN), {member.organisation for member in members}
    for member in members:
        has = own.get(member.organisation, Decimal(0))
        if has < member.cash:
            yield Fault("own", name=member.name, has=has, needs=member.cash)
    for gone in sorted({line.row.organisation for line in lines if line.total} - known):
        yield Fault("gone", name=gone)

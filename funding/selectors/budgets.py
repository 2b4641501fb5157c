"""The budget of an application: as it stands, as it was frozen, its sums, and what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.models import Participation
from funding.enums import BudgetCategory, BudgetSource
from funding.models import Application, BudgetItem
from funding.rules import budget
from funding.rules.budget import NOTE, Cell, Fault, Line, Promise, Row
from portal.kernel.querysets import introduce

Text = str | LazyText
SOURCES, CATEGORIES = dict(BudgetSource.choices), dict(BudgetCategory.choices)
SENTENCES: dict[str, Text] = {
    "empty": _("The budget is still empty."),
    "grant": _("The fiscal grant in the budget is %(has)s ×10k yuan, the amount asked for is %(needs)s ×10k yuan."),
    "cap": _("The fiscal grant in the budget is %(has)s ×10k yuan; at most %(needs)s are possible in this tier."),
    "year": _("The budget has amounts for %(name)s, outside the build period."),
    "own": _("%(name)s has promised %(needs)s ×10k yuan in cash; its own funds in the budget are %(has)s."),
    "gone": _("The budget has amounts of %(name)s, which is not a member any more."),
}


@dataclass(frozen=True)
class Place:
    """An organisation with a table of its own; `cash` is what it has promised, in yuan."""

    organisation: str
    name: str
    cash: Decimal
    is_member: bool = True


@dataclass(frozen=True)
class Sheet:
    """The whole budget of a draft, ready to be written."""

    places: tuple[Place, ...]
    years: tuple[int, ...]
    categories: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The years and the note."""
        return (*map(str, self.years), NOTE)

    @property
    def rows(self) -> list[Row]:
        """Every row that can be filled in, in the order of the page."""
        return [
            Row(place.organisation, source, category)
            for place in self.places
            for source in BudgetSource.values
            for category in self.categories
        ]

    @property
    def cells(self) -> dict[str, Cell]:
        """Every cell that can be filled in, by its name."""
        found = (Cell(row, column) for row in self.rows for column in self.columns)
        return {cell.name: cell for cell in found}

    def label(self, row: Row) -> str:
        """A row in words."""
        return row_label(next((one.name for one in self.places if one.organisation == row.organisation), ""), row)


def row_label(name: str, row: Row) -> str:
    """Whose row it is, who pays, and for what."""
    return " · ".join((name, str(SOURCES[row.source]), str(CATEGORIES[row.category])))


# --- as it stands ------------------------------------------------------------------------------
def items_of(application: Application) -> list[BudgetItem]:
    """The items with organisation and amounts; two queries."""
    return list(application.budget.select_related("organisation").prefetch_related("amounts"))


def budget_of(application: Application) -> list[BudgetItem]:
    """The same, read once for a row in memory whose whole consortium was loaded: for whoever hands it in."""
    members: list[Participation] | None = getattr(application.consortium, "present_members", None)
    if members is None:
        return items_of(application)
    prefetch_related_objects([application], Prefetch("budget", BudgetItem.objects.prefetch_related("amounts")))
    items = list(application.budget.all())
    introduce(items, "organisation", (row.organisation for row in members))
    return items


def line_of(item: BudgetItem) -> Line:
    """An item as a value."""
    row = Row(str(item.organisation_id), item.source, item.category)
    return Line(row, {one.year: one.amount for one in item.amounts.all()}, item.note)


def cells_of(lines: Iterable[Line]) -> dict[str, str]:
    """What stands in the cells, by their names; money in yuan with two decimals. Empty ones are left out."""
    found: dict[str, str] = {}
    for line in lines:
        cells = {str(year): f"{amount:.2f}" for year, amount in line.amounts.items() if amount}
        cells |= {NOTE: line.note} if line.note else {}
        found |= {Cell(line.row, column).name: text for column, text in cells.items()}
    return found


def years_of(application: Application) -> range:
    """The years that the budget may name."""
    return budget.budget_years(application.call.year, application.call.rules.data["periods"]["build_years"])


def members_of(application: Application) -> list[Participation]:
    """The members that are present, the lead first; no query where the whole consortium was loaded."""
    loaded: list[Participation] | None = getattr(application.consortium, "present_members", None)
    if loaded is not None:
        return loaded
    rows = Participation.objects.present().filter(consortium=application.consortium_id)
    return list(rows.select_related("organisation").order_by("role", "created_at", "id"))


def sheet_of(application: Application) -> Sheet:
    """The tables of the members, the lead first, then of those who left and still have amounts."""
    return _sheet(application, items_of(application))


def _sheet(application: Application, items: list[BudgetItem]) -> Sheet:
    places = [Place(str(one.organisation_id), one.organisation.name, one.cash) for one in members_of(application)]
    known = {place.organisation for place in places}
    gone = {str(one.organisation_id): one.organisation.name for one in items if str(one.organisation_id) not in known}
    places += [Place(pk, name, Decimal(0), is_member=False) for pk, name in gone.items()]
    lines = [line_of(item) for item in items]
    years = {*years_of(application), *(year for line in lines for year in line.amounts)}
    usual = set(budget.categories_of(application.call.budget_mode))
    used = usual | {line.row.category for line in lines}
    return Sheet(
        tuple(places), tuple(sorted(years)), tuple(one for one in BudgetCategory.values if one in used), tuple(lines)
    )


# --- what is wrong -----------------------------------------------------------------------------
def budget_faults(application: Application, items: list[BudgetItem] | None = None) -> list[str]:
    """What keeps the budget from being handed in, in sentences; `items` if they are loaded already."""
    present = budget_of(application) if items is None else items
    found = budget.faults(
        [line_of(item) for item in present],
        requested=application.requested_amount,
        cap=application.call.cap(application.requested_tier),
        years=years_of(application),
        members=[Promise(str(one.organisation_id), one.organisation.name, one.cash) for one in members_of(application)],
    )
    names = {str(item.organisation_id): item.organisation.name for item in present}
    return [_sentence(fault, names) for fault in found]


def _sentence(fault: Fault, names: Mapping[str, str]) -> str:
    return str(SENTENCES[fault.code]) % {
        "name": names.get(fault.name, fault.name), "has": in_wan(fault.has), "needs": in_wan(fault.needs)
    }  # fmt: skip


def in_wan(amount: Decimal) -> str:
    """Yuan as 10,000 yuan, for sentences."""
    return f"{amount / 10_000:,.2f}"


# --- frozen ------------------------------------------------------------------------------------
def frozen_budget(application: Application) -> list[dict[str, Any]]:
    """The budget as JSON values: rows in the order of the page, money in yuan as text."""
    items = budget_of(application)
    by_row = {line_of(item).row: item for item in items}
    return [_frozen(by_row[row]) for row in _sheet(application, items).rows if row in by_row]


def _frozen(item: BudgetItem) -> dict[str, Any]:
    line = line_of(item)
    return {
        "organisation": {"id": str(item.organisation_id), "name": item.organisation.name},
        "source": item.source,
        "category": item.category,
        "amounts": {str(year): f"{amount:.2f}" for year, amount in sorted(line.amounts.items())},
        "total": f"{line.total:.2f}",
        "note": item.note,
    }


def thawed(frozen: Mapping[str, Any]) -> Line:
    """A frozen row as a value again."""
    row = Row(frozen["organisation"]["id"], frozen["source"], frozen["category"])
    return Line(row, {int(year): Decimal(amount) for year, amount in frozen["amounts"].items()}, frozen["note"])


def budget_words(rows: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Frozen rows by what a reader calls them."""
    return {row_label(row["organisation"]["name"], thawed(row).row): row for row in rows}


# --- sums --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Sum:
    """A sum in yuan; `of` names the kinds of cells that it adds up, for the script of the page."""

    amount: Decimal
    of: str = ""


@dataclass(frozen=True)
class SumRow:
    """A labelled row of sums, the last being that of the row."""

    label: Text
    sums: tuple[Sum, ...]
    total: Sum


@dataclass(frozen=True)
class Item:
    """A line as it is read."""

    source: Text
    category: Text
    amounts: tuple[Decimal, ...]
    total: Decimal
    note: str


@dataclass(frozen=True)
class Sums:
    """A budget as it is read: sums in two directions, and every item by member."""

    years: tuple[int, ...]
    sources: tuple[Text, ...]
    members: tuple[SumRow, ...]
    categories: tuple[SumRow, ...]
    in_years: tuple[Sum, ...]
    from_sources: tuple[Sum, ...]
    total: Sum
    items: tuple[tuple[str, tuple[Item, ...]], ...] = ()


def sums_of(lines: Iterable[Line], names: Mapping[str, str], years: Iterable[int], categories: Iterable[str]) -> Sums:
    """The sums of these lines; `names` are those of the organisations by id, in their order."""
    all_lines, span, sources = list(lines), tuple(years), BudgetSource.values
    spent, divided = budget.by_member_and_year(all_lines), budget.by_source_and_category(all_lines)
    members = [
        SumRow(
            name, tuple(Sum(spent.at(pk, year), f"m{n} y{year}") for year in span),
            Sum(spent.rows.get(pk, Decimal(0)), f"m{n}"),
        )
        for n, (pk, name) in enumerate(names.items())
    ]  # fmt: skip
    by_category = [
        SumRow(
            CATEGORIES[code], tuple(Sum(divided.at(code, source), f"s{source} c{code}") for source in sources),
            Sum(divided.rows.get(code, Decimal(0)), f"c{code}"),
        )
        for code in categories
    ]  # fmt: skip
    return Sums(
        years=span,
        sources=tuple(SOURCES.values()),
        members=tuple(members),
        categories=tuple(by_category),
        in_years=tuple(Sum(spent.columns.get(year, Decimal(0)), f"y{year}") for year in span),
        from_sources=tuple(Sum(divided.columns.get(one, Decimal(0)), f"s{one}") for one in sources),
        total=Sum(spent.total, "all"),
        items=tuple((name, tuple(_items(all_lines, pk, span))) for pk, name in names.items()),
    )


def _items(lines: Iterable[Line], organisation: str, years: tuple[int, ...]) -> Iterable[Item]:
    for line in lines:
        if line.row.organisation == organisation:
            amounts = tuple(line.amounts.get(year, Decimal(0)) for year in years)
            yield Item(SOURCES[line.row.source], CATEGORIES[line.row.category], amounts, line.total, line.note)


def read_budget(rows: Iterable[Mapping[str, Any]] | None) -> Sums | None:
    """A frozen budget in words; None where a snapshot has none."""
    frozen = list(rows or ())
    if not frozen:
        return None
    lines = [thawed(row) for row in frozen]
    names = {row["organisation"]["id"]: row["organisation"]["name"] for row in frozen}
    years = sorted({year for line in lines for year in line.amounts})
    used = {line.row.category for line in lines}
    return sums_of(lines, names, years, (one for one in BudgetCategory.values if one in used))


def summary(lines: Iterable[Line]) -> str:
    """Grant and own funds in one line."""
    from_sources = budget.by_source_and_category(lines).columns
    words = {source: in_wan(from_sources.get(source, Decimal(0))) for source in BudgetSource.values}
    return gettext("Grant %(GRANT)s, own funds %(OWN)s, other %(OTHER)s (×10k yuan)") % words

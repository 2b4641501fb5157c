"""What the portal knows already, shown read-only in a designed form, with where it comes from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.enums import ChainPosition, Layer
from funding.enums import BudgetCategory, BudgetSource, Reference
from funding.rules.wordings import WAN, Grid
from members.enums import OrganisationType

Parts = Mapping[str, Any]
Text = str | Promise


@dataclass(frozen=True)
class Source:
    """One thing that can be shown: its heads, the rows that the parts of the consortium give, and where they stand.

    `spread` gives further heads, with numbers below them, that stand before the last `tail` of the heads.
    """

    origin: Text
    heads: tuple[Text, ...]
    rows: Callable[[Parts], Iterable[Sequence[str]]]
    numeric: tuple[bool, ...]
    spread: Callable[[Parts], Sequence[str]] = lambda _parts: ()
    tail: int = 0

    def across(self, parts: Parts) -> tuple[tuple[str, ...], tuple[bool, ...]]:
        """All heads, and below which of them numbers stand."""
        more, place = tuple(self.spread(parts)), len(self.heads) - self.tail
        heads = tuple(map(str, self.heads))
        return (
            (*heads[:place], *more, *heads[place:]),
            (*self.numeric[:place], *(True for _one in more), *self.numeric[place:]),
        )


def _wan(value: Any) -> str:
    return "" if value in (None, "") else f"{Decimal(value) / WAN:,.2f}"


def _plain(value: Any) -> str:
    return "" if value in (None, "") else f"{Decimal(value).normalize():,f}"


def _word(choices: Any, code: str) -> str:
    return str(dict(choices.choices).get(code, code))


def _lead(parts: Parts) -> Iterable[Sequence[str]]:
    for row in (parts.get("lead") or {}).get("years") or ():
        yield (str(row["year"]), _wan(row["revenue"]), _wan(row["rd_expense"]), str(row["staff"]), str(row["rd_staff"]))


def _members(parts: Parts) -> Iterable[Sequence[str]]:
    for row in parts.get("members") or ():
        kind = _word(OrganisationType, row["organisation"]["type"])
        yield (row["organisation"]["name"], kind, _word(Layer, row["layer"]),
               _word(ChainPosition, row["chain_position"]))  # fmt: skip


def _technologies(parts: Parts) -> Iterable[Sequence[str]]:
    for row in parts.get("technologies") or ():
        yield (row["name"], f"{row['indicator']} {row['unit']}".strip(), _plain(row["baseline"]), _plain(row["target"]),
               row["owner"]["name"])  # fmt: skip


def _tasks(parts: Parts) -> Iterable[Sequence[str]]:
    for row in parts.get("tasks") or ():
        yield (f"T{row['number']}", row["name"], row["lead"]["name"], row["start"] or "", row["end"] or "")


def _budget(parts: Parts) -> Iterable[Sequence[str]]:
    for row in parts.get("members") or ():
        yield (row["organisation"]["name"], _wan(row["cash"]), _wan(row["in_kind"]), "", "")
    for row in parts.get("tasks") or ():
        yield (f"T{row['number']} {row['name']}", "", "", _wan(row["budget_grant"]), _wan(row["budget_own"]))


def _years(parts: Parts) -> list[str]:
    return sorted({year for row in parts.get("budget") or () for year in row["amounts"]})


def _budget_lines(parts: Parts) -> Iterable[Sequence[str]]:
    years = _years(parts)
    for row in parts.get("budget") or ():
        yield (row["organisation"]["name"], _word(BudgetSource, row["source"]), _word(BudgetCategory, row["category"]),
               *(_wan(row["amounts"].get(year)) for year in years), _wan(row["total"]), row["note"])  # fmt: skip


REFERENCES: dict[str, Source] = {
    Reference.LEAD: Source(
        _("From the yearly figures of the lead"),
        (_("Year"), _("Revenue (×10k yuan)"), _("R&D expense (×10k yuan)"), _("Staff"), _("R&D staff")), _lead,
        (False, True, True, True, True),
    ),
    Reference.MEMBERS: Source(
        _("From what each member has entered and confirmed"),
        (_("Organisation"), _("Type"), _("Layer"), _("Position in the chain")), _members, (False,) * 4,
    ),
    Reference.TECHNOLOGIES: Source(
        _("From the key-technology list of the consortium"),
        (_("Technology"), _("Indicator"), _("Baseline"), _("Target"), _("Responsible")), _technologies,
        (False, False, True, True, False),
    ),
    Reference.TASKS: Source(
        _("From the research tasks of the consortium"),
        (_("Number"), _("Task"), _("Lead organisation"), _("Begins"), _("Ends")), _tasks, (False,) * 5,
    ),
    Reference.BUDGET: Source(
        _("From the contributions of the members and the budgets of the tasks"),
        (_("Member or task"), _("Cash (×10k yuan)"), _("In kind (×10k yuan)"), _("Grant (×10k yuan)"),
         _("Own funds (×10k yuan)")), _budget, (False, True, True, True, True),
    ),
    Reference.BUDGET_LINES: Source(
        _("From the budget of this application; amounts in 10,000 yuan"),
        (_("Organisation"), _("Source of the money"), _("Category"), _("In all"), _("Note")), _budget_lines,
        (False, False, False, True, False), spread=_years, tail=2,
    ),
}  # fmt: skip


def referenced(source: str, parts: Parts) -> Grid:
    """The rows of a source in words."""
    known = REFERENCES[source]
    rows = tuple(tuple(map(str, row)) for row in known.rows(parts))
    heads, numeric = known.across(parts)
    return Grid(heads, rows, numeric)

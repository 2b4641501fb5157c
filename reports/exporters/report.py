"""What a funding report is: data over a selector, its totals beside the ledger's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from funding.enums import AccountKind, EntryKind
from funding.models import Posting
from funding.selectors.ledger import PAID
from portal.kernel.capitals import capitals
from portal.kernel.copying import selected
from portal.kernel.exporting import Column, Export, Value
from portal.kernel.models.notification import ExportFormat
from portal.kernel.templatetags.ui import yuan

ZERO = Decimal(0)
TABLES = (ExportFormat.XLSX, ExportFormat.CSV, ExportFormat.JSON)
Text = str | Promise
Filters = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Check:
    """A sum of the report beside the same sum in the books, in yuan."""

    name: Text
    reported: Decimal
    booked: Decimal

    @property
    def difference(self) -> Decimal:
        """Zero when both agree."""
        return self.reported - self.booked

    @property
    def words(self) -> str:
        """For the notes of a file."""
        pattern = _("report %(reported)s, ledger %(booked)s, difference %(difference)s yuan")
        sums = {"reported": self.reported, "booked": self.booked, "difference": self.difference}
        return pattern % {name: yuan(value) for name, value in sums.items()}

    @property
    def facts(self) -> dict[str, str]:
        """For the record of exports."""
        return {"reported": f"{self.reported:.2f}", "booked": f"{self.booked:.2f}"}


Rows = QuerySet[Any] | Sequence[Any]


def as_they_are(rows: QuerySet[Any]) -> Rows:
    """Each row of the database is one of the report."""
    return rows


def nothing(_rows: QuerySet[Any]) -> Iterable[Check]:
    """A report without money of the budget."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """One report: what its reader may see, narrowed by `filters` (a name to a field of it), and made into rows.

    Rows with an `order` come out of the database one by one; those without are few, and made in memory.
    """

    number: str
    slug: str
    title: Text
    about: Text
    base: Callable[[Any], QuerySet[Any]]
    columns: tuple[Column, ...]
    filters: Filters = field(default_factory=dict)
    rows: Callable[[QuerySet[Any]], Rows] = as_they_are
    order: tuple[str, ...] = ()
    checks: Callable[[QuerySet[Any]], Iterable[Check]] = nothing
    rules: str = ""  # the way from a row of the base to the rule set that it goes by
    permission: str = "reports.export_funding"
    signed: bool = False  # it is a paper to be signed, too, and its sums stand in Chinese capitals
    off_paper: frozenset[str] = frozenset()  # columns by their names in files that find no room on paper
    personal: bool = False
    small: bool = False  # its amounts stand in yuan on the page, too

    @property
    def name(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}"

    @property
    def formats(self) -> tuple[ExportFormat, ...]:
        """What it can be taken as."""
        return (*TABLES, ExportFormat.PDF) if self.signed else TABLES

    def made(self, narrowed: QuerySet[Any]) -> Rows:
        """The rows in their order."""
        rows = self.rows(narrowed)
        return rows.order_by(*self.order) if isinstance(rows, QuerySet) else rows

    @property
    def sql(self) -> list[Any] | None:
        """The expressions of all columns, if the database can make the file by itself."""
        found = [column.sql() if callable(column.sql) else column.sql for column in self.columns]
        return None if any(one is None for one in found) else found

    def values(self, narrowed: QuerySet[Any]) -> QuerySet[Any] | None:
        """The rows as plain values, in the order of the columns."""
        return None if self.sql is None else selected(narrowed, self.sql, self.order)

    def totals(self, rows: Rows) -> list[Decimal | None]:
        """The total of each column, None where there is none; of rows in the database in one query."""
        summed = dict(self._summed())
        if isinstance(rows, QuerySet):
            sums = {f"sum{n}": Sum(column.total) for n, column in summed.items() if column.total != ""}
            found = rows.order_by().aggregate(**sums) if sums else {}
            return [(found[f"sum{n}"] or ZERO) if f"sum{n}" in sums else None for n in range(len(self.columns))]
        return [
            sum((_number(column.cell(row)) for row in rows), ZERO) if n in summed else None
            for n, column in enumerate(self.columns)
        ]

    def _summed(self) -> Iterator[tuple[int, Column]]:
        return ((n, column) for n, column in enumerate(self.columns) if column.summed)

    def rule_sets(self, narrowed: QuerySet[Any]) -> list[str]:
        """The codes of the rules that the rows go by."""
        if not self.rules:
            return []
        path = f"{self.rules}__code"
        return [code for code in narrowed.order_by(path).values_list(path, flat=True).distinct() if code]

    def notes(self, narrowed: QuerySet[Any], words: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """The filter, the rules and the books in words."""
        rules = self.rule_sets(narrowed)
        return [
            *(words or [(_("Filter"), _("none: all that the taker may see"))]),
            *([(_("Rule sets"), ", ".join(rules))] if rules else []),
            *self._in_capitals(narrowed),
            *((_("Ledger: %(name)s") % {"name": check.name}, check.words) for check in self.checks(narrowed)),
        ]

    def _in_capitals(self, narrowed: QuerySet[Any]) -> Iterator[tuple[str, str]]:
        """The sums of what is signed, as they stand on Chinese paper; in other languages figures are enough."""
        if not self.signed or not (get_language() or "zh").startswith("zh"):
            return
        for column, total in zip(self.columns, self.totals(self.made(narrowed)), strict=True):
            if total is not None and column.kind == "money":
                yield _("In capitals: %(column)s") % {"column": column.title}, capitals(total)

    def export(self, narrowed: QuerySet[Any], words: Iterable[tuple[str, str]]) -> Export:
        """The report of these rows as an export."""
        return Export(
            slug=self.slug,
            title=self.name,
            permission=self.permission,
            rows=lambda _user, _params: self.made(narrowed),
            columns=self.columns,
            personal=self.personal,
            notes=lambda _user, _params: self.notes(narrowed, words),
            facts=lambda: {"ledger": {str(check.name): check.facts for check in self.checks(narrowed)}},
            numbered=self.sql is None,
            values=self.values(narrowed),
        )


def _number(value: Value) -> Decimal:
    return Decimal(value) if isinstance(value, Decimal | int) else ZERO


# --- the same sums in the books ----------------------------------------------------------------
def booked(kind: EntryKind, **about: Any) -> Decimal:
    """What entries of a kind moved, in yuan."""
    legs = Posting.objects.filter(entry__kind=kind, amount__gt=0, **about).order_by()
    total: Decimal | None = legs.aggregate(sum=Sum("amount"))["sum"]
    return total or ZERO


def paid_in_books(**about: Any) -> Decimal:
    """What was paid and did not come back, by the entries, in yuan."""
    legs = Posting.objects.filter(account__kind=AccountKind.COMMITTED, entry__kind__in=PAID, **about).order_by()
    total: Decimal | None = legs.aggregate(sum=Sum("amount"))["sum"]
    return -(total or ZERO)


def summed(rows: QuerySet[Any], path: Any) -> Decimal:
    """The sum of a field over the rows, in yuan."""
    total: Decimal | None = rows.order_by().aggregate(sum=Sum(path))["sum"]
    return total or ZERO

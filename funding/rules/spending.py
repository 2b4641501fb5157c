"""Budget against actual, the negative list, and how invoices are numbered; plain values only."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from funding.enums import BudgetMode, BudgetSource
from funding.rules.budget import Line
from funding.rules.defaults import SPENDING

Key = Callable[[Line, int], Any]
KEYS: dict[str, Key] = {
    "category": lambda line, _year: line.row.category,
    "source": lambda line, _year: line.row.source,
    "organisation": lambda line, _year: line.row.organisation,
    "year": lambda _line, year: year,
}
HUNDRED = Decimal(100)


# --- the negative list -------------------------------------------------------------------------
@dataclass(frozen=True)
class Terms:
    """What the rules of a call say of spending; what they do not say is as in the defaults."""

    near_percent: Decimal
    negative: tuple[Mapping[str, Any], ...]

    def hits(self, text: str) -> list[str]:
        """The codes of the entries of the negative list that the words of a text point to."""
        said = _plain(text)
        return [str(one["code"]) for one in self.negative if any(_plain(word) in said for word in one["words"])]

    def named(self, codes: Iterable[str], language: str) -> list[str]:
        """What entries are called; one that the rules do not have (any more) by its code."""
        names = {str(one["code"]): str(one["zh" if language.startswith("zh") else "en"]) for one in self.negative}
        return [names.get(code, code) for code in codes]


def terms_of(rules: Mapping[str, Any]) -> Terms:
    """The terms of a call."""
    said = {**SPENDING, **(rules.get("spending") or {})}
    return Terms(Decimal(said["near_percent"]), tuple(said["negative"]))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def digits(text: str) -> str:
    """A number as it is kept: without blanks and hyphens, full-width digits as the others."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if not sign.isspace() and sign != "-")


def reference(text: str) -> str:
    """The number of a voucher or a bank slip as it is kept: one spelling, however it was typed."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


# --- budget against actual ---------------------------------------------------------------------
@dataclass(frozen=True)
class Account:
    """What was planned for something and what is spent on it, in yuan."""

    of: Any
    planned: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        """Negative when more was spent than planned."""
        return self.planned - self.spent

    @property
    def percent(self) -> Decimal | None:
        """The part of the plan that is spent; None without a plan."""
        return (self.spent * HUNDRED / self.planned).quantize(Decimal("0.1")) if self.planned else None

    @property
    def is_over(self) -> bool:
        """Whether more is spent than planned."""
        return self.spent > self.planned

    def is_near(self, percent: Decimal) -> bool:
        """Whether it is nearly spent, and not over."""
        return not self.is_over and self.planned > 0 and self.spent * HUNDRED >= self.planned * percent


def accounts(planned: Iterable[Line], spent: Iterable[Line], by: str) -> list[Account]:
    """An account for each value of KEYS[by] that is planned for or spent on, in the order of its value."""
    plan, actual = _sums(planned, KEYS[by]), _sums(spent, KEYS[by])
    return [
        Account(of, plan.get(of, Decimal(0)), actual.get(of, Decimal(0)))
        for of in sorted(plan.keys() | actual.keys()) if plan.get(of) or actual.get(of)
    ]  # fmt: skip


def total(planned: Iterable[Line], spent: Iterable[Line]) -> Account:
    """The account of everything."""
    return Account("", sum((one.total for one in planned), Decimal(0)), sum((one.total for one in spent), Decimal(0)))


def _sums(lines: Iterable[Line], key: Key) -> dict[Any, Decimal]:
    sums: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for line in lines:
        for year, amount in line.amounts.items():
            sums[key(line, year)] += amount
    return dict(sums)


@dataclass(frozen=True)
class Overrun:
    """More than there is: of a category, of the whole budget ("total"), or of the grant ("grant")."""

    code: str
    account: Account


def overruns(planned: list[Line], spent: list[Line], *, mode: str, granted: Decimal) -> Iterator[Overrun]:
    """What is over: with an itemised budget each category, with a lump sum the total alone; the grant in both."""
    if not planned:
        held = []  # of before there were budgets
    elif mode == BudgetMode.LUMP_SUM:
        held = [("total", total(planned, spent))]
    else:
        held = [("category", one) for one in accounts(planned, spent, "category")]
    yield from (Overrun(code, account) for code, account in held if account.is_over)
    grant = Account(BudgetSource.GRANT, granted, _sums(spent, KEYS["source"]).get(BudgetSource.GRANT, Decimal(0)))
    if grant.is_over:
        yield Overrun("grant", grant)

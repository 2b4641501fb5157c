"""What a project contract promises: its terms as plain values, how they are made of an application, and whether they
add up.
"""

from calendar import isleap, monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from funding.enums import BudgetSource
from funding.rules.defaults import CONTRACT

SCHEMA = 2
CENT, HUNDRED = Decimal("0.01"), Decimal(100)
FINE = Decimal("1E+2")  # what a cell of the budget is rounded to: 0.01 of 10,000 yuan
Values = dict[str, Any]


@dataclass(frozen=True)
class Rules:
    """What the rules of a call say about its contracts."""

    district_percent: Decimal
    indicators: tuple[Mapping[str, str], ...]
    confirm_days: int  # working days
    extensions: int
    extension_months: int
    acceptance_months: int
    acceptance_days: int  # working days
    acceptance_mend_days: int  # working days
    acceptance_pays: tuple[str, ...]


def rules_of(rules: Mapping[str, Any]) -> Rules:
    """Of a rule set; where it says nothing, the defaults."""
    said = {**CONTRACT, **(rules.get("contract") or {})}
    return Rules(
        district_percent=Decimal(said["district_percent"]),
        indicators=tuple(said["indicators"]),
        confirm_days=int(said["confirm_working_days"]),
        extensions=int(said["extensions"]),
        extension_months=int(said["extension_months"]),
        acceptance_months=int(said["acceptance_months"]),
        acceptance_days=int(said["acceptance_working_days"]),
        acceptance_mend_days=int(said["acceptance_mend_working_days"]),
        acceptance_pays=tuple(said["acceptance_pays"]),
    )


# --- time --------------------------------------------------------------------------------------
def last_day(first: date, years: int) -> date:
    """The day before the anniversary; that of a 29 February is the 1st of March."""
    year = first.year + years
    leaps = first.month == 2 and first.day == 29 and not isleap(year)
    anniversary = date(year, 3, 1) if leaps else first.replace(year=year)
    return anniversary - timedelta(days=1)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_of(starts_on: date, ends_on: date) -> list[str]:
    """The calendar years that a term touches, as the terms name them."""
    return [str(year) for year in range(starts_on.year, ends_on.year + 1)]


# --- targets -----------------------------------------------------------------------------------
def targets_of(
    technologies: Iterable[Mapping[str, Any]], milestones: Iterable[Mapping[str, Any]],
    indicators: Iterable[Mapping[str, str]], years: Sequence[str],
) -> list[Values]:  # fmt: skip
    """The targets by year: of the technologies and milestones applied for, each in the year it is due, and of the
    indicators of the rules, each in every year.
    """
    return [
        *(_due(f"{one['name']} · {one['indicator']}", one["unit"], one, years) for one in technologies),
        *(_due(f"{one['task']} · {one['name']}", one["metric"], one, years) for one in milestones),
        *(_yearly(one, years) for one in indicators),
    ]


def _due(name: str, unit: str, one: Mapping[str, Any], years: Sequence[str]) -> Values:
    year = min(max(str(one["due"])[:4], years[0]), years[-1])
    return target(name, unit, _figure(one.get("baseline")), {year: _figure(one["target"])})


def _yearly(one: Mapping[str, str], years: Sequence[str]) -> Values:
    return target(one["name"], one["unit"], "", dict.fromkeys(years[1:] or years, one["yearly"]), one["code"])


def target(name: str, unit: str, baseline: str, years: Mapping[str, str], code: str = "") -> Values:
    """A target as the terms keep it; figures are text."""
    return {"code": code, "name": name[:200], "unit": unit[:40], "baseline": baseline, "years": dict(years)}


def _figure(value: Any) -> str:
    return "" if value in (None, "") else f"{Decimal(value).normalize():f}"


# --- budget ------------------------------------------------------------------------------------
def scaled(rows: Iterable[Mapping[str, Any]], award: Decimal) -> list[Values]:
    """The budget applied for with its grant cut or raised to the award; the last cell takes the rest."""
    found = [{**row, "amounts": dict(row["amounts"])} for row in rows]
    cells = [
        (row, year)
        for row in found
        if row["source"] == BudgetSource.GRANT
        for year, amount in row["amounts"].items()
        if Decimal(amount)
    ]
    asked = sum((Decimal(row["amounts"][year]) for row, year in cells), Decimal(0))
    left = award
    for number, (row, year) in enumerate(cells, 1):
        part = (Decimal(row["amounts"][year]) * award / asked).quantize(FINE, ROUND_DOWN)
        amount = left if number == len(cells) else part
        left -= amount
        row["amounts"][year] = f"{amount:.2f}"
    for row in found:
        row["total"] = f"{row_total(row):.2f}"
    return found


def row_total(row: Mapping[str, Any]) -> Decimal:
    """What a row of the budget comes to over the years."""
    return sum((Decimal(amount) for amount in row["amounts"].values()), Decimal(0))


def from_source(rows: Iterable[Mapping[str, Any]], source: str) -> Decimal:
    """What comes from one source."""
    return sum((row_total(row) for row in rows if row["source"] == source), Decimal(0))


def of_organisation(rows: Iterable[Mapping[str, Any]], organisation: str) -> tuple[Decimal, Decimal]:
    """What an organisation gets of the grant, and what it spends from elsewhere."""
    own = [row for row in rows if row["organisation"]["id"] == organisation]
    grant = from_source(own, BudgetSource.GRANT)
    return grant, sum((row_total(row) for row in own), Decimal(0)) - grant


def with_money(parties: Sequence[Values], budget: Sequence[Values]) -> list[Values]:
    """The parties with their parts of this budget."""
    found = []
    for one in parties:
        grant, own = of_organisation(budget, one["id"])
        found.append({**one, "grant": f"{grant:.2f}", "own": f"{own:.2f}"})
    return found


# --- shares ------------------------------------------------------------------------------------
def shares_of(award: Decimal, percent: Decimal, district: str) -> Values:
    """What the city grants, and what the district adds to it."""
    added = (award * percent / HUNDRED).quantize(CENT)
    return {"city": f"{award:.2f}", "district": f"{added:.2f}", "percent": f"{percent:.2f}", "name": district}


# --- whether it adds up ------------------------------------------------------------------------
@dataclass(frozen=True)
class Fault:
    """What does not fit: `code` says which sentence, `part` on which page it is mended."""

    code: str
    part: str
    has: Decimal = Decimal(0)
    needs: Decimal = Decimal(0)
    name: str = ""


def faults(terms: Mapping[str, Any]) -> list[Fault]:
    """Everything that keeps a draft from being offered."""
    award = Decimal(terms["award"]["amount"])
    planned = sum((Decimal(one["amount"]) for one in terms["tranches"]), Decimal(0))
    granted = from_source(terms.get("budget", ()), BudgetSource.GRANT)
    found = []
    if planned != award:
        found.append(Fault("tranches", "tranches", planned, award))
    if granted != award:
        found.append(Fault("budget", "budget", granted, award))
    if not terms.get("targets"):
        found.append(Fault("targets", "targets"))
    found += [
        Fault("target", "targets", name=one["name"])
        for one in terms.get("targets", ())
        if not any(one["years"].values())
    ]
    return found

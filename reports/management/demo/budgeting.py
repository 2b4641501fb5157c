"""The budget of a demo application: the grant goes to the lead and two partners, everybody spends what it promised."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from funding.enums import BudgetSource
from funding.rules.budget import NOTE, Cell, Row
from funding.selectors.budgets import Place, Sheet

GRANT_SHARES = (50, 30, 20)
CATEGORY_SHARES = {1: (100,), 4: (35, 35, 20, 10)}
YEAR_SHARES = (30, 40, 30)
STEP = Decimal(1000)
NOTES = {
    "EQUIPMENT": "样例：试制设备与测试仪器，按三家询价的中间价估算。",
    "LABOUR": "样例：研发人员投入，按承诺的人月与上年度平均人工成本估算。",
}


def portions(total: Decimal, shares: Sequence[int]) -> list[Decimal]:
    """A sum divided by shares of a hundred in whole thousands; the last takes what is left."""
    parts = [(total * share / 100 // STEP) * STEP for share in shares[:-1]]
    return [*parts, total - sum(parts)]


def budget_of(sheet: Sheet, asked: Decimal) -> dict[str, str]:
    """The cells of a budget that fits."""
    receivers = sheet.places[: len(GRANT_SHARES)]
    shares = GRANT_SHARES if len(receivers) == len(GRANT_SHARES) else (100,)
    found: dict[str, str] = {}
    for place, grant in zip(receivers, portions(asked, shares), strict=False):
        found |= dict(_spent(sheet, place, BudgetSource.GRANT, grant))
    for place in sheet.places:
        found |= dict(_spent(sheet, place, BudgetSource.OWN, place.cash))
    return found


def _spent(sheet: Sheet, place: Place, source: str, total: Decimal) -> Iterator[tuple[str, str]]:
    by_category = portions(total, CATEGORY_SHARES[len(sheet.categories)])
    for category, amount in zip(sheet.categories, by_category, strict=True):
        row = Row(place.organisation, source, category)
        if total and category in NOTES:
            yield Cell(row, NOTE).name, NOTES[category]
        for year, part in zip(sheet.years, portions(amount, YEAR_SHARES), strict=False):
            if part:
                yield Cell(row, str(year)).name, f"{part:.2f}"

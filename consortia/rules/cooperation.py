"""How much of a period falls into a year."""

from datetime import date
from decimal import Decimal

TENTH = Decimal("0.1")


def part_in_year(amount: Decimal, start: date, end: date, year: int) -> Decimal:
    """The part of `amount`, spread evenly over the days from `start` to `end`, that falls into the year."""
    first, last = max(start, date(year, 1, 1)), min(end, date(year, 12, 31))
    days = (last - first).days + 1
    return amount * days / ((end - start).days + 1) if days > 0 else Decimal(0)

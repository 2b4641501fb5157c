"""Working days of mainland China, public holidays and make-up days included.

The State Council publishes a year's calendar late in the year before. For years the library does
not know, Monday to Friday count, and `is_published` says so: show such a deadline as provisional.
"""

from datetime import date, timedelta
from functools import cache

from chinese_calendar import get_holiday_detail, is_workday
from chinese_calendar.constants import holidays
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SATURDAY = 5
HOLIDAYS: dict[str, Promise] = {
    "New Year's Day": _("New Year’s Day"),
    "Spring Festival": _("Spring Festival"),
    "Tomb-sweeping Day": _("Tomb-sweeping Day"),
    "Labour Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "National Day": _("National Day"),
    "Mid-autumn Festival": _("Mid-autumn Festival"),
}


@cache
def published_years() -> range:
    """The years whose calendar is known."""
    years = {day.year for day in holidays}
    return range(min(years), max(years) + 1)


def is_published(*days: date) -> bool:
    """Whether the official calendar is known for all of `days` (and so for those between them)."""
    return all(day.year in published_years() for day in days)


def is_working_day(day: date) -> bool:
    """Whether offices work on `day`; by the weekday alone when the year is not published."""
    if is_published(day):
        return bool(is_workday(day))
    return day.weekday() < SATURDAY


def holiday_on(day: date) -> Promise | None:
    """The name of the holiday for which offices are closed on `day`; nothing for a plain weekend."""
    closed, name = get_holiday_detail(day) if is_published(day) else (False, None)
    return HOLIDAYS.get(name) if closed and name else None


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    return add_working_days(day, 1)


def add_working_days(start: date, days: int) -> date:
    """The last day of a period of `days` working days; the day of `start` itself does not count."""
    if days < 0:
        raise ValueError("a period cannot be negative")
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and including `end`; 0 when `end` is not later."""
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

"""Defaults of integrity records and yearly figures; a city may set others here."""

from datetime import date, timedelta

from members.enums import IntegrityLevel

BARRED_YEARS = {IntegrityLevel.MINOR: 1, IntegrityLevel.SERIOUS: 3, IntegrityLevel.GRAVE: 5}


def default_end(level: str, begins: date) -> date:
    """The last day of a record that names none."""
    year = begins.year + BARRED_YEARS[IntegrityLevel(level)]
    leap_day = (begins.month, begins.day) == (2, 29)
    return date(year, 2, 28) if leap_day else begins.replace(year=year) - timedelta(days=1)


def expected_year(today: date) -> int:
    """The newest year whose figures an organisation should have stated: accounts are closed by the end of April."""
    return today.year - 1 if today.month > 4 else today.year - 2

"""Working days of mainland China."""

from datetime import date

import pytest

from portal.kernel.calendar import add_working_days, is_published, is_working_day, working_days_between


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 10, 1), False),  # National Day
        (date(2025, 10, 8), False),  # still the holiday of 2025, a Wednesday
        (date(2025, 9, 28), True),  # a Sunday made up for it
        (date(2025, 9, 27), False),
        (date(2025, 9, 29), True),
        (date(2099, 10, 1), True),  # a Thursday of a year nobody has published
        (date(2099, 10, 3), False),
    ],
)
def test_a_day_is_worked_or_not(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 18), 0, date(2026, 11, 18)),
        (date(2026, 11, 18), 5, date(2026, 11, 25)),
        (date(2025, 9, 26), 4, date(2025, 10, 9)),  # over a made-up Sunday and eight days of holiday
        (date(2099, 10, 1), 2, date(2099, 10, 5)),
    ],
)
def test_a_period_ends_on_a_working_day(start: date, days: int, end: date) -> None:
    assert add_working_days(start, days) == end
    assert working_days_between(start, end) == days


def test_a_period_is_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 1, 5), -1)


def test_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    assert working_days_between(date(2026, 1, 9), date(2026, 1, 5)) == 0


def test_a_year_nobody_has_published_is_said_to_be_provisional() -> None:
    assert is_published(date(2025, 12, 31)) is True
    assert is_published(date(2025, 12, 31), date(2099, 1, 1)) is False

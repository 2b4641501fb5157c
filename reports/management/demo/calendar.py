"""When things happen in the demo: the story is written for 2026 and moves with today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

WRITTEN_FOR = 2026


@dataclass(frozen=True)
class Days:
    """The days of one batch of applications."""

    opens: date
    closes: date
    recommended: date
    checked: date
    reviewed: date
    decided: date
    publicised: date
    approved: date
    contracted: date


def moment(day: date, hour: int = 10) -> datetime:
    """An hour of a day in Shanghai."""
    return datetime.combine(day, time(hour), tzinfo=timezone.get_current_timezone())


def lately(today: date) -> date:
    """A day so near that whoever was asked then still has a week to answer."""
    return today - timedelta(days=4)


def story_year(today: date) -> int:
    """The year that stands for 2026; in the first months the story still plays in the year before."""
    return today.year if today.month >= 7 else today.year - 1


def shifted(year: int, today: date) -> int:
    """A year of the script as a year of this run."""
    return year + story_year(today) - WRITTEN_FOR


def batch_days(year: int, number: int, today: date) -> Days:
    """The days of a batch: spring or summer of its year; the batch of the present year is in full swing."""
    if year == WRITTEN_FOR:
        return _from(today - timedelta(days=98), notice_over=False)
    return _from(date(shifted(year, today), 2 if number == 1 else 6, 1), notice_over=True)


def _from(opens: date, *, notice_over: bool) -> Days:
    def after(days: int) -> date:
        return opens + timedelta(days=days)

    publicised = after(82) if notice_over else after(78)
    return Days(
        opens=opens,
        closes=after(40),
        recommended=after(45),
        checked=after(52),
        reviewed=after(66),
        decided=after(75),
        publicised=publicised,
        approved=publicised + timedelta(days=8),
        contracted=publicised + timedelta(days=8),
    )

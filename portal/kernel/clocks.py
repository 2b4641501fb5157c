"""What time it is where deadlines are kept, how much is left until one, and how loudly to say so."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import connection
from django.utils.translation import gettext, ngettext

Loudness = Literal["calm", "warn", "bad", "over"]

WARN = timedelta(days=7)
BAD = timedelta(days=1)


def database_now() -> datetime:
    """The database's clock, the one that every deadline goes by: the same for all processes, whatever theirs say.

    Advances within a transaction. Costs a query.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


@dataclass(frozen=True)
class Left:
    """The time between now and a deadline; `days`, `hours` and `minutes` are of its absolute value."""

    days: int
    hours: int
    minutes: int
    kind: Loudness

    @property
    def text(self) -> str:
        """In words: days and clock, under a day hours and minutes, afterwards how long it is overdue."""
        parts = {"days": self.days, "hours": self.hours, "minutes": self.minutes}
        if self.kind == "over":
            return self._overdue(parts)
        if self.days:
            words = ngettext(
                "%(days)d day %(hours)02d:%(minutes)02d left", "%(days)d days %(hours)02d:%(minutes)02d left", self.days
            )
            return words % parts
        return gettext("%(hours)d h %(minutes)02d min left") % parts

    def _overdue(self, parts: dict[str, int]) -> str:
        if self.days:
            return ngettext("%(days)d day overdue", "%(days)d days overdue", self.days) % parts
        return gettext("%(hours)d h %(minutes)02d min overdue") % parts


def left(at: datetime, now: datetime) -> Left:
    """Amber in the last seven days, red on the last one and afterwards."""
    gap = at - now
    kind: Loudness = "over" if gap < timedelta() else "bad" if gap <= BAD else "warn" if gap <= WARN else "calm"
    minutes = int(abs(gap).total_seconds()) // 60
    return Left(minutes // 1440, minutes // 60 % 24, minutes % 60, kind)

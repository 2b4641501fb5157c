"""Who may still submit for some minutes after the close: whoever was at work when it came. Pure rules."""

from collections.abc import Iterable
from datetime import datetime, timedelta

AT_WORK = timedelta(hours=2)  # before the close: who opened or saved it within this time was at work


def was_at_work(*, closes_at: datetime, seen: Iterable[datetime | None]) -> bool:
    """Whether one of the moments at which somebody opened or saved it lies just before the close."""
    return any(one is not None and closes_at - AT_WORK <= one < closes_at for one in seen)

"""How much later a call closes because the portal was away before its close: pure arithmetic."""

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
LEAST = 3  # minutes; less nobody notices


def minutes_lost(*, started_at: datetime, ended_at: datetime, closes_at: datetime, hours: int) -> int:
    """The minutes of an outage that count, begun ones whole: of the last `hours` before the close, and what ran on.

    None of an outage that begins after the close or ends before those hours, or that is too short to matter.
    """
    counted_from = max(started_at, closes_at - timedelta(hours=hours))
    if not hours or started_at >= closes_at or ended_at <= counted_from:
        return 0
    lost = -((counted_from - ended_at) // MINUTE)
    return lost if lost >= LEAST else 0


def rounded_up(minutes: int, step: int) -> int:
    """To whole steps of minutes."""
    return -(-minutes // step) * step

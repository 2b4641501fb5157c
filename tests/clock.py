"""The moment at which tests happen: a working day in the open call."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)  # Wednesday 12:00 in Shanghai
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

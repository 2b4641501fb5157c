"""How long experts may think and score, when they are reminded, and who calls the substitutes of a draw."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from funding.rules.defaults import INVITATION
from portal.kernel.calendar import add_working_days, working_days_between

PORTAL = "portal"  # calls substitutes by itself


@dataclass(frozen=True)
class Terms:
    """What a rule set says of invitations; all periods are working days."""

    answer_days: int
    remind_answer: tuple[int, ...]
    scoring_days: int
    remind_scoring: tuple[int, ...]
    by_portal: bool
    extend_days: int


def terms_of(rules: Mapping[str, Any]) -> Terms:
    """Of a call's rules; where they say nothing, the defaults."""
    said = {**INVITATION, **rules["panel"].get("invitation", {})}
    return Terms(
        answer_days=int(said["answer_working_days"]),
        remind_answer=tuple(int(days) for days in said["remind_answer"]),
        scoring_days=int(said["scoring_working_days"]),
        remind_scoring=tuple(int(days) for days in said["remind_scoring"]),
        by_portal=said["substitutes"] == PORTAL,
        extend_days=int(said["extend_working_days"]),
    )


def end_after(days: int, at: datetime) -> datetime:
    """The end of the last of so many working days; the day of `at` itself does not count."""
    return end_of(add_working_days(timezone.localdate(at), days))


def end_of(day: date) -> datetime:
    """The last second of a day."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=timezone.get_current_timezone())


def reminder_due(*, ends: date, today: date, days: Iterable[int]) -> int | None:
    """Which of the reminders is due: the latest whose time has come; None before the first and after the end."""
    if today > ends:
        return None
    left = working_days_between(today, ends)
    return min((one for one in days if left <= one), default=None)

"""How long a public notice runs, what is published, and what is told about objections to it."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from funding.rules.scoring import TIERS, Rules
from portal.kernel.calendar import add_working_days, is_working_day, working_days_between

MOST_AHEAD = timedelta(days=60)  # between the publishing and the first day of a notice
CALENDAR, WORKING = "calendar", "working"  # the days in which a notice is counted
ANSWER_DAYS = 15  # working days for the answer to an objection, unless the rules say otherwise
FEW = 3  # below it a count could tell who is meant
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # of a code: none that is taken for another
CODE_LENGTH = 12
ONE_DAY = timedelta(days=1)


# --- the clock ---------------------------------------------------------------------------------
def counts_working_days(rules: Rules) -> bool:
    """Whether the days of a notice are working days; else every day of the calendar counts."""
    return bool(rules["periods"].get("publicity_count", CALENDAR) == WORKING)


def last_day(starts_on: date, rules: Rules) -> date:
    """The last day on which objections are taken; the first day counts."""
    days: int = rules["periods"]["publicity_days"]
    if counts_working_days(rules):
        return add_working_days(starts_on - ONE_DAY, days)
    return starts_on + timedelta(days=days - 1)


def days_left(ends_on: date, on: date, rules: Rules) -> int:
    """How many days of the kind that counts are left, this one included; 0 when the notice is over."""
    if counts_working_days(rules):
        return working_days_between(on - ONE_DAY, ends_on)
    return max((ends_on - on).days + 1, 0)


def answer_due(received_on: date, rules: Rules) -> date:
    """The last day for the answer to an objection."""
    return add_working_days(received_on, rules["periods"].get("objection_answer_working_days", ANSWER_DAYS))


def has_working_day(starts_on: date, ends_on: date) -> bool:
    """Whether offices work on at least one day of the period."""
    days = (ends_on - starts_on).days + 1
    return any(is_working_day(starts_on + timedelta(days=n)) for n in range(days))


# --- the list ----------------------------------------------------------------------------------
def notice_row(application: Any) -> dict[str, str]:
    """One line of a public notice, in both languages; the amount in yuan."""
    consortium = application.consortium
    amount: Decimal = application.decided_amount
    return {
        "application": str(application.pk),
        "number": application.number,
        "consortium": consortium.name,
        "lead": consortium.lead.name,
        "district_zh": application.district.name_zh,
        "district_en": application.district.name_en,
        "sub_field_zh": consortium.sub_field.name_zh,
        "sub_field_en": consortium.sub_field.name_en,
        "tier": application.decided_tier,
        "amount": f"{amount:.2f}",
    }


def is_lower(tier: str, amount: Decimal, than: tuple[str, Decimal]) -> bool:
    """Whether something is taken away from a decision and nothing added."""
    before = TIERS.index(than[0]), -than[1]
    after = TIERS.index(tier), -amount
    return after != before and after[0] >= before[0] and after[1] >= before[1]


# --- following an objection --------------------------------------------------------------------
def new_code() -> str:
    """By which an objector follows the own objection."""
    return "".join(secrets.choice(SIGNS) for _sign in range(CODE_LENGTH))


def sealed_code(number: str, code: str) -> str:
    """What is kept of a code; the code itself is shown once."""
    return hashlib.sha256(f"{number}:{code.strip().upper()}".encode()).hexdigest()


# --- statistics --------------------------------------------------------------------------------
def told(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The counts that may be told; None for one that is not 0 and too small to be told.

    A single hidden count would follow from the sum, so the sum ("all") is hidden with it.
    """
    shown: dict[str, int | None] = {name: None if 0 < count < FEW else count for name, count in counts.items()}
    total = sum(counts.values())
    hidden = sum(count is None for count in shown.values())
    return {**shown, "all": None if hidden == 1 or 0 < total < FEW else total}

"""How long a public notice runs, and what is published."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from funding.rules.scoring import Rules
from portal.kernel.calendar import is_working_day

MOST_AHEAD = timedelta(days=60)  # between the publishing and the first day of a notice


def last_day(starts_on: date, rules: Rules) -> date:
    """The last day on which objections are taken; the first day counts."""
    days: int = rules["periods"]["publicity_days"]
    return starts_on + timedelta(days=days - 1)


def has_working_day(starts_on: date, ends_on: date) -> bool:
    """Whether offices work on at least one day of the period."""
    days = (ends_on - starts_on).days + 1
    return any(is_working_day(starts_on + timedelta(days=n)) for n in range(days))


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

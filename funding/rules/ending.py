"""How contracts end: until when acceptance is requested, what of a grant is claimed back. Money is Decimal, in yuan."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from funding.rules.contracts import CENT, HUNDRED, Rules, months_later
from portal.kernel.calendar import add_working_days

# Proposals, never official: what of accepted expenditure is left to whoever is to blame for a termination, and after
# which conclusions of an acceptance what is left of the grant stays with whoever has it.
TERMINATION: dict[str, Any] = {"fault_keeps_percent": "100"}
SURPLUS: dict[str, Any] = {"stays": ["PASSED"]}


def kept_percent(rules: Mapping[str, Any]) -> Decimal:
    """How much of accepted expenditure stays with the organisation after a breach."""
    return Decimal({**TERMINATION, **(rules.get("termination") or {})}["fault_keeps_percent"])


def surplus_stays(rules: Mapping[str, Any]) -> frozenset[str]:
    """The conclusions after which a surplus is not claimed back."""
    return frozenset({**SURPLUS, **(rules.get("surplus") or {})}["stays"])


def last_day_to_request(ends_on: date, rules: Rules, returned_on: Iterable[date]) -> date:
    """The window after the end; whoever got a request back has some more days to mend it."""
    mended = (add_working_days(day, rules.acceptance_mend_days) for day in returned_on)
    return max([months_later(ends_on, rules.acceptance_months), *mended])


def to_claim(*, held: Decimal, accepted: Decimal, waiting: Decimal, fault: bool, keeps: Decimal) -> Decimal:
    """Without fault what is unspent; for a breach what was not accepted, and a part of what was by the rules."""
    spent = (accepted * keeps / HUNDRED).quantize(CENT, ROUND_HALF_UP) if fault else accepted + waiting
    return max(held - spent, Decimal(0))

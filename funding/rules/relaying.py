"""What of a grant is due to the members, and since when the lead keeps it too long. Money is Decimal, in yuan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.kernel.calendar import add_working_days

CENT = Decimal("0.01")
RELAY = {"working_days": 15}  # after the receipt of a tranche; a proposal, never official


def grace_of(rules: Mapping[str, Any]) -> int:
    """How many working days the lead has to pass the money on."""
    return int({**RELAY, **(rules.get("relay") or {})}["working_days"])


@dataclass(frozen=True)
class Received:
    """A tranche that the lead has."""

    on: date
    amount: Decimal


@dataclass(frozen=True)
class Standing:
    """What a member is to get and has got; `overdue` since that day, as far as the term is over."""

    planned: Decimal
    due: Decimal
    passed: Decimal
    waiting: Decimal
    overdue: Decimal
    since: date | None

    @property
    def left(self) -> Decimal:
        """What is due and not confirmed; never below zero."""
        return max(self.due - self.passed, Decimal(0))


def standing(
    *, planned: Decimal, granted: Decimal, received: Iterable[Received], passed: Decimal, waiting: Decimal, grace: int,
    today: date,
) -> Standing:  # fmt: skip
    """A member's part of each tranche is due with it, in proportion; what is reported counts until it is refused."""
    due, overdue, since = Decimal(0), Decimal(0), None
    share = planned / granted if granted else Decimal(0)
    for one in sorted(received, key=lambda row: row.on):
        due = min(due + (one.amount * share).quantize(CENT, ROUND_HALF_UP), planned)
        last = add_working_days(one.on, grace)
        if last < today and due > passed + waiting:
            overdue, since = due - passed - waiting, since or last
    return Standing(planned, due, passed, waiting, overdue, since)

"""Named reads of what districts add to grants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from funding.enums import CofundingStatus
from funding.models import Award, Cofunding
from funding.selectors.contracts import districts_due

S = CofundingStatus
NOTHING = Decimal(0)


@dataclass(frozen=True)
class CofundingStanding:
    """How an award stands with its district; money in yuan."""

    due: Decimal  # by the contract that both sides signed
    arrived: Decimal
    waiting: Decimal  # recorded by the lead, not answered yet

    @property
    def left(self) -> Decimal:
        """What may still be recorded."""
        return max(self.due - self.arrived - self.waiting, NOTHING)

    @property
    def missing(self) -> Decimal:
        """What the district still owes."""
        return max(self.due - self.arrived, NOTHING)

    @property
    def percent(self) -> Decimal | None:
        """How much of what is due has arrived."""
        return self.arrived * 100 / self.due if self.due else None


def cofundings(user: Any) -> QuerySet[Cofunding]:
    """Payments of districts with what a row shows."""
    return Cofunding.objects.visible_to(user).select_related(
        "award__consortium__lead", "award__consortium__district", "award__contract", "organisation", "reported_by",
        "judged_by", "evidence",
    )  # fmt: skip


def cofunded_awards(user: Any) -> QuerySet[Award]:
    """Awards of which the reader may see what the district adds."""
    return Award.objects.visible_to(user).select_related("consortium__lead", "consortium__district", "contract")


def cofunding_standing(award: Award) -> CofundingStanding:
    """What is due from the district, what has arrived and what waits for its word."""
    sums: Mapping[str, Decimal] = dict(award.cofundings.order_by().values_list("status").annotate(Sum("amount")))
    arrived, waiting = (sums.get(status, NOTHING) for status in (S.CONFIRMED, S.REPORTED))
    return CofundingStanding(due=districts_due([award]), arrived=arrived, waiting=waiting)

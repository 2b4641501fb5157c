"""What experts get for their work, and the income tax that is withheld of it. Money is Decimal, in yuan."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from funding.enums import SessionKind
from funding.rules.contracts import CENT, HUNDRED

# Proposals, never official: the fees before tax. The tax follows the scale for the pay of independent services:
# nothing up to `free`; up to `flat_until` all but `free` is taxed, above it all but `cost_percent`; of that so many per
# cent, less so much, by steps.
FEES: dict[str, Any] = {
    "review": "400.00",
    "session": {SessionKind.DEFENCE.value: "1000.00", SessionKind.SITE_VISIT.value: "1500.00"},
    "tax": {
        "free": "800",
        "flat_until": "4000",
        "cost_percent": "20",
        "steps": [["20000", "20", "0"], ["50000", "30", "2000"], ["", "40", "7000"]],
    },
}


@dataclass(frozen=True)
class Fees:
    """The fees of a call."""

    review: Decimal
    session: Mapping[str, Decimal]
    tax: Mapping[str, Any]

    def withheld(self, pay: Decimal) -> Decimal:
        """The tax on what somebody gets in one month."""
        if pay <= Decimal(self.tax["free"]):
            return Decimal(0)
        flat = pay <= Decimal(self.tax["flat_until"])
        cost = Decimal(self.tax["free"]) if flat else pay * Decimal(self.tax["cost_percent"]) / HUNDRED
        taxed = pay - cost
        percent, less = next((rate, off) for most, rate, off in self.tax["steps"] if not most or taxed <= Decimal(most))
        return (taxed * Decimal(percent) / HUNDRED - Decimal(less)).quantize(CENT, ROUND_HALF_UP)


def fees_of(rules: Mapping[str, Any]) -> Fees:
    """Of a rule set; where it says nothing, the defaults."""
    said = {**FEES, **(rules.get("fees") or {})}
    session = {**FEES["session"], **said["session"]}
    return Fees(
        review=Decimal(said["review"]),
        session={kind: Decimal(amount) for kind, amount in session.items()},
        tax={**FEES["tax"], **said["tax"]},
    )

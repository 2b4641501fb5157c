"""The term of a notice that claims money back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.kernel.calendar import add_working_days

# Both after the notice; proposals, never official: to pay back, and to object.
RECOVERY: dict[str, Any] = {"working_days": 30, "objection_working_days": 10}


def due_after(rules: Mapping[str, Any], noticed_on: date) -> date:
    """The last day on which the money arrives in time."""
    days = int({**RECOVERY, **(rules.get("recovery") or {})}["working_days"])
    return add_working_days(noticed_on, days)


def objection_until(rules: Mapping[str, Any], noticed_on: date) -> date:
    """The last day on which an objection is in time."""
    days = int({**RECOVERY, **(rules.get("recovery") or {})}["objection_working_days"])
    return add_working_days(noticed_on, days)

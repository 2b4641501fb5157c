"""The term of a notice that claims money back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.kernel.calendar import add_working_days

RECOVERY: dict[str, Any] = {"working_days": 30}  # after the notice; a proposal, never official


def due_after(rules: Mapping[str, Any], noticed_on: date) -> date:
    """The last day on which the money arrives in time."""
    days = int({**RECOVERY, **(rules.get("recovery") or {})}["working_days"])
    return add_working_days(noticed_on, days)

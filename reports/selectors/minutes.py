"""What the minutes of a meeting are printed from: the frozen list, its approvals, the hash of both."""

from typing import Any

from funding.models import Scenario
from funding.selectors.meetings import record_of
from portal.kernel.audit import plain


def minutes_snapshot(scenario: Scenario) -> dict[str, Any]:
    """The frozen list itself with its hash, the meeting, and who approved when."""
    approvals = scenario.approvals.select_related("approver").order_by("approved_at", "pk")
    made: dict[str, Any] = plain({
        "frozen": scenario.frozen, "sha256": scenario.sha256, "number": scenario.number, "name": scenario.name,
        "meeting": scenario.meeting, "call": scenario.call.title, "decided_at": scenario.decided_at,
        "proposed": [str(scenario.proposed_by or ""), scenario.proposed_at],
        "record": _record(scenario),
        "approvals": [
            [one.approver.name, one.approved_at, one.sha256, one.voided_at, one.void_reason] for one in approvals
        ],
    })  # fmt: skip
    return made


def _record(scenario: Scenario) -> dict[str, Any]:
    """Attendance and votes as the chair closed them; nothing where none are written."""
    meeting = record_of(scenario)
    return {**meeting.frozen, "sha256": meeting.sha256} if meeting and meeting.closed_at else {}

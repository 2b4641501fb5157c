"""Who may see what of a review, and from when on: a table, which a rule set may set otherwise cell by cell.

An aggregate tells the scores that it is made of, so it has a window of its own. What stands in no cell is never open.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any

from members.enums import Role

Rules = Mapping[str, Any]
Table = Mapping[str, Mapping[str, str]]

NAMES, SCORES, REMARKS, AGGREGATES, OPINIONS = "names", "scores", "remarks", "aggregates", "opinions"
SUBJECTS = (NAMES, SCORES, REMARKS, AGGREGATES, OPINIONS)
APPLICANT, PANEL, LEAD_REVIEWER = "applicant", "panel", "lead_reviewer"  # beside the roles


class Point(IntEnum):
    """How far the review of an application is; each point includes those before it."""

    ASSIGNED = 0
    LOCKED = 1  # every score is locked
    CONSOLIDATED = 2  # the lead reviewer has summed up, where the call has one
    GRADED = 3
    PUBLISHED = 4


WINDOWS: Table = {
    NAMES: {Role.ACCEPTANCE: "ASSIGNED", Role.SUPERVISOR: "ASSIGNED"},
    SCORES: {
        PANEL: "LOCKED", LEAD_REVIEWER: "LOCKED", Role.OFFICER: "LOCKED", Role.HEAD: "LOCKED", Role.LEADER: "LOCKED",
        Role.SUPERVISOR: "LOCKED",
    },
    REMARKS: {Role.OFFICER: "LOCKED", Role.HEAD: "LOCKED", Role.SUPERVISOR: "LOCKED"},
    AGGREGATES: {
        PANEL: "LOCKED", LEAD_REVIEWER: "LOCKED", Role.ACCEPTANCE: "LOCKED", Role.OFFICER: "LOCKED",
        Role.HEAD: "LOCKED", Role.LEADER: "LOCKED", Role.SUPERVISOR: "LOCKED", Role.FINANCE: "GRADED",
    },
    OPINIONS: {
        PANEL: "LOCKED", LEAD_REVIEWER: "LOCKED", Role.OFFICER: "LOCKED", Role.HEAD: "LOCKED", Role.LEADER: "LOCKED",
        Role.SUPERVISOR: "LOCKED", APPLICANT: "PUBLISHED",
    },
}  # fmt: skip


def opens_at(rules: Rules, subject: str, viewer: str) -> Point | None:
    """From which point on this viewer sees this; None for never."""
    own = (rules.get("windows") or {}).get(subject)
    name = (WINDOWS[subject] if own is None else own).get(viewer)
    return Point[name] if name else None


def is_open(rules: Rules, subject: str, viewers: Iterable[str], point: Point) -> bool:
    """Whether one of the capacities in which somebody looks opens it at this point."""
    opened = (opens_at(rules, subject, viewer) for viewer in viewers)
    return any(one is not None and one <= point for one in opened)


def as_data() -> dict[str, dict[str, str]]:
    """The table as rule data."""
    return {subject: {str(viewer): name for viewer, name in row.items()} for subject, row in WINDOWS.items()}

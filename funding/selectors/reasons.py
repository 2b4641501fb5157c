"""Why applications do not go further, counted."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from funding.enums import ReasonCode
from funding.models import ApplicationReason
from funding.models.earlier import GIVES_REASONS


@dataclass(frozen=True)
class Line:
    """A reason, how often each step gave it (in the order of GIVES_REASONS), and in all."""

    reason: str
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class Table:
    """All reasons, the most frequent first, with the sums of the columns."""

    steps: tuple[str, ...]
    lines: tuple[Line, ...]
    sums: tuple[int, ...]
    total: int


def reason_table(reasons: QuerySet[ApplicationReason]) -> Table:
    """The counts of these reasons, in one query."""
    counted = {
        (row["code"], row["action"]): row["n"]
        for row in reasons.order_by().values("code", "action").annotate(n=Count("pk"))
    }
    actions = [action for action, _label in GIVES_REASONS]
    lines = [
        Line(str(label), counts := tuple(counted.get((code, action), 0) for action in actions), sum(counts))
        for code, label in ReasonCode.choices
    ]
    sums = tuple(sum(line.counts[n] for line in lines) for n in range(len(actions)))
    ordered = sorted((line for line in lines if line.total), key=lambda line: -line.total)
    return Table(tuple(str(label) for _action, label in GIVES_REASONS), tuple(ordered), sums, sum(sums))

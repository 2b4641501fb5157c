"""What the record of a draw is printed from: everything that was published, and the names behind the keys."""

from typing import Any

from funding.models import Draw
from funding.selectors.draws import entries_of
from portal.kernel.audit import plain


def draw_snapshot(draw: Draw) -> dict[str, Any]:
    """Frozen pool, record, calls of substitutes, people, names."""
    application = draw.application
    people: dict[str, tuple[Any, Any]] = {
        "requested": (draw.requested_by, draw.application.checked_at),
        "prepared": (draw.prepared_by, draw.prepared_at),
        "witnessed": (draw.witnessed_by, draw.witnessed_at),
        "drawn": (draw.drawn_by, draw.drawn_at),
    }
    made: dict[str, Any] = plain({
        "number": draw.number,
        "case": {"number": application.number, "consortium": application.consortium.name,
                 "lead": application.consortium.lead.name, "call": application.call.title},
        "source": draw.source, "public_at": draw.public_at,
        "record": draw.record, "record_hash": draw.record_hash, "calls": draw.calls,
        "people": {act: [str(who or ""), at] for act, (who, at) in people.items()},
        "names": {
            one.key: [one.expert.user.name, str(one.expert.employer or ""), one.expert.kind, one.reasons, one.rank]
            for one in entries_of(draw)
        },
    })  # fmt: skip
    return made

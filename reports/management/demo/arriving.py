"""What of the promises has arrived: most consortia keep pace with their build period, some lag, few hardly began."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

from consortia.enums import JOINED
from consortia.models import Consortium, Contribution
from consortia.rules.registers import ContributionKind
from consortia.services.registers import add_entry
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.management.demo.script import Row

WAN = Decimal(10_000)
PACES = ((67, Decimal("0.95")), (62, Decimal("0.45")), (0, Decimal("0.2")))  # by the score of the last evaluation
GIVEN = "试验场地、设备机时与试制材料"


def arrive(cast: Cast, consortium: Consortium, row: Row, today: date) -> None:
    """Each member's money on a day of its own, and what the lead gives in kind."""
    start, passed, share = _progress(consortium, row, today)
    members = list(consortium.participations.filter(status__in=JOINED).select_related("organisation"))
    for number, member in enumerate(members, 1):
        day = start + timedelta(days=passed * number // (len(members) + 1))
        given = [(ContributionKind.CASH, member.cash, "")]
        if member.organisation_id == consortium.lead_id:
            given.append((ContributionKind.IN_KIND, member.in_kind, GIVEN))
        for kind, promised, note in given:
            if amount := _whole(promised * share):
                entry = Contribution(participation=member, kind=kind, amount=amount, note=note, received_on=day)
                entry.consortium = consortium
                add_entry(entry=entry, actor=cast.of(consortium.lead), at=moment(day + timedelta(days=3)))


def _progress(consortium: Consortium, row: Row, today: date) -> tuple[date, int, Decimal]:
    """From when, for how many days, and which share of everything promised has arrived."""
    start, end = consortium.build_from, consortium.build_to
    if start is None or end is None:
        raise LookupError("at work without a build period")
    passed = min((today - start).days - 3, (end - start).days)
    pace = next(pace for floor, pace in PACES if (row.evaluation or 0) >= floor)
    return start, passed, pace * passed / (end - start).days


def _whole(amount: Decimal) -> Decimal:
    """In whole 万元, rounded down."""
    return (amount / WAN).quantize(Decimal(1), ROUND_FLOOR) * WAN

"""What a member that leaves did and promised goes to its takers."""

from collections.abc import Callable, Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from consortia.enums import Action, HandOver, PartItem
from consortia.models import Departure, DepartureItem, Participation, Platform, Shareholding
from consortia.selectors.departures import due_rows
from consortia.selectors.parts import PartState, part_states
from consortia.services.confirmations import about, confirm_items, settle_parts
from consortia.workflow import PARTICIPATION

# The column of the work that names who answers for it, and the column of the part that holds the amount.
WORK = {HandOver.TASK: "lead", HandOver.TECHNOLOGY: "owner", HandOver.PLATFORM: "builder", HandOver.FUND: "manager"}
AMOUNTS = {
    HandOver.CASH: "cash",
    HandOver.IN_KIND: "in_kind",
    HandOver.PERSON_MONTHS: "person_months",
    HandOver.IP_SHARE: "ip_share",
    HandOver.BENEFIT_SHARE: "benefit_share",
}
ITEMS = {
    HandOver.TASK: PartItem.WORK,
    HandOver.TECHNOLOGY: PartItem.WORK,
    HandOver.CASH: PartItem.COMMITMENTS,
    HandOver.IN_KIND: PartItem.COMMITMENTS,
    HandOver.PERSON_MONTHS: PartItem.COMMITMENTS,
    HandOver.IP_SHARE: PartItem.SHARES,
    HandOver.BENEFIT_SHARE: PartItem.SHARES,
}


def hand_over(*, departure: Departure, rows: Collection[DepartureItem], actor: Any, at: datetime) -> None:
    """Give everything to its takers and let the member go; the caller holds the consortium's row."""
    leaving = departure.participation
    consortium = leaving.consortium
    takers = _takers(leaving, rows)
    before = {state.participation.pk: state for state in part_states(consortium, takers.values())}
    facts = about(by=consortium.lead, participation=leaving)
    with PARTICIPATION.moving(leaving, Action.LEAVE, actor=actor, at=at, note=departure.reason, facts=facts) as locked:
        for row in rows:
            _give(row, locked, takers)
        for taker in takers.values():
            taker.save()
    after = {state.participation.pk: state for state in part_states(consortium, takers.values())}
    for taker in takers.values():
        _confirm(taker, [row for row in rows if row.taker_id == taker.organisation_id], before, after, at)
    settle_parts(consortium=consortium, actor=actor, at=at)


def return_work(*, member: Participation) -> list[str]:
    """The work of a member that steps back falls to the lead and its share of the company to nobody; what it was.

    The amounts of its part stay on record and count no more.
    """
    lead, kinds = member.consortium.lead, {*WORK, HandOver.SHAREHOLDING}
    rows = [DepartureItem(**row.facts()) for row in due_rows(member) if row.kind in kinds]
    for row in rows:
        row.taker = lead if row.kind in WORK else None
        _give(row, member, {})
    return [str(row) for row in rows]


def _takers(leaving: Participation, rows: Collection[DepartureItem]) -> dict[Any, Participation]:
    """The takers' parts by organisation, locked."""
    wanted = {row.taker_id for row in rows if row.taker_id}
    present = leaving.consortium.participations.present().filter(organisation__in=wanted).exclude(pk=leaving.pk)
    return {row.organisation_id: row for row in present.select_for_update(of=("self",)).order_by("pk")}


def _give(row: DepartureItem, leaving: Participation, takers: dict[Any, Participation]) -> None:
    kind = HandOver(row.kind)
    if kind in WORK:
        if kind == HandOver.PLATFORM:
            _join_builders(leaving.consortium.platforms.get(pk=row.object_id), row.taker_id)
        _rows_of(kind, leaving).filter(pk=row.object_id).update(**{WORK[kind]: row.taker})
        return
    if kind == HandOver.SHAREHOLDING:
        _give_shareholding(row, leaving)
        return
    name = AMOUNTS[kind]
    amount = getattr(leaving, name)
    if row.taker_id:
        setattr(takers[row.taker_id], name, getattr(takers[row.taker_id], name) + amount)
    setattr(leaving, name, type(amount)(0))


def _join_builders(platform: Platform, taker: Any) -> None:
    """Whoever helped to build a platform and now takes it over holds both shares."""
    held = platform.co_builders.filter(organisation=taker).first()
    if held is None:
        return
    held.delete()
    platform.share = ((platform.share or 0) + (held.share or 0)) or None
    platform.save(update_fields=["share"])


def _give_shareholding(row: DepartureItem, leaving: Participation) -> None:
    """Added to what the taker holds already."""
    held = leaving.consortium.shareholdings.get(pk=row.object_id)
    held.delete()
    if row.taker_id:
        theirs = leaving.consortium.shareholdings.filter(organisation=row.taker_id).first()
        whole = theirs or Shareholding(consortium=held.consortium, organisation=row.taker, share=Decimal(0))
        whole.share += held.share
        whole.save()


def _rows_of(kind: HandOver, leaving: Participation) -> Any:
    consortium = leaving.consortium
    found: dict[HandOver, Callable[[], Any]] = {
        HandOver.TASK: consortium.tasks.all,
        HandOver.TECHNOLOGY: consortium.technologies.all,
        HandOver.PLATFORM: consortium.platforms.all,
        HandOver.FUND: consortium.funds.all,
    }
    return found[kind]()


def _confirm(
    taker: Participation,
    rows: list[DepartureItem],
    before: dict[Any, PartState],
    after: dict[Any, PartState],
    at: datetime,
) -> None:
    """What the taker had confirmed and has agreed to take over is confirmed as it stands now; nothing else is."""
    agreed = {ITEMS[HandOver(row.kind)]: row for row in rows if HandOver(row.kind) in ITEMS}
    for item, row in agreed.items():
        if before[taker.pk].item(item).is_confirmed:
            confirm_items(participation=taker, states=[after[taker.pk].item(item)], actor=row.consented_by, at=at)

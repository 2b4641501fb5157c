"""What a member that leaves has to hand over, and which rules its leaving would break."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from consortia.enums import PRESENT, DepartureStatus, HandOver, ParticipationRole, ParticipationStatus, PartItem
from consortia.models import Departure, DepartureItem, Participation
from consortia.rules.departures import Check, Seat, checks
from consortia.selectors.changes import Line, lines
from consortia.selectors.parts import task_content, technology_content
from portal.kernel.audit import sha256

AMOUNTS = ("cash", "in_kind", "ip_share", "benefit_share", "person_months")


@dataclass(frozen=True)
class Due:
    """One thing to hand over; `amount` in yuan, per cent or months; `sha256` of what its taker takes on."""

    kind: str
    object_id: UUID
    label: str
    amount: Decimal | None
    sha256: str
    position: int

    def facts(self) -> dict[str, Any]:
        """The columns of a row."""
        return asdict(self)


def due_rows(member: Participation, *, work_only: bool = False) -> list[Due]:
    """Every task, technology, platform, fund, commitment and share of a member; amounts of nothing are left out."""
    work = _work(member)
    planned = {HandOver.TASK, HandOver.TECHNOLOGY}
    return [row for row in work if row.kind in planned] if work_only else work + _amounts(member)


def _work(member: Participation) -> list[Due]:
    consortium, place = member.consortium, member.organisation_id
    tasks = consortium.tasks.filter(lead=place).prefetch_related("milestones").order_by("number")
    technologies = consortium.technologies.filter(owner=place).order_by("created_at", "id")
    platforms = consortium.platforms.filter(builder=place).order_by("created_at", "id")
    funds = consortium.funds.filter(manager=place).order_by("created_at", "id")
    held = consortium.shareholdings.filter(organisation=place)
    return [
        *(_due(HandOver.TASK, row, row.budget_grant + row.budget_own, task_content(row)) for row in tasks),
        *(_due(HandOver.TECHNOLOGY, row, None, technology_content(row)) for row in technologies),
        *(_due(HandOver.PLATFORM, row, None, {"name": row.name}) for row in platforms),
        *(_due(HandOver.FUND, row, row.scale, {"name": row.name, "scale": f"{row.scale:.2f}"}) for row in funds),
        *(_due(HandOver.SHAREHOLDING, row, row.share, {"share": f"{row.share:.4f}"}) for row in held),
    ]


def _amounts(member: Participation) -> list[Due]:
    held = {
        HandOver.CASH: member.cash,
        HandOver.IN_KIND: member.in_kind,
        HandOver.PERSON_MONTHS: Decimal(member.person_months),
        HandOver.IP_SHARE: member.ip_share,
        HandOver.BENEFIT_SHARE: member.benefit_share,
    }
    return [_amount(kind, member, amount) for kind, amount in held.items() if amount]


def _due(kind: HandOver, row: Any, amount: Decimal | None, content: dict[str, Any]) -> Due:
    label = "" if kind == HandOver.SHAREHOLDING else str(row)[:160]
    return Due(kind.value, row.pk, label, amount, sha256(content), list(HandOver).index(kind))


def _amount(kind: HandOver, member: Participation, amount: Decimal) -> Due:
    content = {"kind": kind.value, "amount": f"{amount:.4f}"}
    return Due(kind.value, member.pk, "", amount, sha256(content), list(HandOver).index(kind))


def rules_without(member: Participation) -> list[Check]:
    """The rules with and without this present member, in one query."""
    present = member.consortium.participations.present().select_related("organisation")
    seats = {row.pk: _seat(row) for row in present}
    return checks(seats.values(), seats[member.pk]) if member.pk in seats else []


def _seat(row: Participation) -> Seat:
    return Seat(row.organisation.group.value, row.role == ParticipationRole.LEAD, row.ip_share, row.benefit_share)


def waiting_rows(item: DepartureItem) -> list[DepartureItem]:
    """What the taker of this row is asked about in the same departure."""
    asked = DepartureItem.objects.filter(departure=item.departure_id, taker=item.taker_id, consented_at=None)
    return list(asked.select_related("taker", "departure__participation__consortium"))


def content_lines(item: DepartureItem) -> list[Line]:
    """A task with its steps, or a technology, in words; nothing for amounts, platforms and funds."""
    consortium = item.departure.participation.consortium
    work: dict[str, list[dict[str, Any]]] = {"tasks": [], "technologies": []}
    if item.kind == HandOver.TASK:
        work["tasks"] = [task_content(row) for row in consortium.tasks.filter(pk=item.object_id)]
    if item.kind == HandOver.TECHNOLOGY:
        work["technologies"] = [technology_content(row) for row in consortium.technologies.filter(pk=item.object_id)]
    return lines(PartItem.WORK, work)


def may_be_replaced(participation: Participation) -> bool:
    """Its place is free, or will be."""
    return participation.status == ParticipationStatus.LEAVING or participation.status not in PRESENT


def part_draft(replaced: Participation) -> dict[str, Any]:
    """The part with which a replacement begins; while the other is still leaving, amounts come by the hand-over."""
    words = {name: getattr(replaced, name) for name in ("chain_position", "layer", "duties")}
    if replaced.status == ParticipationStatus.LEAVING:
        return words
    return words | {name: getattr(replaced, name) for name in AMOUNTS}


def open_departure(member: Participation) -> Departure | None:
    """The departure that is under way, if any."""
    return Departure.objects.filter(participation=member, status=DepartureStatus.OPEN).first()


def departures_for_page(rows: QuerySet[Departure]) -> QuerySet[Departure]:
    """With everything that the page of a departure shows."""
    items = DepartureItem.objects.select_related("taker", "refused_by", "consented_by")
    return rows.select_related(
        "participation__organisation", "participation__consortium__lead", "asked_by", "replacement"
    ).prefetch_related(Prefetch("items", items))

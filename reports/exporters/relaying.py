"""F08: what each member is to get of a grant, and what was passed on to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import EntryKind, RelayStatus
from funding.models import Award, Relay, RelayAlarm
from funding.selectors.relays import contracted_parts
from members.models import Organisation
from portal.kernel.exporting import Column
from portal.kernel.templatetags.ui import yuan
from reports.exporters.awards import LEAD, NAME, OF_AWARD, ORDER, YEAR, awards
from reports.exporters.report import ZERO, Check, Report, booked, summed

R = RelayStatus


@dataclass
class Part:
    """A member and its part of one grant, in yuan."""

    award: Award
    member: Any = None
    planned: Decimal = ZERO
    passed: Decimal = ZERO
    waiting: Decimal = ZERO
    overdue: Decimal = ZERO
    last: date | None = None
    slips: list[str] = field(default_factory=list)

    def add(self, relay: Relay) -> None:
        """A transfer that was confirmed, or waits."""
        if relay.status == R.REPORTED:
            self.waiting += relay.amount
            return
        self.passed += relay.amount
        self.last = relay.passed_on
        self.slips.append(relay.slip)

    @property
    def remark(self) -> str:
        """What is open."""
        words = [
            (gettext("%(amount)s yuan wait for the member's word"), self.waiting),
            (gettext("%(amount)s yuan are overdue"), self.overdue),
        ]
        return "; ".join(text % {"amount": yuan(amount)} for text, amount in words if amount)


def member_rows(rows: QuerySet[Award]) -> list[Part]:
    """A row for each member with a part by the contract, or that got money; four queries."""
    found: dict[tuple[UUID, UUID], Part] = {}
    chosen = list(rows.select_related("consortium__lead", "contract").order_by(*ORDER))
    by_key = {award.pk: award for award in chosen}
    for award in chosen:
        for member, amount in contracted_parts(award).items():
            found[award.pk, UUID(member)] = Part(award, planned=amount)
    for relay in _relays(rows):
        found.setdefault((relay.award_id, relay.organisation_id), Part(by_key[relay.award_id])).add(relay)
    _overdue(rows, found)
    names = Organisation.objects.in_bulk({organisation for _award, organisation in found})
    places = {award.pk: place for place, award in enumerate(chosen)}
    for (_award, organisation), part in found.items():
        part.member = names[organisation]
    return sorted(found.values(), key=lambda part: (places[part.award.pk], part.member.name))


def _relays(rows: QuerySet[Award]) -> QuerySet[Relay]:
    standing = Relay.objects.filter(award__in=rows.order_by(), status__in=[R.REPORTED, R.CONFIRMED])
    return standing.order_by("passed_on", "created_at")


def _overdue(rows: QuerySet[Award], found: dict[tuple[UUID, UUID], Part]) -> None:
    sums: dict[tuple[UUID, UUID], Decimal] = defaultdict(lambda: ZERO)
    for alarm in RelayAlarm.objects.filter(award__in=rows.order_by(), settled_at=None):
        sums[alarm.award_id, alarm.organisation_id] += alarm.amount
    for key, amount in sums.items():
        if key in found:
            found[key].overdue = amount


def checked_relays(rows: QuerySet[Award]) -> Iterable[Check]:
    """What members confirmed, beside the entries."""
    confirmed = Relay.objects.filter(award__in=rows.order_by(), status=R.CONFIRMED)
    moved = booked(EntryKind.TRANSFER, entry__award__in=rows.order_by().values("pk"))
    yield Check(_("passed on to members"), summed(confirmed, "amount"), moved)


def of_award(column: Column) -> Column:
    """The column of an award, for a row of one of its members."""
    return Column(column.title, lambda part: column.value(part.award), kind=column.kind, width=column.width)


MEMBER_RELAY = Report(
    number="F08",
    slug="member-relay",
    title=_("Member relay"),
    about=_("What each member is to get by the contract, and what of it the lead has passed on."),
    base=awards,
    rows=member_rows,
    filters=OF_AWARD,
    checks=checked_relays,
    rules="application__call__rules",
    columns=(
        of_award(YEAR),
        Column(_("Consortium code"), lambda part: part.award.consortium.code),
        of_award(NAME),
        of_award(LEAD),
        Column(_("Member"), lambda part: part.member.name, width=36),
        Column(_("Amount by the contract"), lambda part: part.planned, kind="money"),
        Column(_("Amount passed on"), lambda part: part.passed, kind="money"),
        Column(_("Last passed on"), lambda part: part.last, kind="date"),
        Column(_("Bank slips"), lambda part: ", ".join(part.slips), width=24),
        Column(_("Still to be passed on"), lambda part: max(part.planned - part.passed, ZERO), kind="money"),
        Column(_("Remark"), lambda part: part.remark, width=40),
    ),
)  # fmt: skip

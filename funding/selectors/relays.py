"""Named reads of what the members get of a grant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from consortia.enums import ParticipationRole
from funding.enums import BudgetSource, RelayStatus
from funding.models import Award, Payment, Relay, RelayAlarm
from funding.rules.relaying import Received, Standing, grace_of, standing
from funding.selectors.budgets import items_of, line_of
from funding.selectors.recoveries import free_of
from members.models import Organisation

R = RelayStatus


@dataclass(frozen=True)
class MemberPart:
    """One member and how it stands with its money."""

    organisation: Organisation
    standing: Standing


def relays(user: Any) -> QuerySet[Relay]:
    """Relays with what a row shows."""
    return Relay.objects.visible_to(user).select_related(
        "award__consortium__lead", "organisation", "reported_by", "judged_by", "evidence"
    )


def contracted_parts(award: Award) -> dict[str, Decimal]:
    """What of the grant each member is to get by the contract."""
    contract = getattr(award, "contract", None)
    lead = str(award.consortium.lead_id)
    parties = (contract.terms.get("parties") if contract else None) or ()
    rows = ((one["id"], Decimal(one["grant"])) for one in parties if one["role"] != ParticipationRole.LEAD)
    return {pk: amount for pk, amount in rows if amount and pk != lead}


def planned_parts(award: Award) -> dict[str, Decimal]:
    """What of the grant each member is to get: by the contract, or before it said so by the application's budget."""
    contract = getattr(award, "contract", None)
    lead = str(award.consortium.lead_id)
    if contract and contract.terms.get("parties"):
        return contracted_parts(award)
    found: dict[str, Decimal] = {}
    for line in (line_of(item) for item in items_of(award.application)):
        if line.row.source == BudgetSource.GRANT and line.row.organisation != lead:
            found[line.row.organisation] = found.get(line.row.organisation, Decimal(0)) + sum(
                line.amounts.values(), Decimal(0)
            )
    return {pk: amount for pk, amount in found.items() if amount}


def member_parts(award: Award, today: date, user: Any = None) -> list[MemberPart]:
    """Every member with a part in the grant, or that got money of it; a member that reads sees its own only."""
    planned = planned_parts(award)
    sums = _sums(award)
    wanted = {UUID(pk) for pk in planned} | {pk for pk, _status in sums}
    if user is not None and not Award.objects.visible_to(user).filter(pk=award.pk).exists():
        wanted &= set(user.organisation_ids)
    received = [
        Received(on, amount)
        for on, amount in Payment.objects.filter(standing__award=award).values_list("receipt_on", "amount")
        if on
    ]
    grace = grace_of(award.application.call.rules.data)
    return [
        MemberPart(one, standing(
            planned=planned.get(str(one.pk), Decimal(0)), granted=award.amount, received=received, grace=grace,
            passed=sums.get((one.pk, R.CONFIRMED), Decimal(0)), waiting=sums.get((one.pk, R.REPORTED), Decimal(0)),
            today=today,
        ))
        for one in Organisation.objects.filter(pk__in=wanted).order_by("name")
    ]  # fmt: skip


def _sums(award: Award) -> Mapping[tuple[UUID, str], Decimal]:
    rows = Relay.objects.filter(award=award, status__in=[R.REPORTED, R.CONFIRMED]).order_by()
    return {
        (organisation, status): amount
        for organisation, status, amount in rows.values_list("organisation", "status").annotate(Sum("amount"))
    }


def at_hand(award: Award) -> Decimal:
    """What the lead has of the grant and has not yet said to have passed on, and is not claimed back, in yuan."""
    return free_of(award, award.consortium.lead_id)


def to_watch() -> QuerySet[Award]:
    """Awards whose lead has money, with all that the watch looks at."""
    has_money = Payment.objects.filter(standing__award=OuterRef("pk"), receipt_on__isnull=False)
    alarmed = RelayAlarm.objects.filter(award=OuterRef("pk"), settled_at=None)
    rows = Award.objects.filter(Exists(has_money) | Exists(alarmed))
    return rows.select_related("consortium__lead", "application__call__rules", "contract").order_by("pk")


def open_alarms(user: Any) -> QuerySet[RelayAlarm]:
    """Alarms of awards that the reader may see, for the lead those of its own."""
    return RelayAlarm.objects.filter(Q(settled_at=None), award__in=Award.objects.visible_to(user))

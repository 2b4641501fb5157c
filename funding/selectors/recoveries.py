"""Named reads of money that is claimed back, and of what an organisation holds of a grant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from funding.enums import TO_PAY_BACK, UNSETTLED, AccountKind, LineOutcome, RelayStatus
from funding.models import Award, LedgerAccount, Recovery, Relay, StatementLine
from funding.rules.recovering import objection_until
from members.models import Organisation

ZERO = Decimal(0)


def recoveries(user: Any) -> QuerySet[Recovery]:
    """Claims with what a row shows."""
    return Recovery.objects.visible_to(user).select_related("award__consortium", "organisation")


def recovery_page(user: Any) -> QuerySet[Recovery]:
    """A claim with everybody who acted on it."""
    people = ("proposed_by", "approved_by", "waiver_by", "closed_by")
    return recoveries(user).select_related(
        "award__consortium__lead", "award__application__call__rules", "objection", *people
    )  # fmt: skip


def may_object_until(recovery: Recovery) -> date | None:
    """The last day for an objection, once the notice is served."""
    rules = recovery.award.application.call.rules.data
    return objection_until(rules, recovery.noticed_on) if recovery.noticed_on else None


def free_of(award: Award, organisation_id: Any) -> Decimal:
    """What an organisation holds of a grant by the ledger, is not passing on, and is not claimed back; in yuan."""
    held = LedgerAccount.objects.filter(kind=AccountKind.HELD, award=award, organisation=organisation_id)
    claims = Recovery.objects.filter(award=award, organisation=organisation_id, status__in=UNSETTLED)
    claimed: Decimal | None = claims.aggregate(sum=Sum(F("amount") - F("received")))["sum"]
    passing: Decimal | None = None
    if organisation_id == award.consortium.lead_id:
        passing = Relay.objects.filter(award=award, status=RelayStatus.REPORTED).aggregate(sum=Sum("amount"))["sum"]
    return sum(held.values_list("balance", flat=True), ZERO) - (claimed or ZERO) - (passing or ZERO)


def holders_of(award: Award) -> list[tuple[Organisation, Decimal]]:
    """Who holds money of the grant that can be claimed back, and how much."""
    keys = LedgerAccount.objects.filter(kind=AccountKind.HELD, award=award, balance__gt=0).values("organisation")
    rows = ((one, free_of(award, one.pk)) for one in Organisation.objects.filter(pk__in=keys).order_by("name"))
    return [(one, free) for one, free in rows if free > 0]


def owed_by(organisations: list[UUID]) -> bool:
    """Whether one of them still has to pay something back."""
    return Recovery.objects.filter(organisation__in=organisations, status__in=TO_PAY_BACK).exists()


def incoming_lines() -> QuerySet[StatementLine]:
    """Lines of bank statements about money that came back and that nobody has looked into."""
    rows = StatementLine.objects.filter(settled_at=None, outcome=LineOutcome.RETURNED, order_number="")
    return rows.select_related("statement").order_by("day", "row")

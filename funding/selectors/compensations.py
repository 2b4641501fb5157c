"""Named reads of the compensation of losses."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from funding.enums import CompensationEntryKind, CompensationStatus
from funding.models import Award, Compensation, CompensationEntry
from funding.rules.compensating import CompensationTerms, compensation_terms
from funding.selectors.spending import spenders
from members.models import Organisation


def compensations(user: Any) -> QuerySet[Compensation]:
    """Requests with what a row shows."""
    return Compensation.objects.visible_to(user).select_related(
        "award__consortium__lead", "award__application__call__rules", "organisation"
    )


def compensation_page(user: Any) -> QuerySet[Compensation]:
    """A request with everybody who acted on it."""
    return compensations(user).select_related("filed_by", "checked_by", "decided_by")


def compensable_awards(user: Any) -> QuerySet[Award]:
    """Awards under a contract that both sides signed; only then a loss is compensated."""
    rows = Award.objects.visible_to(user).filter(contract__countersigned_at__isnull=False)
    return rows.select_related("consortium__lead", "application__call__rules", "contract")


def own_compensable_awards(user: Any) -> QuerySet[Award]:
    """Those of them that the reader's organisation leads."""
    return compensable_awards(user).filter(consortium__lead__in=user.organisation_ids)


def terms_for(award: Award) -> CompensationTerms:
    """What the rules of its call say."""
    return compensation_terms(award.application.call.rules.data)


def applicants(award: Award) -> list[Organisation]:
    """The organisations whose loss may be compensated."""
    return spenders(award)


def technologies_of(award: Award) -> list[str]:
    """The names on the list of the consortium."""
    return list(award.consortium.technologies.order_by("created_at").values_list("name", flat=True))


def standing_payment(compensation: Compensation) -> CompensationEntry | None:
    """The payment that was not returned."""
    rows = compensation.entries.filter(kind=CompensationEntryKind.PAYMENT, reversed_by_entry=None)
    return rows.first() if compensation.status == CompensationStatus.PAID else None

"""What the portal finds by itself about a submitted application."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from consortia.enums import ParticipationStatus
from funding.models import Application
from funding.rules import formal_check
from funding.rules.declarations import DECLARATIONS
from funding.rules.formal_check import Item
from funding.selectors.eligibility import SERIOUS, integrity_levels


def check_list(application: Application, at: datetime) -> list[Item]:
    """The list of the formal check, filled in as far as the snapshot and the integrity records tell."""
    return formal_check.prefill(found(application, application.snapshot or {}, at))


def found(application: Application, snapshot: Mapping[str, Any], at: datetime) -> dict[str, bool | None]:
    """Code of the item: whether it is in order, None where it does not apply."""
    lead = snapshot.get("lead") or {}
    members = snapshot.get("members") or []
    call = application.call
    return {
        "lead": bool(lead.get("district")),
        "integrity": not _serious([member["organisation"]["id"] for member in members], at),
        "members": bool(members) and all(one["status"] == ParticipationStatus.CONFIRMED for one in members),
        "agreement": bool(snapshot.get("agreement")) and all(one["signed"] for one in members),
        "technologies": len(snapshot.get("technologies") or []) >= call.rules.data["eligibility"]["min_technologies"],
        "amount": application.requested_amount <= call.cap(application.requested_tier),
        "declarations": set(application.declarations.get("accepted", [])) == set(DECLARATIONS),
        "recommendation": application.recommended_at is not None if call.district_step else None,
        **({} if application.findings else {"deviations": None}),
        **({"duplicate": None} if call.credit_step else {}),  # supervision looks at it in a step of its own
    }


def _serious(organisations: list[str], at: datetime) -> bool:
    levels = integrity_levels(organisations, timezone.localdate(at))
    return any(held & SERIOUS for held in levels.values())

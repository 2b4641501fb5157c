"""What supervision looks at before the experts: records in force, what the members are paid for already."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from funding.enums import OverlapVerdict
from funding.models import Application, Award
from funding.rules import credit_check, formal_check
from funding.rules.formal_check import Item
from funding.selectors.eligibility import SERIOUS
from funding.selectors.recoveries import owed_by
from members.models import IntegrityRecord

SHOWN = 50


def organisations_of(application: Application) -> list[UUID]:
    """The ids of the lead and of every member, as they were submitted."""
    members = (application.snapshot or {}).get("members") or []
    return sorted({application.consortium.lead_id, *(UUID(one["organisation"]["id"]) for one in members)})


def records_in_force(application: Application, at: datetime) -> QuerySet[IntegrityRecord]:
    """The integrity records of the lead and of every member, whatever their level."""
    rows = IntegrityRecord.objects.in_force(timezone.localdate(at))
    return rows.filter(organisation__in=organisations_of(application)).select_related("organisation")


def credit_list(application: Application, records: Iterable[IntegrityRecord]) -> list[Item]:
    """The list of the integrity check, filled in as far as the records tell."""
    levels = {record.level for record in records}
    found: dict[str, bool | None] = {"integrity": not levels & SERIOUS}
    if application.overlaps.filter(verdict=OverlapVerdict.DOUBLE, subsidy__withdrawn_at=None).exists():
        found["duplicate"] = False
    if owed_by(organisations_of(application)):
        found["recoveries"] = False
    if not levels - SERIOUS:
        found["lesser"] = None
    return formal_check.prefill(found, credit_check.ITEMS)


def paid_already(application: Application, user: Any) -> QuerySet[Award]:
    """What the lead and the members are paid for in other applications, as far as the reader may see it."""
    rows = Award.objects.visible_to(user).exclude(application=application)
    with_them = rows.filter(consortium__participations__organisation__in=organisations_of(application)).distinct()
    return with_them.select_related("consortium__lead", "application").order_by("-created_at")[:SHOWN]


def credit_lines(application: Application) -> list[dict[str, Any]]:
    """The kept results of the integrity check with their words."""
    return [{**item, "text": credit_check.ITEMS.get(item["code"], item["code"])} for item in application.credit_items]

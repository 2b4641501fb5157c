"""Outages before the close of a call let it close later, by rule: nobody asks and nobody decides."""

from datetime import datetime, timedelta
from typing import Any

from funding.enums import Action, CallStatus
from funding.models import Call, OutageExtension
from funding.rules.outages import minutes_lost, rounded_up
from funding.services.calls import tell_writers
from funding.workflow import CALL
from portal.kernel.models import Outage
from portal.kernel.workflow import TransitionRefused

LOOK_BACK = timedelta(hours=24)  # an outage that ended earlier has been dealt with


def extend_for_outages(*, at: datetime) -> list[OutageExtension]:
    """Extend every call by every outage that it has not been extended by; told twice, nothing happens twice."""
    found = [_extend(call, outage, at) for outage in Outage.objects.over(at - LOOK_BACK) for call in _touched(outage)]
    return [extension for extension in found if extension]


def _touched(outage: Outage) -> list[Call]:
    calls = Call.objects.filter(status=CallStatus.PUBLISHED, closes_at__gt=outage.started_at)
    return [call for call in calls.exclude(outage_extensions__outage=outage).order_by("pk") if _minutes(call, outage)]


def _minutes(call: Call, outage: Outage) -> int:
    ended_at = outage.ended_at or outage.started_at
    lost = minutes_lost(
        started_at=max(outage.started_at, call.opens_at), ended_at=ended_at, closes_at=call.closes_at,
        hours=call.outage_hours,
    )  # fmt: skip
    return rounded_up(lost, call.outage_step)


def _extend(call: Call, outage: Outage, at: datetime) -> OutageExtension | None:
    """None when somebody else has done it meanwhile, or a decision has moved the close out of its reach."""
    facts: dict[str, Any] = {}
    try:
        with CALL.moving(call, Action.EXTEND_BY_OUTAGE, actor=None, at=at, facts=facts) as locked:
            extension = _extension(locked, outage, at)
            locked.closes_at = extension.closes_at
            facts |= {"outage": outage.pk, "from": outage.started_at, "until": outage.ended_at}
            facts |= {"minutes": extension.minutes, "closed_at": extension.closed_at, "closes_at": locked.closes_at}
            kind = "funding.call_extended_by_outage"
            tell_writers(call=locked, kind=kind, at=at, minutes=extension.minutes)
    except TransitionRefused:
        return None
    return extension


def _extension(locked: Call, outage: Outage, at: datetime) -> OutageExtension:
    minutes = _minutes(locked, outage)
    if not minutes or locked.outage_extensions.filter(outage=outage).exists():
        raise TransitionRefused
    closes_at = locked.closes_at + timedelta(minutes=minutes)
    return OutageExtension.objects.create(
        call=locked, outage=outage, minutes=minutes, closed_at=locked.closes_at, closes_at=closes_at, created_at=at
    )

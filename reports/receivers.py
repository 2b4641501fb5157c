"""Alarms that reach whoever audits."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from portal.kernel.audit_chain import trail_broken
from reports.services.notices import tell_broken_trail


@receiver(trail_broken)
def raise_alarm(breaks: list[str], at: datetime, **_kwargs: Any) -> None:
    tell_broken_trail(breaks=breaks, at=at)

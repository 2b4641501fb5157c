"""News from the rooms below: alarms that reach whoever audits, agreements and notices that need their document."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.utils import timezone

from consortia.models import Agreement
from consortia.signals import agreement_changed
from funding.models import PublicNotice
from funding.signals import notice_published, recovery_noticed
from portal.kernel.audit_chain import trail_broken
from reports.selectors.recoveries import noticed_recoveries
from reports.services.agreements import order_agreement_documents
from reports.services.notices import tell_broken_trail
from reports.services.publicity import order_notice_documents
from reports.services.recoveries import order_recovery_notice


@receiver(trail_broken)
def raise_alarm(breaks: list[str], at: datetime, **_kwargs: Any) -> None:
    tell_broken_trail(breaks=breaks, at=at)


@receiver(agreement_changed)
def make_documents(agreement_id: UUID, **_kwargs: Any) -> None:
    order_agreement_documents(agreement=Agreement.objects.get(pk=agreement_id), at=timezone.now())


@receiver(notice_published)
def make_notice_documents(notice_id: UUID, **_kwargs: Any) -> None:
    """What is only practised needs none."""
    for notice in PublicNotice.objects.filter(pk=notice_id).select_related("call__rules", "amends"):
        order_notice_documents(notice=notice, at=timezone.now())


@receiver(recovery_noticed)
def make_recovery_notice(recovery_id: UUID, **_kwargs: Any) -> None:
    for recovery in noticed_recoveries().filter(pk=recovery_id).select_related("approved_by"):
        order_recovery_notice(recovery=recovery, at=timezone.now())

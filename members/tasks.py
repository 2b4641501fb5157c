"""What is done about accounts every day."""

from celery import shared_task
from django.utils import timezone

from members.services.guards import sweep_guards
from members.services.stale import disable_stale_accounts, warn_stale_accounts


@shared_task(ignore_result=True)
def care_for_accounts() -> None:
    """Disable what nobody uses, warn those who come next, forget old counts."""
    at = timezone.now()
    disable_stale_accounts(at=at)
    warn_stale_accounts(at=at)
    sweep_guards(at=at)

"""What is done about consortia every day."""

from celery import shared_task
from django.utils import timezone

from consortia.services.agreements import end_agreements
from consortia.services.directs import remind_of_ends
from consortia.services.invitations import expire_invitations, remind_of_invitations


@shared_task(ignore_result=True)
def chase_invitations() -> None:
    """Close the invitations whose time is over, remind of those whose time is nearly over."""
    at = timezone.now()
    expire_invitations(at=at)
    remind_of_invitations(at=at)


@shared_task(ignore_result=True)
def close_agreements() -> None:
    """Let the agreements end whose term is over."""
    end_agreements(at=timezone.now())


@shared_task(ignore_result=True)
def remind_of_recognitions() -> None:
    """Remind of the platforms whose recognition ends soon."""
    remind_of_ends(at=timezone.now())

"""Named reads of files made in the background."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from funding.models import Recusal
from portal.kernel.audit import sha256
from portal.kernel.models.job import ENDED
from reports.models import ExportJob, ExportSchedule


def reach_of(user: Any) -> str:
    """A fingerprint of all that decides what the person may see: roles, where, and the cases it keeps away from."""
    away = Recusal.objects.filter(person=user).values_list("application", flat=True)
    grants = user.role_grants.filter(revoked_at=None).values_list("role", "organisation", "district")
    roles = sorted([str(part or "") for part in grant] for grant in grants)
    return sha256({"roles": roles, "away": sorted(map(str, away)), "active": user.is_active})


def export_jobs(user: Any) -> QuerySet[ExportJob]:
    """Those the reader may know of, with what a row shows."""
    return ExportJob.objects.visible_to(user).select_related("job", "log", "file", "requested_by")


def waiting_exports(user: Any) -> int:
    """How many of the person's are waiting or being made."""
    return ExportJob.objects.filter(requested_by=user).exclude(job__state__in=ENDED).count()


def out_of_date(at: datetime) -> QuerySet[ExportJob]:
    """Those whose file is to go."""
    return ExportJob.objects.filter(file__isnull=False, expires_at__lte=at).order_by("expires_at")


def running_schedules(user: Any) -> QuerySet[ExportSchedule]:
    """The person's own that go on."""
    return ExportSchedule.objects.visible_to(user).filter(stopped_at=None)


def due_schedules(today: date) -> QuerySet[ExportSchedule]:
    """Those whose day has come."""
    return ExportSchedule.objects.filter(stopped_at=None, next_on__lte=today).select_related("requested_by")

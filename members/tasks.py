"""What is done about accounts every day, and the reading of files for import."""

from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from members.enums import Action
from members.forms.imports import rows_of
from members.models import ImportBatch, User
from members.services.experts import end_suspensions, remind_overdue
from members.services.guards import sweep_guards
from members.services.imports import AT_ONCE, JOB_KIND, check_import, queue_check, upload_import
from members.services.resets import JOB_KIND as RESET_KIND
from members.services.resets import reset_letter
from members.services.stale import disable_stale_accounts, warn_stale_accounts
from members.workflow import IMPORT
from portal.kernel.authz import may
from portal.kernel.jobs import JobFailed, Progress, handler
from portal.kernel.models import Job

PATIENCE = timedelta(minutes=5)  # longer than any file takes: nothing is shown while it is read
READING = gettext_noop("Reading the rows")
NO_RIGHT = gettext_noop("Whoever asked for this may not have it checked any longer.")


@shared_task(ignore_result=True)
def care_for_accounts() -> None:
    """Disable what nobody uses, warn those who come next, forget old counts."""
    at = timezone.now()
    disable_stale_accounts(at=at)
    warn_stale_accounts(at=at)
    sweep_guards(at=at)


@shared_task(ignore_result=True)
def care_for_experts() -> None:
    """Suspensions that have run out are over; whose data are a year old is asked to confirm them."""
    at = timezone.now()
    end_suspensions(at=at)
    remind_overdue(at=at)


@handler(RESET_KIND)
def send_reset(job: Job, progress: Progress) -> dict[str, Any]:
    """Mail the link to set a new password; nothing of it is kept."""
    written = reset_letter(job=job)
    progress(50, "")
    written.send()
    return {}


# --- imports -----------------------------------------------------------------------------------
@handler(JOB_KIND, lease=PATIENCE)
def read_import(job: Job, progress: Progress) -> dict[str, Any]:
    """Check a file; one that was applied or discarded meanwhile is left alone."""
    batch = ImportBatch.objects.select_related("file").get(pk=job.params["batch"])
    actor: Any = job.requested_by
    if not may(actor, "members.check_import", batch):
        raise JobFailed(NO_RIGHT)
    if IMPORT.obstacles(batch, Action.CHECK_IMPORT, progress.now()):
        return {}
    progress(10, READING)
    with override(actor.language), progress.finishing():
        check_import(batch=batch, rows=rows_of(batch, progress.now()), actor=actor, at=progress.now())
    return {}


def take_in(*, kind: str, source: str, upload: Any, actor: User, at: datetime) -> ImportBatch:
    """Keep a file, and read it at once if it is small."""
    batch = upload_import(kind=kind, source=source, upload=upload, actor=actor, at=at)
    return batch if batch.job else check_import(batch=batch, rows=rows_of(batch, at), actor=actor, at=at)


def check_again(*, batch: ImportBatch, actor: User, at: datetime) -> ImportBatch:
    """Read the file once more, at once if it is small."""
    if batch.file.size > AT_ONCE:
        return queue_check(batch=batch, actor=actor, at=at)
    return check_import(batch=batch, rows=rows_of(batch, at), actor=actor, at=at)

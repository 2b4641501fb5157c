"""Funding reports as files made in the background: ordered, kept for some days, given to their maker alone."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit, exporting, files, jobs
from portal.kernel.authz import require
from portal.kernel.exporting import Export, Written, require_purpose
from portal.kernel.jobs import Progress
from portal.kernel.models import Attachment
from portal.kernel.models.notification import ExportFormat
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action, ExportState
from reports.models import ExportJob
from reports.selectors.exports import out_of_date, reach_of, waiting_exports
from reports.services.notices import tell_of_export

JOB_KIND = "reports.make_export"
FILE_KIND = "funding_export"
AT_ONCE = 5  # waiting or being made for one person
BATCH = 200


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked for: the filter as an address, as data and in words."""

    format: str
    language: str
    query: str
    params: dict[str, Any]
    words: list[tuple[str, str]]
    purpose: str


@transaction.atomic
def order_export(*, export: Export, asked: Asked, actor: Any, at: datetime) -> ExportJob:
    """Have the file made. Raises PermissionDenied, ValidationError or TransitionRefused."""
    require_purpose(export, actor, asked.purpose)
    if waiting_exports(actor) >= AT_ONCE:
        raise TransitionRefused(_("So many of your files are being made already; please wait for one of them."))
    key = uuid4()
    job = jobs.enqueue(kind=JOB_KIND, key=f"{JOB_KIND}:{key}", params={"export": str(key)}, requested_by=actor, at=at)
    facts = {**asdict(asked), "purpose": asked.purpose.strip()[:200], "params": audit.plain(asked.params)}
    row = ExportJob.objects.create(id=key, requested_by=actor, slug=export.slug, job=job, created_at=at, **facts)
    told = {"slug": row.slug, "format": row.format, "params": row.params}
    audit.record(actor=actor, action=Action.ORDER_EXPORT, subject=row, at=at, note=row.purpose, facts=told)
    return row


def keep_export(
    *, order: ExportJob, export: Export, written: Written, reach: str, progress: Progress, at: datetime
) -> ExportJob:
    """Keep the file, put it on record and tell its maker, in one transaction with the end of the job."""
    with progress.finishing() as result:
        made = exporting.put_on_record(
            export=export, written=written, user=order.requested_by, params=order.params, purpose=order.purpose, at=at
        )
        mime = exporting.MIME[ExportFormat(order.format)]
        order.file = files.store_open(made.file, name=made.name, mime=mime, kind=FILE_KIND, at=at)
        order.log, order.reach = made.log, reach
        order.expires_at = at + timedelta(days=settings.EXPORTS_KEPT_DAYS)
        order.save(update_fields=["file", "log", "reach", "expires_at"])
        tell_of_export(order=order, title=str(export.title), at=at)
        result["rows"] = made.log.row_count
    return order


def open_export(*, order: ExportJob, permission: str, actor: Any, at: datetime) -> Attachment:
    """The file, for its maker as long as it may see what stands in it. Raises PermissionDenied or TransitionRefused."""
    require(actor, "reports.follow_export", order)
    require(actor, permission)
    if order.file is None or order.state_at(at) != ExportState.DONE:
        raise TransitionRefused(_("There is no file, or no longer: it is kept for some days only."))
    if order.reach != reach_of(actor):
        raise TransitionRefused(_("What you may see has changed since this file was made; please have it made again."))
    return order.file


@transaction.atomic
def cancel_export(*, order: ExportJob, actor: Any, at: datetime) -> ExportJob:
    """Stop it while it waits or is being made."""
    require(actor, "reports.follow_export", order)
    if not jobs.cancel(job=order.job, at=at):
        raise TransitionRefused(_("This file is there already, or was given up."))
    audit.record(actor=actor, action=Action.CANCEL_EXPORT, subject=order, at=at)
    return order


@transaction.atomic
def retry_export(*, order: ExportJob, permission: str, actor: Any, at: datetime) -> ExportJob:
    """Give a failed one new attempts, if its maker may still have it."""
    require(actor, "reports.follow_export", order)
    require(actor, permission)
    if not jobs.retry(job=order.job, at=at):
        raise TransitionRefused(_("Only what has failed is tried again."))
    audit.record(actor=actor, action=Action.RETRY_EXPORT, subject=order, at=at)
    return order


@transaction.atomic
def prune_exports(*, at: datetime) -> int:
    """Throw away files that were kept long enough, how many; the record stays, the sweep of files takes the bytes."""
    rows = list(out_of_date(at).select_for_update(skip_locked=True, no_key=True, of=("self",))[:BATCH])
    gone = [row.file_id for row in rows if row.file_id]
    ExportJob.objects.filter(pk__in=[row.pk for row in rows]).update(file=None)
    Attachment.objects.filter(pk__in=gone).delete()
    return len(rows)

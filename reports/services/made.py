"""Documents that a job makes from frozen facts: ordered, kept once, tried again."""

from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit, files, jobs
from portal.kernel.authz import require
from portal.kernel.models.job import JobState
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action
from reports.models.document import MadeDocument

Made = TypeVar("Made", bound=MadeDocument)


def enqueue_document(*, document: MadeDocument, kind: str, requested_by: Any, at: datetime) -> None:
    """Have it made by the job of this kind."""
    document.job = jobs.enqueue(
        kind=kind, key=f"{kind}:{document.pk}", params={"document": str(document.pk)}, requested_by=requested_by, at=at
    )
    document.save(update_fields=["job"])


def keep_document(*, document: Made, title: str, kind: str, path: Path, pages: int, at: datetime) -> Made:
    """Keep the file that the job made."""
    document.file = files.store_path(path, name=f"{title}.pdf", mime=files.PDF, kind=kind, at=at)
    document.pages = pages
    document.save(update_fields=["file", "pages"])
    return document


@transaction.atomic
def retry_document(*, document: Made, permission: str, of: Model, actor: Any, at: datetime) -> Made:
    """Give a failed job new attempts; the permission is asked, and the trail kept, about what the document is `of`."""
    require(actor, permission, of)
    if document.job is None or document.job.state != JobState.FAILED:
        raise TransitionRefused(_("This document is being made, or is there already."))
    jobs.retry(job=document.job, at=at)
    audit.record(actor=actor, action=Action.RETRY, subject=of, at=at)
    return document

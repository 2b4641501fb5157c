"""Documents of applications: ordered by whoever reads the application, made by a job, stored once."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from funding.models import Application
from portal.kernel import audit, files, jobs
from portal.kernel.authz import require
from portal.kernel.models.job import JobState
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action
from reports.models import ApplicationDocument
from reports.selectors.applications import application_snapshot

APPLICATION_TEMPLATE = "1"
JOB_KIND = "reports.render_application"
FILE_KIND = "application_document"


@transaction.atomic
def order_application_document(
    *, application: Application, language: str, actor: Any, at: datetime
) -> ApplicationDocument:
    """The document of the application as this person reads it now; what was made of it before is given again."""
    require(actor, "reports.order_application_document", application)
    snapshot, is_draft = application_snapshot(application, actor)
    row, created = ApplicationDocument.objects.get_or_create(
        application=application, language=language, template_version=APPLICATION_TEMPLATE, is_draft=is_draft,
        snapshot_hash=audit.sha256(snapshot),
        defaults={"snapshot": snapshot, "created_at": at, "requested_by": actor},
    )  # fmt: skip
    if created:
        row.job = jobs.enqueue(
            kind=JOB_KIND, key=f"{JOB_KIND}:{row.pk}", params={"document": str(row.pk)}, requested_by=actor, at=at
        )
        row.save(update_fields=["job"])
        facts = {"language": language, "draft": is_draft, "snapshot": row.snapshot_hash}
        audit.record(actor=actor, action=Action.ORDER_DOCUMENT, subject=application, at=at, facts=facts)
    return row


def store_application_document(
    *, document: ApplicationDocument, path: Path, pages: int, at: datetime
) -> ApplicationDocument:
    """Keep the file that the job made."""
    facts = document.snapshot["application"]
    with override(document.language):
        words = [facts["number"], document.snapshot["consortium"]["name"]]
        title = " ".join([*words, str(_("draft"))] if document.is_draft else words)
    document.file = files.store_path(path, name=f"{title}.pdf", mime=files.PDF, kind=FILE_KIND, at=at)
    document.pages = pages
    document.save(update_fields=["file", "pages"])
    return document


@transaction.atomic
def retry_application_document(*, document: ApplicationDocument, actor: Any, at: datetime) -> ApplicationDocument:
    """Give a failed job new attempts."""
    require(actor, "reports.order_application_document", document.application)
    if document.job is None or document.job.state != JobState.FAILED:
        raise TransitionRefused(_("This document is being made, or is there already."))
    jobs.retry(job=document.job, at=at)
    audit.record(actor=actor, action=Action.RETRY, subject=document.application, at=at)
    return document

"""Documents of applications: ordered by whoever reads the application, made by a job, stored once."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from funding.models import Application
from portal.kernel import audit
from portal.kernel.authz import require
from reports.enums import Action
from reports.models import ApplicationDocument
from reports.selectors.applications import application_snapshot
from reports.services.made import enqueue_document, keep_document, retry_document

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
        enqueue_document(document=row, kind=JOB_KIND, requested_by=actor, at=at)
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
    return keep_document(document=document, title=title, kind=FILE_KIND, path=path, pages=pages, at=at)


def retry_application_document(*, document: ApplicationDocument, actor: Any, at: datetime) -> ApplicationDocument:
    """Give a failed job new attempts."""
    permission = "reports.order_application_document"
    return retry_document(document=document, permission=permission, of=document.application, actor=actor, at=at)

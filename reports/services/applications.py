"""Documents of applications, ordered by whoever reads the application."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from funding.models import Application
from portal.kernel.authz import require
from reports.models import ApplicationDocument
from reports.selectors.applications import application_snapshot
from reports.services.made import Paper, order_document, retry_document


def _title(document: ApplicationDocument) -> str:
    with override(document.language):
        words = [document.snapshot["application"]["number"], document.snapshot["consortium"]["name"]]
        return " ".join([*words, str(_("draft"))] if document.is_draft else words)


PAPER = Paper(
    model=ApplicationDocument, job="reports.render_application", file="application_document", version="1",
    title=_title, permission="reports.order_application_document",
)  # fmt: skip


@transaction.atomic
def order_application_document(
    *, application: Application, language: str, actor: Any, at: datetime
) -> ApplicationDocument:
    """The document of the application as this person reads it now."""
    require(actor, PAPER.permission, application)
    snapshot, is_draft = application_snapshot(application, actor)
    return order_document(
        paper=PAPER, of=application, snapshot=snapshot, language=language, actor=actor, at=at, is_draft=is_draft
    )


def retry_application_document(*, document: ApplicationDocument, actor: Any, at: datetime) -> ApplicationDocument:
    """Give a failed job new attempts."""
    return retry_document(document=document, permission=PAPER.permission, of=document.application, actor=actor, at=at)

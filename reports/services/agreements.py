"""Documents of agreements: ordered when a version is sent and when it takes effect, made by a job, stored once."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from consortia.models import Agreement
from portal.kernel import audit
from reports.models import AgreementDocument
from reports.selectors.agreements import agreement_snapshot
from reports.services.made import enqueue_document, keep_document, retry_document

TEMPLATE_VERSION = "1"
JOB_KIND = "reports.render_agreement"
FILE_KIND = "agreement"
LANGUAGES = ("zh-hans", "en")  # the contract, and a copy to read


def order_agreement_documents(*, agreement: Agreement, at: datetime) -> list[AgreementDocument]:
    """The documents of a version as it stands, in each language; those that are there already stay as they are."""
    snapshot = agreement_snapshot(agreement)
    digest = audit.sha256(snapshot)
    with transaction.atomic():
        return [_order(agreement, snapshot, digest, language, at) for language in LANGUAGES]


def _order(
    agreement: Agreement, snapshot: dict[str, Any], digest: str, language: str, at: datetime
) -> AgreementDocument:
    facts = {"language": language, "template_version": TEMPLATE_VERSION, "snapshot_hash": digest}
    row, created = AgreementDocument.objects.get_or_create(
        agreement=agreement, **facts, defaults={"snapshot": snapshot, "created_at": at}
    )
    if created:
        enqueue_document(document=row, kind=JOB_KIND, requested_by=agreement.drafted_by, at=at)
    return row


def store_agreement_document(*, document: AgreementDocument, path: Path, pages: int, at: datetime) -> AgreementDocument:
    """Keep the file that the job made."""
    name = document.agreement.consortium.name
    with override(document.language):
        title = str(_("%(name)s agreement version %(version)d") % {"name": name, "version": document.agreement.version})
    return keep_document(document=document, title=title, kind=FILE_KIND, path=path, pages=pages, at=at)


def retry_agreement_document(*, document: AgreementDocument, actor: Any, at: datetime) -> AgreementDocument:
    """Give a failed job new attempts."""
    permission = "reports.retry_agreement_document"
    return retry_document(document=document, permission=permission, of=document, actor=actor, at=at)

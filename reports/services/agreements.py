"""Documents of agreements: ordered when a version is sent and when it takes effect, made by a job, stored once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from consortia.models import Agreement
from reports.models import AgreementDocument
from reports.selectors.agreements import agreement_snapshot
from reports.services.made import Paper, order_document, retry_document

LANGUAGES = ("zh-hans", "en")  # the contract, and a copy to read


def _title(document: AgreementDocument) -> str:
    agreement = document.agreement
    with override(document.language):
        words = {"name": agreement.consortium.name, "version": agreement.version}
        return str(_("%(name)s agreement version %(version)d") % words)


PAPER = Paper(model=AgreementDocument, job="reports.render_agreement", file="agreement", version="1", title=_title)


@transaction.atomic
def order_agreement_documents(*, agreement: Agreement, at: datetime) -> list[AgreementDocument]:
    """The documents of a version as it stands, in each language; those that are there already stay as they are."""
    snapshot, actor = agreement_snapshot(agreement), agreement.drafted_by
    return [
        order_document(paper=PAPER, of=agreement, snapshot=snapshot, language=language, actor=actor, at=at)
        for language in LANGUAGES
    ]


def retry_agreement_document(*, document: AgreementDocument, actor: Any, at: datetime) -> AgreementDocument:
    """Give a failed job new attempts."""
    permission = "reports.retry_agreement_document"
    return retry_document(document=document, permission=permission, of=document, actor=actor, at=at)

"""What the document of an agreement is made from, and the documents of a version."""

from typing import Any

from django.db.models import QuerySet

from consortia.models import Agreement, AgreementSignature
from reports.models import AgreementDocument


def agreement_snapshot(agreement: Agreement) -> dict[str, Any]:
    """The frozen content with the signatures given until now, as plain JSON values."""
    rows = agreement.signatures.select_related("participation__organisation", "scan").order_by("signed_at", "id")
    return {
        "content": agreement.content,
        "sha256": agreement.sha256,
        "version": agreement.version,
        "sent_at": agreement.sent_at.isoformat() if agreement.sent_at else "",
        "effective_on": agreement.effective_on.isoformat() if agreement.effective_on else "",
        "expires_on": agreement.content["expires_on"],
        "signatures": [_signature(row) for row in rows],
    }


def _signature(row: AgreementSignature) -> dict[str, str]:
    return {
        "participation": str(row.participation_id),
        "name": row.participation.organisation.name,
        "method": row.method,
        "signatory": row.signatory,
        "signed_on": row.signed_on.isoformat(),
        "signed_at": row.signed_at.isoformat(),
        "sha256": row.sha256,
        "scan": row.scan.sha256 if row.scan else "",
    }


def agreement_documents(user: Any, agreement: Agreement) -> QuerySet[AgreementDocument]:
    """The documents of a version that the reader may see, newest first."""
    rows = AgreementDocument.objects.visible_to(user).filter(agreement=agreement)
    return rows.select_related("job", "file").defer("snapshot")

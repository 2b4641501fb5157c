"""Minutes of sessions as documents."""

from typing import Any

from django.db.models import QuerySet

from funding.enums import SessionStatus
from funding.models import ReviewSession
from reports.models import SessionDocument
from reports.services.sessions import order_session_document
from reports.views.documents import DocumentOf, DocumentsOf


class SessionDocuments(DocumentsOf):
    """The documents of the minutes, and the order of the next."""

    model, document = ReviewSession, SessionDocument
    permission = "funding.print_minutes"
    template_name = "reports/session_documents.html"

    def get_queryset(self) -> QuerySet[ReviewSession]:
        return super().get_queryset().filter(status=SessionStatus.LOCKED).select_related("call__rules")

    def perform(self, form: Any) -> SessionDocument:
        return order_session_document(session=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class SessionDocumentDownload(DocumentOf):
    """The stored minutes."""

    model = SessionDocument
    permission = "funding.print_minutes"

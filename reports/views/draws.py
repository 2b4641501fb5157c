"""Records of draws as documents."""

from typing import Any

from django.db.models import QuerySet

from funding.models import Draw
from reports.models import DrawDocument
from reports.services.draws import order_draw_document
from reports.views.documents import DocumentOf, DocumentsOf


class DrawDocuments(DocumentsOf):
    """The documents of a record, and the order of the next."""

    model, document = Draw, DrawDocument
    permission = "reports.order_draw_document"
    template_name = "reports/draw_documents.html"

    def get_queryset(self) -> QuerySet[Draw]:
        people = ("requested_by", "prepared_by", "witnessed_by", "drawn_by")
        rows = super().get_queryset().exclude(record=None)
        return rows.select_related("application__call", "application__consortium__lead", *people)

    def perform(self, form: Any) -> DrawDocument:
        return order_draw_document(draw=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class DrawDocumentDownload(DocumentOf):
    """The stored record."""

    model = DrawDocument
    permission = "reports.order_draw_document"

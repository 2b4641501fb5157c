"""Records of draws as documents: ordered, made by a job, downloaded."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from funding.models import Draw
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView
from reports.models import DrawDocument
from reports.services.draws import order_draw_document
from reports.views.applications import SHOWN, LanguageForm
from reports.views.files import FileView


class DrawDocuments(LoadMixin, ServiceFormView):
    """The documents of a record, and the order of the next."""

    model = Draw
    permission = "reports.order_draw_document"
    form_class = LanguageForm
    template_name = "reports/draw_documents.html"
    success_message = _("The document is being made. Open this page again in a moment.")

    def get_queryset(self) -> QuerySet[Draw]:
        people = ("requested_by", "prepared_by", "witnessed_by", "drawn_by")
        rows = super().get_queryset().exclude(record=None)
        return rows.select_related("application__call", "application__consortium__lead", *people)

    def get_initial(self) -> dict[str, Any]:
        return {"language": get_language()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = DrawDocument.objects.visible_to(self.actor).filter(draw=self.object)
        rows = rows.select_related("file", "job").defer("snapshot")[:SHOWN]
        return super().get_context_data(draw=self.object, documents=rows, **kwargs)

    def perform(self, form: Any) -> DrawDocument:
        language = form.cleaned_data["language"]
        return order_draw_document(draw=self.object, language=language, actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return reverse("reports:draw-documents", args=[self.object.pk])


class DrawDocumentDownload(LoadMixin, PermissionMixin, FileView):
    """The stored file."""

    model = DrawDocument
    permission = "reports.order_draw_document"

    def get_queryset(self) -> QuerySet[DrawDocument]:
        return super().get_queryset().select_related("draw", "file").defer("snapshot")

    def permission_object(self) -> Draw:
        """The draw that it is of."""
        draw: Draw = self.object.draw
        return draw

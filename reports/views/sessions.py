"""Minutes of sessions as documents: ordered, made by a job, downloaded."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from funding.enums import SessionStatus
from funding.models import ReviewSession
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView
from reports.models import SessionDocument
from reports.services.sessions import order_session_document
from reports.views.applications import SHOWN, LanguageForm
from reports.views.files import FileView


class SessionDocuments(LoadMixin, ServiceFormView):
    """The documents of the minutes, and the order of the next."""

    model = ReviewSession
    permission = "funding.print_minutes"
    form_class = LanguageForm
    template_name = "reports/session_documents.html"
    success_message = _("The document is being made. Open this page again in a moment.")

    def get_queryset(self) -> QuerySet[ReviewSession]:
        return super().get_queryset().filter(status=SessionStatus.LOCKED).select_related("call__rules")

    def get_initial(self) -> dict[str, Any]:
        return {"language": get_language()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = SessionDocument.objects.visible_to(self.actor).filter(session=self.object)
        rows = rows.select_related("file", "job").defer("snapshot")[:SHOWN]
        return super().get_context_data(session=self.object, documents=rows, **kwargs)

    def perform(self, form: Any) -> SessionDocument:
        language = form.cleaned_data["language"]
        return order_session_document(session=self.object, language=language, actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return reverse("reports:session-documents", args=[self.object.pk])


class SessionDocumentDownload(LoadMixin, PermissionMixin, FileView):
    """The stored file."""

    model = SessionDocument
    permission = "funding.print_minutes"

    def get_queryset(self) -> QuerySet[SessionDocument]:
        return super().get_queryset().select_related("session", "file").defer("snapshot")

    def permission_object(self) -> ReviewSession:
        """The session that it is of."""
        session: ReviewSession = self.object.session
        return session

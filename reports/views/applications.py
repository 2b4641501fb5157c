"""Applications as documents: ordered at any time, followed while they are made, downloaded."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.models import Application
from portal.kernel.views import LoadMixin, ServiceFormView
from reports.models import ApplicationDocument
from reports.services.applications import order_application_document, retry_application_document
from reports.views.documents import DocumentsOf
from reports.views.files import FileView


class ApplicationDocuments(DocumentsOf):
    """The documents that were made of an application, and the order of the next."""

    model, document = Application, ApplicationDocument
    permission = "reports.order_application_document"
    template_name = "reports/application_documents.html"
    success_message, followed = "", True

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call__rules", "consortium__lead")

    def perform(self, form: Any) -> ApplicationDocument:
        return order_application_document(application=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return str(self.result.get_absolute_url())


class DocumentPage(LoadMixin):
    """A document that the reader may see."""

    model = ApplicationDocument

    def get_queryset(self) -> QuerySet[ApplicationDocument]:
        return super().get_queryset().select_related("application__consortium__lead", "file", "job").defer("snapshot")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(document=self.object, application=self.object.application, **kwargs)


class ApplicationDocumentDetail(DocumentPage, TemplateView):
    """How far it is, then the file with its hash."""

    template_name = "reports/application_document.html"


class ApplicationDocumentProgress(DocumentPage, TemplateView):
    """The part of the page that changes, asked for every second; when it is over the page is opened anew."""

    template_name = "reports/_application_document.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().get(request, *args, **kwargs)
        if self.object.file_id or self.object.has_given_up:
            answer["HX-Redirect"] = self.object.get_absolute_url()
        return answer


class ApplicationDocumentDownload(DocumentPage, FileView):
    """The stored file."""


class ApplicationDocumentRetry(DocumentPage, ServiceFormView):
    """Gives a failed document new attempts."""

    permission = "reports.order_application_document"
    form_class = forms.Form
    template_name = "reports/application_document_retry.html"
    success_message = _("The document is being made again.")

    def permission_object(self) -> Application:
        """The application that it is of."""
        application: Application = self.object.application
        return application

    def perform(self, form: Any) -> ApplicationDocument:
        return retry_application_document(document=self.object, actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return reverse("reports:application-document", args=[self.object.pk])

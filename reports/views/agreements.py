"""Agreements as documents: which there are of a version, the file, another attempt."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from consortia.models import Agreement
from portal.kernel.authz import may
from portal.kernel.views import LoadMixin, ServiceFormView
from reports.models import AgreementDocument
from reports.selectors.agreements import agreement_documents
from reports.services.agreements import retry_agreement_document
from reports.views.files import FileView


class AgreementDocuments(LoadMixin, TemplateView):
    """The documents of a version: for signature, in force, in each language, with their fingerprints."""

    model = Agreement
    template_name = "reports/agreement_documents.html"

    def get_queryset(self) -> QuerySet[Agreement]:
        return super().get_queryset().laid_down().select_related("consortium__lead")  # type: ignore[attr-defined,no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(agreement_documents(self.request.user, self.object))
        for row in rows:
            row.agreement = self.object
        retries = [row.pk for row in rows if may(self.request.user, "reports.retry_agreement_document", row)]
        return super().get_context_data(agreement=self.object, documents=rows, retries=retries, **kwargs)


class DocumentPage(LoadMixin):
    """A document that the reader may see."""

    model = AgreementDocument

    def get_queryset(self) -> QuerySet[AgreementDocument]:
        return super().get_queryset().select_related("agreement__consortium__lead", "file", "job").defer("snapshot")


class AgreementDownload(DocumentPage, FileView):
    """The stored file."""


class AgreementRetry(DocumentPage, ServiceFormView):
    """Gives a failed document new attempts."""

    permission = "reports.retry_agreement_document"
    form_class = forms.Form
    template_name = "reports/agreement_retry.html"
    success_message = _("The document is being made again.")

    def perform(self, form: Any) -> AgreementDocument:
        return retry_agreement_document(document=self.object, actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return reverse("reports:agreement-documents", args=[self.object.agreement_id])

"""Agreements as documents: which there are of a version, the file, another attempt."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from consortia.models import Agreement
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.models.job import JobState
from portal.kernel.views import LoadMixin, ServiceFormView
from reports.models import AgreementDocument
from reports.selectors.agreements import agreement_documents
from reports.services.agreements import retry_agreement_document


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
            row.given_up = bool(row.job and row.job.state == JobState.FAILED)  # type: ignore[attr-defined]
        retries = [row.pk for row in rows if may(self.request.user, "reports.retry_agreement_document", row)]
        return super().get_context_data(agreement=self.object, documents=rows, retries=retries, **kwargs)


class DocumentPage(LoadMixin):
    """A document that the reader may see."""

    model = AgreementDocument

    def get_queryset(self) -> QuerySet[AgreementDocument]:
        return super().get_queryset().select_related("agreement__consortium__lead", "file", "job").defer("snapshot")


class AgreementDownload(DocumentPage, View):
    """The stored file."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        if self.object.file is None:
            raise Http404
        return files.serve(self.object.file, request=request)


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

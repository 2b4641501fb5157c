"""The documents of a call."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from funding.forms.calls import DocumentForm
from funding.models import Call, CallDocument
from funding.services.documents import add_document, remove_document
from portal.kernel import files
from portal.kernel.views import LoadMixin, ServiceFormView


class CallDocuments(LoadMixin, ServiceFormView):
    """The documents of a call, and the form for one more."""

    model = Call
    permission = "funding.update_call"
    form_class = DocumentForm
    template_name = "funding/call_documents.html"
    success_message = _("The document is added.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        documents = self.object.documents.select_related("attachment")
        return super().get_context_data(call=self.object, documents=documents, **kwargs)

    def perform(self, form: DocumentForm) -> CallDocument:
        return add_document(call=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return reverse("funding:call-documents", args=[self.object.pk])


class CallDocumentRemove(LoadMixin, ServiceFormView):
    """Takes a document off a draft."""

    model = Call
    permission = "funding.update_call"
    form_class = forms.Form
    template_name = "funding/call_document_remove.html"
    success_message = _("The document is removed.")

    @cached_property
    def document(self) -> CallDocument:
        """The document in question."""
        rows = CallDocument.objects.filter(call=self.object).select_related("attachment")
        return get_object_or_404(rows, pk=self.kwargs["document"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(call=self.object, document=self.document, **kwargs)

    def perform(self, form: forms.Form) -> None:
        remove_document(document=self.document, actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return reverse("funding:call-documents", args=[self.object.pk])


@method_decorator(login_not_required, name="dispatch")
class CallDocumentDownload(LoadMixin):
    """A document of a call. Open to the public once the call is published."""

    model = Call
    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        row = get_object_or_404(self.object.documents.select_related("attachment"), pk=self.kwargs["document"])
        return files.serve(row.attachment, request=self.request)

"""The public notice as a file for everybody; the letter to an objector for supervision."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import View

from funding.models import Objection
from funding.views.notices import PublishedNotice
from members.views.stepup import StepUpMixin
from portal.kernel import files
from reports.models import NoticeDocument, ReplyDocument
from reports.services.publicity import NAMES, order_reply
from reports.views.documents import DocumentOf, DocumentsOf


@method_decorator(login_not_required, name="dispatch")
class NoticeFile(PublishedNotice, View):
    """The notice in one language; until it is made, the page for the printer says the same."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        rows = NoticeDocument.objects.filter(notice=self.object, language=self.kwargs["language"])
        found = rows.filter(file__isnull=False).select_related("file").first()
        if found is None:
            return HttpResponseRedirect(reverse("funding:notice-print", args=[self.object.pk]))
        assert found.file is not None  # noqa: S101
        return files.serve(found.file, request=request)


class ReplyDocuments(StepUpMixin, DocumentsOf):
    """The letters of one objection, and the order of one; it names the objector."""

    step_up = True
    model, document = Objection, ReplyDocument
    permission = NAMES
    form_class = Form
    template_name = "reports/reply_documents.html"

    def perform(self, _form: Any) -> ReplyDocument:
        return order_reply(objection=self.object, actor=self.actor, at=self.at)


class ReplyDocumentDownload(StepUpMixin, DocumentOf):
    """The stored letter."""

    http_method_names = ["get", "head", "options"]
    step_up = True
    model = ReplyDocument
    permission = NAMES

    def get_queryset(self) -> QuerySet[ReplyDocument]:
        return super().get_queryset().select_related("objection__application", "file")

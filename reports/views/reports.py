"""Report documents: list, page with progress, the file."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView
from reports.enums import ReportStatus
from reports.filters import ReportFilter
from reports.forms.grading import ReportForm
from reports.forms.selfreports import NoteForm
from reports.models import Evaluation, Report
from reports.selectors.pages import evaluation_for_page
from reports.services.documents import has_given_up, request_report, retry_report

RELATED = ("evaluation__cycle", "evaluation__consortium", "job", "file", "requested_by", "corrects")
HEAVY = ("snapshot", "corrects__snapshot", "evaluation__snapshot")


class ReportList(PermissionMixin, ListView):
    """All reports that the reader may open, newest first."""

    model = Report
    permission = "reports.list_reports"
    template_name = "reports/report_list.html"
    filterset_class = ReportFilter

    def get_queryset(self) -> QuerySet[Report]:
        return super().get_queryset().select_related(*RELATED).defer(*HEAVY)


class ReportRequest(LoadMixin, ServiceFormView):
    """Orders the report of an evaluation; asked twice, it leads to the same one."""

    model = Evaluation
    permission = "reports.request_report"
    form_class = ReportForm
    template_name = "reports/report_request.html"

    def get_queryset(self) -> QuerySet[Evaluation]:
        return evaluation_for_page(super().get_queryset())

    def perform(self, form: Any) -> Report:
        language = form.cleaned_data["language"]
        return request_report(evaluation=self.object, actor=self.actor, language=language, at=self.at)


class ReportPage(LoadMixin):
    """A page of one report."""

    model = Report

    def get_queryset(self) -> QuerySet[Report]:
        return super().get_queryset().select_related(*RELATED).defer(*HEAVY)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        given_up = has_given_up(report=self.object)
        return super().get_context_data(
            report=self.object,
            given_up=given_up,
            may_retry=given_up and may(user, "reports.request_report", self.object.evaluation),
            may_open=may(user, "reports.open_report"),
            **kwargs,
        )


class ReportDetail(ReportPage, TemplateView):
    """Number, hash, progress, and the document once it is there."""

    template_name = "reports/report_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        corrected_by = Report.objects.visible_to(self.request.user).filter(corrects=self.object).defer("snapshot")
        return super().get_context_data(corrected_by=corrected_by.first(), **kwargs)


class ReportProgress(ReportPage, TemplateView):
    """The part of the page that changes, for the poll of every second."""

    template_name = "reports/_report_progress.html"


class ReportRetry(ReportPage, ServiceFormView):
    """Gives a failed report new attempts."""

    permission = "reports.request_report"
    form_class = NoteForm
    template_name = "reports/report_retry.html"
    success_message = _("The report is being made again.")

    def permission_object(self) -> Any:
        return self.object.evaluation

    def perform(self, form: Any) -> Report:
        return retry_report(report=self.object, actor=self.actor, at=self.at)


class ReportFile(ReportPage, View):
    """The stored document."""

    http_method_names = ["get", "head", "options"]
    download = True

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        if self.object.status != ReportStatus.STORED:
            raise Http404
        return files.serve(self.object.file, request=request, download=self.download)


class ReportDownload(ReportFile):
    """As a file to keep."""


class ReportOpen(PermissionMixin, ReportFile):
    """In the browser, for the bureau."""

    permission = "reports.open_report"
    download = False

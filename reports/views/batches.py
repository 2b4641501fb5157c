"""All reports of a year by one click: the order, how far it is, its steps, the file of all."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from portal.kernel import files
from portal.kernel.models.job import JobState
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView
from portal.kernel.workflow import TransitionRefused
from portal.kernel.zips import Entry, zipped
from reports.enums import Action, BatchScope
from reports.filters import BatchItemFilter
from reports.forms.batches import BatchForm
from reports.models import BatchItem, EvaluationCycle, Report, ReportBatch
from reports.selectors.batches import batches_of, numbers_to_make, rows_of, standing_of
from reports.services.batches import cancel_batch, order_batch, pause_batch, resume_batch, retry_batch, take_batch
from reports.workflow import REPORT_BATCH

STEPS = {
    Action.PAUSE_BATCH: ("reports:batch-pause", "player-pause"),
    Action.RESUME_BATCH: ("reports:batch-resume", "player-play"),
    Action.RETRY_BATCH: ("reports:batch-retry", "refresh"),
    Action.CANCEL_BATCH: ("reports:batch-cancel", "ban"),
}


class BatchOrder(LoadMixin, ServiceFormView):
    """Orders all reports of a year; below it the batches of before."""

    model = EvaluationCycle
    permission = "reports.run_batch"
    form_class = BatchForm
    template_name = "reports/batch_order.html"
    success_message = _("The reports are being made.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "numbers": numbers_to_make(self.object)}

    def get_initial(self) -> dict[str, Any]:
        return {"language": get_language(), "scope": BatchScope.FINAL}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cycle=self.object, batches=batches_of(self.object), **kwargs)

    def perform(self, form: Any) -> ReportBatch:
        return order_batch(cycle=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class BatchPage(LoadMixin, PermissionMixin):
    """A page of one batch."""

    model = ReportBatch
    permission = "reports.follow_batch"

    def get_queryset(self) -> QuerySet[ReportBatch]:
        return super().get_queryset().select_related("cycle", "requested_by")


class BatchDetail(PermissionMixin, ListView):
    """How far a batch is, its steps, and each of its reports."""

    model = BatchItem
    permission = "reports.follow_batch"
    template_name = "reports/batch_detail.html"
    filterset_class = BatchItemFilter
    sorts = ("evaluation__consortium__code",)
    default_sort = "evaluation__consortium__code"

    @cached_property
    def batch(self) -> ReportBatch:
        """The batch of the address."""
        rows = ReportBatch.objects.visible_to(self.request.user).select_related("cycle", "requested_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def permission_object(self) -> ReportBatch:
        return self.batch

    def get_queryset(self) -> QuerySet[BatchItem]:
        return rows_of(self.batch)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = [
            {"label": Action(action).label, "url": STEPS[Action(action)][0], "icon": STEPS[Action(action)][1]}
            for action in REPORT_BATCH.available(self.batch, self.actor, timezone.now())
            if action in STEPS
        ]
        return super().get_context_data(
            batch=self.batch, standing=standing_of(self.batch), steps=steps, states=JobState, **kwargs
        )


class BatchProgress(BatchPage, TemplateView):
    """The part of the page that changes, asked for every second; when it is over the page is opened anew."""

    template_name = "reports/_batch_progress.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(batch=self.object, standing=standing_of(self.object), **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().get(request, *args, **kwargs)
        if self.object.ended_at:
            answer["HX-Redirect"] = self.object.get_absolute_url()
        return answer


class BatchStep(TransitionView):
    """A step with a button and nothing to fill in."""

    model = ReportBatch
    workflow = REPORT_BATCH
    template_name = "reports/batch_step.html"
    explanation: Any = ""

    def get_queryset(self) -> QuerySet[ReportBatch]:
        return super().get_queryset().select_related("cycle")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"label": Action(self.action).label, "explanation": self.explanation}
        return super().get_context_data(batch=self.object, **facts, **kwargs)


class BatchPause(BatchStep):
    """What waits waits on."""

    action = Action.PAUSE_BATCH
    explanation = _("Reports that are being made now are finished; no other is begun.")

    def perform(self, form: Any) -> ReportBatch:
        return pause_batch(batch=self.object, actor=self.actor, at=self.at)


class BatchResume(BatchStep):
    """Goes on."""

    action = Action.RESUME_BATCH
    explanation = _("The reports that wait are made.")

    def perform(self, form: Any) -> ReportBatch:
        return resume_batch(batch=self.object, actor=self.actor, at=self.at)


class BatchCancel(BatchStep):
    """Makes no more."""

    action = Action.CANCEL_BATCH
    explanation = _("No further report is made. Those that are there stay.")

    def perform(self, form: Any) -> ReportBatch:
        return cancel_batch(batch=self.object, actor=self.actor, at=self.at)


class BatchRetry(BatchStep):
    """Makes again what is missing."""

    action = Action.RETRY_BATCH
    explanation = _("Reports that failed or were stopped are made again; the others stay as they are.")

    def perform(self, form: Any) -> ReportBatch:
        return retry_batch(batch=self.object, actor=self.actor, at=self.at)


# --- the file of all ---------------------------------------------------------------------------
class BatchDownload(BatchPage, View):
    """Every report that is there, and a list of them, in one ZIP that is written while it is sent."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        name = gettext("Annual evaluation reports %(year)s") % {"year": self.object.cycle.year} + ".zip"
        try:
            reports = take_batch(batch=self.object, actor=self.actor, at=self.at)
        except TransitionRefused as refusal:
            context = {"attachment": {"name": name}, "reason": refusal.reasons[0]}
            return render(request, "file_withheld.html", context, status=409)
        response = StreamingHttpResponse(zipped(entries(reports, self.at)), content_type="application/zip")
        response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
        files.guard(response)
        return response


def entries(reports: list[Report], at: datetime) -> Iterator[Entry]:
    """The reports one after the other, then the list of them with their fingerprints; a damaged one is only listed."""
    listed = [[gettext("Number"), gettext("Consortium code"), gettext("Consortium"), gettext("File"), "SHA-256"]]
    for report in reports:
        file, consortium = report.file, report.evaluation.consortium
        assert file is not None  # noqa: S101
        content = files.verified(file)
        name = f"{report.number} {files.clean_name(file.name)}"
        listed.append([report.number, consortium.code, consortium.name, name if content else "", file.sha256])
        if content:
            yield name, report.created_at, content
    text = io.StringIO(newline="")
    csv.writer(text).writerows(listed)
    yield "index.csv", at, io.BytesIO(text.getvalue().encode("utf-8-sig"))

"""Funding reports as files made in the background: followed, stopped, tried again, taken."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from members.enums import Role
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.views import ClockMixin, ListView, LoadMixin, PermissionMixin, ServiceFormView
from portal.kernel.workflow import TransitionRefused
from reports.enums import ExportState
from reports.exporters import BY_SLUG
from reports.models import ExportJob, ExportSchedule
from reports.selectors.exports import export_jobs, running_schedules
from reports.services.exports import cancel_export, open_export, retry_export
from reports.services.schedules import stop_schedule

OVER = frozenset({ExportState.DONE, ExportState.FAILED, ExportState.CANCELLED, ExportState.EXPIRED})


class ExportJobList(ClockMixin, PermissionMixin, ListView):
    """Every file that was ordered, newest first; supervision sees everybody's."""

    model = ExportJob
    permission = "reports.export_funding"
    template_name = "reports/export_job_list.html"

    def get_queryset(self) -> QuerySet[ExportJob]:
        return export_jobs(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        shown = [(row, BY_SLUG[row.slug].name, row.state_at(self.at)) for row in context["rows"]]
        schedules = [(row, BY_SLUG[row.slug].name) for row in running_schedules(self.actor)]
        return {**context, "shown": shown, "schedules": schedules, "of_all": self.actor.holds(Role.SUPERVISOR)}


class ExportJobPage(LoadMixin):
    """One file, in whatever state."""

    model = ExportJob

    def get_queryset(self) -> QuerySet[ExportJob]:
        return export_jobs(self.request.user)

    @property
    def report(self) -> Any:
        """The report that it is of."""
        return BY_SLUG[self.object.slug]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = may(self.request.user, "reports.follow_export", self.object)
        state = self.object.state_at(self.at)
        facts = {"order": self.object, "report": self.report, "state": state, "over": state in OVER, "mine": mine}
        return super().get_context_data(**facts, **kwargs)


class ExportJobDetail(ExportJobPage, TemplateView):
    """What was asked for, how far it is, then the file with its fingerprint."""

    template_name = "reports/export_job.html"


class ExportJobProgress(ExportJobPage, TemplateView):
    """The part of the page that changes, asked for every second; when it is over the page is opened anew."""

    template_name = "reports/_export_job.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().get(request, *args, **kwargs)
        if self.object.state_at(self.at) in OVER:
            answer["HX-Redirect"] = self.object.get_absolute_url()
        return answer


class ExportJobMine(ExportJobPage, PermissionMixin):
    """What only whoever had the file made may do."""

    permission = "reports.follow_export"

    def permission_object(self) -> Any:
        """The order."""
        return self.object


class ExportJobDownload(ExportJobMine, View):
    """The file, as long as it is kept and its maker may still see what stands in it."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        try:
            file = open_export(order=self.object, permission=self.report.permission, actor=self.actor, at=self.at)
        except TransitionRefused as refusal:
            context = {"attachment": {"name": self.report.name}, "reason": refusal.reasons[0]}
            return render(request, "file_withheld.html", context, status=409)
        return files.serve(file, request=request)


class ExportJobStep(ExportJobMine, ServiceFormView):
    """A step with a button and nothing to fill in."""

    form_class = forms.Form
    template_name = "reports/export_job_step.html"


class ExportJobCancel(ExportJobStep):
    """Stops it."""

    success_message = _("The file is not made any longer.")

    def perform(self, form: Any) -> ExportJob:
        return cancel_export(order=self.object, actor=self.actor, at=self.at)


class ExportJobRetry(ExportJobStep):
    """Gives it new attempts."""

    success_message = _("The file is being made again.")

    def perform(self, form: Any) -> ExportJob:
        return retry_export(order=self.object, permission=self.report.permission, actor=self.actor, at=self.at)


class ExportScheduleStop(LoadMixin, ServiceFormView):
    """Ends a schedule."""

    model = ExportSchedule
    permission = "reports.follow_export"
    form_class = forms.Form
    template_name = "reports/export_schedule_stop.html"
    success_message = _("The file is made no more by itself.")

    def permission_object(self) -> Any:
        """The schedule."""
        return self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(schedule=self.object, report=BY_SLUG[self.object.slug], **kwargs)

    def perform(self, form: Any) -> ExportSchedule:
        return stop_schedule(schedule=self.object, actor=self.actor, at=self.at)

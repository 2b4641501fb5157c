"""The audit trail for those who audit."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.views.generic import TemplateView

from funding.selectors.recusals import subjects_kept_from
from members.enums import Role
from portal.kernel.authz import may
from portal.kernel.models import AuditEntry
from portal.kernel.views import ListView, PermissionMixin
from portal.kernel.views_exports import ListExport
from reports.exporters.trail import AUDIT_TRAIL
from reports.filters import AuditFilter
from reports.forms.exports import AuditExportForm, DayForm
from reports.selectors.asof import KINDS, as_of
from reports.selectors.audit import entries, lines


class AuditList(PermissionMixin, ListView):
    """Who did what, on what, when; newest first."""

    model = AuditEntry
    permission = "members.view_audit"
    template_name = "reports/audit_list.html"
    filterset_class = AuditFilter
    sorts = ("id",)
    default_sort = "-id"
    count_limit = 10_000

    def get_queryset(self) -> QuerySet[AuditEntry]:
        return entries(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        supervises = self.actor.holds(Role.SUPERVISOR)
        facts = {"lines": lines(context["rows"], linked=supervises), "supervises": supervises}
        return {**context, **facts, "may_export": may(self.actor, "members.export_audit")}


class AuditExport(ListExport):
    """The entries that the list shows, as a file; taking it is an entry itself."""

    export = AUDIT_TRAIL
    filterset_class = AuditFilter
    list_name = "reports:audit-list"
    template_name = "reports/audit_export.html"
    form_class = AuditExportForm

    def get_rows(self) -> QuerySet[Any]:
        return entries(self.actor).order_by("id")


class AuditDay(PermissionMixin, TemplateView):
    """An application, a contract or an evaluation as it was at the end of a day."""

    permission = "members.view_audit"
    template_name = "reports/audit_day.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.kwargs["kind"] not in KINDS:
            raise Http404
        form = DayForm(self.request.GET or None)
        asked: date | None = form.cleaned_data["on"] if form.is_valid() else None
        if str(self.kwargs["pk"]) in subjects_kept_from(self.actor):
            raise Http404
        found = as_of(kind=self.kwargs["kind"], pk=self.kwargs["pk"], day=asked or timezone.localdate())
        if found is None:
            raise Http404
        if not form.is_bound:
            form = DayForm(initial={"on": found.day})
        return super().get_context_data(found=found, form=form, **kwargs)

"""The audit trail for those who audit."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from members.enums import Role
from portal.kernel.authz import may
from portal.kernel.exporting import make_export, respond
from portal.kernel.models import AuditEntry
from portal.kernel.views import ClockMixin, ListView, PermissionMixin, add_errors
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


class AuditExport(ClockMixin, PermissionMixin, FormView[AuditExportForm]):
    """The entries that the list shows, as a file; taking it is an entry itself."""

    permission = "members.export_audit"
    template_name = "reports/audit_export.html"
    form_class = AuditExportForm

    def narrowed(self) -> AuditFilter:
        """The filter in the address, as on the list."""
        return AuditFilter(self.request.GET, queryset=entries(self.actor).order_by("id"), request=self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.narrowed()
        return super().get_context_data(export=AUDIT_TRAIL, chosen=_in_words(chosen), **kwargs)

    def form_valid(self, form: AuditExportForm) -> Any:
        chosen = self.narrowed()
        export = replace(
            AUDIT_TRAIL, rows=lambda _user, _params: chosen.qs, notes=lambda _user, _params: _in_words(chosen)
        )
        asked = form.cleaned_data
        try:
            made = make_export(
                export=export, user=self.request.user, params=_params(chosen), file_format=asked["format"],
                purpose=asked["purpose"], at=self.at,
            )  # fmt: skip
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        return respond(made)


def _params(chosen: AuditFilter) -> dict[str, str]:
    """What is asked for, without what is empty or was refused."""
    asked = chosen.form.cleaned_data if chosen.form.is_valid() else {}
    return {name: str(value) for name, value in asked.items() if value not in (None, "")}


def _in_words(chosen: AuditFilter) -> list[tuple[str, str]]:
    fields = chosen.form.fields
    return [(str(fields[name].label), _words(fields[name], value)) for name, value in _params(chosen).items()]


def _words(field: Any, value: str) -> str:
    """What a list of choices calls the value; the value itself where there is none."""
    for code, label in getattr(field, "choices", ()):
        inside = label if isinstance(label, list | tuple) else [(code, label)]
        if found := dict(inside).get(value):
            return str(found)
    return value


class AuditDay(PermissionMixin, TemplateView):
    """An application, a contract or an evaluation as it was at the end of a day."""

    permission = "members.view_audit"
    template_name = "reports/audit_day.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.kwargs["kind"] not in KINDS:
            raise Http404
        form = DayForm(self.request.GET or None)
        asked: date | None = form.cleaned_data["on"] if form.is_valid() else None
        found = as_of(kind=self.kwargs["kind"], pk=self.kwargs["pk"], day=asked or timezone.localdate())
        if found is None:
            raise Http404
        if not form.is_bound:
            form = DayForm(initial={"on": found.day})
        return super().get_context_data(found=found, form=form, **kwargs)

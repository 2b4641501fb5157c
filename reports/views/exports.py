"""The funding reports as pages and as files."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.views.generic import TemplateView, View

from portal.kernel.authz import may
from portal.kernel.exporting import Column, Export
from portal.kernel.models import ExportLog
from portal.kernel.models.notification import ExportFormat
from portal.kernel.querysets import count_up_to, keyset_page
from portal.kernel.templatetags.ui import cn_date, percent, plain, wan, yuan
from portal.kernel.views import PermissionMixin, add_errors
from portal.kernel.views_exports import ListExport
from portal.kernel.workflow import TransitionRefused
from reports.exporters import BY_SLUG, REPORTS
from reports.exporters.report import Report
from reports.filters import days_in_words, filterset_of
from reports.forms.exports import ScheduleForm
from reports.services.exports import Asked, order_export
from reports.services.schedules import schedule_export

LAST = 20  # files in the history
WIDE = 30  # signs of a column whose text may break
SHOWN = {"money": wan, "percent": partial(percent, places=2), "number": plain, "date": cn_date}
RIGHT = frozenset({"money", "percent", "number", "int", "count"})


class ExportList(PermissionMixin, TemplateView):
    """All reports that the reader may take, and the reader's last files."""

    template_name = "reports/export_list.html"
    permission = "reports.export_funding"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = [report for report in REPORTS if may(self.actor, report.permission)]
        taken = ExportLog.objects.visible_to(self.actor)[:LAST]
        logs = [(log, BY_SLUG[log.slug].name if log.slug in BY_SLUG else log.slug) for log in taken]
        return super().get_context_data(reports=offered, logs=logs, **kwargs)


class ReportMixin(View):
    """Knows the report that the address names, and its filter."""

    report: Report

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if kwargs["slug"] not in BY_SLUG:
            raise Http404
        self.report = BY_SLUG[kwargs["slug"]]
        super().setup(request, *args, **kwargs)

    def narrow(self) -> Any:
        """What the reader may see, narrowed by what the address asks for."""
        filters = filterset_of(tuple(self.report.filters.items()))
        return filters(self.request.GET, queryset=self.report.base(self.request.user), request=self.request)


class ReportPage(ReportMixin, PermissionMixin, TemplateView):
    """One report: its filter, its rows in pages, its totals, and the same sums in the ledger."""

    template_name = "reports/funding_report.html"

    def get_permission(self) -> str:
        return self.report.permission

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report, filter_ = self.report, self.narrow()
        rows = report.made(filter_.qs)
        if report.order:
            asked = self.request.GET
            page: Any = keyset_page(rows, report.order, after=asked.get("after"), before=asked.get("before"))  # type: ignore[arg-type]
            count: Any = count_up_to(filter_.qs)
            shown = page.rows
        else:
            page, count, shown = None, len(rows), rows
        totals = report.totals(rows)
        return super().get_context_data(
            report=report, filter=filter_, page=page, count=count, columns=[_head(one) for one in report.columns],
            rows=[[(_kind(one), _text(report, one, one.cell(row))) for one in report.columns] for row in shown],
            totals=[(_kind(one), _text(report, one, sum_)) for one, sum_ in zip(report.columns, totals, strict=True)],
            checks=list(report.checks(filter_.qs)), rules=report.rule_sets(filter_.qs), **kwargs,
        )  # fmt: skip


def _kind(column: Column) -> str:
    if column.kind in RIGHT:
        return "num nw"
    return "c-name" if column.width >= WIDE else "nw"


def _head(column: Column) -> tuple[str, Any]:
    return _kind(column), column.title


def _text(report: Report, column: Column, value: Any) -> str:
    """A value as a page shows it: money in 万元, small amounts in yuan."""
    if value is None:
        return ""
    if report.small and column.kind == "money":
        return yuan(value)
    return str(SHOWN.get(column.kind, str)(value))  # type: ignore[operator]


class ExportTake(ReportMixin, ListExport):
    """Makes one report a file and hands it over; the log and the audit trail hold it before the first byte leaves."""

    template_name = "reports/report_take.html"
    list_name = "reports:export-list"

    @cached_property
    def narrowed(self) -> Any:
        return self.narrow()

    @cached_property
    def export(self) -> Export:  # type: ignore[override]
        """The report of the rows that fit the filter."""
        return self.report.export(self.narrowed.qs, [*self.in_words(), *days_in_words(self.narrowed)])

    def to_take(self) -> Export:
        return self.export

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["format"].choices = [(one, one.label) for one in self.report.formats]
        return form

    def form_valid(self, form: Any) -> Any:
        if not self.narrowed.form.is_valid():  # a file of everything would not be what was asked for
            for errors in self.narrowed.form.errors.values():
                form.add_error(None, errors)
            return self.form_invalid(form)
        if self.is_later or form.cleaned_data["format"] == ExportFormat.PDF:  # paper is laid out by a job
            return self.in_background(form)
        return super().form_valid(form)

    @property
    def is_later(self) -> bool:
        """Whether a job is to make it."""
        return "later" in self.request.POST

    def order(self, form: Any, asked: Asked) -> Any:
        """The one service call."""
        return order_export(export=self.to_take(), asked=asked, actor=self.actor, at=self.at)

    def in_background(self, form: Any) -> Any:
        """Orders the file and leads to its page."""
        asked = Asked(
            format=form.cleaned_data["format"], purpose=form.cleaned_data["purpose"],
            language=str(get_language()), query=self.request.GET.urlencode(), params=self.params(),
            words=self.in_words(),
        )  # fmt: skip
        try:
            order = self.order(form, asked)
        except ValidationError as error:
            add_errors(form, error)
        except TransitionRefused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, str(reason))
        return self.form_invalid(form) if form.errors else redirect(order)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(report=self.report, asked=self.request.GET.urlencode(), **kwargs)


class ExportScheduleCreate(ExportTake):
    """Has the file made on a working day of each week, month or quarter."""

    template_name = "reports/export_schedule.html"
    form_class = ScheduleForm
    is_later = True

    def order(self, form: Any, asked: Asked) -> Any:
        when = {name: form.cleaned_data[name] for name in ("rhythm", "working_day")}
        return schedule_export(export=self.to_take(), asked=asked, actor=self.actor, at=self.at, **when)

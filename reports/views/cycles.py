"""Evaluation years: list, opening, page with the evaluations, closing."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.kernel.authz import may
from portal.kernel.views import ListView, PermissionMixin, ServiceFormView, TransitionView
from reports.enums import Action, CycleStatus
from reports.filters import EvaluationFilter
from reports.forms.grading import CycleForm
from reports.forms.selfreports import NoteForm
from reports.models import Evaluation, EvaluationCycle
from reports.selectors.pages import cycles, evaluation_rows, standings
from reports.services.cycles import close_cycle, open_cycle
from reports.workflow import CYCLE


class CycleList(PermissionMixin, TemplateView):
    """All years; there are few."""

    permission = "reports.list_evaluations"
    template_name = "reports/cycle_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            cycles=cycles(user), may_open=may(user, "reports.open_cycle"),
            sees_targets=may(user, "reports.list_targets"), **kwargs,
        )  # fmt: skip


class CycleOpen(ServiceFormView):
    """Opens a year for every consortium that has been at work long enough."""

    permission = "reports.open_cycle"
    form_class = CycleForm
    template_name = "reports/cycle_open.html"
    success_message = _("The year is open; the leads have been told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "today": timezone.localdate()}

    def get_initial(self) -> dict[str, Any]:
        today = timezone.localdate()
        return {"year": today.year, "opens_on": today, "due_on": date(today.year + 1, 1, 31)}

    def perform(self, form: Any) -> EvaluationCycle:
        return open_cycle(actor=self.actor, at=self.at, **form.cleaned_data)


class CycleDetail(PermissionMixin, ListView):
    """The evaluations of a year that the reader sees, and how far they are."""

    model = Evaluation
    permission = "reports.list_evaluations"
    template_name = "reports/cycle_detail.html"
    filterset_class = EvaluationFilter
    default_sort = "consortium__code"

    @cached_property
    def cycle(self) -> EvaluationCycle:
        """The year of the address."""
        return get_object_or_404(EvaluationCycle.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    @cached_property
    def sees_scores(self) -> bool:
        """Districts learn a score when it is final, so that they must not sort by it before."""
        return may(self.actor, "reports.see_scores")

    @property
    def sorts(self) -> tuple[str, ...]:  # type: ignore[override]
        """The orders offered to this reader."""
        return (
            ("consortium__code", "total", "submitted_at") if self.sees_scores else ("consortium__code", "submitted_at")
        )

    def get_queryset(self) -> QuerySet[Evaluation]:
        return evaluation_rows(super().get_queryset().filter(cycle=self.cycle))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            cycle=self.cycle,
            standings=standings(self.cycle, self.request.user),
            sees_scores=self.sees_scores,
            may_publicise=self.cycle.status == CycleStatus.OPEN and may(self.actor, "reports.publicise_grade"),
            may_make_all=may(self.actor, "reports.run_batch", self.cycle),
            may_sum_up=may(self.actor, "reports.order_city_report", self.cycle),
            may_close=Action.CLOSE_CYCLE in CYCLE.offered(self.cycle, self.request.user),
            **kwargs,
        )


class CycleClose(TransitionView):
    """Closes a year in which everything is decided."""

    model = EvaluationCycle
    permission = "reports.close_cycle"
    workflow, action = CYCLE, Action.CLOSE_CYCLE
    form_class = NoteForm
    template_name = "reports/cycle_close.html"
    success_message = _("The year is closed.")

    def perform(self, form: Any) -> EvaluationCycle:
        return close_cycle(cycle=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"])

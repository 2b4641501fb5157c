"""The city's register of outcomes, its export, and the numbers in it that are claimed twice."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from consortia.enums import Action
from consortia.exporters.outcomes import OUTCOME_REGISTER
from consortia.filters import DuplicateFilter, OutcomeFilter
from consortia.forms.outcome import SettleForm
from consortia.models import DuplicateClaim, Outcome
from consortia.selectors.outcomes import duplicates, for_list, register, totals
from consortia.services.duplicates import settle_duplicate
from consortia.workflow import DUPLICATE
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, TransitionView
from portal.kernel.views_exports import ListExport


class OutcomeList(PermissionMixin, ListView):
    """What all consortia brought forth that the official may see."""

    model = Outcome
    permission = "consortia.view_outcomes"
    template_name = "consortia/outcome_list.html"
    filterset_class = OutcomeFilter
    sorts = ("date", "amount")
    default_sort = "-date"

    def get_queryset(self) -> QuerySet[Outcome]:
        return for_list(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "totals": totals(context["filter"].qs),
            "sees_claims": may(self.actor, "consortia.view_duplicates"),
            "asked": self.request.GET.urlencode(),
        }


class OutcomeExport(ListExport):
    """The rows that the list shows, as a file; the log of exports holds it before the first byte leaves."""

    export = OUTCOME_REGISTER
    filterset_class = OutcomeFilter
    list_name = "consortia:outcome-list"
    template_name = "consortia/outcome_export.html"

    def get_rows(self) -> QuerySet[Any]:
        return register(self.request.user).order_by("date", "id")

    def params(self) -> dict[str, Any]:
        return dict(self.in_words())


# --- claimed twice -----------------------------------------------------------------------------
class DuplicateList(PermissionMixin, ListView):
    """Every number that is or was claimed twice."""

    model = DuplicateClaim
    permission = "consortia.view_duplicates"
    template_name = "consortia/duplicate_list.html"
    filterset_class = DuplicateFilter

    def get_queryset(self) -> QuerySet[DuplicateClaim]:
        return duplicates()


class DuplicateMixin(LoadMixin):
    """Loads a pair; only the bureau has them."""

    model = DuplicateClaim

    def get_queryset(self) -> QuerySet[DuplicateClaim]:
        sees = may(self.request.user, "consortia.view_duplicates")
        return duplicates() if sees else DuplicateClaim.objects.none()


class DuplicateDetail(DuplicateMixin, PermissionMixin, TemplateView):
    """Both claims side by side."""

    permission = "consortia.view_duplicates"
    template_name = "consortia/duplicate_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        both = for_list(Outcome.objects.filter(pk__in=[self.object.first_id, self.object.second_id]))
        found = {row.pk: row for row in both.select_related("judged_by").prefetch_related("evidence__attachment")}
        return super().get_context_data(
            claim=self.object, pair=[found[self.object.first_id], found[self.object.second_id]],
            may_settle=bool(DUPLICATE.offered(self.object, self.request.user)), **kwargs,
        )  # fmt: skip


class DuplicateSettle(DuplicateMixin, TransitionView):
    """Who is entitled to the number."""

    permission = "consortia.settle_duplicate"
    template_name = "consortia/duplicate_settle.html"
    form_class = SettleForm
    workflow, action = DUPLICATE, Action.SHARE_CLAIM
    success_message = _("The decision is recorded; both leads have been told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"claim": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(claim=self.object, back=self.back_url(), **kwargs)

    def perform(self, form: Any) -> DuplicateClaim:
        ruling = form.cleaned_data["ruling"]
        withdrawn = None if ruling == SettleForm.BOTH else getattr(self.object, ruling)
        return settle_duplicate(
            claim=self.object, withdrawn=withdrawn, actor=self.request.user, at=self.at, note=form.cleaned_data["note"]
        )

    def fallback_url(self) -> str:
        return reverse("consortia:duplicate-detail", args=[self.object.pk])

"""The recommendation lists of the districts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from funding.enums import Action
from funding.exporters import RECOMMENDATIONS
from funding.filters import EntryFilter, RecommendationFilter
from funding.forms.recommendations import OrderForm
from funding.models import RecommendationEntry, RecommendationList
from funding.selectors.recommendations import Line, fingerprint, lines, listed, not_closable, seen_entries
from funding.services.recommendation_lists import close_recommendations, order_recommendations
from members.views.stepup import StepUpMixin
from portal.kernel.authz import may
from portal.kernel.stale import SeenMixin
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, TransitionView
from portal.kernel.views_exports import ListExport


class RecommendationsList(PermissionMixin, ListView):
    """Which district recommends how many in which call, and whether it has closed its list."""

    model = RecommendationList
    permission = "funding.view_recommendations"
    filterset_class = RecommendationFilter
    template_name = "funding/recommendations_list.html"

    def get_queryset(self) -> QuerySet[RecommendationList]:
        return listed(super().get_queryset(), self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(at=timezone.now(), **kwargs)


class RecommendationsMixin(LoadMixin):
    """One list with its lines."""

    model = RecommendationList

    def get_queryset(self) -> QuerySet[RecommendationList]:
        return listed(super().get_queryset(), self.request.user)

    @cached_property
    def lines(self) -> list[Line]:
        """The applications in their order."""
        return lines(self.object, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        quota = self.object.call.quotas.get(self.object.district_id)
        return super().get_context_data(at=self.at, listing=self.object, lines=self.lines, quota=quota, **kwargs)


class RecommendationsDetail(RecommendationsMixin, TemplateView):
    """The list to be read, and what its district may do with it."""

    template_name = "funding/recommendations_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        listing, user = self.object, self.request.user
        open_ = not listing.closed_at
        return super().get_context_data(
            obstacles=not_closable(listing, self.at) if open_ else [],
            may_order=open_ and len(self.lines) > 1 and may(user, "funding.order_recommendations", listing),
            may_close=open_ and may(user, "funding.close_recommendations", listing),
            intact=open_ or fingerprint(listing) == listing.sha256,
            **kwargs,
        )


class RecommendationsPrint(RecommendationsMixin, TemplateView):
    """The list as a sheet of paper, to be signed and sealed."""

    template_name = "funding/recommendations_print.html"


class RecommendationsStep(RecommendationsMixin, TransitionView):
    """A step of the district."""

    def obstacles(self) -> list[str]:
        return [] if self.request.method == "POST" else [str(reason) for reason in self.reasons_against()]

    def reasons_against(self) -> Sequence[Any]:
        """Why the step would be refused now."""
        return [_("The list is closed already.")] if self.object.closed_at else []


class RecommendationsOrder(SeenMixin, RecommendationsStep):
    """Gives each application its place."""

    action = Action.ORDER_RECOMMENDATIONS
    permission = "funding.order_recommendations"
    form_class = OrderForm
    template_name = "funding/recommendations_order.html"
    success_message = gettext_lazy("The order is saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "lines": self.lines}

    def perform(self, form: OrderForm) -> RecommendationList:
        seen = form.cleaned_data["seen"]
        return order_recommendations(
            listing=self.object, actor=self.actor, at=self.at, order=form.order, seen=seen
        )  # fmt: skip


class RecommendationsClose(StepUpMixin, RecommendationsStep):
    """Signs the list; nothing is recommended after it."""

    step_up = True
    action = Action.CLOSE_RECOMMENDATIONS
    permission = "funding.close_recommendations"
    form_class = forms.Form
    template_name = "funding/recommendations_close.html"
    success_message = gettext_lazy("The list is closed. The bureau has been told.")

    def reasons_against(self) -> Sequence[Any]:
        return not_closable(self.object, self.at)

    def perform(self, form: forms.Form) -> RecommendationList:
        return close_recommendations(listing=self.object, actor=self.actor, at=self.at)


class RecommendationsExport(RecommendationsMixin, ListExport):
    """The list as a file."""

    export = RECOMMENDATIONS
    filterset_class = EntryFilter
    template_name = "funding/recommendations_export.html"
    list_name = "funding:recommendations-list"

    def get_rows(self) -> QuerySet[RecommendationEntry]:
        return seen_entries(self.object, self.request.user)

    def in_words(self) -> list[tuple[str, str]]:
        listing = self.object
        closed = [(_("Number"), listing.number), ("SHA-256", listing.sha256)] if listing.closed_at else []
        return [(_("Call"), str(listing.call)), (_("District"), str(listing.district)), *closed]

    def params(self) -> dict[str, Any]:
        return {"list": str(self.object.pk)}

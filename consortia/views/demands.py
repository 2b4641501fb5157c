"""Demands: posed, shown, answered, matched, ended; the board of all consortia."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from consortia.enums import Action
from consortia.filters import DemandFilter
from consortia.forms.consortium import NoteForm
from consortia.forms.demand import AnswerForm, DemandForm, PublishForm
from consortia.models import Demand, DemandAnswer
from consortia.selectors.demands import demand_page
from consortia.selectors.matching import fits
from consortia.services import demands
from consortia.views.work import AddView, PartMixin
from consortia.workflow import DEMAND
from portal.kernel.search import LONGEST
from portal.kernel.stale import SeenMixin
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, TransitionView


class DemandList(PermissionMixin, ListView):
    """The board: what enterprises of all consortia ask."""

    model = Demand
    permission = "consortia.view_demands"
    template_name = "consortia/demand_list.html"
    filterset_class = DemandFilter
    sorts = ("deadline",)
    default_sort = "deadline"
    saves_filters = True

    def get_queryset(self) -> QuerySet[Demand]:
        rows: QuerySet[Demand] = Demand.objects.visible_to(self.request.user).board(timezone.localdate())
        return rows.select_related("poser", "consortium__sub_field", "consortium__district")


class DemandDetail(LoadMixin, TemplateView):
    """One demand, as far as the reader may read it."""

    model = Demand
    template_name = "consortia/demand_detail.html"

    def get_queryset(self) -> QuerySet[Demand]:
        return super().get_queryset().select_related("poser", "consortium__lead", "matched__organisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            demand=self.object,
            shown=demand_page(self.object, user),
            actions=DEMAND.available(self.object, user, self.at),
            **kwargs,
        )


class DemandSearch(LoadMixin, TemplateView):
    """Outcomes and technologies that may answer a demand, among those that the reader may know of."""

    model = Demand
    template_name = "consortia/demand_search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = demand_page(self.object, self.request.user)
        words = self.request.GET.get("q", shown.words)[:LONGEST]
        research_only = self.request.GET.get("who") == "research"
        found = fits(words, self.request.user, research_only=research_only)
        return super().get_context_data(
            demand=self.object, shown=shown, words=words, research_only=research_only, found=found, **kwargs
        )


class DemandPose(AddView):
    """A new question."""

    permission, action, form_class, tab = "consortia.pose_demand", Action.POSE_DEMAND, DemandForm, "cooperation"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def perform(self, form: Any) -> Demand:
        return demands.pose_demand(consortium=self.object, demand=form.instance, actor=self.request.user, at=self.at)


class DemandPart(PartMixin):
    """A page about a demand that the reader sees; back to the demand."""

    model, tab = Demand, "cooperation"

    def get_queryset(self) -> QuerySet[Any]:
        return Demand.objects.visible_to(self.request.user).select_related("poser", "consortium__lead")

    def tab_url(self) -> str:
        return str(self.object.get_absolute_url())


class DemandStep(DemandPart, TransitionView):
    """One step of a demand."""

    workflow = DEMAND
    template_name = "consortia/demand_step.html"
    success_message = _("Saved.")


class DemandUpdate(SeenMixin, DemandStep):
    """A changed question."""

    form_class, permission, action = DemandForm, "consortia.update_demand", Action.UPDATE_DEMAND

    def get_form_kwargs(self) -> dict[str, Any]:
        own = {"instance": self.object, "consortium": self.consortium, "user": self.request.user}
        return super().get_form_kwargs() | own

    def perform(self, form: Any) -> Demand:
        return demands.update_demand(
            demand=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"]
        )


class DemandPublish(DemandStep):
    """Show something of it to all consortia."""

    form_class, permission, action = PublishForm, "consortia.publish_demand", Action.PUBLISH_DEMAND

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, form: Any) -> Demand:
        return demands.publish_demand(demand=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)


class DemandConceal(DemandStep):
    """Show it inside the consortium only."""

    form_class, permission, action = forms.Form, "consortia.conceal_demand", Action.CONCEAL_DEMAND

    def perform(self, form: Any) -> Demand:
        return demands.conceal_demand(demand=self.object, actor=self.request.user, at=self.at)


class DemandAnswerView(DemandStep):
    """Answer it."""

    form_class, permission, action = AnswerForm, "consortia.answer_demand", Action.ANSWER_DEMAND
    success_message = _("Your answer has been sent.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"demand": self.object, "user": self.request.user}

    def perform(self, form: Any) -> DemandAnswer:
        return demands.answer_demand(demand=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)


class DemandMatch(DemandStep):
    """Choose one of the answers."""

    form_class, permission, action = forms.Form, "consortia.match_demand", Action.MATCH_DEMAND
    template_name = "consortia/demand_match.html"

    def load(self) -> Any:
        rows = DemandAnswer.objects.visible_to(self.request.user).select_related("organisation")
        self.answer = get_object_or_404(rows, pk=self.kwargs["pk"])
        return get_object_or_404(self.get_queryset(), pk=self.answer.demand_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(answer=self.answer, **kwargs)

    def perform(self, form: Any) -> Demand:
        return demands.match_demand(answer=self.answer, actor=self.request.user, at=self.at)


class DemandClose(DemandStep):
    """End it."""

    form_class, permission, action = NoteForm, "consortia.close_demand", Action.CLOSE_DEMAND

    def perform(self, form: Any) -> Demand:
        return demands.close_demand(demand=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)

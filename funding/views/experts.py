"""Pages of the panel: who reviews an application."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.enums import ApplicationStatus as S
from funding.forms.experts import DRAW, ExpertsForm, ReleaseForm
from funding.models import Application, Review
from funding.selectors.experts import candidates
from funding.selectors.panels import lead_review
from funding.selectors.reviews import draws, progress
from funding.selectors.windows import assessment_for, opened
from funding.services.experts import Choice, add_experts, assign_experts, release_expert
from funding.views.reviews import ReviewView
from funding.workflow import APPLICATION, REVIEW
from portal.kernel.authz import may
from portal.kernel.views import TransitionView

STEP_URLS = {Action.ASSIGN: "funding:application-assign", Action.ADD_EXPERT: "funding:application-add-expert"}


# --- on the page of the application ------------------------------------------------------------
def review_panel(application: Application, user: Any, at: datetime) -> dict[str, Any]:
    """What funding/_review_panel.html needs; nothing for those who may not see reviews."""
    if not may(user, "funding.see_reviews"):
        return {}
    state, seen = progress(application), opened(application, user)
    releasable = {review.pk for review in state.reviews if Action.RELEASE_EXPERT in REVIEW.offered(review, user)}
    return {
        "review_progress": state,
        "review_draws": draws(application),
        "seen": seen,
        "assessment": assessment_for(application, seen),
        "review_steps": _steps(application, user, at),
        "releasable": releasable,
        "lead": lead_review(application),
        "nameable": {review.pk for review in state.reviews if _may_name(review, user)},
    }


def _may_name(review: Review, user: Any) -> bool:
    return review.application.status == S.REVIEWING and may(user, "funding.name_lead", review)


def _steps(application: Application, user: Any, at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "label": action.label,
            "url": reverse(url, args=[application.pk]),
            "obstacles": APPLICATION.obstacles(application, action, at),
        }
        for action, url in STEP_URLS.items()
        if action in APPLICATION.offered(application, user)
    ]


# --- assigning ---------------------------------------------------------------------------------
class ExpertsView(TransitionView):
    """The pool with reasons; experts are chosen or drawn."""

    model = Application
    workflow = APPLICATION
    permission = "funding.assign_experts"
    form_class = ExpertsForm
    template_name = "funding/application_assign.html"
    success_message = _("The experts are assigned and told.")

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call__rules", "consortium__lead")

    @cached_property
    def pool(self) -> list[Any]:
        """Every expert with what speaks against it."""
        return candidates(self.object, self.at)

    @property
    def least(self) -> int:
        """How many experts must be named."""
        return 1

    def get_form_kwargs(self) -> dict[str, Any]:
        eligible = [one.expert.pk for one in self.pool if not one.reasons]
        return {**super().get_form_kwargs(), "eligible": eligible, "least": self.least}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            application=self.object,
            title=Action(self.action).label,
            eligible=[one for one in self.pool if not one.reasons],
            excluded=[one for one in self.pool if one.reasons],
            least=self.least,
            chosen=set(self.request.POST.getlist("experts")),
            **kwargs,
        )

    def choice(self, facts: Mapping[str, Any]) -> Choice:
        """What the pressed button asks for; the seed is made here, never typed."""
        if facts["method"] == DRAW:
            return Choice(count=facts["count"], seed=secrets.token_hex(8))
        return Choice(experts=list(facts["experts"]))


class ApplicationAssign(ExpertsView):
    """Begins the review."""

    action = Action.ASSIGN

    @property
    def least(self) -> int:
        needed: int = self.object.call.rules.data["panel"]["required"]
        return needed

    def perform(self, form: ExpertsForm) -> Application:
        facts = form.cleaned_data
        choice = self.choice(facts)
        return assign_experts(application=self.object, choice=choice, actor=self.actor, at=self.at, note=facts["note"])


class ApplicationAddExpert(ExpertsView):
    """Adds experts to a running review."""

    action = Action.ADD_EXPERT

    def perform(self, form: ExpertsForm) -> Application:
        facts = form.cleaned_data
        choice = self.choice(facts)
        return add_experts(application=self.object, choice=choice, actor=self.actor, at=self.at, note=facts["note"])


class ReviewRelease(ReviewView, TransitionView):
    """Takes an expert off the panel."""

    workflow, action = REVIEW, Action.RELEASE_EXPERT
    permission = "funding.release_expert"
    form_class = ReleaseForm
    template_name = "funding/decision_step.html"
    success_message = _("The expert is released.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            application=self.object.application, label=Action.RELEASE_EXPERT.label, danger=True, **kwargs
        )

    def perform(self, form: ReleaseForm) -> Review:
        return release_expert(review=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return str(self.object.application.get_absolute_url())

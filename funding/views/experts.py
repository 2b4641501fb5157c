"""Pages of the panel: who reviews an application, and how it came to be so."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, ExpertMode, ReviewStatus
from funding.enums import ApplicationStatus as S
from funding.forms.decisions import NoteForm, ReasonForm
from funding.forms.experts import ExpertsForm, ReleaseForm
from funding.models import Application, Naming, Review
from funding.selectors.draws import TAKES_EXPERTS, draw_rows, replaceable_of
from funding.selectors.experts import candidates
from funding.selectors.invitations import to_invite_again
from funding.selectors.leading import choice_of
from funding.selectors.panels import lead_review
from funding.selectors.proposals import next_best
from funding.selectors.reviews import progress
from funding.selectors.windows import assessment_for, opened
from funding.services.draws import call_substitute
from funding.services.experts import (
    add_experts,
    agree_experts,
    assign_experts,
    propose_experts,
    refuse_experts,
    release_expert,
)
from funding.views.reviews import ReviewView
from funding.workflow import APPLICATION, NAMING, REVIEW
from portal.kernel.authz import may
from portal.kernel.views import LoadMixin, PermissionMixin, TransitionView
from portal.kernel.workflow import Workflow

INVITING = {Action.ASSIGN: "funding:application-assign", Action.ADD_EXPERT: "funding:application-add-expert"}
DRAWING = (
    (Action.PREPARE_DRAW, "funding:application-prepare-draw", "funding.prepare_draw"),
    (Action.PROPOSE_EXPERTS, "funding:application-propose-experts", "funding.assign_experts"),
)
DECIDING = {Action.AGREE_EXPERTS: "funding:naming-agree", Action.REFUSE_EXPERTS: "funding:naming-refuse"}


# --- on the page of the application ------------------------------------------------------------
def review_panel(application: Application, user: Any, at: datetime) -> dict[str, Any]:
    """What funding/_review_panel.html needs; nothing for those who may not see reviews."""
    if not may(user, "funding.see_reviews"):
        return {}
    state, seen = progress(application), opened(application, user)
    lead, again = lead_review(application), to_invite_again(state.reviews)
    seats = may(user, "funding.assign_experts", application) and bool(state.recused)
    return {
        "review_progress": state,
        "review_draws": draw_rows(application.draws.visible_to(user).order_by("ordinal")),
        "review_namings": Naming.everything.visible_to(user).filter(application=application),
        "seen": seen,
        "assessment": assessment_for(application, seen),
        "review_steps": _steps(application, user, at),
        "releasable": {one.pk for one in state.reviews if Action.RELEASE_EXPERT in REVIEW.offered(one, user)},
        "replaceable": replaceable_of(application) if seats else (),
        "remindable": {one.pk for one in state.reviews if one.waited_for and may(user, "funding.remind_expert", one)},
        "extendable": {one.pk for one in state.reviews if _may_extend(one, user, at)},
        "invitable": {one.pk for one in state.reviews if one.pk in again and _may_invite(one, user)},
        "proposals": next_best(application, state.reviews, at) if seats else (),
        "lead": lead,
        "lead_choice": choice_of(application, lead),
        "nameable": {review.pk for review in state.reviews if _may_name(review, user)},
    }


def _may_invite(review: Review, user: Any) -> bool:
    return review.application.status == S.REVIEWING and may(user, "funding.invite_again", review)


def _may_extend(review: Review, user: Any, at: datetime) -> bool:
    waits = review.status == ReviewStatus.ASSIGNED and review.answer_by and not review.is_overdue(at)
    return bool(waits and review.application.status == S.REVIEWING and may(user, "funding.extend_answer", review))


def _may_name(review: Review, user: Any) -> bool:
    sits = review.status != ReviewStatus.RECUSED and review.application.status == S.REVIEWING
    return sits and may(user, "funding.name_lead", review)


def _steps(application: Application, user: Any, at: datetime) -> list[dict[str, Any]]:
    """How experts come here: by invitation, or by draw with naming as the exception."""
    if application.call.expert_mode == ExpertMode.INVITED:
        offered = [action for action in INVITING if action in APPLICATION.offered(application, user)]
        return [_step(action, INVITING[action], application) for action in offered]
    if application.status not in TAKES_EXPERTS:
        return []
    return [_step(action, url, application) for action, url, right in DRAWING if may(user, right, application)]


def _step(action: Action, url: str, application: Application) -> dict[str, Any]:
    return {"label": action.label, "url": reverse(url, args=[application.pk])}


# --- naming ------------------------------------------------------------------------------------
class ExpertsView(TransitionView):
    """The pool with reasons; experts are named."""

    model = Application
    workflow: Workflow[Any] | None = APPLICATION
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
            chosen={*self.request.POST.getlist("experts"), *self.request.GET.getlist("expert")},
            **kwargs,
        )

    def facts(self, form: ExpertsForm) -> dict[str, Any]:
        """What the services take."""
        experts = list(form.cleaned_data["experts"])
        return {"application": self.object, "experts": experts, "actor": self.actor, "at": self.at}


class ApplicationAssign(ExpertsView):
    """Begins the review, where experts are invited."""

    action = Action.ASSIGN

    @property
    def least(self) -> int:
        needed: int = self.object.call.rules.data["panel"]["required"]
        return needed

    def perform(self, form: ExpertsForm) -> Application:
        return assign_experts(**self.facts(form), note=form.cleaned_data["note"])


class ApplicationAddExpert(ExpertsView):
    """Invites experts to a running review."""

    action = Action.ADD_EXPERT

    def perform(self, form: ExpertsForm) -> Application:
        return add_experts(**self.facts(form), note=form.cleaned_data["note"])


class ApplicationProposeExperts(ExpertsView):
    """Names experts where they are drawn: the supervisor has to agree."""

    workflow, action = None, Action.PROPOSE_EXPERTS
    success_message = _("The supervisor is asked to agree.")

    def perform(self, form: ExpertsForm) -> Naming:
        return propose_experts(**self.facts(form), reason=form.cleaned_data["note"])


class NamingPage(LoadMixin):
    """Loads a naming with its experts."""

    model = Naming

    def get_queryset(self) -> QuerySet[Naming]:
        rows = super().get_queryset().select_related("application__consortium", "application__call", "proposed_by")
        return rows.select_related("decided_by").prefetch_related("experts__user", "experts__employer")


class NamingDetail(NamingPage, PermissionMixin, TemplateView):
    """Who was named, why, and what the supervisor says."""

    permission = "funding.name_drawn"
    template_name = "funding/naming_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = NAMING.offered(self.object, self.request.user)
        steps = [
            {"label": action.label, "url": reverse(url, args=[self.object.pk])}
            for action, url in DECIDING.items()
            if action in offered
        ]
        return super().get_context_data(naming=self.object, steps=steps, **kwargs)


class NamingStep(NamingPage, TransitionView):
    """The supervisor decides."""

    workflow = NAMING
    template_name = "funding/decision_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = Action(self.action).label
        return super().get_context_data(application=self.object.application, label=label, **kwargs)


class NamingAgree(NamingStep):
    """The named experts begin."""

    action, form_class = Action.AGREE_EXPERTS, NoteForm
    success_message = _("The experts are assigned and told.")

    def perform(self, form: Any) -> Naming:
        return agree_experts(naming=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class NamingRefuse(NamingStep):
    """Experts are drawn instead."""

    action, form_class = Action.REFUSE_EXPERTS, ReasonForm
    success_message = _("The proposal is refused.")

    def perform(self, form: Any) -> Naming:
        return refuse_experts(naming=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


# --- one who cannot go on ----------------------------------------------------------------------
class ReviewSubstitute(ReviewView, TransitionView):
    """Calls the next in line; there is nothing to choose."""

    permission, action = "funding.assign_experts", Action.CALL_SUBSTITUTE
    form_class = forms.Form
    template_name = "funding/decision_step.html"
    success_message = _("The next in line is called and told.")

    def permission_object(self) -> Application:
        """Of the application."""
        application: Application = self.object.application
        return application

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words: Mapping[str, Any] = {
            "label": Action.CALL_SUBSTITUTE.label,
            "explanation": _(
                "The draw has fixed the order of the substitutes. The first who is still eligible and keeps the "
                "composition takes the seat; whoever is passed over stands in the record with the reason."
            ),
        }
        return super().get_context_data(application=self.object.application, **words, **kwargs)

    def perform(self, form: Any) -> Review:
        return call_substitute(review=self.object, actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return str(self.object.application.get_absolute_url())


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

"""Grading, the ranking board, decision and approval."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action
from funding.forms.decisions import (
    ApproveForm,
    BoardFilter,
    CallFilter,
    DecideForm,
    DeclineForm,
    GradeForm,
    NoteForm,
    ReasonForm,
)
from funding.models import Application, Call
from funding.selectors.decisions import PAGE, board, committed, ranked_calls
from funding.selectors.reviews import Assessment, assess
from funding.selectors.windows import opened
from funding.services.decisions import (
    approve_application,
    decide_application,
    decline_application,
    grade_application,
    send_back_application,
)
from funding.services.notices import (
    amend_application,
    continue_application,
    object_to_application,
    overturn_application,
)
from funding.workflow import APPLICATION
from members.views.stepup import StepUpMixin
from portal.kernel.authz import may
from portal.kernel.views import PermissionMixin, TransitionView

STEP_URLS = {
    Action.GRADE: "funding:application-grade",
    Action.DECIDE: "funding:application-decide",
    Action.DECLINE: "funding:application-decline",
    Action.SEND_BACK: "funding:application-send-back",
    Action.OBJECT: "funding:application-object",
    Action.CONTINUE: "funding:application-continue",
    Action.AMEND_DECISION: "funding:application-amend",
    Action.OVERTURN: "funding:application-overturn",
    Action.APPROVE: "funding:application-approve",
}


# --- on the page of the application ------------------------------------------------------------
def decision_panel(application: Application, user: Any, at: datetime) -> dict[str, Any]:
    """What funding/_decision_panel.html needs; nothing for those outside the review staff."""
    if not may(user, "funding.see_reviews"):
        return {}
    offered = APPLICATION.offered(application, user)
    shown = may(user, "funding.view_objections")
    return {
        "sees_score": opened(application, user).aggregates,
        "decision_steps": [_step(application, action, at) for action in STEP_URLS if action in offered],
        "may_publicise": Action.PUBLICISE in offered,
        "tells_outcomes": application.is_held_back and may(user, "funding.tell_outcomes", application.call),
        "objections": application.objections.order_by("received_at") if shown else (),
    }


def _step(application: Application, action: Action, at: datetime) -> dict[str, Any]:
    return {
        "action": action,
        "label": action.label,
        "url": reverse(STEP_URLS[action], args=[application.pk]),
        "obstacles": APPLICATION.obstacles(application, action, at),
    }


# --- steps -------------------------------------------------------------------------------------
class DecisionStep(StepUpMixin, TransitionView):
    """One step on an application; subclasses say which."""

    model = Application
    workflow = APPLICATION
    form_class: type[forms.Form] = NoteForm
    template_name = "funding/decision_step.html"
    danger = False
    explanation: Any = ""

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call__rules", "consortium__lead", "notice", "district")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"application": self.object, "label": Action(self.action).label, "danger": self.danger}
        open_call = self.object.call if self.object.call.is_open(self.at) else None
        return super().get_context_data(**facts, explanation=self.explanation, open_call=open_call, **kwargs)

    def get_success_message(self) -> str:
        return str(_("Done: %(action)s.") % {"action": Action(self.action).label})

    def facts(self) -> dict[str, Any]:
        """What every service takes."""
        return {"application": self.object, "actor": self.actor, "at": self.at}


class ApplicationGrade(DecisionStep):
    """The officer's proposal, beside what the experts gave and what the rules propose."""

    step_up = True
    action, permission, form_class = Action.GRADE, "funding.grade_application", GradeForm
    template_name = "funding/application_grade.html"

    @cached_property
    def assessment(self) -> Assessment | None:
        """What the panel comes to; None while it is incomplete."""
        return assess(self.object)

    def get_initial(self) -> dict[str, Any]:
        proposal = self.assessment and self.assessment.proposal
        return {"tier": proposal.tier, "amount": proposal.amount} if proposal else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(assessment=self.assessment, **kwargs)

    def perform(self, form: GradeForm) -> Application:
        return grade_application(**self.facts(), **form.cleaned_data)


class ApplicationDecide(DecisionStep):
    """The decision of the meeting, prefilled by the grading."""

    step_up = True
    action, permission, form_class = Action.DECIDE, "funding.decide_application", DecideForm
    template_name = "funding/application_decide.html"

    def get_initial(self) -> dict[str, Any]:
        return {"tier": self.object.proposed_tier, "amount": self.object.proposed_amount}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        left: Decimal = self.object.call.budget - committed(self.object.call)
        return super().get_context_data(left=left, assessment=assess(self.object), **kwargs)

    def perform(self, form: DecideForm) -> Application:
        return decide_application(**self.facts(), **form.cleaned_data)


class ApplicationDecline(DecisionStep):
    """The decision not to support."""

    step_up = True
    action, permission, form_class = Action.DECLINE, "funding.decide_application", DeclineForm
    danger = True
    explanation = _("The applicant learns of it with the list of the call, no sooner.")

    def perform(self, form: DeclineForm) -> Application:
        return decline_application(**self.facts(), **form.cleaned_data)


class ApplicationSendBack(DecisionStep):
    """Asks for another grading."""

    action, permission, form_class = Action.SEND_BACK, "funding.decide_application", ReasonForm
    explanation = _("The officer grades again; experts may be added first.")

    def perform(self, form: ReasonForm) -> Application:
        return send_back_application(**self.facts(), **form.cleaned_data)


class ApplicationObject(DecisionStep):
    """Takes up the open objections."""

    action, permission = Action.OBJECT, "funding.object_to_application"
    explanation = _("The approval waits until supervision has found on every objection.")

    def perform(self, form: NoteForm) -> Application:
        return object_to_application(**self.facts(), **form.cleaned_data)


class ApplicationContinue(DecisionStep):
    """Lets the decision stand."""

    action, permission = Action.CONTINUE, "funding.handle_objection"
    explanation = _("All objections were dismissed; the application can be approved after the public notice.")

    def perform(self, form: NoteForm) -> Application:
        return continue_application(**self.facts(), **form.cleaned_data)


class ApplicationAmend(DecisionStep):
    """Lowers tier and amount as supervision found."""

    step_up = True
    action, permission, form_class = Action.AMEND_DECISION, "funding.handle_objection", ReasonForm
    explanation = _("Tier and amount become what the finding says. The amended row has to be published anew.")

    def perform(self, form: ReasonForm) -> Application:
        return amend_application(**self.facts(), **form.cleaned_data)


class ApplicationOverturn(DecisionStep):
    """Overturns the decision."""

    step_up = True
    action, permission, form_class = Action.OVERTURN, "funding.handle_objection", ReasonForm
    danger = True
    explanation = _("The application ends here; the applicant is told.")

    def perform(self, form: ReasonForm) -> Application:
        return overturn_application(**self.facts(), **form.cleaned_data)


class ApplicationApprove(DecisionStep):
    """Approves; the award and the contract offer follow at once."""

    step_up = True
    action, permission, form_class = Action.APPROVE, "funding.approve_application", ApproveForm
    explanation = _("The award is entered and the contract is offered to the lead at once.")

    def perform(self, form: ApproveForm) -> Application:
        return approve_application(**self.facts(), **form.cleaned_data)


# --- the ranking -------------------------------------------------------------------------------
class RankedCallPage(PermissionMixin, TemplateView):
    """A page about one call with something to rank."""

    filter_class: type[CallFilter] = CallFilter

    @cached_property
    def filter(self) -> CallFilter:
        """What the address asks for; without a call the newest with something to rank."""
        calls = ranked_calls(self.actor)
        newest = {"call": getattr(calls.first(), "pk", None)}
        form = self.filter_class({**newest, **self.request.GET.dict()}, calls=calls, initial=newest)
        form.full_clean()
        return form


class GradingBoard(RankedCallPage):
    """The applications of a call by score, with the budget line."""

    permission = "funding.view_board"
    template_name = "funding/grading_board.html"
    filter_class = BoardFilter

    @property
    def page(self) -> int:
        """The page asked for, from 1."""
        asked = self.request.GET.get("page", "1")
        return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.filter.cleaned_data
        call, tier, status = (chosen.get(name) or "" for name in ("call", "tier", "status"))
        found = board(call, self.actor, tier=tier, status=status, page=self.page) if isinstance(call, Call) else None
        last = found is None or self.page * PAGE >= found.found
        return super().get_context_data(
            filter=self.filter,
            board=found,
            may_calibrate=may(self.actor, "funding.view_calibration"),
            open_call=call if isinstance(call, Call) and call.is_open(timezone.now()) else None,
            previous_page=self.page - 1,
            next_page=0 if last else self.page + 1,
            **kwargs,
        )

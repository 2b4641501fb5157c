"""Scenarios of a call: side by side, put forward, approved; and the list on the screen of the meeting."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action
from funding.forms.decisions import ReasonForm
from funding.forms.scenarios import ApproveListForm, PutForwardForm
from funding.models import Call, Scenario, ScenarioPlace
from funding.selectors.scenarios import COMPARED, compare, places_of, scenarios_of, sums_of, totals
from funding.services.scenarios import approve_scenario, put_forward_scenario, take_scenario_back
from funding.workflow import SCENARIO
from members.views.stepup import StepUpMixin
from portal.kernel.views import LoadMixin, PermissionMixin, TransitionView

STEP_URLS = {
    Action.PUT_FORWARD: "funding:scenario-put-forward",
    Action.APPROVE_LIST: "funding:scenario-approve",
    Action.TAKE_SCENARIO_BACK: "funding:scenario-take-back",
}


class CallScenarios(LoadMixin, PermissionMixin, TemplateView):
    """Every scenario of a call, and those that are ticked side by side."""

    model = Call
    permission = "funding.view_board"
    template_name = "funding/scenarios.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(scenarios_of(self.object, self.actor))
        ticked = set(self.request.GET.getlist("with"))
        chosen = [one for one in rows if str(one.pk) in ticked][:COMPARED] or rows[:COMPARED]
        columns, cases = compare(chosen)
        return super().get_context_data(
            scenarios=rows, chosen={one.pk for one in chosen}, columns=columns, cases=cases, **kwargs
        )


class ScenarioPage(LoadMixin):
    """Loads a scenario."""

    model = Scenario

    def get_queryset(self) -> QuerySet[Scenario]:
        people = ("prepared_by", "proposed_by", "void_case")
        return super().get_queryset().select_related("call__rules", *people)

    @cached_property
    def places(self) -> list[ScenarioPlace]:
        """The cases in their order."""
        return list(places_of(self.object))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(scenario=self.object, **kwargs)


class ScenarioDetail(ScenarioPage, PermissionMixin, TemplateView):
    """The list as it was frozen, who approved it and what can be done."""

    permission = "funding.view_board"
    template_name = "funding/scenario_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = SCENARIO.offered(self.object, self.actor)
        approvals = list(self.object.approvals.select_related("approver"))
        steps = [
            {
                "label": action.label,
                "url": reverse(url, args=[self.object.pk]),
                "obstacles": SCENARIO.obstacles(self.object, action, self.at),
                "quiet": action == Action.TAKE_SCENARIO_BACK,
            }
            for action, url in STEP_URLS.items()
            if action in offered and not (action == Action.APPROVE_LIST and self._has_approved(approvals))
        ]
        return super().get_context_data(
            places=self.places, sums=sums_of(self.object, self.places), approvals=approvals, steps=steps,
            standing=sum(one.voided_at is None for one in approvals), **kwargs,
        )  # fmt: skip

    def _has_approved(self, approvals: list[Any]) -> bool:
        return any(one.approver_id == self.actor.pk for one in approvals)


class ScenarioMeeting(ScenarioPage, PermissionMixin, TemplateView):
    """One case at a time in large type for everybody in the room: no menus, no names of experts."""

    permission = "funding.view_board"
    template_name = "funding/scenario_meeting.html"

    @property
    def turn(self) -> int:
        """Which case is shown, from 1; 0 is the whole list at its end."""
        asked = self.request.GET.get("case", "1")
        turn = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
        return turn if turn <= len(self.places) else 0

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        turn, places = self.turn, self.places
        shown = places[turn - 1] if turn else None
        before = sum((one.amount for one in places[: turn - 1]), Decimal()) if turn else Decimal()
        sums, committed = sums_of(self.object, places), self.object.frozen["call"]["committed"]
        return super().get_context_data(
            turn=turn, place=shown, number=len(places), sums=sums, before=before,
            used=before + (shown.amount if shown else sums.asked), committed=Decimal(committed), totals=totals(shown),
            previous=turn - 1 if turn else len(places), following=turn + 1 if turn and turn < len(places) else 0,
            **kwargs,
        )  # fmt: skip


# --- steps -------------------------------------------------------------------------------------
class ScenarioStep(ScenarioPage, StepUpMixin, TransitionView):
    """A step as a page of its own."""

    workflow = SCENARIO
    template_name = "funding/scenario_step.html"
    explanation: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=Action(self.action).label, explanation=self.explanation, **kwargs)


class ScenarioPutForward(ScenarioStep):
    """For the meeting that decides."""

    action, form_class = Action.PUT_FORWARD, PutForwardForm
    explanation = _("The leaders are asked to approve. From now on any change of a case makes the list void.")
    success_message = _("The list is put forward; the leaders are asked to approve it.")

    def perform(self, form: PutForwardForm) -> Scenario:
        return put_forward_scenario(scenario=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class ScenarioTakeBack(ScenarioStep):
    """Off the meeting again."""

    action, form_class = Action.TAKE_SCENARIO_BACK, ReasonForm
    explanation = _("The list is void with its approvals; another one can be put forward.")

    def perform(self, form: ReasonForm) -> Scenario:
        return take_scenario_back(scenario=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class ScenarioApprove(ScenarioStep):
    """Bound to the hash of the list; the last one that is needed decides."""

    step_up = True
    action, form_class = Action.APPROVE_LIST, ApproveListForm
    explanation = _("With the last approval that is needed every case of the list is decided at once.")
    success_message = _("Your approval is recorded.")

    def get_initial(self) -> dict[str, Any]:
        return {"seen": self.object.sha256}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(places=self.places, **kwargs)

    def perform(self, form: ApproveListForm) -> Scenario:
        return approve_scenario(scenario=self.object, seen=form.cleaned_data["seen"], actor=self.actor, at=self.at)

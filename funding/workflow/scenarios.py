"""Scenarios of the tier board, from the freezing to the decision of the meeting."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ScenarioStatus
from funding.models import Scenario
from funding.rules.meetings import terms_of
from funding.selectors.meetings import record_of, rejected
from funding.selectors.scenarios import changed, left_after, over_quota, unexplained, ungraded
from portal.kernel.enumerating import enumerated
from portal.kernel.workflow import Reason, Workflow, step

SC = ScenarioStatus


def every_deviation_explained(scenario: Scenario, _at: datetime) -> Reason | None:
    """What departs from the rules has a reason."""
    numbers = enumerated(unexplained(scenario))
    return _("These depart from the rules without a reason: %(numbers)s.") % {"numbers": numbers} if numbers else None


def every_case_graded(scenario: Scenario, _at: datetime) -> Reason | None:
    """Every case waits for the decision."""
    numbers = enumerated(ungraded(scenario))
    return _("These do not wait for a decision: %(numbers)s.") % {"numbers": numbers} if numbers else None


def list_is_unchanged(scenario: Scenario, _at: datetime) -> Reason | None:
    """Every case is as it was when the scenario was frozen."""
    numbers = enumerated(changed(scenario))
    return _("These have changed since it was frozen: %(numbers)s.") % {"numbers": numbers} if numbers else None


def money_suffices(scenario: Scenario, _at: datetime) -> Reason | None:
    """The list fits into the budget of the call."""
    return _("The list exceeds the budget of the call.") if left_after(scenario) < 0 else None


def quotas_hold(scenario: Scenario, _at: datetime) -> Reason | None:
    """No tier is fuller than its quota."""
    tiers = enumerated(over_quota(scenario))
    return _("More than the quota lets in: %(tiers)s.") % {"tiers": tiers} if tiers else None


def nothing_else_is_before_the_meeting(scenario: Scenario, _at: datetime) -> Reason | None:
    """One list at a time."""
    other = Scenario.everything.filter(call=scenario.call_id, status=SC.PROPOSED).exists()
    return _("Another scenario of this call is put forward already.") if other else None


def meeting_adopted_it(scenario: Scenario, _at: datetime) -> Reason | None:
    """Where a meeting is recorded, or the rules ask for one, its minutes are closed and it adopted all of the list."""
    meeting = record_of(scenario)
    if meeting is None:
        needed = terms_of(scenario.call.rules.data).needed
        return _("By the rules of the call the minutes of the meeting come first.") if needed else None
    if not meeting.closed_at:
        return _("The chair has not closed the minutes of the meeting yet.")
    numbers = [one or scenario.number for one in rejected(meeting)]
    return _("The meeting did not adopt: %(numbers)s.") % {"numbers": enumerated(numbers)} if numbers else None


def enough_approvals(scenario: Scenario) -> str:
    """Decided once everybody who is needed has approved."""
    given = scenario.approvals.filter(voided_at=None).count()
    return SC.DECIDED if given >= scenario.needed else SC.PROPOSED


SCENARIO: Workflow[Scenario] = Workflow(
    step(Action.PUT_FORWARD, {SC.FROZEN}, SC.PROPOSED, "funding.put_forward_scenario",
         nothing_else_is_before_the_meeting, every_case_graded, list_is_unchanged, every_deviation_explained,
         money_suffices, quotas_hold),
    step(Action.TAKE_SCENARIO_BACK, {SC.PROPOSED}, SC.VOID, "funding.put_forward_scenario"),
    step(Action.APPROVE_LIST, {SC.PROPOSED}, enough_approvals, "funding.approve_scenario", list_is_unchanged,
         meeting_adopted_it),
    step(Action.VOID_LIST, {SC.PROPOSED}, SC.VOID, ""),
    told=("sha256", "meeting"),
)  # fmt: skip

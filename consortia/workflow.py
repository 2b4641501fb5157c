"""The life of a consortium, of a participation and of a milestone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import (
    ALIVE,
    AT_WORK,
    Action,
    ConsortiumStatus,
    MilestoneStatus,
    ParticipationRole,
    ParticipationStatus,
)
from consortia.models import Consortium, Milestone, Participation
from portal.kernel.authz import may
from portal.kernel.workflow import Reason, Workflow, step

S = ConsortiumStatus
P = ParticipationStatus
M = MilestoneStatus


def not_the_lead(participation: Participation, _at: datetime) -> Reason | None:
    """The lead stays: another lead needs another consortium."""
    if participation.role == ParticipationRole.LEAD:
        return _("The lead organisation cannot leave its own consortium.")
    return None


def consortium_is_alive(participation: Participation, _at: datetime) -> Reason | None:
    """Nothing moves any more in a consortium that has ended."""
    if participation.consortium.status not in ALIVE:
        return _("This consortium has ended.")
    return None


def consortium_is_at_work(milestone: Milestone, _at: datetime) -> Reason | None:
    """Milestones are judged once the consortium is recognised and until it ends."""
    if milestone.task.consortium.status not in AT_WORK:
        return _("Milestones are recorded while the consortium is operating.")
    return None


def the_date_has_passed(milestone: Milestone, at: datetime) -> Reason | None:
    """Nothing is missed before its day is over."""
    if timezone.localdate(at) <= milestone.due:
        return _("The date of this milestone has not passed yet.")
    return None


CONSORTIUM: Workflow[Consortium] = Workflow(
    step(Action.START, {S.PREPARING}, S.OPERATING, "consortia.start_consortium"),
    step(Action.RECTIFY, {S.OPERATING}, S.RECTIFYING, "consortia.rectify_consortium"),
    step(Action.RESUME, {S.RECTIFYING}, S.OPERATING, "consortia.resume_consortium"),
    step(Action.GRADUATE, {S.OPERATING}, S.GRADUATED, "consortia.graduate_consortium"),
    step(Action.EXIT, {S.OPERATING, S.RECTIFYING}, S.EXITED, "consortia.exit_consortium"),
    step(Action.REVOKE, {S.RECTIFYING}, S.REVOKED, "consortia.revoke_consortium"),
)

PARTICIPATION: Workflow[Participation] = Workflow(
    step(Action.REVISE, {P.INVITED, P.CONFIRMED}, P.INVITED, "consortia.revise_participation", consortium_is_alive),
    step(Action.CONFIRM, {P.INVITED}, P.CONFIRMED, "consortia.confirm_participation", consortium_is_alive),
    step(Action.DECLINE, {P.INVITED}, P.DECLINED, "consortia.decline_participation", not_the_lead, consortium_is_alive),
    step(
        Action.LEAVE,
        {P.INVITED, P.CONFIRMED},
        P.LEFT,
        "consortia.leave_participation",
        not_the_lead,
        consortium_is_alive,
    ),
)

MILESTONE: Workflow[Milestone] = Workflow(
    step(Action.REACH, {M.PLANNED, M.MISSED}, M.REACHED, "consortia.record_milestone", consortium_is_at_work),
    step(Action.MISS, {M.PLANNED}, M.MISSED, "consortia.record_milestone", consortium_is_at_work, the_date_has_passed),
)


@dataclass(frozen=True)
class Edit:
    """Who may make an edit that moves no status, and while the consortium is in which states."""

    permission: str
    during: frozenset[ConsortiumStatus]


DRAFTING = frozenset({S.PREPARING})
A = Action

EDITS: dict[Action, Edit] = {
    A.UPDATE: Edit("consortia.update_consortium", DRAFTING),
    A.INVITE: Edit("consortia.invite_member", ALIVE),
    A.DRAFT_AGREEMENT: Edit("consortia.draft_agreement", ALIVE),
    A.SIGN_AGREEMENT: Edit("consortia.sign_agreement", ALIVE),
    A.CHANGE_TIER: Edit("consortia.change_tier", AT_WORK),
    A.ADD_TECHNOLOGY: Edit("consortia.add_technology", DRAFTING),
    A.UPDATE_TECHNOLOGY: Edit("consortia.update_technology", DRAFTING),
    A.REMOVE_TECHNOLOGY: Edit("consortia.remove_technology", DRAFTING),
    A.RECORD_READINESS: Edit("consortia.record_readiness", AT_WORK),
    A.ADD_TASK: Edit("consortia.add_task", DRAFTING),
    A.UPDATE_TASK: Edit("consortia.update_task", DRAFTING),
    A.REMOVE_TASK: Edit("consortia.remove_task", DRAFTING),
    A.ADD_MILESTONE: Edit("consortia.add_milestone", DRAFTING),
    A.UPDATE_MILESTONE: Edit("consortia.update_milestone", DRAFTING),
    A.REMOVE_MILESTONE: Edit("consortia.remove_milestone", DRAFTING),
    A.ADD_OUTCOME: Edit("consortia.add_outcome", ALIVE),
    A.UPDATE_OUTCOME: Edit("consortia.update_outcome", ALIVE),
    A.REMOVE_OUTCOME: Edit("consortia.remove_outcome", ALIVE),
    A.ADD_PLATFORM: Edit("consortia.add_platform", ALIVE),
    A.UPDATE_PLATFORM: Edit("consortia.update_platform", ALIVE),
    A.REMOVE_PLATFORM: Edit("consortia.remove_platform", ALIVE),
    A.ADD_FUND: Edit("consortia.add_fund", ALIVE),
    A.UPDATE_FUND: Edit("consortia.update_fund", ALIVE),
    A.REMOVE_FUND: Edit("consortia.remove_fund", ALIVE),
}
OF_A_MEMBER = frozenset({A.SIGN_AGREEMENT})


def edit_obstacles(consortium: Consortium, action: str) -> list[Reason]:
    """Why this edit would be refused in the present state; empty when nothing stands in the way."""
    if consortium.status in EDITS[A(action)].during:
        return []
    return [_("This cannot be edited in the state “%(status)s”.") % {"status": consortium.get_status_display()}]


def offered_edits(consortium: Consortium, user: Any) -> set[str]:
    """The edits of the consortium and its parts that are open to the user in its present state; no query."""
    return {
        action.value
        for action, edit in EDITS.items()
        if action not in OF_A_MEMBER and consortium.status in edit.during and may(user, edit.permission, consortium)
    }

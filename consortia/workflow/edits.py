"""The edits that move no status: who may make them, and while the consortium is in which states."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from consortia.enums import ALIVE, AT_WORK, Action, ConsortiumStatus
from consortia.models import Consortium
from portal.kernel.authz import may
from portal.kernel.workflow import Reason

S = ConsortiumStatus
A = Action


@dataclass(frozen=True)
class Edit:
    """Who may make an edit that moves no status, and while the consortium is in which states."""

    permission: str
    during: frozenset[ConsortiumStatus]


DRAFTING = frozenset({S.PREPARING})

EDITS: dict[Action, Edit] = {
    A.UPDATE: Edit("consortia.update_consortium", DRAFTING),
    A.INVITE: Edit("consortia.invite_member", ALIVE),
    A.DRAFT_AGREEMENT: Edit("consortia.draft_agreement", ALIVE),
    A.SIGN_AGREEMENT: Edit("consortia.sign_agreement", ALIVE),
    A.ADD_BACKGROUND: Edit("consortia.add_background", ALIVE),
    A.UPDATE_BACKGROUND: Edit("consortia.update_background", ALIVE),
    A.REMOVE_BACKGROUND: Edit("consortia.remove_background", ALIVE),
    A.AMEND: Edit("consortia.amend_consortium", AT_WORK),
    A.SET_SHARES: Edit("consortia.set_shares", ALIVE),
    A.REPORT_RECTIFICATION: Edit("consortia.report_rectification", frozenset({S.RECTIFYING})),
    A.NAME_CONTACT: Edit("consortia.name_contact", ALIVE),
    A.REQUEST_EXIT: Edit("consortia.request_exit", AT_WORK),
    A.PROPOSE_LEAD_CHANGE: Edit("consortia.propose_lead_change", ALIVE),
    A.OPEN_EXIT: Edit("consortia.open_exit", AT_WORK),
    A.ADD_TECHNOLOGY: Edit("consortia.add_technology", DRAFTING),
    A.UPDATE_TECHNOLOGY: Edit("consortia.update_technology", DRAFTING),
    A.REMOVE_TECHNOLOGY: Edit("consortia.remove_technology", DRAFTING),
    A.RECORD_READINESS: Edit("consortia.record_readiness", AT_WORK),
    A.ADD_TASK: Edit("consortia.add_task", DRAFTING),
    A.UPDATE_TASK: Edit("consortia.update_task", DRAFTING),
    A.REMOVE_TASK: Edit("consortia.remove_task", DRAFTING),
    A.RECORD_PROJECT: Edit("consortia.record_project", AT_WORK),
    A.ADD_MILESTONE: Edit("consortia.add_milestone", DRAFTING),
    A.UPDATE_MILESTONE: Edit("consortia.update_milestone", DRAFTING),
    A.REMOVE_MILESTONE: Edit("consortia.remove_milestone", DRAFTING),
    A.ADD_OUTCOME: Edit("consortia.add_outcome", ALIVE),
    A.UPDATE_OUTCOME: Edit("consortia.update_outcome", ALIVE),
    A.REMOVE_OUTCOME: Edit("consortia.remove_outcome", ALIVE),
    A.ATTACH_EVIDENCE: Edit("consortia.attach_evidence", ALIVE),
    A.REMOVE_EVIDENCE: Edit("consortia.remove_evidence", ALIVE),
    A.ADD_ADOPTION: Edit("consortia.add_adoption", ALIVE),
    A.REMOVE_ADOPTION: Edit("consortia.remove_adoption", ALIVE),
    A.VERIFY_OUTCOME: Edit("consortia.verify_outcome", ALIVE),
    A.DOUBT_OUTCOME: Edit("consortia.doubt_outcome", ALIVE),
    A.ADD_PLATFORM: Edit("consortia.add_platform", ALIVE),
    A.UPDATE_PLATFORM: Edit("consortia.update_platform", ALIVE),
    A.REMOVE_PLATFORM: Edit("consortia.remove_platform", ALIVE),
    A.ADD_BUILDER: Edit("consortia.add_builder", ALIVE),
    A.UPDATE_BUILDER: Edit("consortia.update_builder", ALIVE),
    A.REMOVE_BUILDER: Edit("consortia.remove_builder", ALIVE),
    A.ADD_SERVICE: Edit("consortia.add_service", ALIVE),
    A.UPDATE_SERVICE: Edit("consortia.update_service", ALIVE),
    A.REMOVE_SERVICE: Edit("consortia.remove_service", ALIVE),
    A.PROPOSE_DIRECT: Edit("consortia.propose_direct", AT_WORK),
    A.ADD_FUND: Edit("consortia.add_fund", ALIVE),
    A.UPDATE_FUND: Edit("consortia.update_fund", ALIVE),
    A.REMOVE_FUND: Edit("consortia.remove_fund", ALIVE),
    A.ADD_ENTRY: Edit("consortia.add_entry", ALIVE),
    A.UPDATE_ENTRY: Edit("consortia.update_entry", ALIVE),
    A.REMOVE_ENTRY: Edit("consortia.remove_entry", ALIVE),
    A.CONFIRM_CONTRIBUTION: Edit("consortia.confirm_contribution", ALIVE),
    A.PROPOSE_LINK: Edit("consortia.propose_link", AT_WORK),
    A.ANSWER_MATCH: Edit("consortia.answer_match", ALIVE),
    A.POSE_DEMAND: Edit("consortia.pose_demand", ALIVE),
    A.RECORD_VISIT: Edit("consortia.record_visit", ALIVE),
    A.UPDATE_VISIT: Edit("consortia.update_visit", ALIVE),
    A.ADD_FOLLOW_UP: Edit("consortia.add_follow_up", ALIVE),
    A.FINISH_FOLLOW_UP: Edit("consortia.finish_follow_up", frozenset(S)),
    A.ASSIGN_LIAISON: Edit("consortia.assign_liaison", ALIVE),
    A.RAISE_ISSUE: Edit("consortia.raise_issue", ALIVE),
    A.ADD_INVESTMENT: Edit("consortia.add_investment", ALIVE),
    A.UPDATE_INVESTMENT: Edit("consortia.update_investment", ALIVE),
    A.REMOVE_INVESTMENT: Edit("consortia.remove_investment", ALIVE),
}

IN_THE_YEAR = frozenset({
    A.ADD_ENTRY, A.UPDATE_ENTRY, A.REMOVE_ENTRY, A.CONFIRM_CONTRIBUTION, A.POSE_DEMAND, A.ANSWER_MATCH,
    A.RECORD_VISIT, A.UPDATE_VISIT, A.ADD_FOLLOW_UP, A.FINISH_FOLLOW_UP, A.ASSIGN_LIAISON, A.RAISE_ISSUE,
})  # fmt: skip  # asked about by the pages where they stand

OF_A_MEMBER = IN_THE_YEAR | {A.SIGN_AGREEMENT, A.PROPOSE_LEAD_CHANGE}


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

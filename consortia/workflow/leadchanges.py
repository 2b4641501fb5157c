"""Another lead."""

from datetime import datetime

from consortia.enums import Action, LeadChangeStatus
from consortia.models import LeadChange
from consortia.selectors.leadchanges import (
    everybody_consents,
    lead_may_answer,
    lead_was_heard,
    new_lead_may_lead,
    nothing_is_under_way,
    somebody_acts_for_it,
)
from consortia.workflow.life import consortium_is_alive, is_not_leaving
from portal.kernel.workflow import Reason, Workflow, step

A = Action
S = LeadChangeStatus


def no_exit_runs(change: LeadChange, at: datetime) -> Reason | None:
    """While an exit case runs, nobody else takes the lead."""
    return is_not_leaving(change.consortium, at)


LEAD_CHANGE: Workflow[LeadChange] = Workflow(
    step(A.CONSENT_LEAD_CHANGE, {S.OPEN}, S.OPEN, "consortia.consent_lead_change", consortium_is_alive),
    step(A.REFUSE_LEAD_CHANGE, {S.OPEN}, S.OPEN, "consortia.refuse_lead_change", consortium_is_alive),
    step(
        A.ANSWER_LEAD_CHANGE, {S.OPEN}, S.OPEN, "consortia.answer_lead_change", consortium_is_alive, lead_may_answer
    ),
    step(A.WITHDRAW_LEAD_CHANGE, {S.OPEN}, S.WITHDRAWN, "consortia.withdraw_lead_change"),
    step(A.REJECT_LEAD_CHANGE, {S.OPEN}, S.REJECTED, "consortia.reject_lead_change", lead_was_heard),
    step(
        A.APPROVE_LEAD_CHANGE, {S.OPEN}, S.APPROVED, "consortia.approve_lead_change",
        consortium_is_alive, no_exit_runs, lead_was_heard, everybody_consents, new_lead_may_lead, somebody_acts_for_it,
        nothing_is_under_way,
    ),
)  # fmt: skip

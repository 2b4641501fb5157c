"""Demands, issues, and links between consortia."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import AT_WORK, Action
from consortia.models import ConsortiumLink, Demand, Issue
from consortia.rules.links import LinkStatus
from consortia.rules.registers import DemandStatus, IssueStatus
from consortia.workflow.directs import stays
from consortia.workflow.life import consortium_is_alive
from portal.kernel.workflow import Reason, Workflow, step

A = Action
DS, IS, L = DemandStatus, IssueStatus, LinkStatus
AWAITED = frozenset({DS.OPEN, DS.ANSWERED})
UNSETTLED = frozenset({IS.RAISED, IS.MEDIATING})


def is_asked_still(demand: Demand, at: datetime) -> Reason | None:
    """Answers come until the end of the last day."""
    return _("The time for answers is over.") if timezone.localdate(at) > demand.deadline else None


def is_published(demand: Demand, _at: datetime) -> Reason | None:
    """Only what is shown can be taken back."""
    return None if demand.published else _("This demand is shown inside the consortium only.")


def both_at_work(link: ConsortiumLink, _at: datetime) -> Reason | None:
    """Only recognised consortia are linked."""
    if {link.proposer.status, link.partner.status} <= AT_WORK:
        return None
    return _("One of the two consortia is not at work any more.")


DEMAND: Workflow[Demand] = Workflow(
    step(A.UPDATE_DEMAND, {DS.OPEN}, stays, "consortia.update_demand", consortium_is_alive),
    step(A.PUBLISH_DEMAND, AWAITED, stays, "consortia.publish_demand", consortium_is_alive, is_asked_still),
    step(A.CONCEAL_DEMAND, AWAITED, stays, "consortia.conceal_demand", is_published),
    step(A.ANSWER_DEMAND, AWAITED, DS.ANSWERED, "consortia.answer_demand", consortium_is_alive, is_asked_still),
    step(A.MATCH_DEMAND, {DS.ANSWERED}, DS.MATCHED, "consortia.match_demand", consortium_is_alive),
    step(A.CLOSE_DEMAND, AWAITED | {DS.MATCHED}, DS.CLOSED, "consortia.close_demand"),
)

ISSUE: Workflow[Issue] = Workflow(
    step(A.NOTE_ISSUE, UNSETTLED, stays, "consortia.note_issue"),
    step(A.MEDIATE_ISSUE, {IS.RAISED}, IS.MEDIATING, "consortia.mediate_issue"),
    step(A.SETTLE_ISSUE, {IS.MEDIATING}, IS.SETTLED, "consortia.settle_issue"),
    step(A.CLOSE_ISSUE, UNSETTLED | {IS.SETTLED}, IS.CLOSED, "consortia.close_issue"),
)

LINK: Workflow[ConsortiumLink] = Workflow(
    step(A.ACCEPT_LINK, {L.PROPOSED}, L.ACCEPTED, "consortia.accept_link", both_at_work),
    step(A.DECLINE_LINK, {L.PROPOSED}, L.DECLINED, "consortia.decline_link"),
    step(A.WITHDRAW_LINK, {L.PROPOSED}, L.WITHDRAWN, "consortia.withdraw_link"),
    step(A.END_LINK, {L.ACCEPTED}, L.ENDED, "consortia.end_link"),
)

"""Milestones, and numbers of results that are claimed twice."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import AT_WORK, Action, ClaimStatus, MilestoneStatus
from consortia.models import DuplicateClaim, Milestone
from portal.kernel.workflow import Reason, Workflow, step

M = MilestoneStatus
A = Action


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


MILESTONE: Workflow[Milestone] = Workflow(
    step(A.REACH, {M.PLANNED, M.MISSED}, M.REACHED, "consortia.record_milestone", consortium_is_at_work),
    step(A.MISS, {M.PLANNED}, M.MISSED, "consortia.record_milestone", consortium_is_at_work, the_date_has_passed),
)

DUPLICATE: Workflow[DuplicateClaim] = Workflow(
    step(A.WITHDRAW_CLAIM, {ClaimStatus.OPEN}, ClaimStatus.WITHDRAWN, "consortia.settle_duplicate"),
    step(A.SHARE_CLAIM, {ClaimStatus.OPEN}, ClaimStatus.SHARED, "consortia.settle_duplicate"),
)

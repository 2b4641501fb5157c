"""Objections to what was published."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ApplicationStatus, ObjectionStatus
from funding.models import Objection
from portal.kernel.workflow import Reason, Workflow, step

A = ApplicationStatus


def objection_is_taken_up(objection: Objection, _at: datetime) -> Reason | None:
    """The finding follows the handling."""
    taken_up = objection.application.status == A.OBJECTED
    return None if taken_up else _("The objection must be taken up first.")


OBJECTION: Workflow[Objection] = Workflow(
    step(Action.DISMISS, {ObjectionStatus.OPEN}, ObjectionStatus.DISMISSED, "funding.handle_objection",
         objection_is_taken_up),
    step(Action.UPHOLD, {ObjectionStatus.OPEN}, ObjectionStatus.UPHELD, "funding.handle_objection",
         objection_is_taken_up),
    step(Action.REFUSE_OBJECTION, {ObjectionStatus.OPEN}, ObjectionStatus.INADMISSIBLE, "funding.handle_objection"),
)  # fmt: skip

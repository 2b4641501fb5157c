"""The timetables of sub-fields: milestones that the bureau sets and records as reached."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import FieldMilestone, SubField
from consortia.services.editing import store
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused


def add_field_milestone(*, sub_field: SubField, milestone: FieldMilestone, actor: Any, at: datetime) -> FieldMilestone:
    """Store an unsaved milestone."""
    require(actor, "consortia.plan_sub_field", sub_field)
    milestone.sub_field, milestone.created_at = sub_field, at
    with transaction.atomic():
        store(row=milestone)
        _record(milestone, Action.ADD_FIELD_MILESTONE, actor, at)
    return milestone


def reach_field_milestone(*, milestone: FieldMilestone, reached_on: date, actor: Any, at: datetime) -> FieldMilestone:
    """Record on which day it was reached; once."""
    require(actor, "consortia.plan_sub_field", milestone.sub_field)
    if reached_on > timezone.localdate(at):
        raise ValidationError({"reached_on": _("This day is still to come.")})
    with transaction.atomic():
        locked = FieldMilestone.objects.select_for_update(of=("self",)).select_related("sub_field").get(pk=milestone.pk)
        if locked.reached_on:
            raise TransitionRefused(_("This milestone is recorded as reached already."))
        locked.reached_on = reached_on
        locked.save(update_fields=["reached_on"])
        _record(locked, Action.REACH_FIELD_MILESTONE, actor, at)
    return locked


def remove_field_milestone(*, milestone: FieldMilestone, actor: Any, at: datetime) -> SubField:
    """Take it off the timetable; the trail keeps that it was there."""
    require(actor, "consortia.plan_sub_field", milestone.sub_field)
    with transaction.atomic():
        _record(milestone, Action.REMOVE_FIELD_MILESTONE, actor, at)
        milestone.delete()
    return milestone.sub_field


def _record(milestone: FieldMilestone, action: Action, actor: Any, at: datetime) -> None:
    facts = {"name": milestone.name, "due": milestone.due.isoformat()}
    audit.record(actor=actor, action=action, subject=milestone.sub_field, at=at, facts=facts)

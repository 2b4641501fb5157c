"""Research tasks and their milestones."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Consortium, Milestone, ResearchTask
from consortia.rules.work import project_fault
from consortia.services.editing import editing, require_member, store
from consortia.workflow import MILESTONE

LONGEST = timedelta(days=3653)
PROJECT = ("stage", "project_level", "project_number", "as_consortium")


def add_task(*, consortium: Consortium, task: ResearchTask, actor: Any, at: datetime) -> ResearchTask:
    """Add an unsaved task to a consortium in preparation; its number is the next one."""
    with editing(consortium=consortium, action=Action.ADD_TASK, actor=actor, at=at, name=task) as locked:
        task.consortium, task.created_at = locked, at
        task.number = (locked.tasks.aggregate(max=Max("number"))["max"] or 0) + 1
        _store_task(locked, task)
    return task


def update_task(*, task: ResearchTask, actor: Any, at: datetime, seen: str = "") -> ResearchTask:
    """Store a changed task of a consortium in preparation."""
    with editing(
        consortium=task.consortium, action=Action.UPDATE_TASK, actor=actor, at=at, name=task, subject=task, seen=seen
    ) as locked:
        _store_task(locked, task)
    return task


def record_project(*, task: ResearchTask, actor: Any, at: datetime, seen: str = "") -> ResearchTask:
    """Record the stage and the public project of a task of a consortium at work; the rest of `task` is not stored."""
    said = {name: getattr(task, name) for name in PROJECT}
    with editing(
        consortium=task.consortium, action=Action.RECORD_PROJECT, actor=actor, at=at, name=task, subject=task,
        facts=dict(said), seen=seen,
    ):  # fmt: skip
        _require_project(task)
        ResearchTask.objects.filter(pk=task.pk).update(**said)
    return task


def remove_task(*, task: ResearchTask, actor: Any, at: datetime) -> None:
    """Remove a task with its milestones."""
    with editing(consortium=task.consortium, action=Action.REMOVE_TASK, actor=actor, at=at, name=task, subject=task):
        task.delete()


def add_milestone(*, task: ResearchTask, milestone: Milestone, actor: Any, at: datetime) -> Milestone:
    """Add an unsaved milestone to a task of a consortium in preparation."""
    with editing(
        consortium=task.consortium, action=Action.ADD_MILESTONE, actor=actor, at=at, name=milestone, subject=task
    ):
        milestone.task, milestone.created_at = task, at
        _store_milestone(milestone)
    return milestone


def update_milestone(*, milestone: Milestone, actor: Any, at: datetime, seen: str = "") -> Milestone:
    """Store a changed milestone of a consortium in preparation."""
    with editing(
        consortium=milestone.task.consortium,
        action=Action.UPDATE_MILESTONE,
        actor=actor,
        at=at,
        name=milestone,
        subject=milestone,
        seen=seen,
    ):
        _store_milestone(milestone)
    return milestone


def remove_milestone(*, milestone: Milestone, actor: Any, at: datetime) -> None:
    """Remove a milestone from a task of a consortium in preparation."""
    with editing(
        consortium=milestone.task.consortium,
        action=Action.REMOVE_MILESTONE,
        actor=actor,
        at=at,
        name=milestone,
        subject=milestone,
    ):
        milestone.delete()


def reach_milestone(
    *, milestone: Milestone, actual: Decimal, reached_on: date, actor: Any, at: datetime, note: str = ""
) -> Milestone:
    """Record how far a milestone got and when."""
    if reached_on > timezone.localdate(at):
        raise ValidationError({"reached_on": _("This day is still to come.")})
    if reached_on < milestone.task.start:
        text = _("The task begins on %(start)s only.") % {"start": milestone.task.start.isoformat()}
        raise ValidationError({"reached_on": text})
    facts = _about(milestone) | {"actual": f"{actual:f}", "reached_on": reached_on.isoformat()}
    with MILESTONE.moving(milestone, Action.REACH, actor=actor, at=at, note=note, facts=facts) as locked:
        locked.actual, locked.reached_on = actual, reached_on
    return milestone


def miss_milestone(*, milestone: Milestone, actor: Any, at: datetime, note: str) -> Milestone:
    """Record that a milestone was not reached by its date; `note` says why. It may still be reached later."""
    if not note.strip():
        raise ValidationError({"note": _("Give the reason.")})
    facts = _about(milestone)
    with MILESTONE.moving(milestone, Action.MISS, actor=actor, at=at, note=note, facts=facts):
        return milestone


def _store_task(consortium: Consortium, task: ResearchTask) -> None:
    require_member(consortium=consortium, organisation=task.lead, field="lead")
    if task.technology and task.technology.consortium_id != consortium.pk:
        raise ValidationError({"technology": _("This technology is not on the list of the consortium.")})
    _require_project(task)
    if task.end <= task.start:
        raise ValidationError({"end": _("The end must be after the start.")})
    if task.end > task.start + LONGEST:
        raise ValidationError({"end": _("A task lasts ten years at most.")})
    outside = task.milestones.exclude(due__range=(task.start, task.end)).first() if task.pk else None
    if outside:
        raise ValidationError(
            {"end": _("The milestone “%(name)s” would lie outside of the task's period.") % {"name": outside.name}}
        )
    store(row=task)


def _require_project(task: ResearchTask) -> None:
    """A public project is named by its level and its number."""
    if fault := project_fault(task.project_level, task.project_number, task.as_consortium):
        raise ValidationError(fault)


def _store_milestone(milestone: Milestone) -> None:
    if not milestone.task.start <= milestone.due <= milestone.task.end:
        raise ValidationError({"due": _("The date lies outside of the task's period.")})
    store(row=milestone)


def _about(milestone: Milestone) -> dict[str, Any]:
    lead = milestone.task.consortium.lead
    return {"by": lead.name, "by_id": str(lead.pk), "name": milestone.name, "task": str(milestone.task)}

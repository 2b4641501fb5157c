"""Workbooks that were filled in offline: taken in, and taken over as a whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consortia.models import KeyTechnology, Participation
from consortia.services.participations import Part, revise_participation
from consortia.services.technologies import add_technology, update_technology
from funding.enums import Action
from funding.models import Application, Workbook
from funding.rules.sections import BUDGET
from funding.services.applications import editing
from funding.services.budgets import BudgetChanged, edit_budget
from members.models import User
from portal.kernel import audit, files
from portal.kernel.workflow import TransitionRefused

KIND = "funding.workbook"
MB = 1024 * 1024
TAKEN_OVER = _("This workbook was taken over already.")
NOTHING = _("Nothing in this workbook differs from what stands here.")
MEANWHILE = _("Meanwhile something was changed here that the workbook changes too. Look at the differences once more.")

files.LIMITS[KIND] = files.Limit(MB, (".xlsx",))


@dataclass(frozen=True)
class TechnologyEdit:
    """A technology as the workbook has it; `seen` is the state it was compared with, empty for a new one."""

    technology: KeyTechnology
    seen: str = ""


@dataclass(frozen=True)
class PartEdit:
    """The part of a member as the workbook has it."""

    participation: Participation
    part: Part
    seen: str


@dataclass(frozen=True)
class Edits:
    """Everything that a workbook changes."""

    cells: Mapping[str, str] = field(default_factory=dict)  # of the budget, by name
    seen: Mapping[str, str] = field(default_factory=dict)
    technologies: Sequence[TechnologyEdit] = ()
    parts: Sequence[PartEdit] = ()

    @property
    def count(self) -> dict[str, int]:
        """How many there are, for the trail."""
        return {"budget": len(self.cells), "technologies": len(self.technologies), "members": len(self.parts)}


def upload_workbook(*, application: Application, upload: File[bytes], actor: User, at: datetime) -> Workbook:
    """Keep a workbook that was filled in; nothing is taken over yet. Raises FileRefused."""
    with editing(application=application, actor=actor, part=BUDGET.code) as locked:
        file = files.store(upload, actor=actor, kind=KIND, at=at, owner=locked.consortium.lead_id)
        row = Workbook.objects.create(application=locked, file=file, uploaded_by=actor, created_at=at)
        facts = {"name": file.name, "sha256": file.sha256}
        audit.record(actor=actor, action=Action.UPLOAD_WORKBOOK, subject=locked, at=at, facts=facts)
    return row


def apply_workbook(*, workbook: Workbook, edits: Edits, actor: User, at: datetime) -> Workbook:
    """Write all that differs, or nothing of it.

    Raises TransitionRefused the second time, when nothing differs, and when something was changed meanwhile;
    ValidationError for what does not fit together.
    """
    with transaction.atomic():
        locked = Workbook.objects.select_for_update(of=("self",)).select_related("application", "file").get(
            pk=workbook.pk
        )  # fmt: skip
        if locked.applied_at:
            raise TransitionRefused(TAKEN_OVER)
        if not any(edits.count.values()):
            raise TransitionRefused(NOTHING)
        _write(locked.application, edits, actor, at)
        locked.applied_by, locked.applied_at = actor, at
        locked.save(update_fields=["applied_by", "applied_at"])
        facts: dict[str, Any] = {"name": locked.file.name, "sha256": locked.file.sha256, "changed": edits.count}
        audit.record(actor=actor, action=Action.APPLY_WORKBOOK, subject=locked.application, at=at, facts=facts)
    return locked


def _write(application: Application, edits: Edits, actor: User, at: datetime) -> None:
    """The consortium is locked before the application, as a submission does."""
    for one in edits.technologies:
        if one.seen:
            update_technology(technology=one.technology, actor=actor, at=at, seen=one.seen)
        else:
            add_technology(consortium=application.consortium, technology=one.technology, actor=actor, at=at)
    for part in edits.parts:
        revise_participation(participation=part.participation, part=part.part, actor=actor, at=at, seen=part.seen)
    if edits.cells:
        try:
            edit_budget(application=application, actor=actor, at=at, typed=edits.cells, seen=edits.seen)
        except BudgetChanged as change:
            raise TransitionRefused(MEANWHILE) from change

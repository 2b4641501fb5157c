"""The door for edits that move no status: lock the consortium's row, check, let the caller write, record."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Consortium, Participation
from consortia.services.confirmations import settle_parts
from consortia.services.departures import renew_departures
from consortia.workflow import EDITS, edit_obstacles
from members.models import Organisation
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.stale import require_unchanged, typed_in
from portal.kernel.workflow import TransitionRefused

MOVES_PARTS = frozenset({  # what members have confirmed, or what one that leaves hands over, may read otherwise now
    Action.ADD_TECHNOLOGY, Action.UPDATE_TECHNOLOGY, Action.REMOVE_TECHNOLOGY,
    Action.ADD_TASK, Action.UPDATE_TASK, Action.REMOVE_TASK,
    Action.ADD_MILESTONE, Action.UPDATE_MILESTONE, Action.REMOVE_MILESTONE,
    Action.ADD_PLATFORM, Action.UPDATE_PLATFORM, Action.REMOVE_PLATFORM,
    Action.ADD_FUND, Action.UPDATE_FUND, Action.REMOVE_FUND,
})  # fmt: skip


@contextmanager
def editing(
    *,
    consortium: Consortium,
    action: Action,
    actor: Any,
    at: datetime,
    name: object = "",
    subject: Any = None,
    note: str = "",
    facts: dict[str, Any] | None = None,
    seen: str = "",
) -> Iterator[Consortium]:
    """Yield the locked consortium; permission and states come from the table of edits.

    `name` is what the trail calls the thing edited, `subject` the part that the permission is asked about;
    `facts` may be filled by the caller inside the block. With `seen`, the state that the writer had before its eyes,
    raises Stale when `subject` (or the consortium) was changed since.
    """
    edit = EDITS[action]
    with transaction.atomic():
        locked = Consortium.objects.select_for_update(of=("self",)).select_related("lead").get(pk=consortium.pk)
        require(actor, edit.permission, subject or locked)
        if reasons := edit_obstacles(locked, action):
            raise TransitionRefused(*reasons)
        if seen:
            row = subject or consortium
            stored = type(row)._base_manager.get(pk=row.pk)  # noqa: SLF001
            require_unchanged(row=stored, seen=seen, typed=typed_in(row))
        yield locked
        if action in MOVES_PARTS:
            settle_parts(consortium=locked, actor=actor, at=at)
            renew_departures(consortium=locked, at=at)
        note_edit(consortium=locked, action=action, actor=actor, at=at, name=name, note=note, facts=facts)


def note_edit(
    *,
    consortium: Consortium,
    action: Action,
    actor: Any,
    at: datetime,
    name: object = "",
    note: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """Write into the consortium's trail, in the name of the lead organisation unless `facts` say otherwise."""
    about = {"by": consortium.lead.name, "by_id": str(consortium.lead_id), "name": str(name), **(facts or {})}
    audit.record(actor=actor, action=action, subject=consortium, at=at, note=note, facts=about)


def store(*, row: models.Model) -> None:
    """Save; what a constraint refuses becomes a ValidationError with its own sentence, at its field if it names one."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ValidationError(_sentence(row, error)) from error


def _sentence(row: models.Model, error: IntegrityError) -> Any:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    unnamed = models.BaseConstraint.default_violation_error_message
    found = next((one for one in row._meta.constraints if one.name == name), None)  # noqa: SLF001
    if found is None or found.violation_error_message == unnamed:
        return _("This is recorded already, or contradicts itself.")
    said = found.violation_error_message
    return {found.violation_error_code: said} if found.violation_error_code else said


def require_member(*, consortium: Consortium, organisation: Organisation, field: str) -> None:
    """Work, results and money belong to present members only."""
    if not Participation.objects.present().filter(consortium=consortium, organisation=organisation).exists():
        raise ValidationError({field: _("This organisation is not a member of the consortium.")})

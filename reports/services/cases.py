"""Typical cases: written by an officer, published, returned or withdrawn by a head."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.enums import Role
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.stale import require_unchanged, typed_in
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action, CaseStatus
from reports.models import TypicalCase
from reports.services.notices import CASE_PROPOSED, CASE_PUBLISHED, CASE_RETURNED, CASE_WITHDRAWN, tell_of_case
from reports.workflow import CASE, year_is_excellent

WRITABLE = (CaseStatus.DRAFT, CaseStatus.RETURNED)


@transaction.atomic
def write_case(*, case: TypicalCase, actor: Any, at: datetime, seen: str = "") -> TypicalCase:
    """A new case, or other words of one that was not handed on; `case` carries what was typed.

    Raises Stale when the case is not in the state `seen` any more.
    """
    require(actor, "reports.write_case", case)
    if case._state.adding:  # noqa: SLF001
        case.written_by, case.created_at = actor, at
    else:
        _require_writable(TypicalCase.objects.select_for_update().get(pk=case.pk), case, seen)
    if reason := year_is_excellent(case, at):
        raise TransitionRefused(reason)
    case.save()
    audit.record(actor=actor, action=Action.WRITE_CASE, subject=case, at=at)
    return case


def _require_writable(locked: TypicalCase, typed: TypicalCase, seen: str) -> None:
    if locked.status not in WRITABLE:
        raise TransitionRefused(_("This case was handed on. It is changed when it has been returned."))
    require_unchanged(row=locked, seen=seen, typed=typed_in(typed))


def propose_case(*, case: TypicalCase, actor: Any, at: datetime) -> TypicalCase:
    """To the heads."""
    with CASE.moving(case, Action.PROPOSE_CASE, actor=actor, at=at) as locked:
        tell_of_case(case=locked, kind=CASE_PROPOSED, recipients=holders(Role.HEAD), at=at)
    return locked


def publish_case(*, case: TypicalCase, actor: Any, at: datetime) -> TypicalCase:
    """Everybody reads it; writer and lead are told."""
    with CASE.moving(case, Action.PUBLISH_CASE, actor=actor, at=at) as locked:
        locked.decided_by, locked.published_at, locked.reason = actor, at, ""
        tell_of_case(case=locked, kind=CASE_PUBLISHED, recipients=_concerned(locked), at=at)
    return locked


def return_case(*, case: TypicalCase, actor: Any, note: str, at: datetime) -> TypicalCase:
    """Back to the writer, with what is to be changed."""
    with CASE.moving(case, Action.RETURN_CASE, actor=actor, at=at, note=note) as locked:
        locked.reason = note
        tell_of_case(case=locked, kind=CASE_RETURNED, recipients=[locked.written_by], at=at)
    return locked


def withdraw_case(*, case: TypicalCase, actor: Any, note: str, at: datetime) -> TypicalCase:
    """Nobody outside reads it any more."""
    with CASE.moving(case, Action.WITHDRAW_CASE, actor=actor, at=at, note=note) as locked:
        locked.reason = note
        tell_of_case(case=locked, kind=CASE_WITHDRAWN, recipients=_concerned(locked), at=at)
    return locked


def _concerned(case: TypicalCase) -> list[Any]:
    lead = holders(Role.APPLICANT, Role.SIGNATORY, organisation=case.evaluation.consortium.lead_id)
    return [case.written_by, *lead.exclude(pk=case.written_by_id)]

"""Grade, confirm, send back, make final; whoever did not file is recorded as absent, or exempt."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.enums import Role
from portal.kernel.numbering import hold
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action, Grade
from reports.enums import EvaluationStatus as S
from reports.figures import appeal_until, grade_of
from reports.models import Evaluation
from reports.selectors.scores import sheet_json, sheet_of
from reports.services.consequences import lock_affected, propose_consequences
from reports.services.documents import report_series, request_report
from reports.services.notices import (
    ABSENT,
    EXEMPT,
    FINAL,
    PROVISIONAL,
    SENT_BACK,
    TO_CONFIRM,
    tell_lead,
    tell_roles,
)
from reports.workflow import EVALUATION


@dataclass(frozen=True)
class Verdict:
    """What the officer adds to the computed score; a veto or a non-zero figure needs its note."""

    bonus: Decimal = Decimal(0)
    bonus_note: str = ""
    deduction: Decimal = Decimal(0)
    deduction_note: str = ""
    veto: str = ""
    quota_used_up: bool = False
    grade_note: str = ""


def grade_evaluation(*, evaluation: Evaluation, actor: Any, verdict: Verdict, at: datetime) -> Evaluation:
    """Compute the total and the grade; excellent may be lowered to good when the quota is used up."""
    facts: dict[str, Any] = {}
    note = verdict.grade_note
    with EVALUATION.moving(evaluation, Action.GRADE, actor=actor, at=at, note=note, facts=facts) as locked:
        _require_reasons(verdict)
        for name, value in asdict(verdict).items():
            if name != "quota_used_up":
                setattr(locked, name, value)
        sheet = sheet_of(locked)
        locked.sheet, locked.total = sheet_json(sheet), sheet.total
        locked.grade = _grade(locked, verdict)
        locked.graded_by, locked.graded_at = actor, at
        facts.update(total=str(locked.total), grade=locked.grade, veto=verdict.veto)
        tell_roles(Role.HEAD, Role.LEADER, evaluation=locked, kind=TO_CONFIRM, at=at)
    return locked


def _grade(evaluation: Evaluation, verdict: Verdict) -> Grade:
    total = evaluation.total or Decimal(0)
    grade = grade_of(total, evaluation.cycle.rules.data, vetoed=bool(verdict.veto))
    return Grade.GOOD if grade == Grade.EXCELLENT and verdict.quota_used_up else grade


def _require_reasons(verdict: Verdict) -> None:
    missing = []
    if verdict.bonus and not verdict.bonus_note.strip():
        missing.append(_("A bonus needs a reason."))
    if verdict.deduction and not verdict.deduction_note.strip():
        missing.append(_("A deduction needs a reason."))
    if (verdict.veto or verdict.quota_used_up) and not verdict.grade_note.strip():
        missing.append(_("A veto or a lowered grade needs a rationale."))
    if missing:
        raise TransitionRefused(*missing)


def confirm_grade(*, evaluation: Evaluation, actor: Any, at: datetime, note: str = "") -> Evaluation:
    """Tell the lead its grade, which it may accept or appeal against for some working days."""
    facts: dict[str, Any] = {}
    with EVALUATION.moving(evaluation, Action.CONFIRM, actor=actor, at=at, note=note, facts=facts) as locked:
        until = appeal_until(locked.cycle.rules.data, timezone.localdate(at))
        locked.confirmed_by, locked.confirmed_at, locked.appeal_until, locked.accepted_at = actor, at, until, None
        facts["appeal_until"] = until.isoformat()
        tell_lead(evaluation=locked, kind=PROVISIONAL, at=at, until=until.isoformat())
    return evaluation


def send_back_evaluation(*, evaluation: Evaluation, actor: Any, note: str, at: datetime) -> Evaluation:
    """Back to grading, saying why; total and grade are void."""
    with EVALUATION.moving(evaluation, Action.SEND_BACK, actor=actor, at=at, note=note) as locked:
        void_grade(evaluation=locked)
        tell_roles(Role.OFFICER, evaluation=locked, kind=SENT_BACK, at=at)
    return locked


def void_grade(*, evaluation: Evaluation) -> None:
    """Take back total and grade on a locked row, with everything that was done with them."""
    evaluation.sheet, evaluation.total, evaluation.grade = {}, None, ""
    evaluation.graded_by = evaluation.graded_at = None
    evaluation.confirmed_by = evaluation.confirmed_at = None
    evaluation.appeal_until = evaluation.accepted_at = evaluation.grade_list = None


def finalise_evaluation(*, evaluation: Evaluation, actor: Any, at: datetime, note: str = "") -> Evaluation:
    """Make the grade final: its consequences are proposed and the report is ordered, all or nothing."""
    facts: dict[str, Any] = {}
    with transaction.atomic():
        with EVALUATION.moving(evaluation, Action.FINALISE, actor=actor, at=at, note=note, facts=facts) as locked:
            lock_affected(evaluation=locked)
            hold(report_series(evaluation=locked))
            locked.finalised_by, locked.finalised_at = actor, at
            facts.update(total=str(locked.total), grade=locked.grade)
            facts["consequences"] = propose_consequences(evaluation=locked, outcome=locked.grade, at=at)
            tell_lead(evaluation=locked, kind=FINAL, at=at)
        request_report(evaluation=evaluation, actor=actor, language=settings.LANGUAGE_CODE, at=at)
    return evaluation


def mark_absent(*, evaluation: Evaluation, actor: Any, note: str, at: datetime) -> Evaluation:
    """Record that no self-report came, and propose what follows from that."""
    facts: dict[str, Any] = {}
    with EVALUATION.moving(evaluation, Action.MARK_ABSENT, actor=actor, at=at, note=note, facts=facts) as locked:
        lock_affected(evaluation=locked)
        facts["consequences"] = propose_consequences(evaluation=locked, outcome=S.ABSENT, at=at)
        tell_lead(evaluation=locked, kind=ABSENT, at=at)
    return locked


def exempt_evaluation(*, evaluation: Evaluation, actor: Any, note: str, at: datetime) -> Evaluation:
    """Let a consortium off this year, saying why; nothing follows from it."""
    with EVALUATION.moving(evaluation, Action.EXEMPT, actor=actor, at=at, note=note) as locked:
        tell_lead(evaluation=locked, kind=EXEMPT, at=at)
    return locked

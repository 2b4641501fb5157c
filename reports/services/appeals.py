"""What contests a grade: the lead accepts it or appeals, anybody objects to the list, somebody else decides."""

from collections.abc import Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.rules.publicity import sealed_code
from members.enums import Role
from members.selectors import holders
from portal.kernel import audit, files
from portal.kernel.numbering import next_number
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action, AppealKind, EvaluationStatus, Remedy
from reports.figures import answer_due
from reports.models import Appeal, AppealFile, Evaluation
from reports.services.grading import void_grade
from reports.services.notices import (
    AGAIN,
    APPEALED,
    DISMISSED,
    OBJECTED,
    RETURNED,
    UPHELD,
    tell,
    tell_lead,
    tell_roles,
)
from reports.workflow import APPEAL, EVALUATION

EVIDENCE = "appeal_evidence"
MOST_FILES = 3
files.LIMITS[EVIDENCE] = files.Limit(10 * files.MB, (".pdf", ".jpg", ".jpeg", ".png"))
Files = Sequence[File[bytes]]


# --- the lead ----------------------------------------------------------------------------------
def accept_grade(*, evaluation: Evaluation, actor: Any, at: datetime, note: str = "") -> Evaluation:
    """The lead accepts its grade: the time for appeals is over."""
    with EVALUATION.moving(evaluation, Action.ACCEPT_GRADE, actor=actor, at=at, note=note) as locked:
        locked.accepted_at = at
    return evaluation


def appeal_grade(
    *, evaluation: Evaluation, actor: Any, grounds: str, indicators: Sequence[str], at: datetime, evidence: Files = ()
) -> Appeal:
    """The lead contests its grade, naming the indicators that it is about; the first of those who act in time counts.

    Raises FileRefused.
    """
    with EVALUATION.moving(evaluation, Action.APPEAL, actor=actor, at=at, note=grounds) as locked:
        facts = {"grounds": grounds, "indicators": list(indicators), "filed_by": actor}
        appeal = _contest(locked, AppealKind.APPEAL, facts, evidence, actor, at)
        due = appeal.answer_due.isoformat()
        people = holders(Role.HEAD, Role.LEADER)
        tell(evaluation=locked, kind=APPEALED, recipients=people, at=at, due=due)
    return appeal


def _contest(
    evaluation: Evaluation, kind: AppealKind, facts: dict[str, Any], evidence: Files, actor: Any, at: datetime
) -> Appeal:
    """The row of an appeal or objection against the locked evaluation, with its files."""
    today = timezone.localdate(at)
    series = "SS" if kind == AppealKind.APPEAL else "PY"
    number = f"{series}-{today.year}-{next_number(f'{kind.lower()}-of-grade-{today.year}'):04d}"
    due = answer_due(evaluation.cycle.rules.data, today)
    contested = {name: getattr(evaluation, name) for name in ("total", "grade", "graded_by", "confirmed_by")}
    appeal = Appeal.objects.create(
        number=number, evaluation=evaluation, kind=kind, answer_due=due, created_at=at, **contested, **facts
    )
    for ordinal, upload in enumerate(evidence[:MOST_FILES], 1):
        upload.name = f"{number}-{ordinal}{Path(files.clean_name(str(upload.name))).suffix.lower()}"
        attachment = files.store(upload, actor=actor, kind=EVIDENCE, at=at)
        AppealFile.objects.create(appeal=appeal, attachment=attachment, ordinal=ordinal, created_at=at)
    return appeal


# --- anybody -----------------------------------------------------------------------------------
def object_to_grade(
    *,
    evaluation: Evaluation,
    objector: str,
    name: str,
    contact: str,
    grounds: str,
    at: datetime,
    code: str = "",
    evidence: Files = (),
) -> Appeal:
    """Take in an objection while the list runs; said again by the same objector, the first one. Raises FileRefused.

    With `code` its objector can follow it.
    """
    with transaction.atomic():
        locked = Evaluation.objects.select_for_update(of=("self",), no_key=True).get(pk=evaluation.pk)
        published = locked.grade_list
        running = published is not None and published.is_running(timezone.localdate(at))
        if locked.status != EvaluationStatus.PUBLICISED or not running:
            raise TransitionRefused(_("The list is not published for objections."))
        if said_before := _same(locked, objector, name, grounds):
            return said_before
        facts = {"objector": objector, "name": name, "contact": contact, "grounds": grounds}
        appeal = _contest(locked, AppealKind.OBJECTION, facts, evidence, None, at)
        if code:
            appeal.code_hash = sealed_code(appeal.number, code)
            appeal.save(update_fields=["code_hash"])
        # Who objects stays out of the trail.
        audit.record(actor=None, action=Action.OBJECT, subject=appeal, at=at, facts={"objector": objector})
        people = holders(Role.SUPERVISOR, Role.HEAD, Role.LEADER)
        tell(evaluation=locked, kind=OBJECTED, recipients=people, at=at, number=appeal.number)
    return appeal


def _same(evaluation: Evaluation, objector: str, name: str, grounds: str) -> Appeal | None:
    alike = evaluation.appeals.filter(kind=AppealKind.OBJECTION, objector=objector, grounds=grounds)
    return next((one for one in alike.order_by("created_at") if one.name.reveal() == name.strip()), None)


# --- whoever decides ---------------------------------------------------------------------------
def dismiss_appeal(*, appeal: Appeal, actor: Any, finding: str, at: datetime) -> Appeal:
    """Find that the grade stands."""
    with transaction.atomic():
        evaluation = _lock(appeal)
        with _deciding(appeal, Action.DISMISS, actor, finding, at):
            pass
        if appeal.kind == AppealKind.APPEAL:
            with EVALUATION.moving(evaluation, Action.KEEP_GRADE, actor=actor, at=at, note=finding) as locked:
                tell_lead(evaluation=locked, kind=DISMISSED, at=at)
    return appeal


def uphold_appeal(*, appeal: Appeal, actor: Any, remedy: str, finding: str, at: datetime) -> Appeal:
    """Find that the grade is wrong: it is void, and what was wrong is done again."""
    with transaction.atomic():
        evaluation = _lock(appeal)
        with _deciding(appeal, Action.UPHOLD, actor, finding, at) as decided:
            decided.remedy = remedy
        _begin_again(evaluation, Remedy(remedy), actor, finding, at)
        if appeal.kind == AppealKind.APPEAL:
            tell_lead(evaluation=evaluation, kind=UPHELD, at=at)
    return appeal


def _lock(appeal: Appeal) -> Evaluation:
    """The evaluation, locked before what contests it, as everywhere."""
    return Evaluation.objects.select_for_update(of=("self",), no_key=True).get(pk=appeal.evaluation_id)


@contextmanager
def _deciding(appeal: Appeal, action: Action, actor: Any, finding: str, at: datetime) -> Any:
    with APPEAL.moving(appeal, action, actor=actor, at=at, note=finding) as locked:
        if not finding.strip():
            raise TransitionRefused(_("Please state the finding."))
        locked.finding, locked.decided_by, locked.decided_at = finding, actor, at
        yield locked


def _begin_again(evaluation: Evaluation, remedy: Remedy, actor: Any, finding: str, at: datetime) -> None:
    action = {
        Remedy.GRADE: Action.GRADE_AGAIN, Remedy.SCORE: Action.SCORE_AGAIN, Remedy.FILE: Action.FILE_AGAIN,
    }[remedy]  # fmt: skip
    with EVALUATION.moving(evaluation, action, actor=actor, at=at, note=finding) as locked:
        void_grade(evaluation=locked)
        if remedy != Remedy.GRADE:
            _void_scores(locked)
        if remedy == Remedy.FILE:
            locked.return_note = finding
            tell_lead(evaluation=locked, kind=RETURNED, at=at)
        tell_roles(Role.OFFICER, evaluation=locked, kind=AGAIN, at=at)


def _void_scores(evaluation: Evaluation) -> None:
    """Another expert scores: the one whose scores are void is not asked again."""
    known = [*evaluation.scores.get("recused", []), str(evaluation.expert_id)]
    evaluation.scores, evaluation.expert_opinion = {"recused": known}, ""
    evaluation.expert = evaluation.declared_at = evaluation.scored_at = None

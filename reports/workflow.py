"""The tables of evaluation years, evaluations and reports."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kernel.enumerating import enumerated
from portal.kernel.workflow import Reason, Workflow, step
from reports.enums import Action, ConsequenceStatus, CycleStatus, EvaluationStatus, ReportStatus
from reports.models import Consequence, Evaluation, EvaluationCycle, Report
from reports.selectors.selfreport import unexplained_jumps

S = EvaluationStatus
DECIDED = [S.FINAL, S.ABSENT]


# --- guards: each says in a sentence why not, or nothing ---------------------------------------
def every_year_decided(cycle: EvaluationCycle, _at: datetime) -> Reason | None:
    """No evaluation of the year is still on its way."""
    waiting = cycle.evaluations.exclude(status__in=DECIDED).count()
    return _("%(count)s evaluations are not final yet.") % {"count": waiting} if waiting else None


def cycle_is_open(evaluation: Evaluation, at: datetime) -> Reason | None:
    """Self-reports are taken from the first day until the year is closed."""
    if timezone.localdate(at) < evaluation.cycle.opens_on:
        return _("Self-reports are not taken yet.")
    return None if evaluation.cycle.status == CycleStatus.OPEN else _("The evaluation of this year is closed.")


def not_overdue(evaluation: Evaluation, at: datetime) -> Reason | None:
    """Filed by the last day; a returned self-report may come later."""
    if evaluation.status == S.FILLING and timezone.localdate(at) > evaluation.cycle.due_on:
        return _("The time for self-reports is over.")
    return None


def overdue(evaluation: Evaluation, at: datetime) -> Reason | None:
    """Nobody is absent before the last day has passed."""
    return None if timezone.localdate(at) > evaluation.cycle.due_on else _("The time for self-reports still runs.")


def year_summed_up(evaluation: Evaluation, _at: datetime) -> Reason | None:
    """There is a summary of the year."""
    return None if evaluation.summary.strip() else _("The summary of the year is missing.")


def jumps_explained(evaluation: Evaluation, _at: datetime) -> Reason | None:
    """Figures far from last year's carry an explanation."""
    names = enumerated(unexplained_jumps(evaluation))
    return _("Far from last year's figure and not explained: %(names)s.") % {"names": names} if names else None


def expert_undeclared(evaluation: Evaluation, _at: datetime) -> Reason | None:
    """A declaration is made once."""
    return _("The declaration has been made already.") if evaluation.declared_at else None


def expert_declared(evaluation: Evaluation, _at: datetime) -> Reason | None:
    """Nobody scores before declaring that there is no conflict of interest."""
    return None if evaluation.declared_at else _("The declaration of no conflict is missing.")


# --- tables ------------------------------------------------------------------------------------
CYCLE: Workflow[EvaluationCycle] = Workflow(
    step(Action.CLOSE_CYCLE, {CycleStatus.OPEN}, CycleStatus.CLOSED, "reports.close_cycle", every_year_decided),
)

EVALUATION: Workflow[Evaluation] = Workflow(
    step(Action.SUBMIT, {S.FILLING, S.RETURNED}, S.SUBMITTED, "reports.submit_self_report",
         cycle_is_open, not_overdue, year_summed_up, jumps_explained),
    step(Action.VERIFY, {S.SUBMITTED}, S.VERIFIED, "reports.verify_self_report"),
    step(Action.RETURN, {S.SUBMITTED}, S.RETURNED, "reports.verify_self_report"),
    step(Action.ASSIGN, {S.VERIFIED}, S.VERIFIED, "reports.assign_expert"),
    step(Action.DECLARE, {S.VERIFIED}, S.VERIFIED, "reports.score_evaluation", expert_undeclared),
    step(Action.RECUSE, {S.VERIFIED}, S.VERIFIED, "reports.score_evaluation"),
    step(Action.SCORE, {S.VERIFIED}, S.SCORED, "reports.score_evaluation", expert_declared),
    step(Action.GRADE, {S.SCORED}, S.GRADED, "reports.grade_evaluation"),
    step(Action.SEND_BACK, {S.GRADED}, S.SCORED, "reports.finalise_evaluation"),
    step(Action.FINALISE, {S.GRADED}, S.FINAL, "reports.finalise_evaluation"),
    step(Action.MARK_ABSENT, {S.FILLING, S.RETURNED}, S.ABSENT, "reports.mark_absent", overdue),
    told=("snapshot_hash", "bonus", "deduction", "veto", "total", "grade"),
)  # fmt: skip

CONSEQUENCE: Workflow[Consequence] = Workflow(
    step(Action.ACCEPT_CONSEQUENCE, {ConsequenceStatus.PROPOSED}, ConsequenceStatus.ACCEPTED,
         "reports.decide_consequence"),
    step(Action.DECLINE_CONSEQUENCE, {ConsequenceStatus.PROPOSED}, ConsequenceStatus.DECLINED,
         "reports.decide_consequence"),
    told=("kind", "percent", "basis"),
    joined=("evaluation__consortium", "evaluation__cycle"),
)  # fmt: skip

REPORT: Workflow[Report] = Workflow(
    step(Action.STORE, {ReportStatus.QUEUED}, ReportStatus.STORED, "reports.store_report"),
    step(Action.FAIL, {ReportStatus.QUEUED}, ReportStatus.FAILED, "reports.store_report"),
    step(Action.RETRY, {ReportStatus.FAILED}, ReportStatus.QUEUED, "reports.request_report"),
)

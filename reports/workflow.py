"""The tables of evaluation years, evaluations and reports."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kernel.enumerating import enumerated
from portal.kernel.workflow import Reason, Workflow, step
from reports.enums import (
    Action,
    AppealStatus,
    BatchStatus,
    CaseStatus,
    ConsequenceStatus,
    CycleStatus,
    EvaluationStatus,
    Grade,
    PublicationStatus,
    ReportStatus,
)
from reports.models import (
    Appeal,
    Consequence,
    Evaluation,
    EvaluationCycle,
    Publication,
    Report,
    ReportBatch,
    TypicalCase,
)
from reports.models.batch import GOING
from reports.models.evaluation import DECIDED
from reports.selectors.appeals import appealed, time_to_appeal_is_over
from reports.selectors.selfreport import unexplained_jumps

S = EvaluationStatus
CONTESTED = {S.APPEALED, S.PUBLICISED}


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


def appeal_in_time(evaluation: Evaluation, at: datetime) -> Reason | None:
    """An appeal comes by its last day, and before the grade was accepted."""
    if evaluation.accepted_at:
        return _("The grade was accepted.")
    until = evaluation.appeal_until
    return _("The time for appeals is over.") if until and timezone.localdate(at) > until else None


def not_appealed_yet(evaluation: Evaluation, _at: datetime) -> Reason | None:
    """One appeal against one grade."""
    return _("An appeal against this grade has been decided already.") if appealed(evaluation) else None


def nothing_to_wait_for(evaluation: Evaluation, at: datetime) -> Reason | None:
    """A grade is publicised when no appeal can come any more."""
    return None if time_to_appeal_is_over(evaluation, at) else _("The lead can still appeal.")


def publicity_over(evaluation: Evaluation, at: datetime) -> Reason | None:
    """A grade is final after the last day of its list."""
    on = evaluation.grade_list
    return _("The list is still published for objections.") if on and timezone.localdate(at) <= on.ends_on else None


def nothing_contested(evaluation: Evaluation, _at: datetime) -> Reason | None:
    """No objection waits for a finding."""
    return _("An objection to this grade is not decided yet.") if evaluation.appeals.open().exists() else None


def something_missing(batch: ReportBatch, _at: datetime) -> Reason | None:
    """There is something to be tried again."""
    return None if batch.items.missing().exists() else _("Every report of this batch is there.")


def no_other_batch(batch: ReportBatch, _at: datetime) -> Reason | None:
    """The reports of a year are made by one batch at a time in each language."""
    others = ReportBatch.objects.filter(cycle=batch.cycle_id, language=batch.language, status__in=GOING)
    return _("Another batch is making these reports.") if others.exclude(pk=batch.pk).exists() else None


def every_report_over(batch: ReportBatch, _at: datetime) -> Reason | None:
    """Nothing more happens to any report by itself."""
    return _("Reports of this batch are still being made.") if batch.items.unfinished().exists() else None


def year_is_excellent(case: TypicalCase, _at: datetime) -> Reason | None:
    """A case is drawn from a year whose excellent grade is final."""
    year = case.evaluation
    excellent = year.status == S.FINAL and year.grade == Grade.EXCELLENT
    return None if excellent else _("A case is written about a year that is finally graded excellent.")


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
    step(Action.CONFIRM, {S.GRADED}, S.FEEDBACK, "reports.confirm_grade"),
    step(Action.SEND_BACK, {S.GRADED}, S.SCORED, "reports.confirm_grade"),
    step(Action.ACCEPT_GRADE, {S.FEEDBACK}, S.FEEDBACK, "reports.accept_grade", appeal_in_time, not_appealed_yet),
    step(Action.APPEAL, {S.FEEDBACK}, S.APPEALED, "reports.appeal_grade", appeal_in_time, not_appealed_yet),
    step(Action.KEEP_GRADE, {S.APPEALED}, S.FEEDBACK, "reports.decide_appeals"),
    step(Action.GRADE_AGAIN, CONTESTED, S.SCORED, "reports.decide_appeals"),
    step(Action.SCORE_AGAIN, CONTESTED, S.VERIFIED, "reports.decide_appeals"),
    step(Action.FILE_AGAIN, CONTESTED, S.RETURNED, "reports.decide_appeals"),
    step(Action.PUBLICISE, {S.FEEDBACK}, S.PUBLICISED, "reports.publicise_grade", nothing_to_wait_for),
    step(Action.FINALISE, {S.PUBLICISED}, S.FINAL, "reports.finalise_evaluation", publicity_over, nothing_contested),
    step(Action.MARK_ABSENT, {S.FILLING, S.RETURNED}, S.ABSENT, "reports.mark_absent", overdue),
    step(Action.EXEMPT, {S.FILLING, S.RETURNED}, S.EXEMPT, "reports.exempt_evaluation"),
    told=("snapshot_hash", "bonus", "deduction", "veto", "total", "grade"),
)  # fmt: skip

APPEAL: Workflow[Appeal] = Workflow(
    step(Action.UPHOLD, {AppealStatus.OPEN}, AppealStatus.UPHELD, "reports.decide_appeal"),
    step(Action.DISMISS, {AppealStatus.OPEN}, AppealStatus.DISMISSED, "reports.decide_appeal"),
    told=("kind", "total", "grade", "remedy"),
    joined=("evaluation__consortium", "evaluation__cycle"),
)

CONSEQUENCE: Workflow[Consequence] = Workflow(
    step(Action.ACCEPT_CONSEQUENCE, {ConsequenceStatus.PROPOSED}, ConsequenceStatus.ACCEPTED,
         "reports.decide_consequence"),
    step(Action.DECLINE_CONSEQUENCE, {ConsequenceStatus.PROPOSED}, ConsequenceStatus.DECLINED,
         "reports.decide_consequence"),
    told=("kind", "percent", "basis"),
    joined=("evaluation__consortium", "evaluation__cycle"),
)  # fmt: skip

REPORT_BATCH: Workflow[ReportBatch] = Workflow(
    step(Action.PAUSE_BATCH, {BatchStatus.RUNNING}, BatchStatus.PAUSED, "reports.run_batch"),
    step(Action.RESUME_BATCH, {BatchStatus.PAUSED}, BatchStatus.RUNNING, "reports.run_batch"),
    step(Action.CANCEL_BATCH, {BatchStatus.RUNNING, BatchStatus.PAUSED}, BatchStatus.CANCELLED, "reports.run_batch"),
    step(Action.RETRY_BATCH, {BatchStatus.ENDED, BatchStatus.CANCELLED}, BatchStatus.RUNNING, "reports.run_batch",
         something_missing, no_other_batch),
    step(Action.END_BATCH, {BatchStatus.RUNNING, BatchStatus.PAUSED}, BatchStatus.ENDED, "", every_report_over),
    told=("language", "scope"),
    joined=("cycle", "requested_by"),
)  # fmt: skip

PUBLICATION: Workflow[Publication] = Workflow(
    step(Action.WITHDRAW_REPORT, {PublicationStatus.PUBLISHED}, PublicationStatus.WITHDRAWN, "reports.withdraw_report"),
    told=("number", "snapshot_hash"),
    joined=("evaluation__consortium", "evaluation__cycle"),
)

CASE: Workflow[TypicalCase] = Workflow(
    step(Action.PROPOSE_CASE, {CaseStatus.DRAFT, CaseStatus.RETURNED}, CaseStatus.PROPOSED, "reports.write_case",
         year_is_excellent),
    step(Action.PUBLISH_CASE, {CaseStatus.PROPOSED}, CaseStatus.PUBLISHED, "reports.decide_case", year_is_excellent),
    step(Action.RETURN_CASE, {CaseStatus.PROPOSED}, CaseStatus.RETURNED, "reports.decide_case"),
    step(Action.WITHDRAW_CASE, {CaseStatus.PUBLISHED}, CaseStatus.WITHDRAWN, "reports.decide_case"),
    joined=("evaluation__consortium", "evaluation__cycle"),
)  # fmt: skip

REPORT: Workflow[Report] = Workflow(
    step(Action.STORE, {ReportStatus.QUEUED}, ReportStatus.STORED, "reports.store_report"),
    step(Action.FAIL, {ReportStatus.QUEUED}, ReportStatus.FAILED, "reports.store_report"),
    step(Action.RETRY, {ReportStatus.FAILED}, ReportStatus.QUEUED, "reports.request_report"),
)

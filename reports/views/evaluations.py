"""One evaluation: own list, page, and the steps of district, officer, expert and division head."""

from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from members.views.stepup import StepUpMixin
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, TransitionView
from reports.enums import Action
from reports.figures import appeal_until
from reports.forms.appeals import AppealForm
from reports.forms.grading import AssignForm, DeclarationForm, GradeForm, ReportForm, ScoreForm
from reports.forms.selfreports import NoteForm, OpinionForm, ReasonForm
from reports.models import Evaluation
from reports.selectors.experts import candidates
from reports.selectors.pages import evaluation_for_page, evaluation_page, evaluation_rows, expert_rows
from reports.selectors.published import editions_of
from reports.selectors.scores import excellent_so_far, proposed_deduction, provisional_grade, sheet_of
from reports.selectors.selfreport import drawn_rows, jumps, targets_by_lead, without_evidence
from reports.services.appeals import accept_grade, appeal_grade
from reports.services.grading import (
    confirm_grade,
    exempt_evaluation,
    finalise_evaluation,
    grade_evaluation,
    mark_absent,
    send_back_evaluation,
)
from reports.services.scoring import assign_expert, declare_no_conflict, recuse_expert, score_evaluation
from reports.services.selfreports import EDITABLE, return_self_report, verify_self_report
from reports.workflow import EVALUATION

STEP_URLS = {
    Action.SUBMIT: "reports:self-report-submit",
    Action.VERIFY: "reports:self-report-verify",
    Action.RETURN: "reports:self-report-return",
    Action.ASSIGN: "reports:expert-assign",
    Action.DECLARE: "reports:expert-declare",
    Action.SCORE: "reports:evaluation-score",
    Action.RECUSE: "reports:expert-recuse",
    Action.GRADE: "reports:evaluation-grade",
    Action.CONFIRM: "reports:grade-confirm",
    Action.SEND_BACK: "reports:evaluation-send-back",
    Action.ACCEPT_GRADE: "reports:grade-accept",
    Action.APPEAL: "reports:grade-appeal",
    Action.FINALISE: "reports:evaluation-finalise",
    Action.MARK_ABSENT: "reports:evaluation-mark-absent",
    Action.EXEMPT: "reports:evaluation-exempt",
}


class MyEvaluations(PermissionMixin, ListView):
    """The evaluations of the reader's consortia, or those it was asked to score."""

    model = Evaluation
    permission = "reports.list_own_evaluations"
    template_name = "reports/my_evaluations.html"
    sorts = ("cycle__year",)
    default_sort = "-cycle__year"

    def get_queryset(self) -> QuerySet[Evaluation]:
        rows = super().get_queryset()
        own = rows.of_organisations(self.actor) | rows.for_expert(self.actor)  # type: ignore[attr-defined]
        return evaluation_rows(own)


class EvaluationDetail(LoadMixin, TemplateView):
    """Everything about one evaluation that the reader may know."""

    model = Evaluation
    template_name = "reports/evaluation_detail.html"

    def get_queryset(self) -> QuerySet[Evaluation]:
        return evaluation_for_page(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        evaluation, user = self.object, self.request.user
        editable = evaluation.status in EDITABLE and may(user, "reports.edit_self_report", evaluation)
        return super().get_context_data(
            evaluation=evaluation,
            page=evaluation_page(evaluation, user),
            editions=editions_of(evaluation, user),
            steps=offered_steps(self),
            editable=editable,
            members=evaluation.consortium.participations.present().select_related("organisation"),
            report_form=ReportForm()
            if evaluation.snapshot and may(user, "reports.request_report", evaluation)
            else None,
            **kwargs,
        )


def offered_steps(view: Any) -> list[dict[str, Any]]:
    """The steps open to the reader, each with its address and what still stands in the way."""
    return [
        {
            "label": Action(action).label,
            "url": STEP_URLS[Action(action)],
            "obstacles": EVALUATION.obstacles(view.object, action, view.at),
        }
        for action in EVALUATION.offered(view.object, view.request.user)
        if action in STEP_URLS
    ]


class EvaluationStep(StepUpMixin, TransitionView):
    """One step on an evaluation; subclasses say which."""

    model = Evaluation
    workflow = EVALUATION
    template_name = "reports/evaluation_step.html"
    form_class: type[Form] = NoteForm
    danger = False
    explanation: Any = ""

    def get_queryset(self) -> QuerySet[Evaluation]:
        return evaluation_for_page(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"label": Action(self.action).label, "danger": self.danger, "explanation": self.explanation}
        return super().get_context_data(evaluation=self.object, **facts, **kwargs)

    def get_success_message(self) -> str:
        return str(_("Done: %(action)s.") % {"action": Action(self.action).label})


# --- district ----------------------------------------------------------------------------------
class SelfReportVerify(EvaluationStep):
    """The district finds the figures proven."""

    action, permission, form_class = Action.VERIFY, "reports.verify_self_report", OpinionForm
    explanation = _("Compare the figures with their evidence first. An expert is assigned next.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        facts = {"without_evidence": without_evidence(one), "jumps": jumps(one)}
        return super().get_context_data(stated_targets=targets_by_lead(one), **facts, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "drawn": drawn_rows(self.object)}

    def perform(self, form: Any) -> Evaluation:
        data = form.cleaned_data
        return verify_self_report(
            evaluation=self.object, actor=self.actor, opinion=data["opinion"], at=self.at,
            checked=data.get("checked", ()),
        )  # fmt: skip


class SelfReportReturn(EvaluationStep):
    """The district asks for a correction."""

    action, permission, form_class = Action.RETURN, "reports.verify_self_report", ReasonForm
    explanation = _("The lead reads this text and files again. Every return costs points by the rules of the year.")
    danger = True

    def perform(self, form: Any) -> Evaluation:
        return return_self_report(evaluation=self.object, actor=self.actor, note=form.cleaned_data["note"], at=self.at)


# --- expert ------------------------------------------------------------------------------------
class ExpertAssign(EvaluationStep):
    """The officer asks an expert."""

    action, permission, form_class = Action.ASSIGN, "reports.assign_expert", AssignForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "experts": candidates(self.object, self.at)}

    def perform(self, form: Any) -> Evaluation:
        return assign_expert(evaluation=self.object, actor=self.actor, expert=form.cleaned_data["expert"], at=self.at)


class ExpertDeclare(EvaluationStep):
    """The expert declares to be free of conflict."""

    action, permission, form_class = Action.DECLARE, "reports.score_evaluation", DeclarationForm

    def perform(self, form: Any) -> Evaluation:
        return declare_no_conflict(evaluation=self.object, actor=self.actor, at=self.at)


class ExpertRecuse(EvaluationStep):
    """The expert declares a conflict; afterwards the evaluation is out of its sight."""

    action, permission, form_class = Action.RECUSE, "reports.score_evaluation", ReasonForm
    danger = True

    def perform(self, form: Any) -> Evaluation:
        return recuse_expert(evaluation=self.object, actor=self.actor, note=form.cleaned_data["note"], at=self.at)

    def fallback_url(self) -> str:
        return reverse("reports:my-evaluations")


class EvaluationScore(EvaluationStep):
    """The expert hands in scores."""

    action, permission, form_class = Action.SCORE, "reports.score_evaluation", ScoreForm
    template_name = "reports/evaluation_score.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "indicators": expert_rows(self.object)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=evaluation_page(self.object, self.request.user), **kwargs)

    def perform(self, form: Any) -> Evaluation:
        return score_evaluation(
            evaluation=self.object,
            actor=self.actor,
            scores=form.scores(),
            opinion=form.cleaned_data["opinion"],
            at=self.at,
        )


# --- grade -------------------------------------------------------------------------------------
class EvaluationGrade(EvaluationStep):
    """The officer grades on the computed sheet."""

    step_up = True
    action, permission, form_class = Action.GRADE, "reports.grade_evaluation", GradeForm
    template_name = "reports/evaluation_grade.html"

    def get_initial(self) -> dict[str, Any]:
        deduction = proposed_deduction(self.object)
        note = _("Self-report returned %(count)s times") % {"count": self.object.returned_count} if deduction else ""
        return {"bonus": 0, "deduction": deduction, "deduction_note": note}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sheet = sheet_of(self.object)
        taken, quota = excellent_so_far(self.object)
        return super().get_context_data(
            page=evaluation_page(self.object, self.request.user), sheet=sheet, rules=self.object.cycle.rules.data,
            provisional=provisional_grade(self.object, sheet), taken=taken, quota=quota, **kwargs,
        )  # fmt: skip

    def perform(self, form: Any) -> Evaluation:
        return grade_evaluation(evaluation=self.object, actor=self.actor, verdict=form.verdict(), at=self.at)


class GradeConfirm(EvaluationStep):
    """Division head or leader confirms; the lead is told its grade and may appeal."""

    step_up = True
    action, permission = Action.CONFIRM, "reports.confirm_grade"
    template_name = "reports/grade_confirm.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        until = appeal_until(self.object.cycle.rules.data, timezone.localdate(self.at))
        page = evaluation_page(self.object, self.request.user)
        return super().get_context_data(page=page, until=until, **kwargs)

    def perform(self, form: Any) -> Evaluation:
        return confirm_grade(evaluation=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"])


class GradeAccept(EvaluationStep):
    """The lead accepts its grade."""

    action, permission = Action.ACCEPT_GRADE, "reports.accept_grade"
    template_name = "reports/grade_answer.html"
    explanation = _("Your grade stands, and no appeal can follow. It is published for objections next.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=evaluation_page(self.object, self.request.user), **kwargs)

    def perform(self, form: Any) -> Evaluation:
        return accept_grade(evaluation=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"])


class GradeAppeal(EvaluationStep):
    """The lead contests its grade."""

    action, permission, form_class = Action.APPEAL, "reports.appeal_grade", AppealForm
    template_name = "reports/grade_answer.html"
    explanation = _("Somebody who neither graded nor confirmed decides on it. There is one appeal against one grade.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "rules": self.object.cycle.rules.data}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=evaluation_page(self.object, self.request.user), **kwargs)

    def perform(self, form: Any) -> Evaluation:
        evaluation: Evaluation = self.object
        appeal_grade(evaluation=evaluation, actor=self.actor, at=self.at, **form.cleaned_data)
        return evaluation


class EvaluationFinalise(EvaluationStep):
    """Division head or leader makes the grade final; the consequences are proposed."""

    step_up = True
    action, permission = Action.FINALISE, "reports.finalise_evaluation"
    template_name = "reports/evaluation_finalise.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=evaluation_page(self.object, self.request.user), **kwargs)

    def perform(self, form: Any) -> Evaluation:
        return finalise_evaluation(evaluation=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"])


class EvaluationSendBack(EvaluationStep):
    """Division head or leader wants another grading."""

    action, permission, form_class = Action.SEND_BACK, "reports.confirm_grade", ReasonForm
    danger = True

    def perform(self, form: Any) -> Evaluation:
        return send_back_evaluation(
            evaluation=self.object, actor=self.actor, note=form.cleaned_data["note"], at=self.at
        )


class EvaluationMarkAbsent(EvaluationStep):
    """Nothing was filed in time."""

    action, permission, form_class = Action.MARK_ABSENT, "reports.mark_absent", ReasonForm
    explanation = _("Absent counts as unqualified: an exit case and a hold on tranches not approved yet are proposed.")
    danger = True

    def perform(self, form: Any) -> Evaluation:
        return mark_absent(evaluation=self.object, actor=self.actor, note=form.cleaned_data["note"], at=self.at)


class EvaluationExempt(EvaluationStep):
    """Let off this year, for a reason."""

    action, permission, form_class = Action.EXEMPT, "reports.exempt_evaluation", ReasonForm
    explanation = _("No grade is given for this year and nothing follows from it; the lead reads the reason.")
    danger = True

    def perform(self, form: Any) -> Evaluation:
        return exempt_evaluation(evaluation=self.object, actor=self.actor, note=form.cleaned_data["note"], at=self.at)

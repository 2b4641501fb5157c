"""Appeals against grades and objections to lists of them: list, page, decision."""

from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from members.views.stepup import StepUpMixin
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, TransitionView
from portal.kernel.views_reveal import RevealView
from reports.enums import Action
from reports.filters import AppealFilter
from reports.forms.appeals import DismissForm, UpholdForm
from reports.models import Appeal, AppealFile
from reports.rules import word
from reports.services.appeals import dismiss_appeal, uphold_appeal
from reports.workflow import APPEAL

RELATED = ("evaluation__consortium", "evaluation__cycle__rules", "filed_by", "decided_by")
HEAVY = ("evaluation__snapshot", "evaluation__values", "evaluation__sheet", "evaluation__scores")
STEP_URLS = {Action.UPHOLD: "reports:appeal-uphold", Action.DISMISS: "reports:appeal-dismiss"}


class AppealList(PermissionMixin, ListView):
    """Everything that contests a grade, the open ones first to be answered on top."""

    model = Appeal
    permission = "reports.list_appeals"
    template_name = "reports/appeal_list.html"
    filterset_class = AppealFilter
    sorts = ("created_at", "answer_due")
    default_sort = "-created_at"

    def get_queryset(self) -> QuerySet[Appeal]:
        return super().get_queryset().select_related("evaluation__consortium", "evaluation__cycle").defer(*HEAVY)


class AppealDetail(LoadMixin, TemplateView):
    """One appeal or objection, as far as the reader may know it."""

    model = Appeal
    template_name = "reports/appeal_detail.html"

    def get_queryset(self) -> QuerySet[Appeal]:
        return super().get_queryset().select_related(*RELATED)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        appeal, user = self.object, self.request.user
        opens = may(user, "reports.open_appeal_file", appeal)
        return super().get_context_data(
            appeal=appeal,
            indicators=named(appeal),
            evidence=appeal.evidence.select_related("attachment") if opens else (),
            reveals=bool(appeal.objector) and may(user, "reports.reveal_objector", appeal),
            steps=[
                {"label": Action(action).label, "url": STEP_URLS[Action(action)]}
                for action in APPEAL.offered(appeal, user)
            ],
            **kwargs,
        )


def named(appeal: Appeal) -> list[str]:
    """The indicators that it is about, in the reader's language."""
    lines = [one for part in appeal.evaluation.cycle.rules.data["dimensions"] for one in part["indicators"]]
    return [f"{one['code']} {word(one)}" for one in lines if one["code"] in appeal.indicators]


class AppealStep(StepUpMixin, TransitionView):
    """The decision on one appeal."""

    step_up = True
    model = Appeal
    workflow = APPEAL
    permission = "reports.decide_appeal"
    template_name = "reports/appeal_step.html"
    form_class: type[Form] = DismissForm
    success_message = _("The decision is recorded.")
    explanation: Any = ""

    def get_queryset(self) -> QuerySet[Appeal]:
        return super().get_queryset().select_related(*RELATED)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"label": Action(self.action).label, "explanation": self.explanation}
        return super().get_context_data(appeal=self.object, **facts, **kwargs)


class AppealUphold(AppealStep):
    """The grade is wrong."""

    action, form_class = Action.UPHOLD, UpholdForm
    explanation = _("The grade is void; what was wrong is done again, by other people where it is scored.")

    def perform(self, form: Any) -> Appeal:
        return uphold_appeal(appeal=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class AppealDismiss(AppealStep):
    """The grade stands."""

    action = Action.DISMISS
    explanation = _("The grade stands as it is.")

    def perform(self, form: Any) -> Appeal:
        return dismiss_appeal(appeal=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class AppealFileDownload(PermissionMixin, LoadMixin):
    """A file that came with an appeal; with an objection: supervision alone."""

    model = AppealFile
    permission = "reports.open_appeal_file"
    http_method_names = ["get", "head", "options"]

    def get_queryset(self) -> QuerySet[AppealFile]:
        return super().get_queryset().select_related("attachment", "appeal__evaluation__consortium")

    def permission_object(self) -> Appeal:
        appeal: Appeal = self.object.appeal
        return appeal

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        return files.serve(self.object.attachment, request=request)


class GradeObjectorReveal(StepUpMixin, RevealView):
    """Who objects and how to reach: supervision."""

    step_up = True
    model = Appeal
    permission = "reports.reveal_objector"
    fields = ("name", "contact")

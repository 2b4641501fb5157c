"""Typical cases: read by everybody once published; written by officers, decided on by heads."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.views.notices import frame
from members.views.stepup import StepUpMixin
from portal.kernel.authz import may
from portal.kernel.stale import SeenMixin
from portal.kernel.views import ListView, LoadMixin, ServiceFormView, TransitionView
from reports.enums import Action
from reports.forms.cases import CaseForm
from reports.forms.selfreports import ReasonForm
from reports.models import TypicalCase
from reports.selectors.published import cases
from reports.services.cases import WRITABLE, propose_case, publish_case, return_case, withdraw_case, write_case
from reports.workflow import CASE

STEP_URLS = {
    Action.PROPOSE_CASE: "reports:case-propose",
    Action.PUBLISH_CASE: "reports:case-publish",
    Action.RETURN_CASE: "reports:case-return",
    Action.WITHDRAW_CASE: "reports:case-withdraw",
}


# --- for everybody -----------------------------------------------------------------------------
@method_decorator(login_not_required, name="dispatch")
class PublishedCases(ListView):
    """The library; the bureau finds those being written in it, too."""

    model = TypicalCase
    template_name = "reports/published_cases.html"
    page_size = 20

    def get_queryset(self) -> QuerySet[TypicalCase]:
        return cases(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(frame=frame(user), may_write=may(user, "reports.write_case"), **kwargs)


@method_decorator(login_not_required, name="dispatch")
class PublishedCase(LoadMixin, TemplateView):
    """One case; of one withdrawn the public reads just that (410)."""

    model = TypicalCase
    template_name = "reports/published_case.html"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("evaluation__consortium__lead", "evaluation__cycle", "written_by")

    def get(self, request: HttpRequest, *_args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        insider = may(user, "reports.request_report")
        gone = self.object.is_withdrawn and not insider
        context = self.get_context_data(
            frame=frame(user),
            case=self.object,
            gone=gone,
            insider=insider,
            editable=self.object.status in WRITABLE and may(user, "reports.write_case", self.object),
            steps=[
                {"label": Action(action).label, "url": STEP_URLS[Action(action)]}
                for action in CASE.offered(self.object, user)
            ] if insider else [],
            **kwargs,
        )  # fmt: skip
        return self.render_to_response(context, status=410 if gone else 200)


# --- for the bureau ----------------------------------------------------------------------------
class CaseWrite(ServiceFormView):
    """A new case."""

    permission, action, form_class = "reports.write_case", Action.WRITE_CASE, CaseForm
    template_name = "reports/case_form.html"
    success_message = _("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": TypicalCase(written_by_id=self.actor.pk)}

    def perform(self, form: Any) -> TypicalCase:
        return write_case(case=form.save(commit=False), actor=self.actor, at=self.at)


class CaseEdit(SeenMixin, LoadMixin, CaseWrite):
    """Other words."""

    model = TypicalCase

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.object}

    def perform(self, form: Any) -> TypicalCase:
        return write_case(case=form.save(commit=False), actor=self.actor, at=self.at, seen=form.cleaned_data["seen"])

    def closed(self) -> list[str]:
        handed_on = _("This case was handed on. It is changed when it has been returned.")
        return [] if self.object.status in WRITABLE else [str(handed_on)]


class CaseStep(StepUpMixin, TransitionView):
    """One step of a case; subclasses say which."""

    model, workflow = TypicalCase, CASE
    form_class: type[Form] = Form
    template_name = "reports/case_step.html"
    explanation: Any = ""
    danger = False

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("evaluation__consortium__lead", "evaluation__cycle", "written_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"label": Action(self.action).label, "danger": self.danger, "explanation": self.explanation}
        return super().get_context_data(case=self.object, **facts, **kwargs)

    def get_success_message(self) -> str:
        return str(_("Done: %(action)s.") % {"action": Action(self.action).label})


class CasePropose(CaseStep):
    """The officer hands it on."""

    action = Action.PROPOSE_CASE
    explanation = _("The heads are asked to publish it.")

    def perform(self, form: Any) -> TypicalCase:
        return propose_case(case=self.object, actor=self.actor, at=self.at)


class CasePublish(CaseStep):
    """A head publishes what somebody else wrote."""

    step_up, action = True, Action.PUBLISH_CASE
    explanation = _("Everybody can read it, with or without an account. Writer and lead are told.")

    def perform(self, form: Any) -> TypicalCase:
        return publish_case(case=self.object, actor=self.actor, at=self.at)


class CaseReturn(CaseStep):
    """A head wants it changed."""

    action, form_class = Action.RETURN_CASE, ReasonForm
    explanation = _("The writer reads the reason and changes the case.")

    def perform(self, form: Any) -> TypicalCase:
        return return_case(case=self.object, actor=self.actor, note=form.cleaned_data["note"], at=self.at)


class CaseWithdraw(CaseStep):
    """A head takes it off the public pages."""

    step_up, action, form_class, danger = True, Action.WITHDRAW_CASE, ReasonForm, True
    explanation = _("Nobody outside the bureau reads it any more: its address says that it was withdrawn.")

    def perform(self, form: Any) -> TypicalCase:
        return withdraw_case(case=self.object, actor=self.actor, note=form.cleaned_data["note"], at=self.at)

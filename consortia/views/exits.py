"""The exit case: its list, its page, and one page for each of its steps."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from consortia.enums import Action
from consortia.forms.consortium import NoteForm
from consortia.forms.lifecycle import (
    AppealForm,
    AssessForm,
    DecideExitForm,
    NoticeForm,
    OpenExitForm,
    OptionalNoteForm,
    RequestExitForm,
    StatementForm,
)
from consortia.models import Consortium, ExitCase
from consortia.services import exits
from consortia.views.forming import EditMixin
from consortia.views.steps import StepView
from consortia.workflow import EXIT_CASE
from members.views.stepup import StepUpMixin
from portal.kernel import files
from portal.kernel.querysets import keyset_page
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView

CASES = 50


class ExitList(PermissionMixin, TemplateView):
    """All cases, the newest first."""

    template_name = "consortia/exit_list.html"
    permission = "consortia.view_exits"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = ExitCase.objects.visible_to(self.request.user).select_related("consortium__lead")
        query = self.request.GET
        page = keyset_page(
            rows, ("-created_at", "-pk"), after=query.get("after"), before=query.get("before"), size=CASES
        )
        return super().get_context_data(page=page, rows=page.rows, **kwargs)


class ExitDetail(LoadMixin, TemplateView):
    """One case with everything said and done in it."""

    model = ExitCase
    template_name = "consortia/exit_detail.html"

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related(
            "consortium__lead", "statement_file", "appeal_file", "opened_by", "decided_by"
        )  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        return super().get_context_data(
            case=self.object, actions=EXIT_CASE.available(self.object, user, self.at), **kwargs
        )


class ExitFile(LoadMixin, View):
    """What the lead attached to its statement or its appeal."""

    model = ExitCase

    def get(self, *_args: Any, **_kwargs: Any) -> Any:
        kept = {"statement": self.object.statement_file, "appeal": self.object.appeal_file}.get(self.kwargs["kind"])
        if kept is None:
            raise Http404
        return files.serve(kept, request=self.request)


class ExitBegin(StepUpMixin, EditMixin, ServiceFormView):  # type: ignore[misc] # an action is a text
    """A case begins on the consortium."""

    model = Consortium
    template_name = "consortia/exit_open.html"
    step_up = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=self.action.label, **kwargs)


class ExitRequest(ExitBegin):
    """The lead applies for the exit of its consortium."""

    action = Action.REQUEST_EXIT
    form_class = RequestExitForm
    success_message = _("The bureau has been told that the consortium applies for its exit.")

    def perform(self, form: Any) -> ExitCase:
        return exits.request_exit(consortium=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)


class ExitOpen(ExitBegin):
    """The bureau opens a case."""

    action = Action.OPEN_EXIT
    form_class = OpenExitForm
    success_message = _("The case is opened. Next, serve the notice.")

    def perform(self, form: Any) -> ExitCase:
        return exits.open_exit(consortium=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)


class ExitStep(StepView):
    """One step of a case."""

    model, workflow, subject = ExitCase, EXIT_CASE, "case"
    template_name = "consortia/exit_step.html"

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("consortium__lead")


class ExitDecision(ExitStep):
    """A step that decides the case, or ends it."""

    step_up = True


class ExitServeNotice(ExitStep):
    """The notice goes out."""

    action, service = Action.SERVE_NOTICE, exits.serve_notice
    form_class = NoticeForm
    explanation = _("The lead organisation learns why the case was opened and what is intended.")
    success_message = _("The notice is served.")


class ExitRecordDelivery(ExitStep):
    """The notice has arrived."""

    action, service = Action.RECORD_DELIVERY, exits.record_delivery
    form_class = OptionalNoteForm
    explanation = _("The statement period of ten working days begins today.")
    success_message = _("Receipt is recorded; the statement period has begun.")


class ExitFileStatement(ExitStep):
    """The lead speaks."""

    action, service = Action.FILE_STATEMENT, exits.file_statement
    form_class = StatementForm
    explanation = _("Say what speaks against the case. A statement is filed once.")
    success_message = _("The statement is filed.")


class ExitAssess(ExitStep):
    """Everything is settled."""

    action, service = Action.ASSESS_EXIT, exits.assess_exit
    form_class = AssessForm
    explanation = _("Funds, intellectual property and equipment are settled before anybody decides.")
    success_message = _("The settlement is recorded.")


class ExitDecide(ExitDecision):
    """The meeting has decided."""

    action, service = Action.DECIDE_EXIT, exits.decide_exit
    form_class = DecideExitForm
    explanation = _("Who opened the case does not decide it; the bureau leader alone revokes.")
    success_message = _("The decision is recorded.")


class ExitPublicise(ExitStep):
    """The decision is shown to everybody."""

    action, service = Action.PUBLICISE_EXIT, exits.publicise_exit
    form_class = OptionalNoteForm
    explanation = _("The decision stands on the public page of the consortium; the lead may appeal for seven days.")
    success_message = _("The decision is publicised.")


class ExitAppeal(ExitStep):
    """The lead appeals."""

    action, service = Action.APPEAL_EXIT, exits.appeal_exit
    form_class = AppealForm
    explanation = _("Somebody who neither opened nor decided the case hears the appeal.")
    success_message = _("The appeal is filed.")


class ExitUphold(ExitDecision):
    """The appeal is rejected."""

    action, service = Action.UPHOLD_EXIT, exits.uphold_exit
    form_class = NoteForm
    explanation = _("The appeal is rejected and the case may be closed.")
    success_message = _("The decision is upheld.")


class ExitReverse(ExitDecision):
    """The appeal is granted."""

    action, service = Action.REVERSE_EXIT, exits.reverse_exit
    form_class = NoteForm
    explanation = _("The appeal is granted: the case ends and the consortium stays.")
    success_message = _("The decision is reversed; the consortium stays.")


class ExitDismiss(ExitDecision):
    """No grounds to go on."""

    action, service = Action.DISMISS_EXIT, exits.dismiss_exit
    form_class = NoteForm
    template_name = "consortia/exit_dismiss.html"
    explanation = _("The case ends before a meeting decides, and the consortium stays. This cannot be undone.")
    success_message = _("The case is dismissed; the consortium stays.")


class ExitWithdraw(ExitDecision):
    """The lead has thought better of it."""

    action, service = Action.WITHDRAW_EXIT, exits.withdraw_exit
    form_class = NoteForm
    template_name = "consortia/exit_dismiss.html"
    explanation = _("The case ends and the consortium stays. You can apply again, in a new case.")
    success_message = _("The application for exit is taken back; the consortium stays.")


class ExitClose(ExitDecision):
    """The decision takes effect."""

    action, service = Action.CLOSE_EXIT, exits.close_exit
    form_class = OptionalNoteForm
    explanation = _("The decision takes effect on the consortium now. This cannot be undone.")
    success_message = _("The case is closed.")

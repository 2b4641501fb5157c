"""Another lead: proposed, consented to or refused, answered, decided."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from consortia.enums import Action
from consortia.forms.consortium import NoteForm
from consortia.forms.leadchange import AnswerForm, ProposeForm, SeenForm
from consortia.forms.lifecycle import PaperForm
from consortia.models import Consortium, LeadChange
from consortia.selectors.leadchanges import asked, consequences, content_of, speaks_for, words
from consortia.services import leadchanges
from consortia.views.forming import EditMixin
from consortia.views.steps import StepView
from consortia.workflow import LEAD_CHANGE
from members.enums import Role
from members.models import YearFigures
from members.views.stepup import StepUpMixin
from portal.kernel.audit import sha256
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView

SIDES = ("old_lead", "new_lead", "asked_by")
MOST = 200


class LeadChangePropose(StepUpMixin, EditMixin, ServiceFormView):
    """Name another lead."""

    model = Consortium
    action = Action.PROPOSE_LEAD_CHANGE
    form_class = ProposeForm
    template_name = "consortia/lead_change_propose.html"
    step_up = True
    success_message = _("The proposal stands; those concerned have been asked.")

    def closed(self) -> list[str]:
        """One proposal at a time."""
        running = self.object.lead_changes.open().exists()
        return [str(_("Another change of the lead is being decided already."))] if running else super().closed()

    def get_form_kwargs(self) -> dict[str, Any]:
        by_lead = speaks_for(self.request.user, self.object.lead_id)
        return super().get_form_kwargs() | {"consortium": self.object, "by_lead": by_lead}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consortium=self.object, label=self.action.label, **kwargs)

    def perform(self, form: Any) -> LeadChange:
        return leadchanges.propose_lead_change(
            consortium=self.object, actor=self.request.user, at=self.at, **form.cleaned_data
        )


class LeadChangeList(PermissionMixin, TemplateView):
    """Those being decided, as far as the reader may see them."""

    permission = "consortia.view_lead_changes"
    template_name = "consortia/lead_change_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = LeadChange.objects.visible_to(self.request.user).open().select_related("consortium", *SIDES)
        return super().get_context_data(rows=rows[:MOST], **kwargs)


class LeadChangeMixin(LoadMixin):
    """A proposal that the reader may see."""

    model = LeadChange

    def get_queryset(self) -> QuerySet[LeadChange]:
        return super().get_queryset().select_related(
            "consortium__lead", "proposed_by", "decided_by", *SIDES
        )  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(change=self.object, consortium=self.object.consortium, **kwargs)


class LeadChangeDetail(LeadChangeMixin, TemplateView):
    """Who is to lead, what each member says, what stands in the way and what follows."""

    template_name = "consortia/lead_change_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        change, told = self.object, words(self.object)
        answering = [one for one in told if user.holds(Role.CONFIRMER, organisation=one.participation.organisation_id)]
        years = YearFigures.objects.visible_to(user).filter(organisation=change.new_lead)
        return super().get_context_data(
            words=told, agreed=sum(word.agrees for word in told), answering=answering, years=years[:3],
            offered=LEAD_CHANGE.offered(change, user), actions=LEAD_CHANGE.available(change, user, self.at),
            missing=[str(one) for one in LEAD_CHANGE.obstacles(change, Action.APPROVE_LEAD_CHANGE, self.at)],
            consequences=consequences(change, self.at), **kwargs,
        )  # fmt: skip


class LeadChangeStep(LeadChangeMixin, StepView):
    """One step on a proposal."""

    workflow, subject = LEAD_CHANGE, "change"
    template_name = "consortia/lead_change_step.html"
    step_up = True


class LeadChangeWord(LeadChangeStep):
    """What one of the members that are asked says."""

    def load(self) -> LeadChange:
        change: LeadChange = super().load()
        self.participation = get_object_or_404(asked(change), pk=self.kwargs["participation"])
        return change

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(participation=self.participation, **kwargs)

    def facts(self, form: Any) -> dict[str, Any]:
        return super().facts(form) | {"participation": self.participation}


class LeadChangeConsent(LeadChangeWord):
    """Agree."""

    action, service, form_class = Action.CONSENT_LEAD_CHANGE, leadchanges.consent_lead_change, SeenForm
    explanation = _(
        "You agree to the proposal as it reads now. When the part of one of the two changes, you are asked again."
    )
    success_message = _("Your organisation has consented.")

    def get_initial(self) -> dict[str, Any]:
        return {"seen": sha256(content_of(self.object))}


class LeadChangeRefuse(LeadChangeWord):
    """Say no."""

    action, service, form_class = Action.REFUSE_LEAD_CHANGE, leadchanges.refuse_lead_change, NoteForm
    explanation = _("Without the consent of every core member the lead stays. Everybody concerned reads your reason.")
    success_message = _("Your organisation has refused.")


class LeadChangeAnswer(LeadChangeStep):
    """The lead so far is heard."""

    action, service, form_class = Action.ANSWER_LEAD_CHANGE, leadchanges.answer_lead_change, AnswerForm
    explanation = _("Say what speaks for or against another lead. You answer once, before the bureau decides.")
    success_message = _("The answer is filed.")


class LeadChangeWithdraw(LeadChangeStep):
    """Take it back."""

    action, service, form_class = Action.WITHDRAW_LEAD_CHANGE, leadchanges.withdraw_lead_change, NoteForm
    explanation = _("The proposal ends and the lead stays.")
    success_message = _("The proposal is taken back.")


class LeadChangeReject(LeadChangeStep):
    """The bureau says no."""

    action, service, form_class = Action.REJECT_LEAD_CHANGE, leadchanges.reject_lead_change, NoteForm
    explanation = _("The proposal ends and the lead stays.")
    success_message = _("The lead stays; everybody has been told.")


class LeadChangeApprove(LeadChangeStep):
    """The bureau says yes."""

    action, service, form_class = Action.APPROVE_LEAD_CHANGE, leadchanges.approve_lead_change, PaperForm
    template_name = "consortia/lead_change_approve.html"
    explanation = _(
        "The roles of both organisations swap at once, and both confirm them again. Whoever writes for the new lead "
        "takes over drafts, invitations and departures; an agreement that waits for signatures falls away."
    )
    success_message = _("The lead has passed; everybody has been told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consequences=consequences(self.object, self.at), **kwargs)

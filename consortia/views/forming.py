"""Forming and describing a consortium, drafting its agreement, and the decisions of the bureau."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, Clause
from consortia.forms.consortium import AgreementForm, ConsortiumCreateForm, ConsortiumForm, NoteForm
from consortia.models import Agreement, Consortium
from consortia.services.agreements import draft_agreement
from consortia.services.consortia import (
    create_consortium,
    exit_consortium,
    graduate_consortium,
    rectify_consortium,
    resume_consortium,
    revoke_consortium,
    update_consortium,
)
from consortia.workflow import CONSORTIUM, edit_obstacles
from portal.kernel.stale import SeenMixin
from portal.kernel.views import LoadMixin, ServiceFormView, TransitionView


class ConsortiumCreate(ServiceFormView):
    """Form a consortium and state the lead's own part."""

    permission = "consortia.create_consortium"
    form_class = ConsortiumCreateForm
    template_name = "consortia/consortium_create.html"
    success_message = _("The consortium is formed. Next, invite its members.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"actor": self.request.user}

    def perform(self, form: Any) -> Consortium:
        return create_consortium(consortium=form.instance, part=form.part(), actor=self.request.user, at=self.at)

    def fallback_url(self) -> str:
        return reverse("consortia:consortium-preparation", args=[self.result.pk])


class EditMixin(LoadMixin):
    """An edit of the consortium; closed in the states in which the service refuses it."""

    object: Consortium
    action: Action

    def closed(self) -> list[str]:
        """Why not."""
        return [str(reason) for reason in edit_obstacles(self.object, self.action)]


class ConsortiumUpdate(SeenMixin, EditMixin, ServiceFormView):
    """Change the profile."""

    action = Action.UPDATE
    model = Consortium
    permission = "consortia.update_consortium"
    form_class = ConsortiumForm
    template_name = "consortia/consortium_update.html"
    success_message = _("The profile is saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, form: Any) -> Consortium:
        return update_consortium(
            consortium=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"]
        )


class AgreementDraft(EditMixin, ServiceFormView):
    """Write the next version, beginning with the newest one or with our skeleton."""

    action = Action.DRAFT_AGREEMENT
    model = Consortium
    permission = "consortia.draft_agreement"
    form_class = AgreementForm
    template_name = "consortia/agreement_draft.html"
    success_message = _("The new version is laid down. Every member is asked to sign it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"choices": Clause.choices}

    def get_initial(self) -> dict[str, Any]:
        newest = self.object.agreements.first()
        if newest:
            return {"text": newest.text, "clauses": newest.clauses}
        members = self.object.participations.present().select_related("organisation")
        facts = {"consortium": self.object, "members": members, "technologies": self.object.technologies.all()}
        return {"text": render_to_string("consortia/agreement_text.txt", facts), "clauses": Clause.values}

    def perform(self, form: Any) -> Agreement:
        return draft_agreement(consortium=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return reverse("consortia:consortium-agreement", args=[self.object.pk])


class Decision(TransitionView):
    """A decision of the bureau, with its reason."""

    model = Consortium
    form_class = NoteForm
    template_name = "consortia/consortium_decide.html"
    workflow = CONSORTIUM
    service: Any
    explanation: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = Action(self.action).label
        return super().get_context_data(label=label, explanation=self.explanation, **kwargs)

    def perform(self, form: Any) -> Consortium:
        decided: Consortium = type(self).service(
            consortium=self.object, actor=self.request.user, at=self.at, note=form.cleaned_data["note"]
        )
        return decided


class ConsortiumRectify(Decision):
    """Order rectification."""

    permission, action, service = "consortia.rectify_consortium", Action.RECTIFY, rectify_consortium
    explanation = _("The consortium has to put right what you name here; it keeps its tier meanwhile.")
    success_message = _("Rectification is ordered; the consortium has been told.")


class ConsortiumResume(Decision):
    """Accept the rectification."""

    permission, action, service = "consortia.resume_consortium", Action.RESUME, resume_consortium
    explanation = _("The rectification is accepted and the consortium operates again.")
    success_message = _("The consortium operates again.")


class ConsortiumGraduate(Decision):
    """Let it go on without support."""

    permission, action, service = "consortia.graduate_consortium", Action.GRADUATE, graduate_consortium
    explanation = _("The build period is over and the consortium stands on its own feet. This cannot be undone.")
    success_message = _("The consortium has graduated.")


class ConsortiumExit(Decision):
    """Record that it gives up."""

    permission, action, service = "consortia.exit_consortium", Action.EXIT, exit_consortium
    explanation = _("The consortium leaves the programme by its own will. This cannot be undone.")
    success_message = _("The departure of the consortium is recorded.")


class ConsortiumRevoke(Decision):
    """Take the recognition back."""

    permission, action, service = "consortia.revoke_consortium", Action.REVOKE, revoke_consortium
    explanation = _("The rectification has failed; the recognition is taken back. This cannot be undone.")
    success_message = _("The recognition is revoked.")

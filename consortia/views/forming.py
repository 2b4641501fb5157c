"""Forming and describing a consortium."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import AT_WORK, Action
from consortia.enums import ConsortiumForm as Form
from consortia.forms.consortium import AmendForm, ConsortiumCreateForm, ConsortiumForm
from consortia.forms.contact import ContactForm
from consortia.forms.lifecycle import SharesForm
from consortia.models import Consortium
from consortia.services.amendments import amend_consortium
from consortia.services.consortia import NOT_INCORPORATED, create_consortium, set_shares, update_consortium
from consortia.services.contacts import name_contact
from consortia.workflow import EDITS, edit_obstacles
from portal.kernel.stale import SeenMixin
from portal.kernel.views import LoadMixin, ServiceFormView


class ConsortiumCreate(ServiceFormView):
    """Form a consortium and state the lead's own part."""

    permission = "consortia.create_consortium"
    form_class = ConsortiumCreateForm
    template_name = "consortia/consortium_create.html"
    success_message = _("The consortium is formed. Next, invite its members.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"actor": self.request.user}

    def perform(self, form: Any) -> Consortium:
        return create_consortium(
            consortium=form.instance, part=form.part(), actor=self.request.user, at=self.at,
            cross_fields=form.cleaned_data["cross_fields"],
        )  # fmt: skip

    def fallback_url(self) -> str:
        return reverse("consortia:consortium-preparation", args=[self.result.pk])


class EditMixin(LoadMixin):
    """An edit of the consortium; closed in the states in which the service refuses it."""

    object: Consortium
    action: Action

    def get_permission(self) -> str:
        return EDITS[self.action].permission

    def closed(self) -> list[str]:
        """Why not."""
        return [str(reason) for reason in edit_obstacles(self.object, self.action)]


class ConsortiumUpdate(SeenMixin, EditMixin, ServiceFormView):
    """Change the profile."""

    action = Action.UPDATE
    model = Consortium
    form_class = ConsortiumForm
    template_name = "consortia/consortium_update.html"
    success_message = _("The profile is saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, form: Any) -> Consortium:
        return update_consortium(
            consortium=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"],
            cross_fields=form.cleaned_data["cross_fields"],
        )  # fmt: skip


class ConsortiumAmend(SeenMixin, EditMixin, ServiceFormView):
    """Change the profile of a consortium at work, for a reason."""

    action = Action.AMEND
    model = Consortium
    permission = "consortia.amend_consortium"
    form_class = AmendForm
    template_name = "consortia/consortium_amend.html"
    success_message = _("The profile is amended; members and bureau have been told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, form: Any) -> Consortium:
        return amend_consortium(
            consortium=form.instance, actor=self.request.user, at=self.at, note=form.cleaned_data["note"],
            seen=form.cleaned_data["seen"],
        )  # fmt: skip


class ConsortiumNameContact(EditMixin, ServiceFormView):
    """Whom to ask at the lead organisation."""

    action = Action.NAME_CONTACT
    model = Consortium
    form_class = ContactForm
    template_name = "consortia/consortium_name_contact.html"
    success_message = _("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"consortium": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {"contact": self.object.contact_id}

    def perform(self, form: Any) -> Consortium:
        return name_contact(
            consortium=self.object, contact=form.cleaned_data["contact"], actor=self.request.user, at=self.at
        )


class ConsortiumSetShares(EditMixin, ServiceFormView):
    """Who holds how much of the company."""

    action = Action.SET_SHARES
    model = Consortium
    form_class = SharesForm
    template_name = "consortia/consortium_set_shares.html"
    success_message = _("The shareholding is recorded.")

    def closed(self) -> list[str]:
        """Nor for a consortium that is no company."""
        incorporated = self.object.form == Form.ENTITY
        return super().closed() or ([] if incorporated else [str(NOT_INCORPORATED)])

    def get_form_kwargs(self) -> dict[str, Any]:
        present = self.object.participations.present().select_related("organisation")
        asks_reason = self.object.status in AT_WORK
        return super().get_form_kwargs() | {
            "members": [one.organisation for one in present], "asks_reason": asks_reason
        }  # fmt: skip

    def get_initial(self) -> dict[str, Any]:
        return {str(one.organisation_id): one.share for one in self.object.shareholdings.all()}

    def perform(self, form: Any) -> Consortium:
        return set_shares(
            consortium=self.object, shares=form.shares(), actor=self.request.user, at=self.at,
            note=form.cleaned_data.get("note", ""),
        )  # fmt: skip

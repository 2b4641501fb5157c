"""What officials do with an organisation: verify it, record its parent, suspend it; and take the registry as a file."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.enums import Action
from members.exporters import ORGANISATION_COLUMNS, ORGANISATIONS
from members.filters import OrganisationFilter
from members.forms.standing import AffiliateForm, ReasonForm, VerifyForm
from members.models import Organisation
from members.services.standing import (
    IDENTITY,
    affiliate_organisation,
    deregister_organisation,
    resume_organisation,
    suspend_organisation,
    verify_organisation,
)
from members.workflow import ORGANISATION
from portal.kernel.stale import SeenMixin
from portal.kernel.views import TransitionView
from portal.kernel.views_exports import ListExport


class OrganisationStep(TransitionView):
    """One act of an official; the page says in one sentence what follows from it."""

    model = Organisation
    object: Organisation
    template_name = "members/organisation_step.html"
    consequence: str | Promise = ""


class OrganisationVerify(SeenMixin, OrganisationStep):
    """Name and code stand in the public register as they stand here."""

    seen_names = IDENTITY
    action = Action.VERIFY_ORGANISATION
    permission = "members.verify_organisation"
    form_class = VerifyForm
    consequence = _("Compare name and code with the public register. A change of either makes this void.")
    success_message = _("The organisation is verified.")

    def perform(self, form: VerifyForm) -> Organisation:
        return verify_organisation(organisation=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class OrganisationAffiliate(OrganisationStep):
    """Whose subsidiary it is."""

    action = Action.AFFILIATE
    permission = "members.affiliate_organisation"
    form_class = AffiliateForm
    consequence = _("Parents and subsidiaries are shown on the pages of both.")
    success_message = _("The parent organisation is recorded.")

    def get_initial(self) -> dict[str, Any]:
        parent = self.object.parent
        return {"parent_code": parent.uscc if parent else ""}

    def perform(self, form: AffiliateForm) -> Organisation:
        return affiliate_organisation(organisation=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class OrganisationMove(OrganisationStep):
    """A step of the organisation's standing, with its reason."""

    workflow = ORGANISATION
    form_class: type[forms.BaseForm] = ReasonForm


class OrganisationSuspend(OrganisationMove):
    """No new application for the time being."""

    action = Action.SUSPEND_ORGANISATION
    permission = "members.suspend_organisation"
    consequence = _("It leads no new application until it is admitted again. Its people are told.")
    success_message = _("The organisation is suspended.")

    def perform(self, form: Any) -> Organisation:
        return suspend_organisation(organisation=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class OrganisationResume(OrganisationMove):
    """As before."""

    action = Action.RESUME_ORGANISATION
    permission = "members.resume_organisation"
    consequence = _("It may lead applications again. Its people are told.")
    success_message = _("The organisation is admitted again.")

    def perform(self, form: Any) -> Organisation:
        return resume_organisation(organisation=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class OrganisationDeregister(OrganisationMove):
    """It does not exist any more."""

    action = Action.DEREGISTER_ORGANISATION
    permission = "members.deregister_organisation"
    consequence = _("Its data stay on record and do not change any more. There is no way back.")
    success_message = _("The deregistration is recorded.")

    def perform(self, form: Any) -> Organisation:
        return deregister_organisation(organisation=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class OrganisationExport(ListExport):
    """What the list of organisations shows, as a file."""

    export = ORGANISATIONS
    filterset_class = OrganisationFilter
    list_name = "members:organisation-list"
    list_columns = ORGANISATION_COLUMNS

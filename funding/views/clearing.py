"""What supervision does with an application before the experts read it."""

from collections.abc import Sequence
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.forms.applications import BulkCreditForm, CreditForm, DeclineForm, ReasonedForm
from funding.models import Application
from funding.rules.formal_check import Item
from funding.selectors.credit_checks import credit_list, paid_already, records_in_force
from funding.selectors.previews import previews
from funding.selectors.readings import read
from funding.selectors.subsidies import overlaps
from funding.services.checks import Outcome
from funding.services.clearing import (
    clear_application,
    clear_applications,
    end_suspended_application,
    foreseen_clearing,
    resume_application,
    suspend_application,
)
from funding.views.applications import kept_files
from funding.views.checks import BulkView, StepView
from funding.views.similarity import similarity_card
from members.models import IntegrityRecord
from members.selectors.credit import latest_credit
from portal.kernel.authz import may


class CreditView(StepView):
    """The list of the integrity check; two buttons lead to its outcomes."""

    permission = "funding.clear_application"
    form_class = CreditForm
    template_name = "funding/application_credit.html"
    needed: Sequence[str] = ()

    @cached_property
    def records(self) -> list[IntegrityRecord]:
        """The integrity records in force."""
        return list(records_in_force(self.object, self.at))

    @cached_property
    def items(self) -> list[Item]:
        """The list as the portal fills it in."""
        return credit_list(self.object, self.records)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "items": self.items, "needed": self.needed}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lead = self.object.consortium.lead
        return super().get_context_data(
            reading=read(self.object.snapshot), kept_files=kept_files(self.object),
            previews=previews(self.object, self.actor), credit=latest_credit(lead),
            may_check_credit=may(self.actor, "members.check_credit", lead), records=self.records,
            awards=paid_already(self.object, self.actor), overlaps=overlaps(self.object),
            similarity=similarity_card(self.object, self.actor),
            **kwargs,
        )  # fmt: skip

    def facts(self, form: CreditForm) -> dict[str, Any]:
        """What both services take."""
        note = form.cleaned_data["note"]
        return {
            "application": self.object, "actor": self.actor, "at": self.at, "items": form.results, "note": note,
        }  # fmt: skip


class ApplicationClear(CreditView):
    """Pass the integrity check."""

    action = Action.CLEAR
    success_message = _("The integrity check is passed. The acceptance desk assigns experts next.")

    def perform(self, form: CreditForm) -> Application:
        return clear_application(**self.facts(form))


class ApplicationSuspend(CreditView):
    """Let it wait."""

    action = Action.SUSPEND
    needed = ("note", "reasons")
    success_message = _("The application is suspended. Officers and head have been told.")

    def perform(self, form: CreditForm) -> Application:
        return suspend_application(**self.facts(form), reasons=form.cleaned_data["reasons"])


class ApplicationResume(StepView):
    """Take it up again."""

    action = Action.RESUME
    permission = "funding.clear_application"
    form_class = ReasonedForm
    template_name = "funding/application_resume.html"
    success_message = _("The application waits for the integrity check again.")

    def perform(self, form: ReasonedForm) -> Application:
        return resume_application(application=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"])


class ApplicationEndSuspended(StepView):
    """Do not support it."""

    action = Action.END_SUSPENDED
    permission = "funding.clear_application"
    form_class = DeclineForm
    template_name = "funding/application_end_suspended.html"
    success_message = _("The application is ended. The applicant has been told.")

    def perform(self, form: DeclineForm) -> Application:
        return end_suspended_application(application=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class ApplicationBulkClear(BulkView):
    """The integrity check of several."""

    permission = "funding.clear_somewhere"
    form_class = BulkCreditForm
    title = Action.CLEAR.label

    def foreseen(self, application: Application) -> list[Any]:
        return foreseen_clearing(application=application, actor=self.actor, at=self.at)

    def perform(self, form: BulkCreditForm) -> list[Outcome]:
        return clear_applications(
            applications=self.chosen, actor=self.actor, at=self.at, note=form.cleaned_data["note"]
        )

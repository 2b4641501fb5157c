"""Amendments of contracts: proposed on a page of their kind, read with what they change, moved step by step."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, AmendmentKind
from funding.forms.amendments import FORMS
from funding.forms.money import NoteForm, ReasonForm
from funding.models import Amendment, Contract
from funding.selectors import money
from funding.selectors.amendments import amendments, differences
from funding.selectors.parties import missing_consents
from funding.services.amendments import (
    check_amendment,
    consent_amendment,
    decide_amendment,
    propose_amendment,
    refuse_amendment,
    withdraw_amendment,
)
from funding.views.cases import CaseList
from funding.views.money import MoneyPage, MoneyStep, consenting, offered
from funding.workflow import AMENDMENT
from portal.kernel.audit import trail
from portal.kernel.views import ServiceFormView

URLS = {
    Action.CONSENT_AMENDMENT: "funding:amendment-consent",
    Action.CHECK_AMENDMENT: "funding:amendment-check",
    Action.DECIDE_AMENDMENT: "funding:amendment-decide",
    Action.REFUSE_AMENDMENT: "funding:amendment-refuse",
    Action.WITHDRAW_AMENDMENT: "funding:amendment-withdraw",
}


class AmendmentList(CaseList):
    """Every amendment that the reader may see."""

    model, title = Amendment, _("Amendments")
    about = _("What is changed in effective contracts: term, targets, budget, members.")
    nothing = _("No contract was or is to be amended. An amendment begins at the contract.")

    def get_queryset(self) -> QuerySet[Amendment]:
        return amendments(self.actor)


class AmendmentPropose(MoneyPage, ServiceFormView):
    """The lead proposes a change of one kind."""

    model = Contract
    permission = "funding.propose_amendment"
    template_name = "funding/amendment_form.html"
    success_message = _("The amendment is proposed; every party is asked for its consent.")

    def get_queryset(self) -> QuerySet[Contract]:
        return money.contracts(self.request.user)

    @cached_property
    def kind(self) -> AmendmentKind:
        """Of the address."""
        try:
            return AmendmentKind(self.kwargs["kind"].upper())
        except ValueError:
            raise Http404 from None

    def get_form_class(self) -> type[forms.Form]:
        return FORMS[self.kind]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "contract": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=self.kind, label=self.kind.label, **kwargs)

    def perform(self, form: Any) -> Amendment:
        reason = form.cleaned_data["reason"]
        return propose_amendment(
            contract=self.object, kind=self.kind, changes=form.facts(), reason=reason, actor=self.actor, at=self.at
        )

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())


class AmendmentDetail(MoneyPage, TemplateView):
    """What changes and why, who consents, who decided."""

    model = Amendment
    template_name = "funding/amendment_detail.html"

    def get_queryset(self) -> QuerySet[Amendment]:
        return amendments(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        missing = missing_consents(self.object)
        given = self.object.consents.select_related("organisation", "given_by")
        urls = consenting(URLS, Action.CONSENT_AMENDMENT, missing, self.request.user)
        facts = {"actions": offered(AMENDMENT, urls, self), "missing": missing, "given": given}
        return super().get_context_data(
            differences=differences(self.object), trail=trail(self.object), **facts, **kwargs
        )  # fmt: skip


class AmendmentStep(MoneyStep):
    """One step on an amendment: its service takes the fields of the form by their names."""

    model, workflow = Amendment, AMENDMENT
    facts_template = "funding/_amendment_facts.html"
    form_class: type[forms.Form] = NoteForm
    service: Any = None

    def get_queryset(self) -> QuerySet[Amendment]:
        return amendments(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(differences=differences(self.object), **kwargs)

    def perform(self, form: Any) -> Amendment:
        found: Amendment = self.service(amendment=self.object, actor=self.actor, at=self.at, **form.cleaned_data)
        return found


class AmendmentConsents(AmendmentStep):
    action, service = Action.CONSENT_AMENDMENT, staticmethod(consent_amendment)


class AmendmentCheck(AmendmentStep):
    action, service = Action.CHECK_AMENDMENT, staticmethod(check_amendment)


class AmendmentDecide(AmendmentStep):
    step_up = True
    action, service = Action.DECIDE_AMENDMENT, staticmethod(decide_amendment)


class AmendmentRefuse(AmendmentStep):
    action, form_class, service = Action.REFUSE_AMENDMENT, ReasonForm, staticmethod(refuse_amendment)


class AmendmentWithdraw(AmendmentStep):
    action, form_class, service = Action.WITHDRAW_AMENDMENT, ReasonForm, staticmethod(withdraw_amendment)

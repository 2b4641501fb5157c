"""How contracts end: the pages of acceptances and of terminations, and the steps on them."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import AcceptanceStatus, Action, TerminationKind, TerminationStatus
from funding.forms.endings import (
    AcceptanceForm,
    AskTerminationForm,
    ConclusionForm,
    OpinionRecordForm,
    PartForm,
    ProposeTerminationForm,
    PutForwardForm,
    TerminateForm,
)
from funding.forms.money import NoteForm, ReasonForm
from funding.models import Acceptance, Contract, Termination
from funding.models.acceptance import OPEN_ACCEPTANCE
from funding.selectors import endings, money
from funding.selectors.contracts import contract_rules
from funding.selectors.parties import missing_consents
from funding.services.acceptances import (
    assess_acceptance,
    check_acceptance,
    confirm_acceptance,
    decide_acceptance,
    request_acceptance,
    return_acceptance,
    withdraw_acceptance,
)
from funding.services.terminations import (
    ask_termination,
    decide_termination,
    propose_termination,
    put_forward_termination,
    refuse_termination,
    withdraw_termination,
)
from funding.views.cases import CaseList
from funding.views.money import MoneyPage, MoneyStep, consenting, offered
from funding.workflow import ACCEPTANCE, TERMINATION
from portal.kernel import files
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.views import ServiceFormView

ACCEPTANCE_URLS = {
    Action.CONFIRM_ACCEPTANCE: "funding:acceptance-confirm",
    Action.CHECK_ACCEPTANCE: "funding:acceptance-check",
    Action.ASSESS_ACCEPTANCE: "funding:acceptance-assess",
    Action.DECIDE_ACCEPTANCE: "funding:acceptance-decide",
    Action.RETURN_ACCEPTANCE: "funding:acceptance-return",
    Action.WITHDRAW_ACCEPTANCE: "funding:acceptance-withdraw",
}
TERMINATION_URLS = {
    Action.PUT_FORWARD_TERMINATION: "funding:termination-put-forward",
    Action.DECIDE_TERMINATION: "funding:termination-decide",
    Action.REFUSE_TERMINATION: "funding:termination-refuse",
    Action.WITHDRAW_TERMINATION: "funding:termination-withdraw",
}
FILES = {"report": "report", "accounts": "accounts", "opinion": "opinion_file"}


# --- lists -------------------------------------------------------------------------------------
class AcceptanceList(CaseList):
    """Every acceptance that the reader may see."""

    model, title = Acceptance, _("Acceptances")
    about = _("Projects whose term is over: the final report, the opinion and the conclusion.")
    nothing = _("No acceptance was requested yet. A request begins at the contract, once its term is over.")

    def get_queryset(self) -> QuerySet[Acceptance]:
        return endings.acceptances(self.actor)


class TerminationList(CaseList):
    """Every termination that the reader may see."""

    model, title = Termination, _("Terminations")
    about = _("Contracts that end before their term, and why.")
    nothing = _("No contract was or is to be terminated. A termination begins at the contract.")

    def get_queryset(self) -> QuerySet[Termination]:
        return endings.terminations(self.actor)


# --- beginning ---------------------------------------------------------------------------------
class EndingBegins(MoneyPage, ServiceFormView):
    """Something that begins at a contract."""

    model = Contract
    template_name = "funding/ending_form.html"
    action: Action

    def get_queryset(self) -> QuerySet[Contract]:
        return money.contracts(self.request.user).select_related("award__application__call__rules")

    def obstacles(self) -> list[Any]:
        """What bars it now."""
        return endings.what_bars_termination(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"label": self.action.label, "obstacles": self.obstacles()}
        return super().get_context_data(**facts, **kwargs)

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())


class AcceptanceRequest(EndingBegins):
    """The lead hands in the final report."""

    permission, action = "funding.request_acceptance", Action.REQUEST_ACCEPTANCE
    template_name, form_class = "funding/acceptance_form.html", AcceptanceForm
    success_message = _("Acceptance is requested; every party is asked to confirm its part.")

    def obstacles(self) -> list[Any]:
        return endings.what_bars_acceptance(self.object, timezone.localdate(self.at))

    def get_form_kwargs(self) -> dict[str, Any]:
        before = self.object.acceptances.filter(status=AcceptanceStatus.RETURNED).first()
        return {**super().get_form_kwargs(), "contract": self.object, "before": before}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"shares": endings.shares_of(self.object.award), "last_day": endings.last_day_of(self.object)}
        return super().get_context_data(**facts, **kwargs)

    def perform(self, form: Any) -> Acceptance:
        return request_acceptance(contract=self.object, actor=self.actor, at=self.at, **form.facts())


class TerminationAsk(EndingBegins):
    permission, action, form_class = "funding.ask_termination", Action.ASK_TERMINATION, AskTerminationForm
    success_message = _("The bureau is asked to terminate the contract.")

    def perform(self, form: Any) -> Termination:
        return ask_termination(contract=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class TerminationPropose(EndingBegins):
    permission, action = "funding.propose_termination", Action.PROPOSE_TERMINATION
    form_class = ProposeTerminationForm
    success_message = _("The termination is proposed; somebody else decides it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(forecasts=forecasts(self.object.award), **kwargs)

    def perform(self, form: Any) -> Termination:
        return propose_termination(contract=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


def forecasts(award: Any) -> list[tuple[str, list[endings.Claim]]]:
    """What would be claimed back, for either kind."""
    return [(str(kind.label), endings.claims_of(award, kind)) for kind in TerminationKind]


# --- pages -------------------------------------------------------------------------------------
class AcceptancePage(MoneyPage):
    """Loads an acceptance."""

    model = Acceptance

    def get_queryset(self) -> QuerySet[Acceptance]:
        return endings.acceptances(self.request.user)


class AcceptanceDetail(AcceptancePage, TemplateView):
    """What was reached and spent, who confirmed, what came of it."""

    template_name = "funding/acceptance_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        missing = missing_consents(self.object)
        urls = consenting(ACCEPTANCE_URLS, Action.CONFIRM_ACCEPTANCE, missing, self.request.user)
        given = self.object.consents.select_related("organisation", "given_by")
        facts = {"missing": missing, "given": given, "pays": contract_rules(self.object.award).acceptance_pays}
        if self.object.status in OPEN_ACCEPTANCE:
            last = endings.decide_by(self.object)
            facts |= {"decide_by": last, "late": last < timezone.localdate(self.at)}
        return super().get_context_data(
            actions=offered(ACCEPTANCE, urls, self), trail=trail(self.object), **facts, **kwargs
        )


class AcceptanceFile(AcceptancePage):
    """One of its documents."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        found = getattr(self.object, FILES.get(self.kwargs["which"], ""), None)
        if found is None:
            raise Http404
        return files.serve(found, request=request)


class TerminationPage(MoneyPage):
    """Loads a termination."""

    model = Termination

    def get_queryset(self) -> QuerySet[Termination]:
        return endings.terminations(self.request.user)


class TerminationDetail(TerminationPage, TemplateView):
    """Why a contract ends, who decided, what is claimed back."""

    template_name = "funding/termination_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_open = self.object.status in {TerminationStatus.ASKED, TerminationStatus.PROPOSED}
        sees = may(self.request.user, "funding.view_budget")
        facts = {
            "forecast": endings.claims_of(self.object.award, self.object.kind) if is_open and sees else None,
            "claims": endings.claims_shown(self.object, self.request.user),
        }
        return super().get_context_data(
            actions=offered(TERMINATION, TERMINATION_URLS, self), trail=trail(self.object), **facts, **kwargs
        )


# --- steps -------------------------------------------------------------------------------------
class EndingStep(MoneyStep):
    """A step: its service takes the fields of the form by their names."""

    form_class: type[forms.Form] = NoteForm
    service: Any = None
    subject = ""

    def perform(self, form: Any) -> object:
        return self.service(**{self.subject: self.object}, actor=self.actor, at=self.at, **form.cleaned_data)


class AcceptanceStep(AcceptancePage, EndingStep):
    workflow, subject = ACCEPTANCE, "acceptance"
    facts_template = "funding/_acceptance_facts.html"


class AcceptanceConfirm(AcceptanceStep):
    action, form_class, service = Action.CONFIRM_ACCEPTANCE, PartForm, staticmethod(confirm_acceptance)

    def perform(self, form: Any) -> object:
        return confirm_acceptance(acceptance=self.object, actor=self.actor, at=self.at)


class AcceptanceCheck(AcceptanceStep):
    action, service = Action.CHECK_ACCEPTANCE, staticmethod(check_acceptance)


class AcceptanceAssess(AcceptanceStep):
    action, form_class, service = Action.ASSESS_ACCEPTANCE, OpinionRecordForm, staticmethod(assess_acceptance)

    def get_initial(self) -> dict[str, date]:
        return {"opinion_on": timezone.localdate(self.at)}


class AcceptanceDecide(AcceptanceStep):
    step_up = True
    action, form_class, service = Action.DECIDE_ACCEPTANCE, ConclusionForm, staticmethod(decide_acceptance)

    def get_initial(self) -> dict[str, str]:
        return {"conclusion": self.object.advice}


class AcceptanceReturn(AcceptanceStep):
    action, form_class, service = Action.RETURN_ACCEPTANCE, ReasonForm, staticmethod(return_acceptance)


class AcceptanceWithdraw(AcceptanceStep):
    action, form_class, service = Action.WITHDRAW_ACCEPTANCE, ReasonForm, staticmethod(withdraw_acceptance)


class TerminationStep(TerminationPage, EndingStep):
    workflow, subject = TERMINATION, "termination"
    facts_template = "funding/_termination_facts.html"


class TerminationPutForward(TerminationStep):
    action, form_class = Action.PUT_FORWARD_TERMINATION, PutForwardForm
    service = staticmethod(put_forward_termination)


class TerminationDecide(TerminationStep):
    step_up = True
    action, form_class, service = Action.DECIDE_TERMINATION, TerminateForm, staticmethod(decide_termination)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(forecast=endings.claims_of(self.object.award, self.object.kind), **kwargs)


class TerminationRefuse(TerminationStep):
    action, form_class, service = Action.REFUSE_TERMINATION, ReasonForm, staticmethod(refuse_termination)


class TerminationWithdraw(TerminationStep):
    action, form_class, service = Action.WITHDRAW_TERMINATION, ReasonForm, staticmethod(withdraw_termination)


ACCEPTANCE_STEPS = {
    "confirm": AcceptanceConfirm, "check": AcceptanceCheck, "assess": AcceptanceAssess, "decide": AcceptanceDecide,
    "return": AcceptanceReturn, "withdraw": AcceptanceWithdraw,
}  # fmt: skip
TERMINATION_STEPS = {
    "put-forward": TerminationPutForward, "decide": TerminationDecide, "refuse": TerminationRefuse,
    "withdraw": TerminationWithdraw,
}  # fmt: skip

"""Contracts: drafted, offered, signed; the page of each."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.generic import TemplateView

from funding.enums import Action, AmendmentKind, ContractStatus
from funding.forms.contracts import BudgetForm, FrameForm, PlanForm, TargetsForm
from funding.forms.money import AgreeForm, ConfirmForm, NoteForm, ReasonForm
from funding.models import Award, Contract, ContractParty
from funding.selectors import money
from funding.selectors.contracts import Reading, fault_sentences, members_changed, planned
from funding.selectors.endings import TERMINABLE, is_under_way, last_day_of
from funding.selectors.leads import names_present_lead
from funding.selectors.parties import party_in_hand, readiness
from funding.services.contracts import amend_contract, countersign_contract
from funding.services.drafting import offer_contract, set_budget, set_frame, set_plan, set_targets
from funding.services.parties import confirm_contract, remind_party, return_contract, sign_contract
from funding.views.money import MoneyPage, MoneyStep, offered
from funding.workflow import CONTRACT
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.views import LoadMixin, ServiceFormView, TransitionView

CONTRACT_URLS = {
    Action.OFFER_CONTRACT: "funding:contract-offer",
    Action.CONFIRM_CONTRACT: "funding:contract-confirm",
    Action.SIGN: "funding:contract-sign",
    Action.RETURN_CONTRACT: "funding:contract-return",
    Action.COUNTERSIGN: "funding:contract-countersign",
    Action.AMEND: "funding:contract-amend",
}
PARTS: dict[str, tuple[Any, type[Any], Any]] = {
    "frame": (_("Purpose, term and shares"), FrameForm, set_frame),
    "targets": (_("Targets by year"), TargetsForm, set_targets),
    "budget": (pgettext_lazy("contract", "Budget"), BudgetForm, set_budget),
    "tranches": (_("Plan of tranches"), PlanForm, set_plan),
}


class ContractDetail(MoneyPage, TemplateView):
    """The contract as frozen, and its signatures."""

    model = Contract
    template_name = "funding/contract_detail.html"

    def get_queryset(self) -> QuerySet[Contract]:
        return money.contracts(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        outdated = not names_present_lead(self.object)
        mine = party_in_hand(self.object, self.request.user)
        hidden = set() if outdated else {Action.AMEND}
        hidden |= set() if mine else {Action.CONFIRM_CONTRACT, Action.SIGN}
        urls = {action: url for action, url in CONTRACT_URLS.items() if action not in hidden}
        actions = offered(CONTRACT, urls, self)
        facts = {"actions": actions, "outdated": outdated, "trail": trail(self.object)}
        facts |= {"parties": readiness(self.object), "sees_award": self.sees_award()}
        facts |= self.ending()
        facts |= {"amendments": self.object.amendments.all(), "kinds": self.kinds()}
        facts |= {"members_changed": self.object.status == ContractStatus.EFFECTIVE and members_changed(self.object)}
        return super().get_context_data(terms=Reading(self.object.terms), **facts, **self.drafting(), **kwargs)

    def ending(self) -> dict[str, Any]:
        """How the contract ends or ended, and what the reader may begin to that end."""
        contract, user = self.object, self.request.user
        wanted = []
        if contract.status == ContractStatus.EFFECTIVE and contract.ends_on <= timezone.localdate(self.at):
            wanted.append((Action.REQUEST_ACCEPTANCE, "funding:acceptance-request"))
        if contract.status in TERMINABLE:
            wanted.append((Action.ASK_TERMINATION, "funding:termination-ask"))
            wanted.append((Action.PROPOSE_TERMINATION, "funding:termination-propose"))
        begins = [
            (action.label, reverse(url, args=[contract.pk]))
            for action, url in wanted
            if not is_under_way(contract) and may(user, f"funding.{action}", contract)
        ]
        over = contract.status == ContractStatus.EFFECTIVE and contract.ends_on <= timezone.localdate(self.at)
        return {
            "begins": begins, "acceptances": contract.acceptances.all(), "terminations": contract.terminations.all(),
            "last_day": last_day_of(contract) if over else None,
        }  # fmt: skip

    def kinds(self) -> list[AmendmentKind]:
        """What the reader may propose to amend."""
        if self.object.status != ContractStatus.EFFECTIVE:
            return []
        return list(AmendmentKind) if may(self.request.user, "funding.propose_amendment", self.object) else []

    def sees_award(self) -> bool:
        """Whether the pages of the tranches are open to the reader as well; a member has none of them."""
        return Award.objects.visible_to(self.request.user).filter(pk=self.object.award_id).exists()

    def drafting(self) -> dict[str, Any]:
        """For a draft what can be mended, and what still does not add up."""
        if self.object.status != ContractStatus.DRAFT:
            return {}
        terms = {**self.object.terms, "tranches": planned(self.object.award)}
        edits = Action.EDIT_CONTRACT in CONTRACT.offered(self.object, self.request.user)
        parts = [(reverse("funding:contract-edit", args=[self.object.pk, part]), name)
                 for part, (name, _form, _service) in PARTS.items()]  # fmt: skip
        return {"parts": parts if edits else (), "draft_faults": fault_sentences(terms) if edits else ()}


class ContractStep(MoneyStep):
    """A step on a contract."""

    model = Contract
    workflow = CONTRACT
    facts_template = "funding/_contract_facts.html"

    def get_queryset(self) -> QuerySet[Contract]:
        return money.contracts(self.request.user)


class ContractSign(ContractStep):
    step_up = True
    action, permission, form_class = Action.SIGN, "funding.sign_contract", AgreeForm

    def perform(self, form: Any) -> Contract:
        return sign_contract(contract=self.object, actor=self.actor, at=self.at)


class ContractConfirm(ContractStep):
    action, permission, form_class = Action.CONFIRM_CONTRACT, "funding.confirm_contract", ConfirmForm

    def perform(self, form: Any) -> Contract:
        return confirm_contract(contract=self.object, actor=self.actor, at=self.at)


class ContractReturn(ContractStep):
    action, permission, form_class = Action.RETURN_CONTRACT, "funding.return_contract", ReasonForm

    def perform(self, form: Any) -> Contract:
        reason = form.cleaned_data["reason"]
        return return_contract(contract=self.object, actor=self.actor, reason=reason, at=self.at)


class ContractReadiness(MoneyPage, TemplateView):
    """Party by party: confirmed, signed, account, and for whom everything waits since when."""

    model = Contract
    template_name = "funding/contract_readiness.html"

    def get_queryset(self) -> QuerySet[Contract]:
        return money.contracts(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_remind = may(self.request.user, "funding.remind_party", self.object)
        facts = {"may_remind": may_remind, "today": timezone.localdate(self.at)}
        return super().get_context_data(rows=readiness(self.object), **facts, **kwargs)


class PartyRemind(LoadMixin, ServiceFormView):
    """A reminder to one party."""

    model = ContractParty
    http_method_names = ["post", "options"]
    permission = "funding.remind_party"
    form_class = forms.Form
    template_name = "step_closed.html"
    success_message = _("The party was reminded.")

    def permission_object(self) -> Contract:
        found: Contract = self.object.contract
        return found

    def perform(self, form: Any) -> ContractParty:
        return remind_party(party=self.object, actor=self.actor, at=self.at)

    def form_invalid(self, form: Any) -> HttpResponse:
        for error in form.non_field_errors():
            messages.error(self.request, error)
        return redirect(self.object)


class ContractCountersign(ContractStep):
    step_up = True
    action, permission = Action.COUNTERSIGN, "funding.countersign_contract"

    def perform(self, form: Any) -> Contract:
        return countersign_contract(contract=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"])


class ContractAmend(ContractStep):
    step_up = True
    action, permission = Action.AMEND, "funding.amend_contract"

    def perform(self, form: Any) -> Contract:
        return amend_contract(contract=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"])


class ContractOffer(ContractStep):
    action, permission, form_class = Action.OFFER_CONTRACT, "funding.draft_contract", NoteForm

    def perform(self, form: Any) -> Contract:
        return offer_contract(contract=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"])


class ContractEdit(MoneyPage, TransitionView):
    """One part of a draft."""

    model = Contract
    workflow, action, permission = CONTRACT, Action.EDIT_CONTRACT, "funding.draft_contract"
    template_name = "funding/contract_edit.html"
    success_message = _("The draft is saved.")

    def get_queryset(self) -> QuerySet[Contract]:
        return money.contracts(self.request.user)

    def load(self) -> Contract:
        if self.kwargs["part"] not in PARTS:
            raise Http404
        found: Contract = super().load()
        return found

    @cached_property
    def part(self) -> tuple[Any, type[forms.Form], Any]:
        """What the page is about, its form and its service."""
        return PARTS[self.kwargs["part"]]

    def get_form_class(self) -> type[forms.Form]:
        return self.part[1]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "contract": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=self.part[0], **kwargs)

    def perform(self, form: Any) -> Contract:
        service = self.part[2]
        found: Contract = service(contract=self.object, actor=self.actor, at=self.at, **form.facts())
        return found

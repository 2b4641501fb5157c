"""Tranches: pages and steps, and what pages about money share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.generic import TemplateView

from funding.enums import Action
from funding.filters import TrancheFilter
from funding.forms.money import NoteForm, PaymentForm, ReasonForm, ReceiptForm, StatementForm
from funding.models import Tranche
from funding.selectors import money
from funding.selectors.spending import accountable_awards
from funding.services.tranches import (
    approve_tranche,
    cancel_tranche,
    confirm_receipt,
    hold_tranche,
    pay_tranche,
    release_tranche,
    request_tranche,
    return_request,
    review_tranche,
    verify_tranche,
)
from funding.workflow import TRANCHE
from members.views.stepup import StepUpMixin
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, TransitionView

TRANCHE_URLS = {
    Action.REQUEST: "funding:tranche-request",
    Action.VERIFY: "funding:tranche-verify",
    Action.REVIEW: "funding:tranche-review",
    Action.APPROVE_PAYMENT: "funding:tranche-approve",
    Action.PAY: "funding:tranche-pay",
    Action.FAIL_ORDER: "funding:tranche-fail",
    Action.CONFIRM_RECEIPT: "funding:tranche-confirm",
    Action.RETURN_PAYMENT: "funding:tranche-comes-back",
    Action.RETURN_REQUEST: "funding:tranche-return",
    Action.HOLD: "funding:tranche-hold",
    Action.RELEASE: "funding:tranche-release",
    Action.CANCEL: "funding:tranche-cancel",
}
GRAVE = frozenset({Action.HOLD, Action.CANCEL})


class TrancheList(PermissionMixin, ListView):
    """What waits for whom, and every tranche that the reader may see."""

    model = Tranche
    permission = "funding.view_funding"
    template_name = "funding/tranche_list.html"
    filterset_class = TrancheFilter
    sorts = ("created_at", "amount", "waiting_since")

    @cached_property
    def tabs(self) -> tuple[money.Tab, ...]:
        """The views offered; the first is what waits for the reader, if that is ever something."""
        return money.tabs(self.actor)

    @cached_property
    def tab(self) -> money.Tab:
        """The view asked for, else the first."""
        return next((tab for tab in self.tabs if tab.code == self.request.GET.get("tab")), self.tabs[0])

    @property
    def default_sort(self) -> str:  # type: ignore[override]
        """Who waits longest comes first."""
        return "waiting_since" if self.tab.code in {"mine", "open"} else "-created_at"

    def get_queryset(self) -> QuerySet[Tranche]:
        return self.tab.narrow(money.tranche_queue(self.actor))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        narrowed = context["filter"]
        narrowed.form.fields["tab"].initial = self.request.GET.get("tab", "")  # a view is not a filter
        return {
            **context,
            "sees_money": may(self.actor, "reports.view_dashboard"),
            "lines": money.tranche_rows(context["rows"], timezone.localdate()),
            "total": money.total_of(narrowed.qs),
            "contracts": money.unsigned_contracts(self.actor)[:20],
            "may_export": may(self.actor, "reports.export_funding"),
            "tab": self.tab,
            "tab_lines": self.tab_lines(),
        }

    def tab_lines(self) -> list[dict[str, Any]]:
        """Each view with its number of rows; what waits for the reader stands out."""
        counts = money.tab_counts(self.actor, self.tabs)
        return [
            {"tab": tab, "count": counts[tab.code], "hot": tab.code == "mine" and counts[tab.code]} for tab in self.tabs
        ]


class MoneyPage(LoadMixin):
    """A page about one contract or tranche; it leads back to the list that its reader has."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        facts = {"sees_list": may(user, "funding.view_funding"), "sees_books": may(user, "funding.view_budget")}
        return super().get_context_data(**facts, **kwargs)


def consenting(urls: Mapping[Any, str], action: str, missing: Iterable[Any], user: Any) -> dict[Any, str]:
    """The steps of a case to which parties consent; whose consent is not waited for is not asked for it."""
    asked = {one.pk for one in missing} & set(getattr(user, "organisation_ids", ()))
    return {one: url for one, url in urls.items() if asked or one != action}


class TrancheDetail(MoneyPage, TemplateView):
    """One tranche: its way, who acted, what can be done."""

    model = Tranche
    template_name = "funding/tranche_detail.html"

    def get_queryset(self) -> QuerySet[Tranche]:
        return money.tranche_page(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actions = offered(TRANCHE, TRANCHE_URLS, self)
        facts = {"actions": actions, "trail": trail(self.object), "steps": steps(self.object)}
        return super().get_context_data(**facts, **payee_of(self.object, self.request.user), **kwargs)


def payee_of(tranche: Tranche, user: Any) -> dict[str, Any]:
    """The organisation that is paid, for those who may know its account in part, and who may know all of it."""
    lead = tranche.award.consortium.lead
    if not may(user, "members.view_payee", lead):
        return {"payee": None}
    return {"payee": lead, "reveals_payee": may(user, "members.reveal_payee", lead)}


class MyFunding(PermissionMixin, TemplateView):
    """The own organisation's money: contract, tranches, payments of every award."""

    permission = "funding.view_own_funding"
    template_name = "funding/my_funding.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = accountable_awards(self.actor).exclude(consortium__lead__in=self.actor.organisation_ids)
        facts = {"awards": money.own_awards(self.actor), "may_export": may(self.actor, "reports.export_funding")}
        return super().get_context_data(shared=shared, **facts, **kwargs)


def offered(workflow: Any, urls: dict[Action, str], view: LoadMixin) -> list[dict[str, Any]]:
    """The steps open to the reader, each with its address and what still stands in the way."""
    return [
        {
            "label": Action(action).label,
            "url": urls[Action(action)],
            "danger": action in GRAVE,
            "obstacles": workflow.obstacles(view.object, action, view.at),
        }
        for action in workflow.offered(view.object, view.request.user)
        if Action(action) in urls
    ]


def steps(tranche: Tranche) -> list[dict[str, Any]]:
    """The way of a tranche as four signatures, a payment and its receipt."""
    payment = getattr(tranche, "payment", None)
    return [
        {"label": pgettext_lazy("payment", "Requested"), "by": tranche.requested_by, "at": tranche.requested_at},
        {"label": pgettext_lazy("payment", "Verified"), "by": tranche.verified_by, "at": tranche.verified_at},
        {"label": pgettext_lazy("payment", "Reviewed"), "by": tranche.reviewed_by, "at": tranche.reviewed_at},
        {"label": pgettext_lazy("payment", "Approved"), "by": tranche.approved_by, "at": tranche.approved_at},
        {
            "label": pgettext_lazy("payment", "Paid"),
            "by": payment and payment.recorded_by,
            "at": payment and payment.recorded_at,
        },
        {
            "label": pgettext_lazy("payment", "Received"),
            "by": payment and payment.receipt_by,
            "on": payment and payment.receipt_on,
        },
    ]


class MoneyStep(StepUpMixin, MoneyPage, TransitionView):
    """One step on a contract or tranche; subclasses say which."""

    template_name = "funding/money_step.html"
    facts_template = ""
    form_class: type[forms.Form] = NoteForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label, danger = Action(self.action).label, self.action in GRAVE
        return super().get_context_data(label=label, danger=danger, facts_template=self.facts_template, **kwargs)

    def get_success_message(self) -> str:
        return str(_("Done: %(action)s.") % {"action": Action(self.action).label})


class TrancheStep(MoneyStep):
    """A step on a tranche: its service takes the fields of the form by their names."""

    model = Tranche
    workflow = TRANCHE
    facts_template = "funding/_tranche_facts.html"
    service: Callable[..., object]

    def get_queryset(self) -> QuerySet[Tranche]:
        return money.tranche_page(self.request.user)

    def perform(self, form: Any) -> object:
        return self.service(tranche=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class TrancheRequest(TrancheStep):
    """A returned request starts from what was stated before."""

    action, permission, form_class = Action.REQUEST, "funding.request_tranche", StatementForm
    service = staticmethod(request_tranche)

    def get_initial(self) -> dict[str, str]:
        return {"statement": self.object.request_note}


class TrancheVerify(TrancheStep):
    step_up = True
    action, permission, service = Action.VERIFY, "funding.verify_tranche", staticmethod(verify_tranche)


class TrancheReview(TrancheStep):
    step_up = True
    action, permission, service = Action.REVIEW, "funding.review_tranche", staticmethod(review_tranche)


class TrancheApprove(TrancheStep):
    step_up = True
    action, permission, service = Action.APPROVE_PAYMENT, "funding.approve_tranche", staticmethod(approve_tranche)


class DatedStep(TrancheStep):
    """A step with a day that defaults to today and may not lie ahead."""

    day = ""

    def get_initial(self) -> dict[str, date]:
        return {self.day: timezone.localdate(self.at)}

    def get_form(self, form_class: Any = None) -> forms.Form:
        form: forms.Form = super().get_form(form_class)
        form.fields[self.day].widget.attrs["max"] = timezone.localdate(self.at).isoformat()
        return form


class TranchePay(DatedStep):
    step_up = True
    action, permission, form_class, day = Action.PAY, "funding.pay_tranche", PaymentForm, "paid_on"
    service = staticmethod(pay_tranche)


class TrancheConfirm(DatedStep):
    action, permission, form_class, day = Action.CONFIRM_RECEIPT, "funding.confirm_receipt", ReceiptForm, "received_on"
    service = staticmethod(confirm_receipt)


class ExplainedStep(TrancheStep):
    """A step that stops or turns back the money; the reason is told."""

    permission, form_class = "funding.hold_tranche", ReasonForm


class TrancheReturn(ExplainedStep):
    action, service = Action.RETURN_REQUEST, staticmethod(return_request)


class TrancheHold(ExplainedStep):
    action, service = Action.HOLD, staticmethod(hold_tranche)


class TrancheRelease(ExplainedStep):
    step_up = True
    action, service = Action.RELEASE, staticmethod(release_tranche)


class TrancheCancel(ExplainedStep):
    action, service = Action.CANCEL, staticmethod(cancel_tranche)

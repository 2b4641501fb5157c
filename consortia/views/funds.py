"""Funds and their investments: recorded, changed, removed."""

from typing import Any

from consortia.enums import Action
from consortia.forms.fund import FundForm, InvestmentForm
from consortia.models import Fund, Investment
from consortia.services.funds import (
    add_fund,
    add_investment,
    remove_fund,
    remove_investment,
    update_fund,
    update_investment,
)
from consortia.views.work import AddView, RemoveView, UpdateView
from portal.kernel.stale import SeenMixin
from portal.kernel.views import ServiceFormView


class FundAdd(AddView):
    """A fund."""

    permission, action, form_class, tab = "consortia.add_fund", Action.ADD_FUND, FundForm, "outcomes"

    def perform(self, form: Any) -> Fund:
        return add_fund(
            consortium=self.object, fund=form.instance, actor=self.request.user, at=self.at,
            sub_fields=form.cleaned_data["sub_fields"],
        )  # fmt: skip


class FundUpdate(SeenMixin, UpdateView):
    """A fund."""

    model, form_class, tab = Fund, FundForm, "outcomes"
    permission, action = "consortia.update_fund", Action.UPDATE_FUND

    def perform(self, form: Any) -> Fund:
        return update_fund(
            fund=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"],
            sub_fields=form.cleaned_data["sub_fields"],
        )  # fmt: skip


class FundRemove(RemoveView):
    """A fund."""

    model, tab = Fund, "outcomes"
    permission, action = "consortia.remove_fund", Action.REMOVE_FUND

    def perform(self, form: Any) -> None:
        remove_fund(fund=self.object, actor=self.request.user, at=self.at)


class InvestmentAdd(UpdateView):
    """An investment of the fund in the address."""

    model, form_class, tab = Fund, InvestmentForm, "outcomes"
    permission, action = "consortia.add_investment", Action.ADD_INVESTMENT

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self)

    def perform(self, form: Any) -> Investment:
        return add_investment(fund=self.object, investment=form.instance, actor=self.request.user, at=self.at)


class InvestmentUpdate(SeenMixin, UpdateView):
    """An investment."""

    model, form_class, tab, path = Investment, InvestmentForm, "outcomes", "fund__consortium"
    permission, action = "consortia.update_investment", Action.UPDATE_INVESTMENT

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self) | {"instance": self.object}

    def perform(self, form: Any) -> Investment:
        return update_investment(
            investment=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"]
        )


class InvestmentRemove(RemoveView):
    """An investment."""

    model, tab, path = Investment, "outcomes", "fund__consortium"
    permission, action = "consortia.remove_investment", Action.REMOVE_INVESTMENT

    def perform(self, form: Any) -> None:
        remove_investment(investment=self.object, actor=self.request.user, at=self.at)

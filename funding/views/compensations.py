"""Risk compensation: the register, one request, and the steps of lead, bureau and finance."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action
from funding.filters import CompensationFilter
from funding.forms.compensations import (
    CompensationForm,
    CompensationPaymentForm,
    CompensationReasonForm,
    CompensationReturnForm,
    GrantForm,
    LossForm,
)
from funding.models import Award, Compensation
from funding.selectors import compensations
from funding.services.compensations import (
    check_compensation,
    file_compensation,
    grant_compensation,
    pay_compensation,
    refuse_compensation,
    return_compensation,
    withdraw_compensation,
)
from funding.views.money import offered
from funding.workflow import COMPENSATION
from members.views.stepup import StepUpMixin
from portal.kernel import files
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView

URLS = {
    Action.CHECK_COMPENSATION: "funding:compensation-check",
    Action.GRANT_COMPENSATION: "funding:compensation-grant",
    Action.PAY_COMPENSATION: "funding:compensation-pay",
    Action.RETURN_COMPENSATION: "funding:compensation-return",
    Action.REFUSE_COMPENSATION: "funding:compensation-refuse",
    Action.WITHDRAW_COMPENSATION: "funding:compensation-withdraw",
}
GRAVE = frozenset({Action.REFUSE_COMPENSATION, Action.WITHDRAW_COMPENSATION, Action.RETURN_COMPENSATION})


class CompensationList(PermissionMixin, ListView):
    """Every request that the reader may see."""

    model = Compensation
    permission = "funding.view_compensations"
    template_name = "funding/compensation_list.html"
    filterset_class = CompensationFilter
    sorts = ("created_at", "loss", "granted")

    def get_queryset(self) -> QuerySet[Compensation]:
        return compensations.compensations(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = compensations.own_compensable_awards(self.actor)
        return super().get_context_data(
            official=may(self.actor, "funding.view_funding"),
            fileable=[one for one in own if may(self.actor, "funding.file_compensation", one)], **kwargs,
        )  # fmt: skip


class CompensationFileLoss(LoadMixin, ServiceFormView):
    """The lead files a loss."""

    model = Award
    permission, action, form_class = "funding.file_compensation", Action.FILE_COMPENSATION, CompensationForm
    template_name = "funding/compensation_form.html"
    success_message = _("The request is filed; the bureau checks the loss.")

    def get_queryset(self) -> QuerySet[Award]:
        return compensations.compensable_awards(self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        award = self.object
        return {
            **super().get_form_kwargs(), "applicants": compensations.applicants(award),
            "technologies": compensations.technologies_of(award), "terms": compensations.terms_for(award),
        }  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        terms, label = compensations.terms_for(self.object), Action.FILE_COMPENSATION.label
        return super().get_context_data(terms=terms, label=label, back=self.fallback_url(), **kwargs)

    def perform(self, form: CompensationForm) -> Compensation:
        return file_compensation(award=self.object, actor=self.actor, at=self.at, **form.facts())

    def fallback_url(self) -> str:
        return reverse("funding:compensation-list")


class CompensationLoad(LoadMixin):
    """Loads a request."""

    model = Compensation

    def get_queryset(self) -> QuerySet[Compensation]:
        return compensations.compensation_page(self.request.user)


class CompensationDetail(CompensationLoad, PermissionMixin, TemplateView):
    """One request: the loss and its evidence, who acted, and what was paid."""

    permission = "funding.view_compensations"
    template_name = "funding/compensation_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = self.object
        return super().get_context_data(
            evidence=request.evidence.select_related("attachment"),
            entries=request.entries.select_related("recorded_by"),
            actions=offered(COMPENSATION, URLS, self), trail=trail(request),
            by_bureau=may(self.actor, "funding.view_budget"), **kwargs,
        )  # fmt: skip


class CompensationEvidence(CompensationLoad):
    """A file that shows the loss."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        rows = self.object.evidence.select_related("attachment")
        return files.serve(get_object_or_404(rows, pk=self.kwargs["file"]).attachment, request=request)


class CompensationStep(CompensationLoad, StepUpMixin, TransitionView):
    """A step on a request: its service takes the fields of the form by their names."""

    workflow = COMPENSATION
    template_name = "funding/compensation_step.html"
    form_class: type[forms.Form] = CompensationReasonForm
    service: Any = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label, danger = Action(self.action).label, self.action in GRAVE
        return super().get_context_data(label=label, danger=danger, **kwargs)

    def get_success_message(self) -> str:
        return gettext("Done: %(action)s.") % {"action": Action(self.action).label}

    def perform(self, form: Any) -> object:
        return self.service(compensation=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class CompensationCheck(CompensationStep):
    action, form_class, service = Action.CHECK_COMPENSATION, LossForm, staticmethod(check_compensation)

    def get_initial(self) -> dict[str, Any]:
        return {"accepted": self.object.loss}


class CompensationGrant(CompensationStep):
    action, form_class, service = Action.GRANT_COMPENSATION, GrantForm, staticmethod(grant_compensation)
    step_up = True

    def get_initial(self) -> dict[str, Any]:
        return {"granted": self.object.most}


class CompensationPay(CompensationStep):
    action, form_class, service = Action.PAY_COMPENSATION, CompensationPaymentForm, staticmethod(pay_compensation)
    step_up = True

    def get_initial(self) -> dict[str, Any]:
        return {"amount": self.object.granted, "paid_on": timezone.localdate(self.at)}


class CompensationReturn(CompensationStep):
    action, form_class, service = Action.RETURN_COMPENSATION, CompensationReturnForm, staticmethod(return_compensation)
    step_up = True

    def get_initial(self) -> dict[str, Any]:
        return {"returned_on": timezone.localdate(self.at)}


class CompensationRefuse(CompensationStep):
    action, service = Action.REFUSE_COMPENSATION, staticmethod(refuse_compensation)


class CompensationWithdraw(CompensationStep):
    action, service = Action.WITHDRAW_COMPENSATION, staticmethod(withdraw_compensation)

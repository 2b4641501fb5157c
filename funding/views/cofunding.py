"""Money from the district: how an award stands, every payment, and the steps of lead and district."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action
from funding.filters import CofundingFilter
from funding.forms.cofunding import CofundingForm, CofundingNoteForm, CofundingReasonForm
from funding.models import Award, Cofunding
from funding.selectors import cofunding as selectors
from funding.services.cofundings import (
    confirm_cofunding,
    refuse_cofunding,
    report_cofunding,
    reverse_cofunding,
    withdraw_cofunding,
)
from funding.workflow import COFUNDING
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView

GRAVE = frozenset({Action.REFUSE_COFUNDING, Action.WITHDRAW_COFUNDING, Action.REVERSE_COFUNDING})


class CofundingList(PermissionMixin, ListView):
    """Every payment of a district that the reader may see."""

    model = Cofunding
    permission = "funding.view_cofunding"
    template_name = "funding/cofunding_list.html"
    filterset_class = CofundingFilter
    sorts = ("arrived_on", "amount", "created_at")

    def get_queryset(self) -> QuerySet[Cofunding]:
        return selectors.cofundings(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(official=may(self.actor, "funding.view_funding"), **kwargs)


class CofundedLoad(LoadMixin):
    """Loads an award with what its district adds."""

    model = Award

    def get_queryset(self) -> QuerySet[Award]:
        return selectors.cofunded_awards(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        standing = selectors.cofunding_standing(self.object)
        return super().get_context_data(award=self.object, standing=standing, **kwargs)


class AwardCofunding(CofundedLoad, PermissionMixin, TemplateView):
    """What is due from the district, what has arrived, and every payment."""

    permission = "funding.view_cofunding"
    template_name = "funding/award_cofunding.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            (one, COFUNDING.offered(one, self.actor))
            for one in selectors.cofundings(self.actor).filter(award=self.object)
        ]
        reports = may(self.actor, "funding.report_cofunding", self.object)
        return super().get_context_data(rows=rows, reports=reports, **kwargs)


class CofundingReport(CofundedLoad, ServiceFormView):
    """The lead records a payment with its slip."""

    permission, action, form_class = "funding.report_cofunding", Action.REPORT_COFUNDING, CofundingForm
    template_name = "funding/cofunding_form.html"
    success_message = _("The payment is recorded; the district confirms it.")

    def get_initial(self) -> dict[str, date]:
        return {"arrived_on": timezone.localdate(self.at)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=Action.REPORT_COFUNDING.label, back=self.back_url(), **kwargs)

    def back_url(self) -> str:
        return reverse("funding:award-cofunding", args=[self.object.pk])

    def perform(self, form: CofundingForm) -> Cofunding:
        return report_cofunding(award=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return self.back_url()


class CofundingLoad(LoadMixin):
    """Loads a payment."""

    model = Cofunding

    def get_queryset(self) -> QuerySet[Cofunding]:
        return selectors.cofundings(self.request.user)


class CofundingSlip(CofundingLoad):
    """The slip of the bank."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        return files.serve(self.object.evidence, request=request)


class CofundingStep(CofundingLoad, TransitionView):
    """A step on a payment: its service takes the fields of the form by their names."""

    workflow = COFUNDING
    template_name = "funding/cofunding_step.html"
    form_class: type[forms.Form] = CofundingReasonForm
    service: Any = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label, danger = Action(self.action).label, self.action in GRAVE
        standing = selectors.cofunding_standing(self.object.award)
        return super().get_context_data(label=label, danger=danger, standing=standing, **kwargs)

    def get_success_message(self) -> str:
        return str(_("Done: %(action)s.") % {"action": Action(self.action).label})

    def perform(self, form: Any) -> object:
        return self.service(cofunding=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class CofundingConfirm(CofundingStep):
    action, form_class, service = Action.CONFIRM_COFUNDING, CofundingNoteForm, staticmethod(confirm_cofunding)


class CofundingRefuse(CofundingStep):
    action, service = Action.REFUSE_COFUNDING, staticmethod(refuse_cofunding)


class CofundingWithdraw(CofundingStep):
    action, service = Action.WITHDRAW_COFUNDING, staticmethod(withdraw_cofunding)


class CofundingReverse(CofundingStep):
    action, service = Action.REVERSE_COFUNDING, staticmethod(reverse_cofunding)

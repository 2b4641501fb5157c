"""Money passed on to the members: how it stands, and the steps of lead and member."""

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

from funding.enums import Action, RelayStatus
from funding.forms.relays import DenialForm, ReceivedForm, RelayForm
from funding.models import Relay
from funding.rules.relaying import grace_of
from funding.selectors import relays
from funding.selectors.spending import spenders
from funding.services.relays import confirm_relay, refuse_relay, report_relay, withdraw_relay
from funding.views.spending import AwardLoad
from funding.workflow import RELAY
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView, TransitionView

GRAVE = frozenset({Action.REFUSE_RELAY, Action.WITHDRAW_RELAY})


class AwardRelays(AwardLoad, PermissionMixin, TemplateView):
    """What each member is to get, what it got, and every transfer."""

    permission = "funding.view_relays"
    template_name = "funding/award_relays.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        award, user = self.object, self.actor
        rows = [
            (one, one.status == RelayStatus.REPORTED and may(user, "funding.confirm_relay", one),
             one.status == RelayStatus.REPORTED and may(user, "funding.report_relay", one))
            for one in relays.relays(user).filter(award=award)
        ]  # fmt: skip
        leads = may(user, "funding.report_relay", award)
        return super().get_context_data(
            parts=relays.member_parts(award, timezone.localdate(), user), rows=rows, reports=leads,
            may_claim=may(user, "funding.open_recovery", award),
            left=relays.at_hand(award) if leads else None, grace=grace_of(award.application.call.rules.data), **kwargs,
        )  # fmt: skip


class RelayReport(AwardLoad, ServiceFormView):
    """The lead reports a transfer with its slip."""

    permission, action, form_class = "funding.report_relay", Action.REPORT_RELAY, RelayForm
    template_name = "funding/relay_form.html"
    success_message = _("The transfer is reported; the member confirms it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        lead = self.object.consortium.lead_id
        members = [one for one in spenders(self.object) if one.pk != lead]
        return {**super().get_form_kwargs(), "members": members}

    def get_initial(self) -> dict[str, date]:
        return {"passed_on": timezone.localdate(self.at)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        left, label = relays.at_hand(self.object), Action.REPORT_RELAY.label
        return super().get_context_data(left=left, label=label, back=self.back_url(), **kwargs)

    def back_url(self) -> str:
        return reverse("funding:award-relays", args=[self.object.pk])

    def perform(self, form: RelayForm) -> Relay:
        return report_relay(award=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return self.back_url()


class RelayLoad(LoadMixin):
    """Loads a transfer."""

    model = Relay

    def get_queryset(self) -> QuerySet[Relay]:
        return relays.relays(self.request.user)


class RelaySlip(RelayLoad):
    """The slip of the bank."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        return files.serve(self.object.evidence, request=request)


class RelayStep(RelayLoad, TransitionView):
    """A step on a transfer: its service takes the fields of the form by their names."""

    workflow = RELAY
    template_name = "funding/relay_step.html"
    form_class: type[forms.Form] = DenialForm
    service: Any = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label, danger = Action(self.action).label, self.action in GRAVE
        return super().get_context_data(label=label, danger=danger, **kwargs)

    def get_success_message(self) -> str:
        return str(_("Done: %(action)s.") % {"action": Action(self.action).label})

    def perform(self, form: Any) -> object:
        return self.service(relay=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class RelayConfirm(RelayStep):
    action, form_class, service = Action.CONFIRM_RELAY, ReceivedForm, staticmethod(confirm_relay)

    def get_initial(self) -> dict[str, date]:
        return {"received_on": timezone.localdate(self.at)}


class RelayRefuse(RelayStep):
    action, service = Action.REFUSE_RELAY, staticmethod(refuse_relay)


class RelayWithdraw(RelayStep):
    action, service = Action.WITHDRAW_RELAY, staticmethod(withdraw_relay)

"""Money claimed back: the list, one claim, and the steps on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import TO_PAY_BACK, Action
from funding.filters import RecoveryFilter
from funding.forms.recoveries import (
    ClaimJudgementForm,
    ClaimObjectionForm,
    ConsentForm,
    NoticeForm,
    ReceiptForm,
    RecoveryForm,
    WhyForm,
)
from funding.models import Award, ClaimObjectionFile, Recovery, RecoveryReceipt
from funding.selectors import recoveries
from funding.services.claims import judge_claim, object_to_claim
from funding.services.recoveries import (
    approve_recovery,
    ask_write_off,
    decline_write_off,
    open_recovery,
    receive_recovery,
    reverse_recovery,
    stop_recovery,
    write_off,
)
from funding.views.money import offered
from funding.workflow import RECOVERY, objection_of
from members.views.stepup import StepUpMixin
from portal.kernel import files
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView

URLS = {
    Action.APPROVE_RECOVERY: "funding:recovery-approve",
    Action.RECEIVE_RECOVERY: "funding:recovery-receive",
    Action.ASK_WRITE_OFF: "funding:recovery-ask",
    Action.WRITE_OFF: "funding:recovery-write-off",
    Action.DECLINE_WRITE_OFF: "funding:recovery-decline",
    Action.STOP_RECOVERY: "funding:recovery-stop",
}
OBJECTING = {Action.OBJECT_TO_CLAIM: "funding:recovery-object"}
JUDGING = {Action.JUDGE_CLAIM: "funding:recovery-judge"}
GRAVE = frozenset({Action.WRITE_OFF, Action.STOP_RECOVERY, Action.REVERSE_RECOVERY})


class RecoveryList(PermissionMixin, ListView):
    """Every claim that the reader may see; for an organisation what it has to pay back."""

    model = Recovery
    permission = "funding.view_recoveries"
    template_name = "funding/recovery_list.html"
    filterset_class = RecoveryFilter
    sorts = ("created_at", "due_on", "amount")

    def get_queryset(self) -> QuerySet[Recovery]:
        return recoveries.recoveries(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by_bureau = may(self.actor, "funding.view_budget")
        return super().get_context_data(by_bureau=by_bureau, today=timezone.localdate(), **kwargs)


class RecoveryOpen(LoadMixin, ServiceFormView):
    """Propose a claim against who holds money of an award."""

    model = Award
    permission, action, form_class = "funding.open_recovery", Action.OPEN_RECOVERY, RecoveryForm
    template_name = "funding/recovery_form.html"
    success_message = _("The claim is proposed; a leader has to approve it.")

    def get_queryset(self) -> QuerySet[Award]:
        rows: QuerySet[Award] = Award.objects.visible_to(self.request.user)
        return rows.select_related("consortium__lead", "application")

    @cached_property
    def holders(self) -> list[Any]:
        """Who holds money of it, and how much."""
        return recoveries.holders_of(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "holders": self.holders}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = Action.OPEN_RECOVERY.label
        return super().get_context_data(holders=self.holders, label=label, back=self.fallback_url(), **kwargs)

    def perform(self, form: RecoveryForm) -> Recovery:
        return open_recovery(award=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return reverse("funding:recovery-list")


class RecoveryLoad(LoadMixin):
    """Loads a claim."""

    model = Recovery

    def get_queryset(self) -> QuerySet[Recovery]:
        return recoveries.recovery_page(self.request.user)


class RecoveryDetail(RecoveryLoad, PermissionMixin, TemplateView):
    """One claim: who owes what and why, what arrived, who acted."""

    permission = "funding.view_recoveries"
    template_name = "funding/recovery_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        claim, user = self.object, self.actor
        receipts = claim.receipts.select_related("line__statement", "evidence", "recorded_by", "reversed_by")
        reversible = Action.REVERSE_RECOVERY in RECOVERY.offered(claim, user)
        rows = [(one, reversible and not one.reversed_at and may(user, "funding.reverse_recovery", one))
                for one in receipts]  # fmt: skip
        overdue = claim.status in TO_PAY_BACK and claim.due_on < timezone.localdate(self.at)
        objection = objection_of(claim)
        urls = {**(JUDGING if objection and objection.is_open else {} if objection else OBJECTING), **URLS}
        return super().get_context_data(
            rows=rows, overdue=overdue, actions=offered(RECOVERY, urls, self), trail=trail(claim),
            objection=objection, until=recoveries.may_object_until(claim),
            by_bureau=may(user, "funding.view_budget"), **kwargs,
        )  # fmt: skip


class RecoveryFile(RecoveryLoad):
    """The receipt that shows an instalment."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        row = self.object.receipts.filter(pk=self.kwargs["receipt"], evidence__isnull=False).first()
        if row is None or row.evidence is None:
            raise Http404
        return files.serve(row.evidence, request=request)


class RecoveryStep(RecoveryLoad, StepUpMixin, TransitionView):
    """A step on a claim: its service takes the fields of the form by their names."""

    workflow = RECOVERY
    template_name = "funding/recovery_step.html"
    form_class: type[forms.Form] = WhyForm
    step_up = True
    service: Any = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label, danger = Action(self.action).label, self.action in GRAVE
        return super().get_context_data(label=label, danger=danger, **kwargs)

    def get_success_message(self) -> str:
        return gettext("Done: %(action)s.") % {"action": Action(self.action).label}

    def perform(self, form: Any) -> object:
        return self.service(recovery=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class RecoveryApprove(RecoveryStep):
    action, form_class, service = Action.APPROVE_RECOVERY, NoticeForm, staticmethod(approve_recovery)

    def get_initial(self) -> dict[str, date]:
        return {"noticed_on": timezone.localdate(self.at)}


class RecoveryReceive(RecoveryStep):
    action, form_class, service = Action.RECEIVE_RECOVERY, ReceiptForm, staticmethod(receive_recovery)

    def get_initial(self) -> dict[str, Any]:
        return {"arrived_on": timezone.localdate(self.at), "amount": self.object.left}


class RecoveryAsk(RecoveryStep):
    action, service = Action.ASK_WRITE_OFF, staticmethod(ask_write_off)


class RecoveryDecline(RecoveryStep):
    action, service = Action.DECLINE_WRITE_OFF, staticmethod(decline_write_off)


class RecoveryWriteOff(RecoveryStep):
    action, form_class, service = Action.WRITE_OFF, ConsentForm, staticmethod(write_off)


class RecoveryStop(RecoveryStep):
    action, service = Action.STOP_RECOVERY, staticmethod(stop_recovery)


class RecoveryReverse(RecoveryStep):
    """Takes back one instalment; another person than who recorded it."""

    action = Action.REVERSE_RECOVERY

    @cached_property
    def receipt(self) -> RecoveryReceipt:
        """The one in the address; 404 for that of another claim."""
        found: RecoveryReceipt | None = self.object.receipts.filter(pk=self.kwargs["receipt"]).first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(receipt=self.receipt, **kwargs)

    def perform(self, form: Any) -> object:
        return reverse_recovery(receipt=self.receipt, actor=self.actor, at=self.at, **form.cleaned_data)


class RecoveryObject(RecoveryStep):
    """Who has to pay back says why not."""

    action, form_class, service = Action.OBJECT_TO_CLAIM, ClaimObjectionForm, staticmethod(object_to_claim)
    step_up = False


class RecoveryJudge(RecoveryStep):
    """What becomes of the claim."""

    action, form_class, service = Action.JUDGE_CLAIM, ClaimJudgementForm, staticmethod(judge_claim)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(objection=objection_of(self.object), **kwargs)


class RecoveryObjectionFile(RecoveryLoad):
    """A file that came with the objection."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        rows = ClaimObjectionFile.objects.filter(objection__recovery=self.object).select_related("attachment")
        return files.serve(get_object_or_404(rows, pk=self.kwargs["file"]).attachment, request=request)

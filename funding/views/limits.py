"""Approval limits: what each leader may release, and the two acts that set it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, LimitStatus
from funding.forms.limits import LimitForm, LimitNoteForm, LimitReasonForm
from funding.models import ApprovalLimit
from funding.selectors import limits
from funding.services.limits import confirm_limit, drop_limit, propose_limit
from funding.workflow import LIMIT
from members.enums import Role
from members.selectors import holders
from members.views.stepup import StepUpMixin
from portal.kernel.authz import may
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView, TransitionView


class LimitList(PermissionMixin, TemplateView):
    """Every leader with the limit in force, and all that were ever proposed."""

    permission = "funding.view_limits"
    template_name = "funding/limit_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.actor
        rows = [
            (one, one.status == LimitStatus.PROPOSED and may(user, "funding.confirm_limit", one),
             one.status == LimitStatus.PROPOSED and may(user, "funding.drop_limit", one))
            for one in limits.limits(user)
        ]  # fmt: skip
        return super().get_context_data(
            rows=rows, leaders=limits.leaders_and_limits(), proposes=may(user, "funding.propose_limit"), **kwargs
        )


class LimitPropose(StepUpMixin, ServiceFormView):
    """A security administrator proposes a limit."""

    permission, action, form_class = "funding.propose_limit", Action.PROPOSE_LIMIT, LimitForm
    step_up = True
    template_name = "funding/limit_form.html"
    success_message = _("Proposed; a second security administrator confirms it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        people = holders(Role.LEADER).exclude(pk=self.actor.pk)
        return {**super().get_form_kwargs(), "people": people}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=Action.PROPOSE_LIMIT.label, **kwargs)

    def perform(self, form: LimitForm) -> ApprovalLimit:
        return propose_limit(actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return reverse("funding:limit-list")

    def back_url(self) -> str:
        return self.fallback_url()


class LimitLoad(LoadMixin):
    """Loads a limit."""

    model = ApprovalLimit

    def get_queryset(self) -> QuerySet[ApprovalLimit]:
        return limits.limits(self.request.user)


class LimitStep(LimitLoad, StepUpMixin, TransitionView):
    """What the second administrator does."""

    workflow = LIMIT
    step_up = True
    template_name = "funding/limit_step.html"
    form_class: type[forms.Form] = LimitNoteForm
    service: Any = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=Action(self.action).label, **kwargs)

    def get_success_message(self) -> str:
        return str(_("Done: %(action)s.") % {"action": Action(self.action).label})

    def perform(self, form: Any) -> object:
        return self.service(limit=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class LimitConfirm(LimitStep):
    action, service = Action.CONFIRM_LIMIT, staticmethod(confirm_limit)


class LimitDrop(LimitStep):
    action, form_class, service = Action.DROP_LIMIT, LimitReasonForm, staticmethod(drop_limit)

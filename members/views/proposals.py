"""What a security administrator decides: proposals of a second one, and locks."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from members.forms.people import RevokeForm
from members.models import RoleGrant, RoleProposal, SignInGuard
from members.services.guards import release_lock
from members.services.proposals import confirm_proposal, decline_proposal
from members.views.stepup import StepUpMixin
from portal.kernel.views import LoadMixin, ServiceFormView


class ProposalView(StepUpMixin, LoadMixin, ServiceFormView):
    """A decision on a proposal."""

    step_up = True
    model = RoleProposal
    object: RoleProposal
    form_class = RevokeForm
    template_name = "members/proposal_decide.html"
    success_url = reverse_lazy("members:security-console")

    def get_queryset(self) -> QuerySet[RoleProposal]:
        return super().get_queryset().filter(decided_at=None).select_related("user", "proposed_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(confirms=isinstance(self, ProposalConfirm), **kwargs)


class ProposalConfirm(ProposalView):
    """Give the administrator role that another one proposed."""

    permission = "members.confirm_proposal"
    success_message = _("The role is given.")

    def perform(self, form: RevokeForm) -> RoleGrant:
        return confirm_proposal(proposal=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"])


class ProposalDecline(ProposalView):
    """Refuse a proposal, or withdraw one's own."""

    permission = "members.decline_proposal"
    success_message = _("The proposal is declined.")

    def perform(self, form: RevokeForm) -> RoleProposal:
        return decline_proposal(proposal=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"])


class LockRelease(StepUpMixin, LoadMixin, ServiceFormView):
    """Let somebody try again before the time is over."""

    step_up = True
    permission = "members.release_lock"
    model = SignInGuard
    object: SignInGuard
    form_class = RevokeForm
    template_name = "members/lock_release.html"
    success_url = reverse_lazy("members:security-console")
    success_message = _("The lock is released.")

    def get_queryset(self) -> QuerySet[SignInGuard]:
        return super().get_queryset().filter(locked_until__isnull=False).select_related("user")

    def perform(self, form: RevokeForm) -> None:
        release_lock(guard=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"])

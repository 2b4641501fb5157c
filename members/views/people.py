"""People and their roles."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from members.enums import ADMINISTRATORS, ORGANISATION_ROLES, Role
from members.filters import UserFilter
from members.forms.people import DeactivateForm, GrantForm, NoteForm, RevokeForm, UserForm
from members.models import Invitation, RoleGrant, RoleProposal, User
from members.selectors import role_cards, with_grants
from members.selectors.handover import ALONE, Burden, burdens, held_grants
from members.services.invitations import withdraw_invitation
from members.services.people import create_user, deactivate_user, reactivate_user
from members.services.proposals import propose_administrator
from members.services.roles import grant_role, revoke_role
from members.views.stepup import StepUpMixin
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView

PROPOSED = _("Proposed. The role is given as soon as another security administrator confirms it.")


class RoleList(PermissionMixin, TemplateView):
    """Every role: what it is for and what it may do."""

    permission = "members.view_roles"
    template_name = "members/role_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(roles=role_cards(), **kwargs)


class UserList(PermissionMixin, ListView):
    """Everybody who can sign in."""

    permission = "members.list_users"
    model = User
    filterset_class = UserFilter
    template_name = "members/user_list.html"
    sorts = ("email", "date_joined")
    default_sort = "email"

    def get_queryset(self) -> Any:
        return with_grants(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_create=may(self.request.user, "members.create_user"), **kwargs)


class UserDetail(LoadMixin, PermissionMixin, TemplateView):
    """One person: roles, account, and what was done with them."""

    permission = "members.list_users"
    model = User
    template_name = "members/user_detail.html"
    object: User

    def get_queryset(self) -> Any:
        return with_grants(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reader, person = self.request.user, self.object
        grants = [(grant, may(reader, "members.revoke_role", grant)) for grant in person.grants_in_force]  # type: ignore[attr-defined]
        return super().get_context_data(
            grants=grants,
            history=trail(person)[:20],
            may_grant=may(reader, "members.grant_role", person),
            may_reveal_phone=bool(person.phone) and may(reader, "members.reveal_phone", person),
            may_switch=may(reader, f"members.{'deactivate' if person.is_active else 'reactivate'}_user", person),
            **kwargs,
        )


class UserCreate(ServiceFormView):
    """An account for somebody of the administration; the roles are given by the security administrator."""

    permission = "members.create_user"
    form_class = UserForm
    template_name = "members/user_create.html"
    success_message = _("The account is made, and a mail says how to set its password.")

    def perform(self, form: UserForm) -> User:
        return create_user(
            **form.cleaned_data,
            language=get_language() or "",
            actor=self.actor,
            at=self.at,
        )


class PersonFormView(StepUpMixin, LoadMixin, ServiceFormView):
    """A form about one person."""

    step_up = True

    model = User
    object: User
    form_class: type[forms.BaseForm] = NoteForm

    def fallback_url(self) -> str:
        return self.object.get_absolute_url()


class RoleGrantCreate(PersonFormView):
    """Give a role of the administration, or propose an administrator to a second person."""

    permission = "members.grant_role"
    form_class = GrantForm
    template_name = "members/role_grant.html"
    success_message = _("The role is given.")

    def perform(self, form: Any) -> RoleGrant | RoleProposal:
        data = form.cleaned_data
        facts = {"user": self.object, "role": Role(data["role"]), "note": data["note"]}
        if data["role"] in ADMINISTRATORS:
            return propose_administrator(**facts, actor=self.actor, at=self.at)
        return grant_role(**facts, district=data["district"], actor=self.actor, at=self.at)

    def get_success_message(self) -> str:
        proposed = isinstance(self.result, RoleProposal)
        return str(PROPOSED if proposed else self.success_message)


class SuccessorMixin(ServiceFormView):
    """A form that shows the open work of the roles somebody leaves, and asks who takes it over."""

    def leaving(self) -> Iterable[RoleGrant]:
        """The roles that end."""
        raise NotImplementedError

    @cached_property
    def burdens(self) -> list[Burden]:
        """What they carry."""
        return burdens(self.leaving(), self.at)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "burdens": self.burdens}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(burdens=self.burdens, alone=ALONE, **kwargs)


class UserDeactivate(SuccessorMixin, PersonFormView):
    """Lock somebody out."""

    permission = "members.deactivate_user"
    form_class = DeactivateForm
    template_name = "members/user_deactivate.html"
    success_message = _("The account is deactivated.")

    def leaving(self) -> Iterable[RoleGrant]:
        return held_grants(self.object)

    def perform(self, form: DeactivateForm) -> User:
        return deactivate_user(
            user=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"],
            successors=form.successors(),
        )  # fmt: skip


class UserReactivate(PersonFormView):
    """Let somebody in again."""

    permission = "members.reactivate_user"
    template_name = "members/user_reactivate.html"
    success_message = _("The account is active again.")

    def perform(self, form: Any) -> User:
        return reactivate_user(user=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"])


class GrantRevoke(StepUpMixin, LoadMixin, SuccessorMixin):
    """Take a role away, of a colleague or of somebody in the administration."""

    step_up = True

    permission = "members.revoke_role"
    model = RoleGrant
    object: RoleGrant
    form_class = RevokeForm
    template_name = "members/grant_revoke.html"
    success_message = _("The role is revoked.")

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(revoked_at=None).select_related("user", "organisation", "district")

    def leaving(self) -> Iterable[RoleGrant]:
        return [self.object]

    def perform(self, form: RevokeForm) -> RoleGrant:
        return revoke_role(
            grant=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"],
            successors=form.successors(),
        )  # fmt: skip

    def fallback_url(self) -> str:
        """Back to the person or, for a colleague, to the own organisation; losing one's last role leads home."""
        grant, user = self.object, self.request.user
        if may(user, "members.list_users"):
            return grant.user.get_absolute_url()
        own = user.pk == grant.user_id and grant.role in ORGANISATION_ROLES
        return reverse("home") if own else f"{reverse('members:organisation-own')}?organisation={grant.organisation_id}"


class InvitationWithdraw(LoadMixin, ServiceFormView):
    """Make the link of an invitation worthless."""

    permission = "members.withdraw_invitation"
    model = Invitation
    object: Invitation
    form_class = forms.Form
    template_name = "members/invitation_withdraw.html"
    success_message = _("The invitation is withdrawn.")

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(accepted_at=None, withdrawn_at=None).select_related("organisation")

    def perform(self, _form: Any) -> Invitation:
        return withdraw_invitation(invitation=self.object, actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return f"{reverse('members:organisation-own')}?organisation={self.object.organisation_id}"

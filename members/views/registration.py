"""Joining: an organisation registers, somebody accepts an invitation."""

from typing import Any

from allauth.decorators import rate_limit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView, View

from members.forms.organisations import PersonForm, RegisterCompleteForm, RegisterForm
from members.models import Invitation, User
from members.rules.tokens import token_hash
from members.services.invitations import accept_invitation, join_by_invitation
from members.services.organisations import register_organisation
from members.services.registration import ask_registration, registering_address
from members.views.signin import enter
from portal.kernel.views import PermissionMixin, ServiceFormView

OPEN_DOOR = [
    login_not_required,
    never_cache,
    sensitive_post_parameters("password", "password_again"),
    rate_limit(action="signup"),
]

ASKED_FOR = "registering"  # in the session: the address that the mail went to
UNKEPT = {"password_again", "notice"}  # checked by the form; the service keeps that the notice was accepted


class OpenFormView(ServiceFormView):
    """A form for people who are not signed in; nobody's permission is asked."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super(PermissionMixin, self).dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return reverse("home")


class NewcomerView(View):
    """For people without an account; whoever is signed in has nothing to do here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect("home") if request.user.is_authenticated else super().dispatch(request, *args, **kwargs)


@method_decorator(OPEN_DOOR, name="dispatch")
class Register(NewcomerView, OpenFormView):
    """Asks for the address that a link goes to; the answer is the same whether or not it is known."""

    form_class = RegisterForm
    template_name = "members/register.html"

    def perform(self, form: RegisterForm) -> None:
        email = self.request.session[ASKED_FOR] = form.cleaned_data["email"]
        ask_registration(email=email, language=get_language() or "", at=self.at)

    def get_success_url(self) -> str:
        return reverse("members:register-sent")


@method_decorator([login_not_required, never_cache], name="dispatch")
class RegisterSent(NewcomerView, TemplateView):
    """Says where the mail went, to the browser that asked for it."""

    template_name = "members/register_sent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(email=self.request.session.get(ASKED_FOR), **kwargs)


@method_decorator(OPEN_DOOR, name="dispatch")
class RegisterComplete(NewcomerView, OpenFormView):
    """The page behind the link: an organisation and its first person, who is signed in afterwards."""

    form_class = RegisterCompleteForm
    template_name = "members/register_complete.html"
    success_message = _("Welcome. Your organisation is registered; you administer it and may invite colleagues.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.email = registering_address(token=kwargs["token"], at=self.at)
        if self.email is None and not request.user.is_authenticated:
            return render(request, "members/register_void.html", status=404)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "email": self.email}

    def perform(self, form: RegisterCompleteForm) -> User:
        facts = {name: value for name, value in form.cleaned_data.items() if name not in UNKEPT}
        return register_organisation(**facts, language=get_language(), at=self.at)

    def form_valid(self, form: RegisterForm) -> HttpResponse:
        response = super().form_valid(form)
        return response if form.errors else enter(self.request, self.result)


@method_decorator(OPEN_DOOR, name="dispatch")
class InvitationAccept(OpenFormView):
    """The page behind the link of an invitation: one joins with a new account or with one's own."""

    template_name = "members/invitation_accept.html"
    success_message = _("Welcome. You now act for this organisation.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.invitation = (
            Invitation.objects.select_related("organisation", "invited_by")
            .filter(token_hash=token_hash(kwargs["token"]))
            .first()
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.invitation is None or not self.invitation.is_open(self.at):
            return render(request, "members/invitation_void.html", status=404)
        return super().dispatch(request, *args, **kwargs)

    @property
    def door(self) -> str:
        """`accept` with one's own account, `other` account signed in, `sign_in` first, or `join` with a new account."""
        user: Any = self.request.user
        if user.is_authenticated:
            return "accept" if user.email == self._invitation.email else "other"
        return "sign_in" if User.objects.filter(email=self._invitation.email).exists() else "join"

    @property
    def _invitation(self) -> Invitation:
        assert self.invitation is not None  # noqa: S101
        return self.invitation

    def get_form_class(self) -> type[forms.Form]:
        return forms.Form if self.request.user.is_authenticated else PersonForm

    def get_initial(self) -> dict[str, Any]:
        return {"person_name": self._invitation.name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(invitation=self._invitation, door=self.door, **kwargs)

    def perform(self, form: Any) -> User | None:
        if self.request.user.is_authenticated:
            accept_invitation(invitation=self._invitation, actor=self.request.user, at=self.at)
            return None
        data = form.cleaned_data
        return join_by_invitation(
            invitation=self._invitation, name=data["person_name"], password=data["password"],
            language=get_language() or "", at=self.at,
        )  # fmt: skip

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        return enter(self.request, self.result) if not form.errors and self.result else response

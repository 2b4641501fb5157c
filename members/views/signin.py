"""Coming in: after a registration or invitation, and by one click in the demo."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from members.models import User
from members.selectors import demo_people, demo_sides
from portal.kernel.views import safe_next


def enter(request: HttpRequest, user: User) -> HttpResponse:
    """Sign in somebody who has just set a password here; allauth asks for the second factor if there is one.

    `reauthenticated`: whoever goes on to set up a second factor is not asked for that password at once.
    """
    record_authentication(request, user, method="password", email=user.email, reauthenticated=True)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=reverse("home")))
    return response


def enter_with_both_factors(request: HttpRequest, user: User, url: str) -> HttpResponse:
    """Sign in as if password and second factor had been asked and given."""
    record_authentication(request, user, method="password", email=user.email)
    login = Login(user=user, redirect_url=url)
    factor = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).first()
    if factor:
        post_authentication(request, factor)
        LoginStageController(request, login).set_handled(AuthenticateStage.key)
    response: HttpResponse = perform_login(request, login)
    return response


def confirm_by_one_click(request: HttpRequest, user: User) -> HttpResponse:
    """What a demo person does instead of giving the second factor again."""
    record_authentication(request, user, method="mfa", reauthenticated=True)
    return redirect(safe_next(request, reverse("home")))


@method_decorator(login_not_required, name="dispatch")
class DemoSignIn(TemplateView):
    """The people of the demo, each signed in by one click; there is no such page outside the demo."""

    template_name = "members/demo.html"
    idempotent = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sides=demo_sides(), next=safe_next(self.request, ""), **kwargs)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Sign in as the person named by `user`."""
        user = get_object_or_404(demo_people(), email=request.POST.get("user", "").replace("\0", ""))
        if request.user == user:
            return confirm_by_one_click(request, user)
        if request.user.is_authenticated:
            logout(request)
        return enter_with_both_factors(request, user, safe_next(request, reverse("home")))

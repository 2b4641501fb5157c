"""Acts of weight ask whether it is still you: a sign-in or a confirmation of the last quarter of an hour counts."""

import re
import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import View

from members.middleware import BEGAN, back_to, lead_to
from members.selectors import FACTORS
from portal.kernel.idempotency import CSRF, FIELD, SECRET

TYPED = "typed_before_confirmation"
SEALED = re.compile(r"identity_number|bank_account|phone|contact")  # never stored in plain text, in a session neither


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person signed in, or confirmed with the strongest factor it has, within STEP_UP_SECONDS."""
    oldest = time.time() - settings.STEP_UP_SECONDS
    if request.session.get(BEGAN, 0) > oldest or has_nothing_to_confirm_with(request):
        return True
    records = get_authentication_records(request, request.user)
    given = [record for record in records if record["at"] > oldest]
    return any(record["method"] == "mfa" for record in given) or bool(
        given and not is_mfa_enabled(request.user, FACTORS)
    )


def has_nothing_to_confirm_with(request: HttpRequest) -> bool:
    """People of the demo without password and factor, whom one click signs in; production knows none."""
    user: Any = request.user
    methods = get_adapter(request).get_reauthentication_methods
    return bool(settings.DEMO and user.is_demo and not user.has_usable_password() and not methods(user))


class StepUpMixin(View):
    """With `step_up` the page and its form open only to somebody who is_fresh.

    Whoever typed too slowly comes back to the form as it was typed, except passwords and files.
    """

    step_up = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.step_up and not is_fresh(request):
            return confirm_first(request)
        answer: HttpResponse = super().get(request, *args, **kwargs)  # type: ignore[misc]
        return answer

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.step_up and not is_fresh(request):
            keep_typed(request)
            return confirm_first(request)
        answer: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return answer

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        kept = self.request.session.get(TYPED) if self.step_up and self.request.method == "GET" else None
        if kept and kept["path"] == self.request.path:
            del self.request.session[TYPED]
            kwargs["initial"] = {**(kwargs.get("initial") or {}), **kept["fields"]}
        return kwargs


def confirm_first(request: HttpRequest) -> HttpResponse:
    """The page that asks for the strongest factor, and back to where one was."""
    here = back_to(request) if request.method != "POST" else request.get_full_path()
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    url = methods[0]["url"] if methods else reverse("account_reauthenticate")
    return lead_to(request, f"{url}?{urlencode({REDIRECT_FIELD_NAME: here})}")


def keep_typed(request: HttpRequest) -> None:
    """Keep what was typed in the session until the form is opened again."""
    typed = {
        name: values if len(values) > 1 else values[0]
        for name, values in request.POST.lists()
        if values and name not in {CSRF, FIELD} and not SECRET.search(name) and not SEALED.search(name)
    }
    request.session[TYPED] = {"path": request.path, "fields": typed}

"""Limits of a session, and the second factor."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from members.selectors import FACTORS

Answer = Callable[[HttpRequest], HttpResponse]

BEGAN, SEEN = "session_began", "session_seen"  # Unix seconds
WRITE_EVERY = 60  # seconds
API = "/api/"

# What somebody may do who still has to set up a second factor.
OPEN_WITHOUT = {"account_logout", "account_reauthenticate", "set_language", "healthz", "readyz"}
SET_UP = "mfa_"


class SessionLimits:
    """Ends a session that was idle for too long or is too old, on the server and with a reason."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            if reason := self._over(request, now):
                here = back_to(request)
                logout(request)
                return self.get_response(request) if is_public(request) else sign_in_again(request, here, reason)
            self._note(request, now)
        return self.get_response(request)

    @staticmethod
    def _over(request: HttpRequest, now: int) -> str:
        """`age`, `idle`, or empty while the session is good."""
        began, seen = request.session.get(BEGAN, now), request.session.get(SEEN, now)
        if now - began >= settings.SESSION_COOKIE_AGE:
            return "age"
        return "idle" if now - seen >= settings.SESSION_IDLE_SECONDS else ""

    @staticmethod
    def _note(request: HttpRequest, now: int) -> None:
        if BEGAN not in request.session:
            request.session[BEGAN] = now
        if now - request.session.get(SEEN, 0) >= WRITE_EVERY:
            request.session[SEEN] = now


class SecondFactor:
    """Leads whoever needs a second factor and has none to its set-up, and nowhere else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.lacks_second_factor = SimpleLazyObject(lambda: lacks(request.user))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponseBase | None:
        """Stop the request before its view, unless the view serves the set-up."""
        if self._is_open(request) or not request.lacks_second_factor:  # type: ignore[attr-defined]
            return None
        if request.path.startswith(API):
            return JsonResponse({"detail": gettext("Please set up a second factor first.")}, status=403)
        return lead_to(request, reverse("mfa_index"))

    @staticmethod
    def _is_open(request: HttpRequest) -> bool:
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        return name in OPEN_WITHOUT or name.startswith(SET_UP)


def lacks(user: Any) -> bool:
    """Whether the roles demand a second factor that is not there."""
    return user.is_authenticated and user.needs_second_factor and not is_mfa_enabled(user, FACTORS)


def sign_in_again(request: HttpRequest, here: str, reason: str) -> HttpResponse:
    """The way to the sign-in page and back."""
    query = urlencode({REDIRECT_FIELD_NAME: here, "ended": reason})
    return lead_to(request, f"{reverse(settings.LOGIN_URL)}?{query}")


def lead_to(request: HttpRequest, url: str) -> HttpResponse:
    """Another page; a part of a page that htmx asked for takes the whole window along."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def back_to(request: HttpRequest) -> str:
    """The page that somebody is on: the address itself, of a form or a part the page that held it."""
    if request.method in {"GET", "HEAD"} and not request.headers.get("HX-Request"):
        return request.get_full_path()
    page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    ours = page.netloc == request.get_host() and page.path
    return f"{page.path}?{page.query}".rstrip("?") if ours else reverse(settings.LOGIN_REDIRECT_URL)


def is_public(request: HttpRequest) -> bool:
    """Whether the address is there for everybody; the read API says itself who may not."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return True
    return not getattr(view, "login_required", True)

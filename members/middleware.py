"""Limits of a session, the second factor, and passwords that are too old."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from members.enums import ADMINISTRATORS
from members.rules.notice import current_version
from members.selectors import FACTORS

Answer = Callable[[HttpRequest], HttpResponse]

BEGAN, SEEN = "session_began", "session_seen"  # Unix seconds
PASSWORD_OLD = "password_old"  # noqa: S105
WRITE_EVERY = 60  # seconds
API = "/api/"
BACKGROUND = "Portal-Background"  # a request that a page makes by itself says so: it shows nobody at work

# What somebody may do who still has to set up a second factor.
OPEN_WITHOUT = {"account_logout", "account_reauthenticate", "set_language", "healthz", "readyz"}
SET_UP = "mfa_"

# What somebody may do whose password has to be changed first.
OPEN_WITH_OLD = {*OPEN_WITHOUT, "account_change_password"}

# What somebody may do who has not accepted the privacy notice.
OPEN_WITHOUT_NOTICE = {*OPEN_WITH_OLD, "privacy-accept"}


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
            return keep_nothing(self.get_response(request))
        return self.get_response(request)

    @staticmethod
    def _over(request: HttpRequest, now: int) -> str:
        """`age`, `idle`, or empty while the session is good."""
        began, seen = request.session.get(BEGAN, now), request.session.get(SEEN, now)
        if now - began >= settings.SESSION_COOKIE_AGE:
            return "age"
        return "idle" if now - seen >= idle_limit(request.user, now - seen) else ""

    @staticmethod
    def _note(request: HttpRequest, now: int) -> None:
        if BEGAN not in request.session:
            request.session[BEGAN] = now
        if BACKGROUND not in request.headers and now - request.session.get(SEEN, 0) >= WRITE_EVERY:
            request.session[SEEN] = now
            UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def idle_limit(user: Any, idle: int) -> int:
    """Seconds; administrators have fewer. The roles are only asked where they matter."""
    short: int = settings.SESSION_IDLE_ADMIN_SECONDS
    return short if idle >= short and user.holds_any(ADMINISTRATORS) else settings.SESSION_IDLE_SECONDS


def keep_nothing(response: HttpResponse) -> HttpResponse:
    """What was made for somebody who is signed in is kept nowhere: the back button shows nothing after signing out."""
    if not response.has_header("Cache-Control"):
        response.headers["Cache-Control"] = "private, no-store"
    return response


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


class PasswordAge:
    """Leads whoever came in with a password that is too old to the page that changes it, and nowhere else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponseBase | None:
        """Stop the request before its view; the second factor comes first."""
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if not request.session.get(PASSWORD_OLD) or name in OPEN_WITH_OLD or name.startswith(SET_UP):
            return None
        if request.path.startswith(API):
            return JsonResponse({"detail": gettext("Please change your password first.")}, status=403)
        return lead_to(request, reverse("account_change_password"))


class PrivacyNotice:
    """Asks everybody for the privacy notice that is valid now, once, before anything else; demo people are nobody."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponseBase | None:
        """Stop the request before its view, unless the view is there for everybody or serves the way in or out."""
        if self._is_open(request) or not owes_notice(request.user):
            return None
        if request.path.startswith(API):
            return JsonResponse({"detail": gettext("Please read and accept the privacy notice first.")}, status=403)
        query = urlencode({REDIRECT_FIELD_NAME: back_to(request)})
        return lead_to(request, f"{reverse('members:privacy-accept')}?{query}")

    @staticmethod
    def _is_open(request: HttpRequest) -> bool:
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        public = is_public(request) and not request.path.startswith(API)
        return public or name in OPEN_WITHOUT_NOTICE or name.startswith(SET_UP)


def owes_notice(user: Any) -> bool:
    """Whether the valid privacy notice is not accepted yet."""
    return bool(user.is_authenticated and not user.is_demo and user.notice_version < current_version())


def lacks(user: Any) -> bool:
    """Whether the roles demand a second factor that is not there."""
    return user.is_authenticated and user.needs_second_factor and not is_mfa_enabled(user, FACTORS)


def sign_in_again(request: HttpRequest, here: str, reason: str) -> HttpResponse:
    """The way to the sign-in page and back."""
    query = urlencode({REDIRECT_FIELD_NAME: here, "ended": reason})
    return lead_to(request, f"{reverse(settings.LOGIN_URL)}?{query}")


def lead_to(request: HttpRequest, url: str) -> HttpResponse:
    """Another page; a part of a page that htmx asked for takes the whole window along."""
    away = HttpResponse(headers={"HX-Redirect": url}) if request.headers.get("HX-Request") else redirect(url)
    away.refused = True  # type: ignore[attr-defined] # for the audit trail
    return away


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

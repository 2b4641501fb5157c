"""Error pages: a sentence and a next step, never a bare number."""

import sys
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from portal.kernel.outages import Trouble, trouble

API = "/api/"


def bad_request(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """400; 503 when the session could not be written, which Django takes for one that somebody ended meanwhile."""
    while isinstance(exception, (SessionInterrupted, UpdateError)):
        exception = exception.__context__
    found = trouble(exception)
    return unavailable(request, found) if found else render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403"""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404"""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 when something that the portal needs does not answer in time. Asks no database for it."""
    found = trouble(sys.exc_info()[1])
    if found is None:
        return HttpResponse(render_to_string("500.html"), status=500)
    return unavailable(request, found)


def unavailable(request: HttpRequest, found: Trouble) -> HttpResponse:
    """Tell the trouble, and when to come again."""
    with translation.override(translation.get_language_from_request(request)):
        response = _told(request, found)
    response.headers["Retry-After"] = str(found.retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response


def _told(request: HttpRequest, found: Trouble) -> HttpResponse:
    """In the reader's language; to a program as JSON."""
    if request.path.startswith(API):
        return JsonResponse({"detail": str(found.text)}, status=found.status)
    return HttpResponse(_page(found, translation.get_language()), status=found.status)


@cache
def _page(found: Trouble, _language: str) -> str:
    """Made once for each language: when thousands are told to come again, it must cost nothing."""
    return render_to_string("trouble.html", {"trouble": found})


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "", **_kwargs: Any) -> HttpResponse:
    """403 when a form was sent without its token (an old tab, blocked cookies)."""
    return render(request, "403_csrf.html", {"cookies_off": reason == REASON_NO_CSRF_COOKIE}, status=403)

"""What every answer carries and no question may contain: the two middlewares at the door."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import render

Answer = Callable[[HttpRequest], HttpResponse]

MB = 1024 * 1024
FORM_ROOM = 2 * MB  # what a form may be longer than its largest file
POWERS = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial",
    "usb", "xr-spatial-tracking",
)  # fmt: skip
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{power}=()" for power in POWERS),
}


class SecurityHeaders:
    """The outermost: whatever answers, and with whatever status, the headers are there.

    A header that was set below stays. What is answered to somebody who is signed in is never kept by a browser,
    so that the back button shows nothing after the sign-out.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if is_personal(request, response):
            response.headers["Cache-Control"] = "private, no-store"
        return response


def is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer may hold something of one person; static files never do."""
    known = settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies
    is_static = request.path.startswith(settings.STATIC_URL) and response.status_code in {200, 206, 304}
    return known and not is_static and "no-store" not in response.headers.get("Cache-Control", "")


class CleanInput:
    """Refuses what no browser of a person sends: bodies beyond all limits, unread (413), and signs that no database
    keeps, which are NUL and halves of surrogate pairs (400).
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if declared(request.META) > settings.UPLOAD_MAX_BYTES + FORM_ROOM:
            return too_large(request)
        refuse_unstorable([request.path, *request.COOKIES.values(), *values(request.GET)])
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        """The form, as late as possible: reading it is work."""
        if request.method == "POST":
            try:
                refuse_unstorable([*values(request.POST), *request.FILES])
            except UnreadablePostError as error:
                raise BadRequest("the connection was cut") from error
        return None


def declared(meta: Mapping[str, Any]) -> int:
    """The length of the body as announced, in bytes."""
    length = str(meta.get("CONTENT_LENGTH") or "")
    return int(length) if length.isdecimal() else 0


def too_large(request: HttpRequest) -> HttpResponse:
    """413, with the largest size that is taken."""
    return render(request, "413.html", {"limit": settings.UPLOAD_MAX_BYTES // MB}, status=413)


def values(query: Any) -> Iterable[str]:
    """Names and values of a query or a form."""
    for name, listed in query.lists():
        yield name
        yield from listed


def refuse_unstorable(texts: Iterable[str]) -> None:
    """Raises BadRequest."""
    for text in texts:
        if "\0" in text or not is_encodable(text):
            raise BadRequest("a sign that cannot be stored")


def is_encodable(text: str) -> bool:
    """Whether the text holds whole signs only."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

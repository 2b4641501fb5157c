"""One line in the log and one count for every request."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.kernel import metrics
from portal.kernel.health import PROBES
from portal.kernel.logs import safe_path, user_of

logger = logging.getLogger("portal.request")


class Observing:
    """Around everything but the origin: method, path without query, view, status, duration, the person's id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        view = view_of(request)
        metrics.count(view=view, method=request.method or "", status=response.status_code, seconds=seconds)
        facts = {
            "method": request.method,
            "path": safe_path(request),
            "view": view,
            "status": response.status_code,
            "duration_ms": round(seconds * 1000),
            "user": user_of(request),
        }
        logger.log(logging.DEBUG if view in PROBES else logging.INFO, "%s", facts["path"], extra=facts)
        return response


def view_of(request: HttpRequest) -> str:
    """The name of the address; `static` for files, `-` where there is nothing."""
    if request.resolver_match:
        return request.resolver_match.view_name or "-"
    return "static" if request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/") else "-"

"""A full waiting room sends people away at once instead of letting everybody wait for ever.

When more requests come than can be served, they wait for a thread. Without a limit the wait grows, people give up and
come again, and the server works for those who have gone. So whoever has waited for longer than QUEUE_SECONDS gets
503 and is asked to come again in half a minute: that costs next to nothing, and the queue never grows longer.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.kernel.errors import unavailable
from portal.kernel.health import PROBES
from portal.kernel.outages import AWAY

WAITED: ContextVar[float] = ContextVar("waited", default=0.0)  # seconds, set by the web server's thread


def arrived_at(moment: float) -> None:
    """The request that this thread begins to serve has been here since then (time.monotonic())."""
    WAITED.set(time.monotonic() - moment)


class Shedding:
    """Before everything that costs something; whoever asks how the portal is gets an answer in any case."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if WAITED.get() > settings.QUEUE_SECONDS and request.path_info.strip("/") not in PROBES:
            return unavailable(request, AWAY)
        return self.get_response(request)

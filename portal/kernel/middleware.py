"""What the kernel does around every request."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.kernel import audit_requests, origin
from portal.kernel.logs import safe_path

logger = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]

REQUEST_ID = "X-Request-ID"


class OriginMiddleware:
    """Tells everything below where it is asked from, and the client under which id to ask about this answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = origin.of_request(
            request.META,
            method=request.method or "",
            path=safe_path(request),
            trust_id=settings.BEHIND_PROXY,
            proxies=settings.TRUSTED_PROXIES,
        )
        request.origin = found  # type: ignore[attr-defined] # Django logs the answer when all middlewares are left
        with origin.coming_from(found):
            response = self.get_response(request)
        response.headers[REQUEST_ID] = found.request_id
        return response


class AuditMiddleware:
    """Sees to it that every state-changing request, also a refused one, leaves an entry in the audit trail.

    An act of the business is recorded in its own transaction by its service. What only this would have recorded
    is answered with 503 when the trail cannot be written; a refusal remains a refusal.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        try:
            audit_requests.keep(request, response, at=timezone.now())
        except (DatabaseError, InterfaceError) as error:
            logger.critical("the audit trail cannot be written: %s", error)
            if response.status_code < 400:
                raise OperationalError("the audit trail cannot be written") from error
        return response

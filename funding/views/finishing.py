"""What the pages of an application remember of their readers: who was at work at the close, who opened it first."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View

from funding.enums import ApplicationStatus
from funding.rules.finishing import AT_WORK
from funding.selectors.finishing import finishes_at
from funding.services.applications import open_application
from portal.kernel import clocks

FINISHING = "finishing"
UNREAD = {ApplicationStatus.SUBMITTED, ApplicationStatus.RECOMMENDED}


class FinishingMixin(View):
    """Shortly before the close each page of a draft hands out a signed word that this reader had it open then.

    It says when, by the database's clock, and holds for this reader and this application alone.
    """

    object: Any  # an application
    at: datetime

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.begun_at:
            self.object.at_work_at = self.begun_at  # for the pages; the service writes it when it counts

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if request.method == "GET" and (at := self.moment_to_remember()):
            self.hand_out(response, at)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(  # type: ignore[misc]
            finishing=finishes_at(self.object, self.at), **kwargs
        )
        return context

    def moment_to_remember(self) -> datetime | None:
        """Now, if it is shortly before the close of a call that grants a grace."""
        call = self.object.call
        if not call.grace_minutes or not self.object.is_editable or self.at < call.closes_at - 2 * AT_WORK:
            return None
        at = clocks.database_now()
        return at if call.is_open(at) else None

    def hand_out(self, response: HttpResponseBase, at: datetime) -> None:
        """Into a cookie for the pages of this application."""
        response.set_signed_cookie(
            self.cookie, at.isoformat(), salt=self.salt, max_age=self.object.call.finishes_at - at,
            path=reverse("funding:application-detail", args=[self.object.pk]), httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip

    @property
    def cookie(self) -> str:
        """Its name."""
        return FINISHING

    @property
    def salt(self) -> str:
        """Whose word it is, about what."""
        return f"{FINISHING}.{self.object.pk}.{self.request.user.pk}"

    @cached_property
    def begun_at(self) -> datetime | None:
        """When this reader had it open, as the signed word says; a forged or a stranger's one says nothing."""
        word = self.request.get_signed_cookie(self.cookie, default="", salt=self.salt)
        return datetime.fromisoformat(word) if word else None


class OpeningMixin(View):
    """Notes that the first desk reads a submitted application: from then on it is not taken back."""

    object: Any  # an application

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        unread = self.object.status in UNREAD and not self.object.opened_at
        if unread and request.method == "GET" and request.user.is_authenticated:
            open_application(application=self.object, actor=request.user, at=clocks.database_now())
        return super().dispatch(request, *args, **kwargs)

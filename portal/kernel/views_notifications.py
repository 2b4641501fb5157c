"""The reader's notices."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from portal.kernel import notifications
from portal.kernel.models.notification import Notification
from portal.kernel.views import ClockMixin, ListView, LoadMixin


@dataclass(frozen=True)
class Line:
    """A notice as the page shows it."""

    notification: Notification
    text: str
    urgent: bool


class NotificationList(ListView):
    """One's own notices, newest first."""

    model = Notification
    template_name = "notifications.html"
    page_size = 30

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        lines = [Line(row, notifications.text(row), notifications.is_urgent(row)) for row in context["rows"]]
        return {**context, "lines": lines, "unread_here": any(row.read_at is None for row in context["rows"])}


class NotificationOpen(LoadMixin):
    """Marks a notice as read and leads to what it is about."""

    model = Notification
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        notifications.open_notification(notification=self.object, at=self.at)
        return redirect(self.object.url or reverse("notifications"))


class NotificationsRead(ClockMixin):
    """Marks everything as read."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        notifications.read_all(reader=request.user, at=self.at)
        return redirect("notifications")

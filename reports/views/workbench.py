"""The first page after signing in: what waits, by when, and what has happened."""

from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from portal.kernel import notifications
from portal.kernel.models import Notification
from portal.kernel.views_notifications import Line
from reports.selectors.workbench import agenda, total, waiting


class Workbench(TemplateView):
    """Everybody's own desk."""

    template_name = "reports/workbench.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, at = self.request.user, timezone.now()
        desk = waiting(user, at)
        facts = {"waiting": desk, "total": total(desk), "agenda": agenda(user, at), "lines": self._news()}
        return super().get_context_data(**facts, **kwargs)

    def _news(self) -> list[Line]:
        newest = Notification.objects.visible_to(self.request.user).order_by("-created_at", "-id")[:8]
        return [Line(row, notifications.text(row), notifications.is_urgent(row)) for row in newest]

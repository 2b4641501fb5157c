"""The audit trail for those who audit."""

from typing import Any

from django.db.models import QuerySet

from members.enums import Role
from portal.kernel.models import AuditEntry
from portal.kernel.views import ListView, PermissionMixin
from reports.filters import AuditFilter
from reports.selectors.audit import entries, lines


class AuditList(PermissionMixin, ListView):
    """Who did what, on what, when; newest first."""

    model = AuditEntry
    permission = "members.view_audit"
    template_name = "reports/audit_list.html"
    filterset_class = AuditFilter
    sorts = ("id",)
    default_sort = "-id"
    count_limit = 10_000

    def get_queryset(self) -> QuerySet[AuditEntry]:
        return entries(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        supervises = self.actor.holds(Role.SUPERVISOR)
        return {**context, "lines": lines(context["rows"], linked=supervises), "supervises": supervises}

"""The landing pages of the three administrators: what needs attention, and what is in force."""

import shutil
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import pgettext_lazy
from django.views.generic import TemplateView

from members.enums import Action
from members.selectors import consoles
from portal.kernel import health
from portal.kernel.authz import may
from portal.kernel.models import AuditEntry
from portal.kernel.views import PermissionMixin

NEEDS = {
    "database": pgettext_lazy("health", "Database"),
    "durable": pgettext_lazy("health", "Safeguards of the database against a power cut"),
    "migrations": pgettext_lazy("health", "Tables fit this version"),
    "storage": pgettext_lazy("health", "Storage of files"),
}
NAMED = 5  # of a list that has a page of its own
ROLES = (Action.GRANT_ROLE, Action.REVOKE_ROLE, Action.PROPOSE_ROLE, Action.CONFIRM_PROPOSAL, Action.DECLINE_PROPOSAL)
ALARMS = (
    Action.LOCK_ACCOUNT, Action.THROTTLE_ADDRESS, Action.DEACTIVATE, Action.DISABLE_STALE, Action.REMOVE_FACTOR, *ROLES,
)  # fmt: skip


class SystemConsole(PermissionMixin, TemplateView):
    """Accounts, jobs, mail, storage, health and parameters."""

    permission = "members.view_system_console"
    template_name = "members/system_console.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        files, size = consoles.stored()
        return super().get_context_data(
            people=consoles.people(),
            work=consoles.work(timezone.now()),
            files=files,
            size=size,
            free=shutil.disk_usage(settings.MEDIA_ROOT).free if settings.MEDIA_ROOT.exists() else 0,
            needs=[(NEEDS[need.__name__], health.holds(need)) for need in health.NEEDS],
            parameters=self._parameters(),
            **kwargs,
        )

    @staticmethod
    def _parameters() -> dict[str, Any]:
        return {
            "city": settings.CITY["name"],
            "address": settings.PUBLIC_URL,
            "mail_server": f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
            "sender": settings.DEFAULT_FROM_EMAIL,
            "digest": settings.DIGEST_HOUR,
            "upload": settings.UPLOAD_MAX_BYTES,
        }


class SecurityConsole(PermissionMixin, TemplateView):
    """Proposals, locks, missing second factors, unused accounts, and the policy in force."""

    permission = "members.view_security_console"
    template_name = "members/security_console.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at, reader = timezone.now(), self.request.user
        waiting = [
            (row, may(reader, "members.confirm_proposal", row), may(reader, "members.decline_proposal", row))
            for row in consoles.proposals(at)
        ]
        return super().get_context_data(
            proposals=waiting,
            locks=consoles.locks(at)[:50],
            bare=consoles.without_second_factor()[:NAMED],
            bare_count=consoles.without_second_factor().count(),
            disabled=consoles.disabled_for_disuse(at)[:20],
            sessions=consoles.open_sessions(at),
            administrators=consoles.administrators(),
            acts=consoles.recent_acts(ROLES, at),
            policy=consoles.policy(),
            **kwargs,
        )


class AuditConsole(PermissionMixin, TemplateView):
    """What happened in the last week that an auditor would look at first."""

    permission = "members.view_audit_console"
    template_name = "members/audit_console.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = timezone.now()
        return super().get_context_data(
            week=consoles.trail_of_week(at),
            newest=AuditEntry.objects.order_by("-id").first(),
            alarms=consoles.recent_acts(ALARMS, at),
            administrators=consoles.administrators(),
            **kwargs,
        )

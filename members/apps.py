"""Who: users, organisations, roles, experts, integrity records."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.kernel.loading import import_all


class MembersConfig(AppConfig):
    """The members room."""

    name = "members"
    verbose_name = _("Organisations and people")

    def ready(self) -> None:
        """Declare the permissions, listen to sign-ins."""
        import_module("members.permissions")
        import_module("members.receivers")
        import_module("members.badges")
        import_module("members.selectors.credit")
        import_module("members.selectors.experts")
        import_module("members.selectors.handover")
        import_module("members.rules.personal")
        import_module("members.rules.notices")
        import_all("members.services")

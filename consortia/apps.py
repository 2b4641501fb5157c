"""The consortia room: the consortium: participants, agreement, technologies, tasks, outcomes."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.kernel.loading import import_all


class ConsortiaConfig(AppConfig):
    """The consortia room."""

    name = "consortia"
    verbose_name = _("Consortia")

    def ready(self) -> None:
        """Declare permissions, badges and notices."""
        import_module("consortia.permissions")
        import_module("consortia.badges")
        import_module("consortia.filters")
        import_module("consortia.selectors.places")
        import_module("consortia.services.circulars")
        import_module("consortia.services.notices")
        import_module("consortia.services.contacts")
        import_module("consortia.services.liaison")
        import_module("consortia.rules.notices")
        import_all("consortia.services")

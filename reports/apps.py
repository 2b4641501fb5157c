"""The reports room: annual evaluations, PDF reports, funding exports, dashboards."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.kernel.loading import import_all


class ReportsConfig(AppConfig):
    """The reports room."""

    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        """Declare permissions, badges and the job handlers, listen for alarms."""
        import_module("reports.permissions")
        import_module("reports.badges")
        import_module("reports.receivers")
        import_module("reports.selectors.handover")
        import_module("reports.tasks")
        import_all("reports.services")

"""The kernel as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The foundation: authorization, workflow, audit, files, jobs, notifications, exporting."""

    name = "portal.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Connect the receivers, register the checks."""
        import_module("portal.kernel.receivers")
        import_module("portal.kernel.checks")
        import_module("portal.kernel.database_roles")

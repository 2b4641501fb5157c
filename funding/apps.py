"""The funding room: calls, applications, review, decision, awards, contracts, payments."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.kernel.loading import import_all


class FundingConfig(AppConfig):
    """The funding room."""

    name = "funding"
    verbose_name = _("Funding")

    def ready(self) -> None:
        """Declare the permissions."""
        import_module("funding.permissions")
        import_module("funding.badges")
        import_module("funding.selectors.experts")
        import_module("funding.selectors.leads")
        import_module("funding.selectors.preparing")
        import_module("funding.rules.notices")
        import_all("funding.services")

"""The funding room: calls, applications, review, decision, awards, contracts, payments."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


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

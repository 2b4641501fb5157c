"""What becomes of contracts, in lists beside each other: amendments, acceptances, terminations."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.kernel.authz import may
from portal.kernel.views import ListView, PermissionMixin

TABS = (
    ("funding:amendment-list", _("Amendments")),
    ("funding:acceptance-list", _("Acceptances")),
    ("funding:termination-list", _("Terminations")),
)


class CaseList(PermissionMixin, ListView):
    """One of these lists; it says what it is about, and what to read where it is empty."""

    permission = "funding.view_endings"
    template_name = "funding/case_list.html"
    title: Any
    about: Any
    nothing: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts: dict[str, Any] = {"sees_list": may(self.actor, "funding.view_funding")}
        facts |= {"title": self.title, "about": self.about, "nothing": self.nothing, "tabs": TABS}
        return super().get_context_data(**facts, **kwargs)

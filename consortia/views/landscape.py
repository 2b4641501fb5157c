"""The city's consortia at a glance, for officials."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from consortia.charts import district_picture, links_picture
from consortia.selectors.landscape import (
    MOST,
    chain_gaps,
    coverage,
    led_by_the_state,
    overlaps,
    placed,
    single_sources,
    small_members,
)
from consortia.selectors.links import standing_links
from portal.kernel.network import TALL, WIDE
from portal.kernel.views import PermissionMixin


class Landscape(PermissionMixin, TemplateView):
    """Sub-fields by districts, the diagram of districts, who takes part in many consortia, where the chain is thin."""

    permission = "consortia.view_registry"
    template_name = "consortia/landscape.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        address = reverse("consortia:consortium-list")
        found = coverage(user)
        picture = district_picture(placed(found), chosen="", address=address, label=_("Consortia by district"))
        facts = {"coverage": found, "map": picture, "overlaps": overlaps(user), "gaps": chain_gaps(user)}
        facts |= {"single": single_sources(user), "state": led_by_the_state(user), "small": small_members(user)}
        links = standing_links(user)
        facts |= {"links": links, "links_pictures": [links_picture(links, sheet) for sheet in (WIDE, TALL) if links]}
        return super().get_context_data(most=MOST, registry=address, **facts, **kwargs)

"""The first page for everybody."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal.kernel.charts import Cell, hexmap
from reports.selectors.public import Overview, overview


@method_decorator(login_not_required, name="dispatch")
class PublicHome(TemplateView):
    """Figures, open calls, public notices, the newest consortia."""

    template_name = "reports/public_home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = overview(timezone.now())
        return super().get_context_data(overview=facts, hexmap=district_map(facts), **kwargs)


def district_map(facts: Overview) -> SafeString:
    """The districts with their number of published consortia, each a link to its list."""
    if not facts.districts:
        return SafeString()
    directory = reverse("consortia:public-consortium-list")
    cells = [
        Cell(
            name=district.short_name, col=float(district.column), row=district.row, value=number, text=str(number),
            href=f"{directory}?district={district.pk}",
        )
        for district, number in facts.districts
    ]  # fmt: skip
    return hexmap(cells, label=_("Consortia by district"))

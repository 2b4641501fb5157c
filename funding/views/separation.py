"""Whether duties in a case were kept apart: every forbidden pair, and where it occurred."""

from typing import Any

from django.views.generic import TemplateView

from funding.exporters import SEPARATION, separation_lines
from funding.selectors.separation import checked
from members.enums import Role
from portal.kernel.views import PermissionMixin
from portal.kernel.views_exports import ListExport


class Separation(PermissionMixin, TemplateView):
    """The table of pairs with what was found of each."""

    permission = "funding.view_separation"
    template_name = "funding/separation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = checked(self.actor)
        return super().get_context_data(
            rows=rows,
            broken=sum(bool(row.found) for row in rows),
            opens=self.actor.holds(Role.SUPERVISOR),
            **kwargs,
        )


class SeparationExport(ListExport):
    """The same as a file: a line for each occurrence, and one for each pair without."""

    export = SEPARATION
    list_name = "funding:separation"

    def chosen_rows(self) -> Any:
        return separation_lines(self.request.user)

    def params(self) -> dict[str, Any]:
        return {}

    def in_words(self) -> list[tuple[str, str]]:
        return []

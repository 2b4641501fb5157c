"""The search in the roof of every page."""

from typing import Any

from django.views.generic import TemplateView

from portal.kernel.search import LONGEST
from reports.selectors.search import find


class Search(TemplateView):
    """What the reader may see of what fits the words."""

    template_name = "reports/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "")[:LONGEST]
        return super().get_context_data(text=text, found=find(self.request.user, text), **kwargs)

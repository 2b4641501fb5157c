"""The money on the page of a consortium."""

from typing import Any

from consortia.views.pages import ConsortiumPage
from funding.selectors.applications import applications_of
from funding.selectors.money import awards_of


class ConsortiumMoney(ConsortiumPage):
    """What it applied for, what it was granted and what was paid, as far as the reader may see."""

    template_name = "funding/consortium_money.html"
    tab = "money"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        facts = {"awards": awards_of(self.object, user), "applications": applications_of(self.object, user)}
        return super().get_context_data(**facts, **kwargs)

"""Lists of the funding room as files."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from funding.models import RecommendationEntry
from funding.selectors.recommendations import facts_of, given_up
from portal.kernel.exporting import Column, Export, Params


def rows(_user: Any, _params: Params) -> QuerySet[RecommendationEntry]:
    """The view gives the places of the one list that it is about."""
    return RecommendationEntry.objects.none()


def fact(name: str) -> Callable[[RecommendationEntry], Any]:
    """A column of what the list says."""
    return lambda entry: facts_of(entry)[name]


RECOMMENDATIONS = Export(
    slug="recommendations",
    title=_("Recommendation list"),
    permission="funding.view_recommendations",
    rows=rows,
    columns=(
        Column(_("Place in the list"), lambda entry: entry.position, kind="int", width=6),
        Column(_("Application number"), fact("number"), width=16),
        Column(_("Consortium code"), fact("code"), width=16),
        Column(_("Consortium"), fact("consortium"), width=40),
        Column(_("Lead organisation"), fact("lead"), width=36),
        Column(_("Unified social credit code"), fact("uscc"), width=22),
        Column(_("Tier"), fact("tier"), width=6),
        Column(_("Requested amount"), lambda entry: Decimal(facts_of(entry)["amount"]), kind="money"),
        Column(_("Recommending opinion of the district"), fact("opinion"), width=40),
        Column(_("Remark"), lambda entry: given_up(entry.application)),
    ),
)

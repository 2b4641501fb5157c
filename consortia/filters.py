"""Filters of the lists of consortia."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from consortia.enums import ConsortiumStatus, ConsortiumType, Tier
from consortia.models import Consortium, SubField
from members.models import District

ALL = _("All")


class PublicFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the public may search by."""

    q = django_filters.CharFilter(label=_("Name, number or lead organisation"), method="search", max_length=200)
    district = django_filters.ModelChoiceFilter(label=_("District"), queryset=District.objects.all(), empty_label=ALL)
    sub_field = django_filters.ModelChoiceFilter(label=_("Sub-field"), queryset=SubField.objects.all(), empty_label=ALL)
    tier = django_filters.ChoiceFilter(label=_("Tier"), choices=Tier.choices, empty_label=ALL)

    class Meta:
        model = Consortium
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Consortia whose name, code or lead contains the words."""
        words = value.strip()
        return rows.filter(Q(name__icontains=words) | Q(code__icontains=words) | Q(lead__name__icontains=words))


class ConsortiumFilter(PublicFilter):
    """What officials may search by."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=ConsortiumStatus.choices, empty_label=ALL)
    type = django_filters.ChoiceFilter(label=_("Type"), choices=ConsortiumType.choices, empty_label=ALL)

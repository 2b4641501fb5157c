"""Filters of the lists; what they hold stands in the address of the page."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.enums import ExpertKind, OrganisationType, Role
from members.models import District, Expert, Organisation, RoleGrant, User

ACTIVE = [("1", _("Active")), ("0", _("Deactivated"))]
IN_POOL = [("1", _("In the pool")), ("0", _("Left the pool"))]


class OrganisationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the registry."""

    q = django_filters.CharFilter(label=_("Name or credit code"), method="find")
    type = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=OrganisationType.choices, widget=forms.CheckboxSelectMultiple
    )
    district = django_filters.ModelMultipleChoiceFilter(
        label=_("District"), queryset=District.objects.all(), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def find(self, rows: QuerySet[Organisation], _name: str, words: str) -> QuerySet[Organisation]:
        """By a part of the name or the beginning of the code."""
        words = words.strip()[:100]
        return rows.filter(Q(name__icontains=words) | Q(uscc__istartswith=words))


class UserFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the list of people."""

    q = django_filters.CharFilter(label=_("Name or e-mail"), method="find")
    role = django_filters.ChoiceFilter(label=_("Role"), empty_label=_("All"), choices=Role.choices, method="holding")
    active = django_filters.ChoiceFilter(
        label=_("Account"), empty_label=_("All"), choices=ACTIVE, field_name="is_active"
    )

    class Meta:
        model = User
        fields: list[str] = []

    def find(self, rows: QuerySet[User], _name: str, words: str) -> QuerySet[User]:
        """By a part of the name or address."""
        words = words.strip()[:100]
        return rows.filter(Q(name__icontains=words) | Q(email__icontains=words))

    def holding(self, rows: QuerySet[User], _name: str, role: str) -> QuerySet[User]:
        """Those who hold the role now."""
        return rows.filter(pk__in=RoleGrant.objects.in_force().filter(role=role).values("user"))


class ExpertFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the expert pool."""

    q = django_filters.CharFilter(
        label=pgettext_lazy("person", "Name"), field_name="user__name", lookup_expr="icontains"
    )
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=ExpertKind.choices, widget=forms.CheckboxSelectMultiple
    )
    field = django_filters.CharFilter(label=_("Sub-field code"), method="able_in")
    active = django_filters.ChoiceFilter(label=_("Pool"), empty_label=_("All"), choices=IN_POOL, field_name="is_active")

    class Meta:
        model = Expert
        fields: list[str] = []

    def able_in(self, rows: QuerySet[Expert], _name: str, code: str) -> QuerySet[Expert]:
        """Those who can judge the sub-field."""
        return rows.filter(fields__contains=[code.strip().upper()[:10]])

"""Filters of the lists of consortia."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import (
    ClaimStatus,
    ConsortiumStatus,
    ConsortiumType,
    OutcomeKind,
    PipelineStage,
    PlatformKind,
    Tier,
    Verification,
)
from consortia.models import (
    Consortium,
    Demand,
    DirectRecognition,
    DuplicateClaim,
    Outcome,
    Participation,
    Platform,
    SevenOnesItem,
    SubField,
)
from consortia.rules.numbers import canonical_number
from consortia.rules.platforms import DirectStatus, IncubationMode, PlatformState
from consortia.selectors.institutions import LISTED
from members.enums import OrganisationType, Ownership
from members.models import District, Organisation
from portal.kernel.saved_filters import WATCHED
from portal.kernel.search import matching

ALL = _("All")
KINDS = [(kind, OrganisationType(kind).label) for kind in LISTED]
STATES = [(one.value, one.label) for one in (PlatformState.BUILDING, PlatformState.OPEN, PlatformState.RECOGNISED)]


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
        """Consortia whose name, code or lead contains every word."""
        return matching(rows, value)


class ConsortiumFilter(PublicFilter):
    """What officials may search by."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=ConsortiumStatus.choices, empty_label=ALL)
    type = django_filters.ChoiceFilter(label=_("Type"), choices=ConsortiumType.choices, empty_label=ALL)
    ownership = django_filters.ChoiceFilter(
        label=_("Ownership of the lead"), field_name="lead__ownership", choices=Ownership.choices, empty_label=ALL
    )
    unproven = django_filters.NumberFilter(
        label=_("Seven Ones: nothing verified for the year"), method="nothing_verified", min_value=2000, max_value=2100
    )
    member = django_filters.UUIDFilter(label=_("Member organisation"), method="of_member", widget=forms.HiddenInput)

    def of_member(self, rows: QuerySet[Any], _name: str, value: UUID) -> QuerySet[Any]:
        """Those that the organisation takes part in."""
        return rows.filter(pk__in=Participation.objects.present().filter(organisation=value).values("consortium"))

    def nothing_verified(self, rows: QuerySet[Any], _name: str, value: Decimal) -> QuerySet[Any]:
        """Recognised by the end of the year, and none of its Seven Ones is verified."""
        year = int(value)
        found = SevenOnesItem.objects.filter(consortium=OuterRef("pk"), year=year, verified__isnull=False)
        return rows.filter(~Exists(found), recognised_on__lte=date(year, 12, 31))


class OutcomeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the register of outcomes may be searched by."""

    q = django_filters.CharFilter(label=_("Name, number or consortium"), method="search", max_length=200)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=OutcomeKind.choices, empty_label=ALL)
    year = django_filters.NumberFilter(
        label=_("Year"), field_name="date", lookup_expr="year", min_value=1990, max_value=2100
    )
    verification = django_filters.ChoiceFilter(
        label=_("Verification by the bureau"), choices=Verification.choices, empty_label=ALL
    )
    stage = django_filters.ChoiceFilter(label=_("Pipeline stage"), choices=PipelineStage.choices, empty_label=ALL)
    district = django_filters.ModelChoiceFilter(
        label=_("District"), field_name="consortium__district", queryset=District.objects.all(), empty_label=ALL
    )
    disputed = django_filters.ChoiceFilter(
        label=_("Number in dispute"), choices=[("1", _("Yes")), ("0", _("No"))], empty_label=ALL
    )

    class Meta:
        model = Outcome
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Outcomes whose name, number in any spelling, or consortium holds the words."""
        words = value.strip()
        numbers = {canonical_number(kind, words) for kind in OutcomeKind} - {""}
        return rows.filter(
            Q(name__icontains=words)
            | Q(identifier__icontains=words)
            | Q(canonical__in=numbers)
            | Q(consortium__name__icontains=words)
        )


class OwnOutcomeFilter(OutcomeFilter):
    """What the register of one consortium may be searched by."""

    q = stage = district = disputed = None


class DuplicateFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the list of numbers claimed twice may be searched by."""

    q = django_filters.CharFilter(label=_("Number, outcome or consortium"), method="search", max_length=200)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=ClaimStatus.choices, empty_label=ALL)
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), field_name="first__kind", choices=OutcomeKind.choices, empty_label=ALL
    )

    class Meta:
        model = DuplicateClaim
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Pairs of which either side holds the words."""
        words = value.strip()
        numbers = {canonical_number(kind, words) for kind in OutcomeKind} - {""}
        wanted = Q(first__canonical__in=numbers)
        for side in ("first", "second"):
            for name in ("name", "identifier", "consortium__name"):
                wanted |= Q(**{f"{side}__{name}__icontains": words})
        return rows.filter(wanted)


class DemandFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the board of demands may be searched by; who is not named is not found by name or place."""

    q = django_filters.CharFilter(label=_("Words of the demand"), method="search", max_length=200)
    sub_field = django_filters.ModelChoiceFilter(
        label=_("Sub-field"), field_name="consortium__sub_field", queryset=SubField.objects.all(), empty_label=ALL
    )
    district = django_filters.ModelChoiceFilter(
        label=_("District"), method="in_district", queryset=District.objects.all(), empty_label=ALL
    )

    class Meta:
        model = Demand
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Demands whose published text, or named enterprise, holds the words."""
        words = value.strip()
        return rows.filter(Q(brief__icontains=words) | Q(named=True, poser__name__icontains=words))

    def in_district(self, rows: QuerySet[Any], _name: str, value: District) -> QuerySet[Any]:
        """Those of enterprises that show their name."""
        return rows.filter(named=True, consortium__district=value)


class PlatformFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the register of joint platforms may be searched by."""

    q = django_filters.CharFilter(label=_("Platform, builder or consortium"), method="search", max_length=200)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=PlatformKind.choices, empty_label=ALL)
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state", empty_label=ALL)
    district = django_filters.ModelChoiceFilter(label=_("District"), queryset=District.objects.all(), empty_label=ALL)
    incubation = django_filters.ChoiceFilter(
        label=_("Mode of incubation"), choices=IncubationMode.choices, empty_label=ALL
    )

    class Meta:
        model = Platform
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Platforms of which the name, the builder or the consortium holds the words."""
        words = value.strip()
        return rows.filter(
            Q(name__icontains=words) | Q(builder__name__icontains=words) | Q(consortium__name__icontains=words)
        )

    def in_state(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Being built, built, or recognised today."""
        if value == PlatformState.RECOGNISED:
            return rows.filter(pk__in=DirectRecognition.objects.in_force(timezone.localdate()).values("platform"))
        return rows.filter(opened_on__isnull=value == PlatformState.BUILDING)


class DirectFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the list of direct recognitions may be searched by."""

    q = django_filters.CharFilter(label=_("Number, platform or consortium"), method="search", max_length=200)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=DirectStatus.choices, empty_label=ALL)
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), field_name="platform__kind", choices=PlatformKind.choices, empty_label=ALL
    )
    district = django_filters.ModelChoiceFilter(
        label=_("District"), field_name="platform__consortium__district", queryset=District.objects.all(),
        empty_label=ALL,
    )  # fmt: skip

    class Meta:
        model = DirectRecognition
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Cases of which the number, the platform or the consortium holds the words."""
        words = value.strip()
        return rows.filter(
            Q(number__icontains=words)
            | Q(platform__name__icontains=words)
            | Q(platform__consortium__name__icontains=words)
        )


class PublicPlatformFilter(DirectFilter):
    """What the public may search recognised platforms by."""

    status = None


class InstitutionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the directory of institutions may be searched by."""

    q = django_filters.CharFilter(label=_("Name"), field_name="name", lookup_expr="icontains", max_length=200)
    type = django_filters.ChoiceFilter(label=_("Type"), choices=KINDS, empty_label=ALL)
    district = django_filters.ModelChoiceFilter(label=_("District"), queryset=District.objects.all(), empty_label=ALL)
    near = django_filters.ChoiceFilter(
        label=_("Seat"), choices=[("1", _("In the city")), ("0", _("Outside the city"))], method="near_by",
        empty_label=ALL,
    )  # fmt: skip

    class Meta:
        model = Organisation
        fields: list[str] = []

    def near_by(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """With a district of the city, or without one."""
        return rows.filter(district__isnull=value == "0")


def _registry(user: Any, query: QueryDict) -> QuerySet[Any]:
    return ConsortiumFilter(query, queryset=Consortium.objects.visible_to(user)).qs  # type: ignore[no-any-return]


def _board(user: Any, query: QueryDict) -> QuerySet[Any]:
    rows = Demand.objects.visible_to(user).board(timezone.localdate())
    return DemandFilter(query, queryset=rows).qs  # type: ignore[no-any-return]


WATCHED |= {"consortia:consortium-list": _registry, "consortia:demand-list": _board}

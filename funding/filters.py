"""Filters of the lists; what they hold stands in the address of the page."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.enums import ApplicationKind, ApplicationStatus, QuestionStatus, TrancheStatus
from funding.forms.fields import Ticks
from funding.models import (
    Application,
    ApplicationReason,
    AssignmentCase,
    Call,
    CallQuestion,
    RecommendationEntry,
    RecommendationList,
    Tranche,
)
from funding.selectors.applications import references, search
from funding.selectors.assignments import found_in
from funding.selectors.money import years
from members.models import District

SUBMITTED = [choice for choice in ApplicationStatus.choices if choice[0] != ApplicationStatus.DRAFT]


class ApplicationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the officials' list of applications."""

    tab = django_filters.CharFilter(method="keep", widget=forms.HiddenInput)
    q = django_filters.CharFilter(label=_("Number, consortium or lead"), method="find")
    call = django_filters.ChoiceFilter(label=_("Call"), empty_label=_("All"))
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=SUBMITTED, widget=Ticks)
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=ApplicationKind.choices, widget=Ticks)
    requested_tier = django_filters.MultipleChoiceFilter(label=_("Tier"), choices=Tier.choices, widget=Ticks)
    district = django_filters.MultipleChoiceFilter(label=_("District"), widget=Ticks)
    sub_field = django_filters.MultipleChoiceFilter(
        field_name="consortium__sub_field", label=_("Sub-field"), widget=Ticks
    )

    class Meta:
        model = Application
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The choices are read once, however often the form walks through them."""
        super().__init__(*args, **kwargs)
        self.names = references()
        self.filters["call"].extra["choices"] = list(self.names.calls.items())
        self.filters["district"].extra["choices"] = list(self.names.districts.items())
        self.filters["sub_field"].extra["choices"] = list(self.names.sub_fields.items())

    def find(self, rows: QuerySet[Application], _name: str, words: str) -> QuerySet[Application]:
        """By number, name or lead."""
        return search(rows, words.strip()[:100])

    def keep(self, rows: QuerySet[Application], _name: str, _value: Any) -> QuerySet[Application]:
        """The view is chosen by the page; the form only carries it along."""
        return rows


def _years() -> list[tuple[int, str]]:
    return [(year, str(year)) for year in years()]


class TrancheFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the list of tranches."""

    tab = django_filters.CharFilter(method="keep", widget=forms.HiddenInput)
    q = django_filters.CharFilter(label=_("Consortium, number or lead"), method="find", max_length=100)
    year = django_filters.ChoiceFilter(field_name="award__year", label=_("Year"), choices=_years, empty_label=_("All"))
    tier = django_filters.MultipleChoiceFilter(
        field_name="award__tier", label=_("Tier"), choices=Tier.choices, widget=forms.CheckboxSelectMultiple
    )
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=TrancheStatus.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Tranche
        fields: list[str] = []

    def find(self, rows: QuerySet[Tranche], _name: str, words: str) -> QuerySet[Tranche]:
        """By the consortium's code or name, or its lead."""
        consortium = Q(award__consortium__name__icontains=words) | Q(award__consortium__code__icontains=words)
        return rows.filter(consortium | Q(award__consortium__lead__name__icontains=words))

    def keep(self, rows: QuerySet[Tranche], _name: str, _value: Any) -> QuerySet[Tranche]:
        """The view is chosen by the page; the form only carries it along."""
        return rows


class ReasonFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the statistics of reasons."""

    call = django_filters.ModelChoiceFilter(
        field_name="application__call", label=_("Call"), queryset=Call.objects.published().only("title"),
        empty_label=_("All"),
    )  # fmt: skip
    district = django_filters.ModelChoiceFilter(
        field_name="application__district", label=_("District"), queryset=District.objects.all(), empty_label=_("All")
    )

    class Meta:
        model = ApplicationReason
        fields: list[str] = []


class RecommendationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the recommendation lists."""

    call = django_filters.ModelChoiceFilter(
        label=_("Call"), queryset=Call.objects.published().only("title"), empty_label=_("All")
    )
    district = django_filters.ModelChoiceFilter(
        label=_("District"), queryset=District.objects.all(), empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("Status"), choices=[("open", _("Not closed yet")), ("closed", _("List closed"))], empty_label=_("All"),
        method="narrow",
    )  # fmt: skip

    class Meta:
        model = RecommendationList
        fields: list[str] = []

    def narrow(self, rows: QuerySet[RecommendationList], _name: str, state: str) -> QuerySet[RecommendationList]:
        """By whether the district has closed it."""
        return rows.filter(closed_at__isnull=state == "open")


class EntryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Leaves a list whole: it is taken as it is."""

    class Meta:
        model = RecommendationEntry
        fields: list[str] = []


class QuestionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the list of questions about calls."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=QuestionStatus.choices, empty_label=_("All"))
    call = django_filters.ModelChoiceFilter(
        label=_("Call"), queryset=Call.objects.published().only("title"), empty_label=_("All")
    )

    class Meta:
        model = CallQuestion
        fields: list[str] = []


class ProposalFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the applications of an assignment."""

    tab = django_filters.CharFilter(method="keep", widget=forms.HiddenInput)
    q = django_filters.CharFilter(label=_("Number, consortium or expert"), method="find")

    class Meta:
        model = AssignmentCase
        fields: list[str] = []

    def find(self, rows: QuerySet[AssignmentCase], _name: str, words: str) -> QuerySet[AssignmentCase]:
        """By number, name or expert."""
        return found_in(rows, words.strip()[:100])

    def keep(self, rows: QuerySet[AssignmentCase], _name: str, _value: Any) -> QuerySet[AssignmentCase]:
        """The view is chosen by the page; the form only carries it along."""
        return rows

"""Filters of the reports room."""

from collections.abc import Callable, Mapping
from functools import cache, reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from consortia.models import SubField
from funding.enums import AccountKind, BudgetCategory, BudgetSource, EntryKind, ExpenditureStatus, TrancheStatus
from funding.models import BudgetLine, Programme
from funding.selectors.money import years
from members.models import District
from portal.kernel.actions import actions_of
from portal.kernel.models import AuditEntry
from portal.kernel.models.audit import Result
from portal.kernel.models.job import JobState
from reports.enums import AppealKind, AppealStatus, EvaluationStatus, Period
from reports.figures import days_of
from reports.models import Appeal, BatchItem, Evaluation, EvaluationCycle, Publication, Report
from reports.models.publication import PUBLISHABLE
from reports.selectors.audit import rooms_of


class DayFilter(django_filters.DateFilter):  # type: ignore[misc]
    """A day, chosen in the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(field_name="at", widget=widget, **kwargs)


class AuditFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The audit trail by object, person, act and day."""

    q = django_filters.CharFilter(
        field_name="subject_label", lookup_expr="icontains", label=pgettext_lazy("audit", "Object"), max_length=100
    )
    person = django_filters.CharFilter(
        field_name="actor_name", lookup_expr="icontains", label=_("Person"), max_length=100
    )
    act = django_filters.ChoiceFilter(label=_("Action"), empty_label=_("All"), method="of_act")
    result = django_filters.ChoiceFilter(label=_("Result"), empty_label=_("All"), choices=Result.choices)
    source = django_filters.CharFilter(label=_("Network address or request"), method="of_source", max_length=64)
    since = DayFilter(lookup_expr="date__gte", label=pgettext_lazy("day", "From"))
    until = DayFilter(lookup_expr="date__lte", label=pgettext_lazy("day", "Until"))

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = rooms_of(self.request.user)
        self.filters["act"].extra["choices"] = [
            (rooms[room], [(f"{room}.{act.value}", act.label) for act in acts])
            for room, acts in actions_of(rooms).items()
        ]

    def of_act(self, rows: QuerySet[AuditEntry], _name: str, act: str) -> QuerySet[AuditEntry]:
        """The same word in two rooms is two acts."""
        room, _dot, action = act.partition(".")
        return rows.filter(subject_type__startswith=f"{room}.", action=action)

    def of_source(self, rows: QuerySet[AuditEntry], _name: str, source: str) -> QuerySet[AuditEntry]:
        """Everything from one address, or of one request."""
        return rows.filter(Q(address=source) | Q(request_id=source))


class AppealFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What contests grades, by consortium, status, kind and year."""

    q = django_filters.CharFilter(label=_("Consortium, code or number"), method="find")
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=AppealStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=AppealKind.choices, widget=forms.CheckboxSelectMultiple
    )
    year = django_filters.NumberFilter(field_name="evaluation__cycle__year", label=_("Year"))

    class Meta:
        model = Appeal
        fields: list[str] = []

    def find(self, rows: QuerySet[Appeal], _name: str, words: str) -> QuerySet[Appeal]:
        """By number, name or code."""
        about = Q(evaluation__consortium__name__icontains=words) | Q(evaluation__consortium__code__icontains=words)
        return rows.filter(about | Q(number__icontains=words))


class EvaluationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The evaluations of a year by consortium, status, tier and district."""

    q = django_filters.CharFilter(label=_("Consortium, code or lead"), method="find")
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=EvaluationStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    tier = django_filters.MultipleChoiceFilter(
        field_name="consortium__tier", label=_("Tier"), choices=Tier.choices, widget=forms.CheckboxSelectMultiple
    )
    district = django_filters.ModelMultipleChoiceFilter(
        field_name="consortium__district", label=_("District"), queryset=District.objects.all(),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Evaluation
        fields: list[str] = []

    def find(self, rows: QuerySet[Evaluation], _name: str, words: str) -> QuerySet[Evaluation]:
        """By name, code or lead."""
        words = words.strip()[:100]
        return rows.filter(
            Q(consortium__name__icontains=words)
            | Q(consortium__code__icontains=words)
            | Q(consortium__lead__name__icontains=words)
        )


class BatchItemFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The rows of a batch by state and consortium."""

    q = django_filters.CharFilter(label=_("Consortium or code"), method="find")
    state = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=JobState.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = BatchItem
        fields: list[str] = []

    def find(self, rows: QuerySet[BatchItem], _name: str, words: str) -> QuerySet[BatchItem]:
        """By name or code."""
        words = words.strip()[:100]
        about = Q(evaluation__consortium__name__icontains=words) | Q(evaluation__consortium__code__icontains=words)
        return rows.filter(about)


class ReportFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Reports by consortium or number, and by year."""

    q = django_filters.CharFilter(label=_("Consortium or number"), method="find")
    year = django_filters.ModelChoiceFilter(
        field_name="evaluation__cycle", label=_("Year"), empty_label=_("All"), queryset=EvaluationCycle.objects.all()
    )

    class Meta:
        model = Report
        fields: list[str] = []

    def find(self, rows: QuerySet[Report], _name: str, words: str) -> QuerySet[Report]:
        """By name or number."""
        words = words.strip()[:100]
        return rows.filter(Q(evaluation__consortium__name__icontains=words) | Q(number__icontains=words))


class PublicationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Public editions as they were published: by consortium, year, field, district and grade."""

    q = django_filters.CharFilter(label=_("Consortium, code or number"), method="find", max_length=100)
    year = django_filters.ModelChoiceFilter(
        field_name="evaluation__cycle", label=_("Year"), empty_label=_("All"), queryset=EvaluationCycle.objects.all()
    )
    sub_field = django_filters.ModelChoiceFilter(
        label=_("Sub-field"), queryset=SubField.objects.all(), empty_label=_("All"), method="of_code"
    )
    district = django_filters.ModelChoiceFilter(
        label=_("District"), queryset=District.objects.all(), empty_label=_("All"), method="of_code"
    )
    grade = django_filters.ChoiceFilter(
        label=_("Grade of the year"), choices=[(one.value, one.label) for one in PUBLISHABLE], empty_label=_("All")
    )

    class Meta:
        model = Publication
        fields: list[str] = []

    def find(self, rows: QuerySet[Publication], _name: str, text: str) -> QuerySet[Publication]:
        """In the name or code that stands in the edition, or in its number."""
        frozen = Q(snapshot__consortium__name__icontains=text) | Q(snapshot__consortium__code__icontains=text)
        return rows.filter(frozen | Q(number__icontains=text))

    def of_code(self, rows: QuerySet[Publication], name: str, chosen: Any) -> QuerySet[Publication]:
        """By the code that stands in the edition."""
        return rows.filter(**{f"snapshot__consortium__{name}__code": chosen.code})


# --- filters of the funding reports ------------------------------------------------------------
Path = str | tuple[str, ...]
Choose = Callable[[Path], django_filters.Filter]
BEGINNING = "__istartswith"


class WordsFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Words in any of several fields; of a field that ends in BEGINNING at its beginning."""

    def __init__(self, paths: Path, **kwargs: Any) -> None:
        self.paths = (paths,) if isinstance(paths, str) else paths
        super().__init__(label=_("Name, code or number"), max_length=100, **kwargs)

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Those with the words."""
        words = (value or "").strip()
        found = [Q(**{path if path.endswith(BEGINNING) else f"{path}__icontains": words}) for path in self.paths]
        return rows.filter(reduce(or_, found)) if words else rows


PERIODS = {
    "approved_on": _("Awarded in the period"), "paid_on": _("Paid in the period"), "day": _("Spent in the period"),
    "happened_on": _("Booked in the period"), "prepared_at__date": _("Prepared in the period"),
    "created_at__date": _("Opened in the period"), "judged_at__date": _("Concluded in the period"),
    "decided_on": _("Document of the period"),
}  # fmt: skip


class PeriodFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """A period as of the day on which the rows are read: in a file that is made again and again it moves along."""

    def __init__(self, path: Path, **kwargs: Any) -> None:
        label = next(text for end, text in PERIODS.items() if f"__{path}".endswith(f"__{end}"))
        super().__init__(field_name=path, label=label, choices=Period.choices, empty_label=_("All"), **kwargs)

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Those of its days."""
        return (
            rows.filter(**{f"{self.field_name}__range": days_of(Period(value), timezone.localdate())})
            if value
            else rows
        )


def days_in_words(narrowed: Any) -> list[tuple[str, str]]:
    """From when until when, if a period is asked for."""
    period = narrowed.form.cleaned_data.get("period") if narrowed.form.is_valid() else ""
    if not period:
        return []
    first, last = days_of(Period(period), timezone.localdate())
    return [(gettext("Days of the period"), f"{first} – {last}")]


def _several(label: Any, choices: Any) -> Choose:
    return lambda path: django_filters.MultipleChoiceFilter(
        field_name=path, label=label, choices=choices, widget=forms.CheckboxSelectMultiple
    )


def _rows(label: Any, queryset: Any) -> Choose:
    return lambda path: django_filters.ModelMultipleChoiceFilter(
        field_name=path, label=label, queryset=queryset, widget=forms.CheckboxSelectMultiple
    )


def _year(path: Path) -> django_filters.Filter:
    return django_filters.ChoiceFilter(
        field_name=path, label=_("Year"), choices=lambda: [(one, str(one)) for one in years()], empty_label=_("All")
    )


def _visible(model: Any) -> Callable[[Any], QuerySet[Any]]:
    return lambda request: model.objects.visible_to(request.user)


OFFERED: Mapping[str, Choose] = {
    "q": WordsFilter,
    "year": _year,
    "period": PeriodFilter,
    "tier": _several(_("Tier"), Tier.choices),
    "district": _rows(_("District"), District.objects.all()),
    "sub_field": _rows(_("Sub-field"), SubField.objects.all()),
    "programme": _rows(_("Funding programme"), _visible(Programme)),
    "line": _rows(_("Budget line"), _visible(BudgetLine)),
    "tranche_status": _several(_("Status"), TrancheStatus.choices),
    "expenditure_status": _several(_("Status"), ExpenditureStatus.choices),
    "source": _several(_("Source of the money"), BudgetSource.choices),
    "category": _several(_("Category"), BudgetCategory.choices),
    "entry_kind": _several(_("Kind"), EntryKind.choices),
    "account_kind": _several(pgettext_lazy("ledger", "Account"), AccountKind.choices),
}


@cache
def filterset_of(offered: tuple[tuple[str, Path], ...]) -> type[Any]:
    """The filter set of a report: what it offers, each with the field that it narrows."""
    made = {name: OFFERED[name](path) for name, path in offered}
    return type("ReportFilterSet", (django_filters.FilterSet,), made)

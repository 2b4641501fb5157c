"""Filters of the lists; what they hold stands in the address of the page."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consortia.enums import Tier
from funding.enums import (
    ApplicationKind,
    ApplicationStatus,
    BatchStatus,
    BudgetCategory,
    BudgetSource,
    CofundingStatus,
    CompensationStatus,
    EntryKind,
    ExpenditureStatus,
    QuestionStatus,
    RecoveryGround,
    RecoveryStatus,
    TrancheStatus,
)
from funding.forms.fields import Ticks
from funding.models import (
    Application,
    ApplicationReason,
    AssignmentCase,
    BudgetLine,
    Call,
    CallQuestion,
    Cofunding,
    Compensation,
    Expenditure,
    LedgerEntry,
    OtherSubsidy,
    PaymentBatch,
    PaymentOrder,
    RecommendationEntry,
    RecommendationList,
    Recovery,
    Tranche,
)
from funding.rules.spending import digits
from funding.selectors.applications import references, search
from funding.selectors.assignments import found_in
from funding.selectors.ledger import moves
from funding.selectors.money import years
from members.models import District
from portal.kernel.forms import DayInput

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


class BatchFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the payment batches."""

    q = django_filters.CharFilter(label=_("Batch or document number"), method="find", max_length=100)
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=BatchStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    line = django_filters.ModelChoiceFilter(
        label=_("Budget line"), queryset=lambda request: BudgetLine.objects.visible_to(request.user),
        empty_label=_("All"),
    )  # fmt: skip

    class Meta:
        model = PaymentBatch
        fields: list[str] = []

    def find(self, rows: QuerySet[PaymentBatch], _name: str, words: str) -> QuerySet[PaymentBatch]:
        """By the batch, its document, or an order in it."""
        own = Q(number__istartswith=words) | Q(document_number__icontains=words)
        return rows.filter(own | Q(pk__in=PaymentOrder.objects.filter(number__iexact=words).values("batch")))


class OrderFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Leaves the orders of a batch whole."""

    class Meta:
        model = PaymentOrder
        fields: list[str] = []


class LedgerFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the ledger."""

    q = django_filters.CharFilter(label=_("Consortium, number or document"), method="find", max_length=100)
    line = django_filters.ModelChoiceFilter(
        label=_("Budget line"), queryset=lambda request: BudgetLine.objects.visible_to(request.user), method="on_line",
        empty_label=_("All"),
    )  # fmt: skip
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=EntryKind.choices, widget=forms.CheckboxSelectMultiple
    )
    since = django_filters.DateFilter(
        field_name="happened_on", lookup_expr="gte", label=pgettext_lazy("day", "From"), widget=DayInput
    )
    until = django_filters.DateFilter(
        field_name="happened_on", lookup_expr="lte", label=pgettext_lazy("day", "Until"), widget=DayInput
    )

    class Meta:
        model = LedgerEntry
        fields: list[str] = []

    def find(self, rows: QuerySet[LedgerEntry], _name: str, words: str) -> QuerySet[LedgerEntry]:
        """By the consortium's code or name, or by the document or voucher that the entry notes."""
        consortium = Q(award__consortium__name__icontains=words) | Q(award__consortium__code__icontains=words)
        return rows.filter(consortium | Q(note__icontains=words))

    def on_line(self, rows: QuerySet[LedgerEntry], _name: str, line: BudgetLine) -> QuerySet[LedgerEntry]:
        """What moved an account of the line."""
        return rows.filter(moves(line))


class ExpenditureFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the list of expenditures."""

    q = django_filters.CharFilter(label=_("Consortium, voucher or invoice"), method="find", max_length=100)
    award = django_filters.UUIDFilter(widget=forms.HiddenInput)
    year = django_filters.ChoiceFilter(field_name="day__year", label=_("Year"), choices=_years, empty_label=_("All"))
    source = django_filters.ChoiceFilter(
        label=_("Source of the money"), choices=BudgetSource.choices, empty_label=_("All")
    )
    category = django_filters.MultipleChoiceFilter(label=_("Category"), choices=BudgetCategory.choices, widget=Ticks)
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=ExpenditureStatus.choices, widget=Ticks)
    negative = django_filters.BooleanFilter(
        label=_("May be on the negative list"), method="barred",
        widget=forms.Select(choices=[("", _("All")), ("true", _("Yes")), ("false", _("No"))]),
    )  # fmt: skip

    class Meta:
        model = Expenditure
        fields: list[str] = []

    def find(self, rows: QuerySet[Expenditure], _name: str, words: str) -> QuerySet[Expenditure]:
        """By the consortium, the organisation, the voucher, or the digits of the invoice."""
        consortium = Q(award__consortium__name__icontains=words) | Q(award__consortium__code__icontains=words)
        named = Q(organisation__name__icontains=words) | Q(voucher__icontains=words) | Q(description__icontains=words)
        return rows.filter(consortium | named | Q(fingerprint__icontains=digits(words) or words))

    def barred(self, rows: QuerySet[Expenditure], _name: str, wanted: bool) -> QuerySet[Expenditure]:
        """By whether its words point to the negative list."""
        return rows.exclude(hits=[]) if wanted else rows.filter(hits=[])


class SubsidyFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the register of money from other programmes."""

    q = django_filters.CharFilter(label=_("Organisation, code or project"), method="find", max_length=100)
    year = django_filters.NumberFilter(label=_("Year"))
    standing = django_filters.BooleanFilter(
        label=_("Still counts"), field_name="withdrawn_at", lookup_expr="isnull",
        widget=forms.Select(choices=[("", _("All")), ("true", _("Yes")), ("false", _("No"))]),
    )  # fmt: skip

    class Meta:
        model = OtherSubsidy
        fields: list[str] = []

    def find(self, rows: QuerySet[OtherSubsidy], _name: str, words: str) -> QuerySet[OtherSubsidy]:
        """By who had it, who paid it, or for what."""
        who = Q(holder__icontains=words) | Q(credit_code__icontains=words) | Q(department__icontains=words)
        return rows.filter(who | Q(project__icontains=words) | Q(programme__icontains=words))


class RecoveryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows claims for money back."""

    q = django_filters.CharFilter(label=_("Organisation, consortium or number"), method="find", max_length=100)
    ground = django_filters.ChoiceFilter(label=_("Ground"), choices=RecoveryGround.choices, empty_label=_("All"))
    status = django_filters.ChoiceFilter(label=_("Status"), choices=RecoveryStatus.choices, empty_label=_("All"))

    class Meta:
        model = Recovery
        fields: list[str] = []

    def find(self, rows: QuerySet[Recovery], _name: str, words: str) -> QuerySet[Recovery]:
        """By whom it is claimed from, or its number."""
        who = Q(organisation__name__icontains=words) | Q(award__consortium__name__icontains=words)
        return rows.filter(who | Q(number__icontains=words))


class CofundingFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows payments of districts."""

    q = django_filters.CharFilter(label=_("Consortium or bank slip"), method="find", max_length=100)
    district = django_filters.ModelChoiceFilter(
        field_name="award__consortium__district", label=_("District"), queryset=District.objects.all(),
        empty_label=_("All"),
    )  # fmt: skip
    status = django_filters.ChoiceFilter(label=_("Status"), choices=CofundingStatus.choices, empty_label=_("All"))

    class Meta:
        model = Cofunding
        fields: list[str] = []

    def find(self, rows: QuerySet[Cofunding], _name: str, words: str) -> QuerySet[Cofunding]:
        """By what it is for, or the slip of the bank."""
        return rows.filter(Q(award__consortium__name__icontains=words) | Q(slip__icontains=words))


class CompensationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows requests for compensation."""

    q = django_filters.CharFilter(label=_("Applicant, technology or number"), method="find", max_length=100)
    district = django_filters.ModelChoiceFilter(
        field_name="award__consortium__district", label=_("District"), queryset=District.objects.all(),
        empty_label=_("All"),
    )  # fmt: skip
    status = django_filters.ChoiceFilter(label=_("Status"), choices=CompensationStatus.choices, empty_label=_("All"))

    class Meta:
        model = Compensation
        fields: list[str] = []

    def find(self, rows: QuerySet[Compensation], _name: str, words: str) -> QuerySet[Compensation]:
        """By who had the loss, with what, or its number."""
        who = Q(organisation__name__icontains=words) | Q(award__consortium__name__icontains=words)
        return rows.filter(who | Q(technology__icontains=words) | Q(number__icontains=words))


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

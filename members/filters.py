"""Filters of the lists; what they hold stands in the address of the page."""

from functools import reduce
from operator import or_

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.enums import (
    ExpertKind,
    ExpertStatus,
    HnteField,
    IntegrityLevel,
    Listing,
    OrganisationStatus,
    OrganisationType,
    Ownership,
    QualificationKind,
    Region,
    Role,
    SizeClass,
)
from members.models import District, Expert, IntegrityRecord, Organisation, Qualification, RoleGrant, User, YearFigures
from members.rules.standing import expected_year
from members.selectors.consoles import without_second_factor
from members.selectors.experts import sub_fields
from portal.kernel.mail_texts import DIGEST
from portal.kernel.models import Letter
from portal.kernel.models.job import JobState
from portal.kernel.search import matching

ACTIVE = [("1", _("Active")), ("0", _("Deactivated"))]
WITHOUT_FACTOR = [("0", _("Missing although demanded"))]
VERIFIED = [("1", _("Verified")), ("0", _("Not verified"))]
BARRED = [("1", _("Barred")), ("0", _("Not barred"))]
ABOUT = [("digest", _("Daily mail")), ("notice", _("A notice at once")), ("account", _("About an account"))]
MISSING = [("1", _("Missing")), ("0", _("Stated"))]
IN_FORCE = [("1", _("In force")), ("0", _("Ended"))]
OVERDUE = [("1", _("Overdue")), ("0", _("Confirmed"))]
AT_LIMIT = [("1", _("Limit reached")), ("0", _("Below the limit"))]


class OrganisationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the registry."""

    q = django_filters.CharFilter(label=_("Name or credit code"), method="find")
    type = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=OrganisationType.choices, widget=forms.CheckboxSelectMultiple
    )
    district = django_filters.ModelMultipleChoiceFilter(
        label=_("District"), queryset=District.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    ownership = django_filters.MultipleChoiceFilter(
        label=_("Ownership"), choices=Ownership.choices, widget=forms.CheckboxSelectMultiple
    )
    size_class = django_filters.MultipleChoiceFilter(
        label=pgettext_lazy("organisation", "Size"), choices=SizeClass.choices, widget=forms.CheckboxSelectMultiple
    )
    listing = django_filters.MultipleChoiceFilter(
        label=_("Listing"), choices=Listing.choices, widget=forms.CheckboxSelectMultiple
    )
    qualification = django_filters.MultipleChoiceFilter(
        label=_("Qualification in force"), choices=QualificationKind.choices, widget=forms.CheckboxSelectMultiple,
        method="by_qualification",
    )  # fmt: skip
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=OrganisationStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    verified = django_filters.ChoiceFilter(
        label=pgettext_lazy("facts", "Verification"), empty_label=_("All"), choices=VERIFIED, method="by_verification"
    )
    barred = django_filters.ChoiceFilter(
        label=_("Integrity"), empty_label=_("All"), choices=BARRED, method="by_integrity"
    )
    year = django_filters.ChoiceFilter(
        label=_("Figures of last year"), empty_label=_("All"), choices=MISSING, method="by_year"
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def by_qualification(self, rows: QuerySet[Organisation], _name: str, kinds: list[str]) -> QuerySet[Organisation]:
        """Those with a verified qualification of one of the kinds that is valid today."""
        if not kinds:
            return rows
        valid = Qualification.objects.valid_on(timezone.localdate()).filter(kind__in=kinds)
        return rows.filter(pk__in=valid.values("organisation"))

    def by_verification(self, rows: QuerySet[Organisation], _name: str, choice: str) -> QuerySet[Organisation]:
        """Those whose present name and code were verified, or the others."""
        verified = Organisation.objects.verified().values("pk")
        return rows.filter(pk__in=verified) if choice == "1" else rows.exclude(pk__in=verified)

    def by_integrity(self, rows: QuerySet[Organisation], _name: str, choice: str) -> QuerySet[Organisation]:
        """Those that a record in force today bars, or the others."""
        barred = IntegrityRecord.objects.barring(timezone.localdate()).values("organisation")
        return rows.filter(pk__in=barred) if choice == "1" else rows.exclude(pk__in=barred)

    def by_year(self, rows: QuerySet[Organisation], _name: str, choice: str) -> QuerySet[Organisation]:
        """Those that have not stated the year that is due, or the others."""
        stated = YearFigures.objects.filter(year=expected_year(timezone.localdate())).values("organisation")
        return rows.exclude(pk__in=stated) if choice == "1" else rows.filter(pk__in=stated)

    def find(self, rows: QuerySet[Organisation], _name: str, words: str) -> QuerySet[Organisation]:
        """By words of the name or parts of the code."""
        return matching(rows, words)


class IntegrityFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the list of integrity records."""

    q = django_filters.CharFilter(label=_("Organisation or behaviour"), method="find")
    level = django_filters.MultipleChoiceFilter(
        label=_("Level"), choices=IntegrityLevel.choices, widget=forms.CheckboxSelectMultiple
    )
    in_force = django_filters.ChoiceFilter(
        label=pgettext_lazy("integrity", "Term"), empty_label=_("All"), choices=IN_FORCE, method="by_term"
    )

    class Meta:
        model = IntegrityRecord
        fields: list[str] = []

    def find(self, rows: QuerySet[IntegrityRecord], _name: str, words: str) -> QuerySet[IntegrityRecord]:
        """By a part of either."""
        words = words.strip()[:100]
        return rows.filter(Q(organisation__name__icontains=words) | Q(behaviour__icontains=words))

    def by_term(self, rows: QuerySet[IntegrityRecord], _name: str, choice: str) -> QuerySet[IntegrityRecord]:
        """Those in force today, or the others."""
        running = IntegrityRecord.objects.in_force(timezone.localdate()).values("pk")
        return rows.filter(pk__in=running) if choice == "1" else rows.exclude(pk__in=running)


class UserFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the list of people."""

    q = django_filters.CharFilter(label=_("Name or e-mail"), method="find")
    role = django_filters.ChoiceFilter(label=_("Role"), empty_label=_("All"), choices=Role.choices, method="holding")
    active = django_filters.ChoiceFilter(
        label=_("Account"), empty_label=_("All"), choices=ACTIVE, field_name="is_active"
    )
    factor = django_filters.ChoiceFilter(
        label=_("Second factor"), empty_label=_("All"), choices=WITHOUT_FACTOR, method="lacking"
    )

    class Meta:
        model = User
        fields: list[str] = []

    def find(self, rows: QuerySet[User], _name: str, words: str) -> QuerySet[User]:
        """By a part of the name or address."""
        words = words.strip()[:100]
        return rows.filter(Q(name__icontains=words) | Q(email__icontains=words))

    def lacking(self, rows: QuerySet[User], _name: str, _choice: str) -> QuerySet[User]:
        """Those whose roles demand a second factor that is not there."""
        return rows.filter(pk__in=without_second_factor().order_by().values("pk"))

    def holding(self, rows: QuerySet[User], _name: str, role: str) -> QuerySet[User]:
        """Those who hold the role now."""
        return rows.filter(pk__in=RoleGrant.objects.in_force().filter(role=role).values("user"))


class ExpertFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the expert pool."""

    q = django_filters.CharFilter(
        label=pgettext_lazy("person", "Name"), field_name="user__name", lookup_expr="icontains"
    )
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=ExpertStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=ExpertKind.choices, widget=forms.CheckboxSelectMultiple
    )
    technology = django_filters.MultipleChoiceFilter(
        label=_("Fields of technology"),
        choices=HnteField.choices,
        widget=forms.CheckboxSelectMultiple,
        method="able_in",
    )
    field = django_filters.MultipleChoiceFilter(
        label=_("Sub-fields"), choices=sub_fields, widget=forms.CheckboxSelectMultiple, method="able_in"
    )
    region = django_filters.ChoiceFilter(label=_("Place of work"), empty_label=_("All"), choices=Region.choices)
    refresh = django_filters.ChoiceFilter(
        label=_("Yearly data"), empty_label=_("All"), choices=OVERDUE, method="by_refresh"
    )
    limit = django_filters.ChoiceFilter(
        label=_("Reviews this year"), empty_label=_("All"), choices=AT_LIMIT, method="by_limit"
    )

    class Meta:
        model = Expert
        fields: list[str] = []

    def able_in(self, rows: QuerySet[Expert], name: str, codes: list[str]) -> QuerySet[Expert]:
        """Those who can judge one of the fields."""
        column = {"technology": "hnte_fields", "field": "fields"}[name]
        chosen = [Q(**{f"{column}__contains": [code]}) for code in codes]
        return rows.filter(reduce(or_, chosen)) if chosen else rows

    def by_refresh(self, rows: QuerySet[Expert], _name: str, choice: str) -> QuerySet[Expert]:
        """Those who have not confirmed their data for a year, or the others."""
        overdue = Expert.objects.overdue(timezone.now()).values("pk")
        return rows.filter(pk__in=overdue) if choice == "1" else rows.exclude(pk__in=overdue)

    def by_limit(self, rows: QuerySet[Expert], _name: str, choice: str) -> QuerySet[Expert]:
        """Those who may get no more reviews this year, or the others."""
        reached = Q(reviews_this_year__gte=F("yearly_limit"))
        return rows.filter(reached if choice == "1" else ~reached)


class LetterFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the outbox."""

    q = django_filters.CharFilter(
        label=_("Words of the subject"), field_name="subject", lookup_expr="icontains", max_length=100
    )
    person = django_filters.CharFilter(
        label=_("Person"), field_name="recipient__name", lookup_expr="icontains", max_length=60
    )
    about = django_filters.ChoiceFilter(label=_("Kind"), empty_label=_("All"), choices=ABOUT, method="of_kind")
    state = django_filters.ChoiceFilter(
        label=_("Status"), empty_label=_("All"), choices=JobState.choices, field_name="job__state"
    )
    since = django_filters.DateFilter(
        label=pgettext_lazy("day", "From"), field_name="created_at", lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    until = django_filters.DateFilter(
        label=pgettext_lazy("day", "Until"), field_name="created_at", lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    class Meta:
        model = Letter
        fields: list[str] = []

    def of_kind(self, rows: QuerySet[Letter], _name: str, about: str) -> QuerySet[Letter]:
        """The kinds of notices carry the name of their room before a point."""
        if about == "digest":
            return rows.filter(kind=DIGEST)
        notices = Q(kind__contains=".")
        return rows.filter(notices) if about == "notice" else rows.exclude(notices).exclude(kind=DIGEST)

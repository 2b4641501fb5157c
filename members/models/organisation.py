"""Districts and organisations."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from members.enums import (
    BUREAU,
    GROUPS,
    ChainLink,
    Group,
    IdScheme,
    LeadClass,
    Listing,
    OrganisationStatus,
    OrganisationType,
    Ownership,
    ServiceKind,
    SizeClass,
)
from portal.kernel.fields import EncryptedField
from portal.kernel.models.base import Record

M = TypeVar("M", bound=models.Model)

FOUR_DIGITS = RegexValidator(r"^\d{4}\Z", _("Four digits, as in GB/T 4754."))
SIX_DIGITS = RegexValidator(r"^\d{6}\Z", _("Six digits, as in GB/T 2260."))
VERIFIED = Q(verified_name=F("name"), verified_code=Coalesce(F("uscc"), Value("")))


class District(models.Model):
    """A county-level city or district of the city (GB/T 2260, or an extension code)."""

    code = models.CharField(_("code"), max_length=6, primary_key=True)
    name_zh = models.CharField(_("Chinese name"), max_length=30, unique=True)
    name_en = models.CharField(_("English name"), max_length=60)
    focus = models.CharField(_("focus industries"), max_length=200, blank=True)
    is_gb2260 = models.BooleanField(default=True)
    column = models.DecimalField(max_digits=3, decimal_places=1, default=0)
    row = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en

    @property
    def short_name(self) -> str:
        """The name without the city's in front and without a second one in brackets, for pictures."""
        city = str(settings.CITY["name"]).removesuffix("市")
        return str(self).removeprefix(city).partition("(")[0].partition("（")[0].strip()


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, a district its own, everybody else the own organisation."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(BUREAU):
            return self
        return self.filter(Q(pk__in=user.organisation_ids) | Q(district__in=user.district_ids))

    def verified(self) -> Self:
        """Those whose present name and code an official compared with the public register."""
        return self.filter(VERIFIED)


class OfOrganisation(QuerySet[M]):
    """Rows that belong to an organisation, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """All to the bureau, those of its district to a district, to everybody else those of the own organisation."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(BUREAU):
            return self
        own = Q(organisation__in=user.organisation_ids)
        return self.filter(own | Q(organisation__district__in=user.district_ids))


class Organisation(Record):
    """A legal person or similar body that takes part."""

    name = models.CharField(_("name"), max_length=200)
    id_scheme = models.CharField(_("identified by"), max_length=8, choices=IdScheme, default=IdScheme.USCC)
    uscc = models.CharField(_("unified social credit code"), max_length=18, unique=True, null=True, blank=True)
    country = models.CharField(_("country or region"), max_length=2, blank=True, default="", db_default="")
    registration_number = models.CharField(
        _("registration number abroad"), max_length=27, blank=True, default="", db_default=""
    )
    uscc_override = models.CharField(_("reason for an unusual code"), max_length=300, blank=True)
    type = models.CharField(_("type"), max_length=20, choices=OrganisationType, default=OrganisationType.ENTERPRISE)
    lead_class = models.CharField(_("class as a lead"), max_length=10, choices=LeadClass, default=LeadClass.NONE)
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("district"),
        related_name="organisations",
        help_text=_("Empty when it is registered outside the city."),
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    legal_representative = models.CharField(_("legal representative"), max_length=60, blank=True)
    established_on = models.DateField(_("established on"), null=True, blank=True)
    ownership = models.CharField(_("ownership"), max_length=8, choices=Ownership, blank=True)
    size_class = models.CharField(pgettext_lazy("organisation", "size"), max_length=8, choices=SizeClass, blank=True)
    listing = models.CharField(_("listing"), max_length=8, choices=Listing, default=Listing.NONE)
    chain_link = models.CharField(_("makes"), max_length=10, choices=ChainLink, blank=True)
    service = models.CharField(_("kind of service"), max_length=12, choices=ServiceKind, blank=True)
    industry_code = models.CharField(_("industry code"), max_length=4, blank=True, validators=[FOUR_DIGITS])
    registered_capital = models.DecimalField(
        _("registered capital"), max_digits=18, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    adcode = models.CharField(_("division code"), max_length=6, blank=True, validators=[SIX_DIGITS])
    province = models.CharField(_("province or country"), max_length=60, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=OrganisationStatus, default=OrganisationStatus.ACTIVE, editable=False
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="subsidiaries",
        verbose_name=_("parent organisation"),
    )  # fmt: skip
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, editable=False)
    verified_name = models.CharField(max_length=200, blank=True, editable=False)  # what was verified
    verified_code = models.CharField(max_length=18, blank=True, editable=False)
    verified_in = models.CharField(_("verified in"), max_length=200, blank=True, editable=False)
    bank_name = models.CharField(_("bank and branch"), max_length=120, blank=True)
    bank_account = EncryptedField(_("bank account"), mask="account", max_length=40, blank=True)
    words = models.TextField(default="", editable=False)  # for the search, filled by a trigger

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["name"], name="organisation_name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(id_scheme=IdScheme.USCC, uscc__isnull=False) | (~Q(id_scheme=IdScheme.USCC) & Q(uscc=None)),
                name="organisation_code_fits_scheme",
            ),
            models.CheckConstraint(
                condition=Q(country="", registration_number="")
                | (Q(id_scheme=IdScheme.FOREIGN) & ~Q(country="") & ~Q(registration_number="")),
                name="organisation_registered_abroad_in_a_country",
            ),
            models.UniqueConstraint(
                fields=["country", "registration_number"],
                condition=~Q(registration_number=""),
                name="organisation_registered_abroad_once",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None, verified_at=None, verified_name="", verified_code="", verified_in="")
                | (Q(verified_by__isnull=False, verified_at__isnull=False) & ~Q(verified_name="") & ~Q(verified_in="")),
                name="organisation_is_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(industry_code="") | Q(industry_code__regex=r"^\d{4}$"),
                name="industry_code_has_four_digits",
                violation_error_message=_("Four digits, as in GB/T 4754."),
            ),
            models.CheckConstraint(
                condition=Q(adcode="") | Q(adcode__regex=r"^\d{6}$"),
                name="division_code_has_six_digits",
                violation_error_message=_("Six digits, as in GB/T 2260."),
            ),
            models.CheckConstraint(
                condition=Q(registered_capital=None) | Q(registered_capital__gte=0),
                name="capital_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:organisation-detail", args=[self.pk])

    @property
    def code(self) -> str:
        """The credit code, or where it was registered abroad and under which number; empty without either."""
        return self.uscc or f"{self.country} {self.registration_number}".strip()

    @property
    def group(self) -> Group:
        """The kind of partner, for colours and counts."""
        return GROUPS.get(OrganisationType(self.type), Group.SERVICE)

    @property
    def is_verified(self) -> bool:
        """Whether the present name and code are those that an official compared with the public register."""
        return self.verified_name == self.name and self.verified_code == (self.uscc or "")

    @property
    def place(self) -> str:
        """Where it is registered: the district, or the province and city outside; empty when nobody said it."""
        return str(self.district) if self.district else " ".join(filter(None, (self.province, self.city)))

"""Districts and organisations."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.enums import BUREAU, GROUPS, Group, IdScheme, LeadClass, OrganisationType
from portal.kernel.fields import EncryptedField
from portal.kernel.models.base import Record

if TYPE_CHECKING:
    from members.models.user import User


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


class Organisation(Record):
    """A legal person or similar body that takes part."""

    name = models.CharField(_("name"), max_length=200)
    id_scheme = models.CharField(_("identified by"), max_length=8, choices=IdScheme, default=IdScheme.USCC)
    uscc = models.CharField(_("unified social credit code"), max_length=18, unique=True, null=True, blank=True)
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
    bank_name = models.CharField(_("bank and branch"), max_length=120, blank=True)
    bank_account = EncryptedField(_("bank account"), mask="account", max_length=40, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["name"], name="organisation_name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(id_scheme=IdScheme.USCC, uscc__isnull=False) | (~Q(id_scheme=IdScheme.USCC) & Q(uscc=None)),
                name="organisation_code_fits_scheme",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:organisation-detail", args=[self.pk])

    @property
    def group(self) -> Group:
        """The kind of partner, for colours and counts."""
        return GROUPS.get(OrganisationType(self.type), Group.SERVICE)


class YearFigures(Record):
    """What an organisation states of one year; money in yuan."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2000)])
    revenue = models.DecimalField(_("revenue"), max_digits=18, decimal_places=2, validators=[MinValueValidator(0)])
    rd_expense = models.DecimalField(
        _("R&D expense"), max_digits=18, decimal_places=2, validators=[MinValueValidator(0)]
    )
    staff = models.PositiveIntegerField(_("staff"), default=0)
    rd_staff = models.PositiveIntegerField(_("R&D staff"), default=0)
    recorded_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="one_statement_a_year"),
            models.CheckConstraint(condition=Q(revenue__gte=0, rd_expense__gte=0), name="figures_not_negative"),
            models.CheckConstraint(condition=Q(rd_staff__lte=F("staff")), name="rd_staff_within_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}"

    @property
    def intensity(self) -> Decimal | None:
        """R&D expense in per cent of revenue; None without revenue."""
        return self.rd_expense * 100 / self.revenue if self.revenue else None

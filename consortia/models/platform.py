"""Platforms that the members run together: who builds them, and what they do for others year by year."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import PlatformKind
from consortia.models.consortium import Consortium
from consortia.rules.platforms import IncubationMode, ServiceStage
from members.models import District, Organisation
from portal.kernel.models.base import Record


def _share() -> Any:
    return models.DecimalField(
        _("share (%)"), max_digits=7, decimal_places=4, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip


def _count(label: Any, help_text: Any = "") -> Any:
    return models.PositiveIntegerField(label, default=0, help_text=help_text)


class PlatformQuerySet(models.QuerySet["Platform"]):
    """Platforms, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the consortia that the user may see."""
        return self.filter(consortium__in=Consortium.objects.visible_to(user))


class Platform(Record):
    """A joint platform; areas in square metres, the value of the equipment in yuan, shares in per cent.

    `builder` is the builder that runs it; the others stand in `co_builders`.
    """

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="platforms")
    kind = models.CharField(_("kind"), max_length=12, choices=PlatformKind)
    name = models.CharField(_("name"), max_length=120)
    builder = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("builder"))
    share = _share()
    area = models.PositiveIntegerField(_("area (m²)"), default=0)
    opened_on = models.DateField(_("opened on"), null=True, blank=True, help_text=_("Empty while it is being built."))
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("district"),
        help_text=_("Empty for a platform outside the city."),
    )  # fmt: skip
    address = models.CharField(_("address"), max_length=200, blank=True, default="", db_default="")
    equipment_value = models.DecimalField(
        _("value of the equipment"), max_digits=18, decimal_places=2, db_default=0, default=0, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    incubation = models.CharField(
        _("mode of incubation"), max_length=9, choices=IncubationMode, blank=True, default="", db_default="",
        help_text=_("Only for incubators and parks."),
    )  # fmt: skip
    stage = models.CharField(
        _("mainly offers"), max_length=10, choices=ServiceStage, blank=True, default="", db_default=""
    )
    redeveloped = models.BooleanField(
        _("on redeveloped industrial land"), default=False, db_default=False,
        help_text=_("Land that was used poorly before, or production moved upstairs."),
    )  # fmt: skip
    introduction = models.TextField(_("introduction"), max_length=2000, blank=True, default="", db_default="")

    objects = PlatformQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0, share__lte=100),
                name="builder_share_in_range",
                violation_error_code="share",
                violation_error_message=_("A share is more than 0 and at most 100 %."),
            ),
            models.CheckConstraint(
                condition=Q(equipment_value__gte=0),
                name="equipment_value_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("consortia:platform-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it works already."""
        return self.opened_on is not None

    def months_open(self, today: date) -> int | None:
        """Full months since its opening; None while it is being built."""
        if self.opened_on is None:
            return None
        months = (today.year - self.opened_on.year) * 12 + today.month - self.opened_on.month
        return months - (today.day < self.opened_on.day)


class CoBuilder(Record):
    """Somebody who builds a platform together with its builder: a member, or an organisation outside by its name."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="co_builders")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("member")
    )
    outside = models.CharField(_("organisation outside the consortium"), max_length=120, blank=True)
    share = _share()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "organisation"], name="co_builder_once",
                violation_error_code="organisation", violation_error_message=_("This builder is named already."),
            ),
            models.UniqueConstraint(
                fields=["platform", "outside"], condition=~Q(outside=""), name="outside_builder_once",
                violation_error_code="outside", violation_error_message=_("This builder is named already."),
            ),
            models.CheckConstraint(
                condition=Q(organisation=None) ^ Q(outside=""), name="co_builder_is_inside_or_outside",
                violation_error_code="outside", violation_error_message=_("Name a member, or an organisation outside."),
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0, share__lte=100), name="co_builder_share_in_range",
                violation_error_code="share", violation_error_message=_("A share is more than 0 and at most 100 %."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.organisation.name if self.organisation else self.outside


class PlatformYear(Record):
    """What a platform did in a year; the income in yuan."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    staff = _count(_("people at work"), _("At a station: researchers who work in it."))
    incubatees = _count(_("incubated enterprises"))
    graduates = _count(_("enterprises that have outgrown it"))
    served = _count(_("organisations served"))
    times = _count(_("times of service"))
    hours = _count(_("hours open to others"))
    income = models.DecimalField(
        _("service income"), max_digits=18, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "year"], name="one_service_year",
                violation_error_code="year",
                violation_error_message=_("The figures of this year are recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(income__gte=0), name="service_income_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.platform} · {self.year}"

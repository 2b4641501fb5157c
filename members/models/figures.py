"""The figures of an organisation's years: dated facts with a source, verified or questioned, every version kept."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.enums import FigureSource, FigureStatus
from members.models.organisation import OfOrganisation, Organisation
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record

AMOUNTS = ("revenue", "net_profit", "total_assets", "rd_expense")
HEADS = ("staff", "rd_staff")
STATED = (*AMOUNTS, *HEADS, "source", "auditor")
CHECKED = Q(checked_by__isnull=False, checked_at__isnull=False)


class Statement(Record):
    """What was stated of one year and what became of it; money in yuan."""

    revenue = models.DecimalField(_("revenue"), max_digits=18, decimal_places=2, validators=[MinValueValidator(0)])
    net_profit = models.DecimalField(_("net profit"), max_digits=18, decimal_places=2, null=True, blank=True)
    total_assets = models.DecimalField(
        _("total assets"), max_digits=18, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    rd_expense = models.DecimalField(
        _("R&D expense"), max_digits=18, decimal_places=2, validators=[MinValueValidator(0)]
    )
    staff = models.PositiveIntegerField(_("staff"), default=0)
    rd_staff = models.PositiveIntegerField(_("R&D staff"), default=0)
    source = models.CharField(_("source"), max_length=10, choices=FigureSource, default=FigureSource.OWN)
    auditor = models.CharField(_("auditor"), max_length=120, blank=True)
    document = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    stated_at = models.DateTimeField(_("stated at"), default=timezone.now)
    status = models.CharField(
        _("status"), max_length=10, choices=FigureStatus, default=FigureStatus.STATED, editable=False
    )
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(_("checked at"), null=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(revenue__gte=0, rd_expense__gte=0) & (Q(total_assets=None) | Q(total_assets__gte=0)),
                name="%(class)s_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(rd_staff__lte=F("staff")),
                name="%(class)s_rd_staff_within_staff",
                violation_error_code="rd_staff",
                violation_error_message=_("The R&D staff cannot be more than the staff."),
            ),
            models.CheckConstraint(
                condition=Q(status=FigureStatus.STATED, checked_by=None, checked_at=None, remark="")
                | (Q(status=FigureStatus.VERIFIED) & CHECKED)
                | (Q(status=FigureStatus.QUESTIONED) & CHECKED & ~Q(remark="")),
                name="%(class)s_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(source=FigureSource.AUDITED) | (~Q(auditor="") & Q(document__isnull=False)),
                name="%(class)s_audited_by_whom",
            ),
        ]

    @property
    def intensity(self) -> Decimal | None:
        """R&D expense in per cent of revenue; None without revenue."""
        return self.rd_expense * 100 / self.revenue if self.revenue else None

    @property
    def is_odd(self) -> bool:
        """More is spent on R&D than is earned: possible for a young firm, worth a look."""
        return self.rd_expense > self.revenue


class YearFigures(Statement):
    """The figures of one year as they stand; every form that needs them reads them here."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2000)])

    objects = OfOrganisation["YearFigures"].as_manager()

    class Meta(Statement.Meta):
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year"],
                name="one_statement_a_year",
                violation_error_code="year",
                violation_error_message=_("The figures of this year are recorded already."),
            ),
            *Statement.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("members:year-detail", args=[self.pk])


class PastFigures(Statement):
    """A version that was corrected later; it is never changed again."""

    figures = models.ForeignKey(YearFigures, models.CASCADE, related_name="past")
    replaced_at = models.DateTimeField(_("replaced at"))

    class Meta(Statement.Meta):
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["figures", "version"], name="one_past_version"),
            *Statement.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.figures} v{self.version}"

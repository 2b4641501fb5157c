"""Tranches of an award: verified, reviewed and approved by three different people."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import TrancheCondition, TrancheStatus
from funding.models.award import Award
from funding.models.call import MOST
from funding.models.recusal import kept_from
from members.enums import BUREAU
from portal.kernel.models.base import Record

S = TrancheStatus
APPROVED_OR_LATER = [S.APPROVED, S.BATCHED, S.SENT, S.PAID, S.CONFIRMED, S.RETURNED]
REVIEWED_OR_LATER = [S.REVIEWED, *APPROVED_OR_LATER]
VERIFIED_OR_LATER = [S.VERIFIED, *REVIEWED_OR_LATER]


class TrancheQuerySet(models.QuerySet["Tranche"]):
    """Tranches, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """As far as the award is visible."""
        if user.is_authenticated and user.holds_any(BUREAU):
            return self.filter(~kept_from(user, "award__application"))
        return self.filter(award__in=Award.objects.visible_to(user))


class Tranche(Record):
    """One instalment; money in yuan."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="tranches")
    sequence = models.PositiveSmallIntegerField(_("tranche"))
    percent = models.DecimalField(_("share (%)"), max_digits=7, decimal_places=4)
    amount = models.DecimalField(_("amount due"), max_digits=18, decimal_places=2)
    condition = models.CharField(_("condition"), max_length=12, choices=TrancheCondition)
    condition_met_on = models.DateField(_("condition met on"), null=True)
    status = models.CharField(
        _("status"), max_length=10, choices=TrancheStatus, default=TrancheStatus.PLANNED, editable=False
    )
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField(_("requested at"), null=True)
    request_note = models.TextField(_("statement"), max_length=1000, blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(_("verified at"), null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(_("approved at"), null=True)
    hold_reason = models.CharField(_("reason of the hold"), max_length=300, blank=True)

    objects = TrancheQuerySet.as_manager()

    class Meta:
        ordering = ["award", "sequence"]
        indexes = [models.Index(fields=["status", "requested_at"], name="tranche_queue")]
        constraints = [
            models.UniqueConstraint(fields=["award", "sequence"], name="tranche_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST, percent__gt=0, percent__lte=100),
                name="tranche_amount_positive",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=VERIFIED_OR_LATER) | Q(requested_by__isnull=False, verified_by__isnull=False),
                name="verified_means_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=REVIEWED_OR_LATER) | Q(reviewed_by__isnull=False), name="reviewed_means_by_whom"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=APPROVED_OR_LATER)
                | Q(approved_by__isnull=False, approved_at__isnull=False, condition_met_on__isnull=False),
                name="payment_approved_means_by_whom",
            ),
            models.CheckConstraint(
                condition=(Q(reviewed_by=None) | ~Q(reviewed_by=F("verified_by")))
                & (Q(approved_by=None) | (~Q(approved_by=F("verified_by")) & ~Q(approved_by=F("reviewed_by")))),
                name="three_people_release_money",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award.consortium} · {self.sequence}"

    def get_absolute_url(self) -> str:
        return reverse("funding:tranche-detail", args=[self.pk])

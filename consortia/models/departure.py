"""A member leaves: what it hands over, to whom, and who has agreed."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import FREEABLE, SHARED_OUT, DepartureStatus, HandOver
from consortia.models.consortium import Consortium
from consortia.models.participation import Participation
from members.models import Organisation
from portal.kernel.models.base import Record


class DepartureQuerySet(models.QuerySet["Departure"]):
    """Departures, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the parts that the user may see."""
        return self.filter(participation__in=Participation.objects.visible_to(user))


class Departure(Record):
    """A member's way out, from the wish to the settlement."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="departures")
    asked_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    reason = models.CharField(_("reason"), max_length=500)
    replacement = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("replacement")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=DepartureStatus, default=DepartureStatus.OPEN, editable=False
    )
    settled_at = models.DateTimeField(_("settled at"), null=True)

    objects = DepartureQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation"], condition=Q(status=DepartureStatus.OPEN), name="one_open_departure"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="departure_means_why"),
            models.CheckConstraint(
                condition=~Q(status=DepartureStatus.SETTLED) | Q(settled_at__isnull=False), name="settled_means_when"
            ),
        ]

    def __str__(self) -> str:
        return str(self.participation)

    def get_absolute_url(self) -> str:
        return reverse("consortia:departure-detail", args=[self.pk])

    @property
    def consortium(self) -> Consortium:
        """Whose member leaves."""
        return self.participation.consortium


class DepartureItemQuerySet(models.QuerySet["DepartureItem"]):
    """Rows of departures, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the departures that the user may see."""
        return self.filter(departure__in=Departure.objects.visible_to(user))


class DepartureItem(Record):
    """One thing to hand over; `amount` is yuan, per cent or months, `sha256` what the taker agrees to."""

    departure = models.ForeignKey(Departure, models.CASCADE, related_name="items")
    kind = models.CharField(_("kind"), max_length=14, choices=HandOver)
    object_id = models.UUIDField(help_text=_("The task, technology, platform or fund; the part itself for amounts."))
    label = models.CharField(_("name"), max_length=160, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4, null=True)
    sha256 = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField(default=0)
    taker = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("taker"))
    freed = models.BooleanField(_("given up"), default=False)
    consented_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    consented_at = models.DateTimeField(_("agreed at"), null=True)
    refused_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    refused_reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = DepartureItemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "label"]
        constraints = [
            models.UniqueConstraint(fields=["departure", "kind", "object_id"], name="handed_over_once"),
            models.CheckConstraint(
                condition=Q(freed=False) | Q(taker=None, kind__in=sorted(FREEABLE)),
                name="only_money_and_shares_are_freed",
            ),
            models.CheckConstraint(
                condition=Q(consented_at=None, consented_by=None)
                | Q(consented_at__isnull=False, consented_by__isnull=False, taker__isnull=False),
                name="consent_is_a_takers",
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("consortia:departure-detail", args=[self.departure_id])

    @property
    def is_settled(self) -> bool:
        """Its taker has agreed, or it is given up."""
        return self.freed or self.consented_at is not None

    @property
    def waits(self) -> bool:
        """A taker is named and has not answered."""
        return self.taker_id is not None and self.consented_at is None

    @property
    def may_be_freed(self) -> bool:
        """Nobody need take it."""
        return self.kind in FREEABLE

    @property
    def is_money(self) -> bool:
        """The amount is yuan."""
        return self.kind in {HandOver.TASK, HandOver.CASH, HandOver.IN_KIND, HandOver.FUND}

    @property
    def is_share(self) -> bool:
        """The amount is per cent."""
        return self.kind in SHARED_OUT

    @property
    def consortium(self) -> Consortium:
        """Whose member leaves."""
        return self.departure.consortium

"""Money that a district adds to a grant: recorded by the lead that got it, confirmed by the district, never edited."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.enums import CofundingStatus
from funding.models.award import Award
from funding.models.call import MOST
from members.models import Organisation
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record

S = CofundingStatus
COUNTED = (S.REPORTED, S.CONFIRMED)  # what bars the same slip and fills what is due
SLIP_ONCE = "cofunding_slip_once"


class CofundingQuerySet(models.QuerySet["Cofunding"]):
    """Payments of districts, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Whoever sees the award: the bureau, its district, its lead."""
        return self.filter(award__in=Award.objects.visible_to(user))

    def arrived(self) -> Self:
        """What the district confirmed and nobody reversed."""
        return self.filter(status=S.CONFIRMED)


class Cofunding(Record):
    """One payment of a district to a lead, in yuan; outside the ledger, which keeps the city's money alone."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="cofundings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    arrived_on = models.DateField(_("arrived on"))
    slip = models.CharField(_("number of the bank slip"), max_length=40)
    evidence = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("bank slip"))
    status = models.CharField(_("status"), max_length=10, choices=S, default=S.REPORTED, editable=False)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(_("answered at"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reversed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reversed_at = models.DateTimeField(_("reversed at"), null=True)
    reversal_reason = models.CharField(_("reason of the reversal"), max_length=300, blank=True)

    objects = CofundingQuerySet.as_manager()

    class Meta:
        ordering = ["-arrived_on", "-created_at"]
        verbose_name = pgettext_lazy("cofunding", "payment of a district")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "slip"], condition=Q(status__in=COUNTED), name=SLIP_ONCE,
                violation_error_message=_("This bank slip is recorded already."), violation_error_code="slip",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST), name="cofunding_positive",
                violation_error_message=_("Give more than zero."), violation_error_code="amount",
            ),
            models.CheckConstraint(
                condition=Q(status=S.REPORTED, judged_by=None, judged_at=None, reason="")
                | Q(status__in=[S.CONFIRMED, S.REVERSED], judged_by__isnull=False, judged_at__isnull=False)
                | (Q(status__in=[S.REFUSED, S.WITHDRAWN], judged_by__isnull=False, judged_at__isnull=False)
                   & ~Q(reason="")),
                name="cofunding_answered_by_somebody",
                violation_error_message=_("Who answered, and when or why, belong together."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[S.CONFIRMED, S.REVERSED]) | ~Q(judged_by=F("reported_by")),
                name="cofunding_confirmed_by_another",
                violation_error_message=_("Another person than who recorded it confirms it."),
            ),
            models.CheckConstraint(
                condition=~Q(status=S.REVERSED) & Q(reversed_by=None, reversed_at=None, reversal_reason="")
                | (Q(status=S.REVERSED, reversed_by__isnull=False, reversed_at__isnull=False)
                   & ~Q(reversal_reason="") & ~Q(reversed_by=F("judged_by"))),
                name="cofunding_reversed_by_another",
                violation_error_message=_("Another person than who confirmed it reverses it, with a reason."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.slip

    def get_absolute_url(self) -> str:
        return reverse("funding:award-cofunding", args=[self.award_id])

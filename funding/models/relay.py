"""Money of a grant that the lead passes on to the members: reported with a bank slip, confirmed by the receiver."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.enums import RelayStatus
from funding.models.award import Award
from funding.models.call import MOST
from funding.models.recusal import kept_from
from members.enums import BUREAU
from members.models import Organisation
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record

S = RelayStatus
COUNTED = (S.REPORTED, S.CONFIRMED)  # what bars the same slip
SLIP_ONCE = "bank_slip_once"


class RelayQuerySet(models.QuerySet["Relay"]):
    """Relays, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, a district and a lead those of their consortia, a member its own."""
        if not user.is_authenticated:
            return self.none()
        away = ~kept_from(user, "award__application")
        if user.holds_any(BUREAU):
            return self.filter(away)
        mine = Q(organisation__in=user.organisation_ids) | Q(award__consortium__lead__in=user.organisation_ids)
        return self.filter(away, mine | Q(award__consortium__district__in=user.district_ids))


class Relay(Record):
    """One transfer from the lead to a member, in yuan; it moves in the ledger once the member confirms it."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="relays")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("member"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    passed_on = models.DateField(_("passed on"))
    slip = models.CharField(_("number of the bank slip"), max_length=40)
    evidence = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("bank slip"))
    status = models.CharField(_("status"), max_length=10, choices=S, default=S.REPORTED, editable=False)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_on = models.DateField(_("arrived on"), null=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(_("answered at"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = RelayQuerySet.as_manager()

    class Meta:
        ordering = ["-passed_on", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["award", "slip"], condition=Q(status__in=COUNTED), name=SLIP_ONCE,
                violation_error_message=_("This bank slip is reported already."), violation_error_code="slip",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST), name="relay_positive",
                violation_error_message=_("Give more than zero."), violation_error_code="amount",
            ),
            models.CheckConstraint(
                condition=Q(status=S.REPORTED, judged_by=None, judged_at=None, received_on=None)
                | Q(status=S.CONFIRMED, judged_by__isnull=False, judged_at__isnull=False, received_on__isnull=False,
                    received_on__gte=F("passed_on"))
                | (Q(status__in=[S.REFUSED, S.WITHDRAWN], judged_by__isnull=False, judged_at__isnull=False,
                     received_on=None) & ~Q(reason="")),
                name="relay_answered_by_somebody",
                violation_error_message=_("Who answered, and when or why, belong together."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.slip

    def get_absolute_url(self) -> str:
        return reverse("funding:award-relays", args=[self.award_id])


class RelayAlarm(Record):
    """The lead keeps what is due to a member for longer than the rules allow; one for each day it fell due."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="relay_alarms")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    since = models.DateField(_("overdue since"))
    amount = models.DecimalField(_("overdue amount"), max_digits=18, decimal_places=2)
    raised_at = models.DateTimeField(_("raised at"))
    settled_at = models.DateTimeField(pgettext_lazy("payment", "settled at"), null=True)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(fields=["award", "organisation", "since"], name="relay_alarm_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="relay_alarm_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.since}"

    def get_absolute_url(self) -> str:
        return reverse("funding:award-relays", args=[self.award_id])

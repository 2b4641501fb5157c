"""Calls and the rules they are bound to."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.enums import CallStatus
from members.enums import OFFICIALS
from portal.kernel.models.base import Record

FOR_CALLS = {"data__has_key": "tranches"}  # the rules of the annual evaluation are rule sets, too


# Yuan. Above every sum of ours and below NaN, which PostgreSQL counts as the greatest of all numbers.
MOST = Decimal(10) ** 15


class RuleSet(Record):
    """A frozen version of rules; for a call, `data` has the shape of funding.rules.DEFAULT_RULES."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    data = models.JSONField(_("rules"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class CallQuerySet(models.QuerySet["Call"]):
    """Calls, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Officials see drafts too; everybody else, the public included, what is published."""
        if user.is_authenticated and user.holds_any(OFFICIALS):
            return self
        return self.published()

    def published(self) -> Self:
        """What the public may read."""
        return self.exclude(status=CallStatus.DRAFT)

    def open(self, at: datetime) -> Self:
        """Calls that take applications at this moment."""
        return self.filter(status=CallStatus.PUBLISHED, opens_at__lte=at, closes_at__gt=at)


class Call(Record):
    """A call for applications; money in yuan."""

    year = models.PositiveSmallIntegerField(_("year"))
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    batch = models.PositiveSmallIntegerField(_("cumulative batch"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    document_number = models.CharField(_("document number"), max_length=40, blank=True)
    guidelines = models.TextField(_("guidelines"), max_length=20_000, blank=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    budget = models.DecimalField(_("budget"), max_digits=18, decimal_places=2, validators=[MinValueValidator(0)])
    cap_a = models.DecimalField(_("cap of tier A"), max_digits=18, decimal_places=2, default=Decimal(2_000_000))
    cap_b = models.DecimalField(_("cap of tier B"), max_digits=18, decimal_places=2, default=Decimal(1_000_000))
    cap_c = models.DecimalField(_("cap of tier C"), max_digits=18, decimal_places=2, default=Decimal(0))
    rules = models.ForeignKey(
        RuleSet, models.PROTECT, related_name="calls", verbose_name=_("rule set"), limit_choices_to=FOR_CALLS
    )
    status = models.CharField(_("status"), max_length=10, choices=CallStatus, default=CallStatus.DRAFT, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-batch"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "round"],
                name="call_round_once_a_year",
                violation_error_message=_("There is a call for this round of the year already."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="call_closes_after_it_opens",
                violation_error_message=_("The call must close after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(budget__range=(0, MOST), cap_a__range=(0, MOST), cap_b__range=(0, MOST))
                & Q(cap_c__range=(0, MOST)),
                name="call_money_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(status=CallStatus.DRAFT) | ~Q(document_number=""), name="published_call_has_a_document"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("funding:call-detail", args=[self.pk])

    def cap(self, tier: str) -> Decimal:
        """The most that one consortium of this tier may get, in yuan."""
        return {Tier.A: self.cap_a, Tier.B: self.cap_b, Tier.C: self.cap_c}[Tier(tier)]

    def is_open(self, at: datetime) -> bool:
        """Whether applications are taken at this moment."""
        return self.status == CallStatus.PUBLISHED and self.opens_at <= at < self.closes_at

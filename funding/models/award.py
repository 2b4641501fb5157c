"""Awards."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from consortia.models import Consortium
from funding.models.application import Application
from funding.models.call import MOST
from funding.models.recusal import Recusal, kept_from
from members.enums import BUREAU
from portal.kernel.models.base import Record


class AwardQuerySet(models.QuerySet["Award"]):
    """Awards, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, a district its own, a lead organisation its own; nobody else any."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(BUREAU):
            return self.filter(~kept_from(user, "application"))
        return self.filter(
            ~kept_from(user, "application"),
            Q(consortium__lead__in=user.organisation_ids) | Q(consortium__district__in=user.district_ids),
        )


class Award(Record):
    """What a consortium was granted; money in yuan."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="award")
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="awards")
    year = models.PositiveSmallIntegerField(_("year"))
    line = models.ForeignKey(
        "funding.BudgetLine", models.PROTECT, null=True, related_name="awards", verbose_name=_("budget line")
    )  # an award without money needs none
    tier = models.CharField(_("tier"), max_length=1, choices=Tier)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    document_number = models.CharField(_("approval document"), max_length=40)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_on = models.DateField(_("approved on"))

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering = ["-approved_on", "consortium__code"]
        indexes = [
            models.Index(
                fields=["year"], include=["tier", "amount", "consortium", "application"], name="award_of_a_year"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(tier=Tier.A, amount__lte=Decimal(2_000_000))
                | Q(tier=Tier.B, amount__lte=Decimal(1_000_000))
                | Q(tier=Tier.C),
                name="award_within_the_tier",
            ),
            models.CheckConstraint(condition=Q(amount__range=(0, MOST)), name="award_not_negative"),
        ]

    @cached_property
    def recused(self) -> frozenset[Any]:
        """The ids of the officials who keep away from the case."""
        return frozenset(Recusal.objects.filter(application=self.application_id).values_list("person", flat=True))

    def __str__(self) -> str:
        return f"{self.consortium} · {self.tier}"

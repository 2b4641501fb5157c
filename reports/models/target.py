"""What the city wants to reach in a year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Floor
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.models.call import MOST
from members.enums import BUREAU
from portal.kernel.models import Record
from reports.enums import IN_YUAN, TargetMetric


class CityTargetQuerySet(models.QuerySet["CityTarget"]):
    """Targets, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """They are the bureau's."""
        return self if user.is_authenticated and user.holds_any(BUREAU) else self.none()

    def standing(self) -> Self:
        """The newest version of each."""
        later = CityTarget.objects.filter(
            metric=OuterRef("metric"), year=OuterRef("year"), version__gt=OuterRef("version")
        )
        return self.exclude(Exists(later))


class CityTarget(Record):
    """One version of a target, in yuan or as a number; rows are only ever added, the newest version stands."""

    metric = models.CharField(_("figure"), max_length=10, choices=TargetMetric)
    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    value = models.DecimalField(pgettext_lazy("of the city", "target"), max_digits=18, decimal_places=2)
    document = models.CharField(_("source document"), max_length=200)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CityTargetQuerySet.as_manager()

    class Meta:
        ordering = ["metric", "year", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "year", "version"], name="target_version_once", violation_error_code="year",
                violation_error_message=_("This target stands already; correct it."),
            ),
            models.CheckConstraint(
                condition=Q(value__gt=0, value__lte=MOST), name="target_above_zero",
                violation_error_message=_("Give more than zero."), violation_error_code="value",
            ),
            models.CheckConstraint(
                condition=Q(metric__in=IN_YUAN) | Q(value=Floor(F("value"))), name="target_counts_whole",
                violation_error_message=_("This is counted: give a whole number."), violation_error_code="value",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | Q(version__gt=1) & ~Q(reason=""), name="corrected_target_has_a_reason",
                violation_error_message=_("Say why the target is corrected."), violation_error_code="reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_metric_display()} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("reports:target-list") + f"#{self.metric.lower()}"

    @property
    def is_money(self) -> bool:
        """Whether it is a sum, in yuan."""
        return self.metric in IN_YUAN

    def share_of(self, actual: Decimal) -> Decimal:
        """How much of it is reached, in per cent."""
        return actual * 100 / self.value

"""What the credit data said about an organisation on a day, and who looked it up."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.enums import BUREAU, CreditResult
from members.models.organisation import Organisation
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record


class CreditCheckQuerySet(models.QuerySet["CreditCheck"]):
    """Checks, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, a district those of its organisations, nobody else any."""
        if not user.is_authenticated:
            return self.none()
        return self if user.holds_any(BUREAU) else self.filter(organisation__district__in=user.district_ids)


class CreditCheck(Record):
    """One look-up; it stands as it was recorded, the next one is another row."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="credit_checks", editable=False)
    source = models.CharField(_("source"), max_length=120)
    result = models.CharField(_("result"), max_length=9, choices=CreditResult)
    as_of = models.DateField(_("data as of"))
    reference = models.CharField(_("number of the report"), max_length=80, blank=True)
    summary = models.TextField(_("summary"), max_length=1000, blank=True)
    document = models.ForeignKey(Attachment, models.PROTECT, null=True, editable=False, related_name="+")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    objects = CreditCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(result=CreditResult.GOOD) | ~models.Q(summary=""),
                name="credit_doubt_means_what",
                violation_error_code="summary",
                violation_error_message=_("Say what stands in the report."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_result_display()} ({self.as_of:%Y-%m-%d})"

    def get_absolute_url(self) -> str:
        return self.organisation.get_absolute_url()

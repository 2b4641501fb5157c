"""The summary of a year over the whole city."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.enums import BUREAU
from reports.models.document import OrderedDocument, once, pages_with_file
from reports.models.evaluation import EvaluationCycle


class CityReportQuerySet(models.QuerySet["CityReport"]):
    """Summaries, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """They are the bureau's."""
        return self if user.is_authenticated and user.holds_any(BUREAU) else self.none()


class CityReport(OrderedDocument):
    """A PDF of the summary; the same snapshot and template give the same one."""

    of = "cycle"

    cycle = models.ForeignKey(EvaluationCycle, models.PROTECT, related_name="summaries", verbose_name=_("year"))
    number = models.CharField(_("number"), max_length=24, unique=True)
    is_final = models.BooleanField(_("of final grades"), default=False)

    objects = CityReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            once("cycle", name="same_city_same_summary"),
            pages_with_file("city_report_has_pages"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("reports:city-report-download", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Whether it carries the mark of a draft."""
        return not self.is_final

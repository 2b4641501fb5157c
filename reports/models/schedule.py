"""Funding reports that are made files again and again."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import Record
from portal.kernel.models.notification import ExportFormat
from reports.enums import Rhythm

MOST_DAYS = 15  # every month has so many working days


class ExportScheduleQuerySet(models.QuerySet["ExportSchedule"]):
    """Schedules, cut to one's own."""

    def visible_to(self, user: Any) -> Self:
        """Those that the person set up."""
        return self.filter(requested_by=user) if user.is_authenticated else self.none()


class ExportSchedule(Record):
    """Who wants which report on a working day of each period; made in the name of whoever set it up."""

    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    slug = models.CharField(_("export"), max_length=60)
    format = models.CharField(_("format"), max_length=5, choices=ExportFormat)
    language = models.CharField(_("language"), max_length=8)
    query = models.CharField(max_length=8000, blank=True)
    params = models.JSONField(_("filter"), default=dict, blank=True)
    words = models.JSONField(default=list, blank=True)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    rhythm = models.CharField(_("how often"), max_length=9, choices=Rhythm)
    working_day = models.PositiveSmallIntegerField(
        _("working day"), validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    next_on = models.DateField(_("next time"))
    stopped_at = models.DateTimeField(null=True)

    objects = ExportScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["next_on", "created_at"]
        indexes = [models.Index(fields=["next_on"], name="export_schedule_due", condition=Q(stopped_at=None))]
        constraints = [
            models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="export_schedule_rhythm_is_known"),
            models.CheckConstraint(
                condition=Q(working_day__gte=1, working_day__lte=MOST_DAYS)
                & (~Q(rhythm=Rhythm.WEEKLY) | Q(working_day__lte=5)),
                name="export_schedule_day_is_in_the_period",
                violation_error_message=_("A week has five working days at most."),
                violation_error_code="working_day",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.slug} · {self.rhythm}"

    def get_absolute_url(self) -> str:
        return reverse("reports:export-job-list")

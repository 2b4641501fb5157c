"""Lists of grades that a meeting decided, published for objections."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.enums import BUREAU
from portal.kernel.models import Record
from reports.models.evaluation import EvaluationCycle


class GradeListQuerySet(models.QuerySet["GradeList"]):
    """Lists of grades; everybody reads them once they have begun."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees those to come, too."""
        if user.is_authenticated and user.holds_any(BUREAU):
            return self
        return self.published(timezone.localdate())

    def published(self, on: date) -> Self:
        """Those that have begun."""
        return self.filter(starts_on__lte=on)


class GradeList(Record):
    """Grades of a year as a meeting decided them; `rows` and their hash are what was published."""

    cycle = models.ForeignKey(EvaluationCycle, models.PROTECT, related_name="grade_lists", verbose_name=_("year"))
    title = models.CharField(_("title"), max_length=200)
    document_number = models.CharField(_("document number"), max_length=40, unique=True)
    meeting_on = models.DateField(_("day of the meeting"))
    meeting_number = models.CharField(_("number of the minutes"), max_length=40)
    starts_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"))
    rows = models.JSONField()
    sha256 = models.CharField(max_length=64)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    objects = GradeListQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")) & Q(meeting_on__lte=F("starts_on")),
                name="grade_list_dates_in_order",
                violation_error_message=_("The meeting comes first, then the publication."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:grade-list", args=[self.pk])

    def canonical(self) -> dict[str, Any]:
        """What its hash is taken over."""
        names = ("title", "document_number", "meeting_on", "meeting_number", "starts_on", "ends_on", "rows")
        return {"year": self.cycle.year, **{name: getattr(self, name) for name in names}}

    def is_running(self, on: date) -> bool:
        """Whether objections are taken on this day."""
        return self.starts_on <= on <= self.ends_on

"""Workbooks that came back filled in."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.models.application import Application
from funding.models.review import Review
from portal.kernel.models import Attachment, Record


class WorkbookQuerySet(models.QuerySet["Workbook"]):
    """Workbooks, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the user's own applications; nobody else sees what was not taken over."""
        return self.filter(application__in=Application.everything.own(user)) if user.is_authenticated else self.none()


class Workbook(Record):
    """A filled workbook of an application: kept as it came, taken over as a whole or not at all."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="workbooks")
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(_("taken over at"), null=True)

    objects = WorkbookQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_by=None, applied_at=None) | Q(applied_by__isnull=False, applied_at__isnull=False),
                name="workbook_taken_over_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.file.name

    def get_absolute_url(self) -> str:
        return reverse("funding:workbook-apply", args=[self.pk])


class ScoreWorkbookQuerySet(models.QuerySet["ScoreWorkbook"]):
    """Score forms, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The expert's own."""
        return self.filter(review__expert__user=user) if user.is_authenticated else self.none()


class ScoreWorkbook(Record):
    """The form of an expert that was filled in offline: kept as it came, taken over as a whole or not at all."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="workbooks")
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(_("taken over at"), null=True)

    objects = ScoreWorkbookQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file.name

    def get_absolute_url(self) -> str:
        return reverse("funding:score-workbook-apply", args=[self.pk])

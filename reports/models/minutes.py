"""The minutes of a decision meeting as a document."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from funding.models import Scenario
from reports.models.document import MadeDocument


class MinutesDocumentQuerySet(models.QuerySet["MinutesDocument"]):
    """Minutes, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the lists that the person may see."""
        return self.filter(scenario__in=Scenario.everything.visible_to(user))


class MinutesDocument(MadeDocument):
    """A PDF of the list that was decided, with its deviations and its approvals."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="documents")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = MinutesDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "language", "template_version", "snapshot_hash"], name="same_list_same_minutes"
            ),
            models.CheckConstraint(
                condition=Q(file=None, pages=None) | Q(file__isnull=False, pages__isnull=False),
                name="minutes_have_pages",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario} · {self.language}"

    def get_absolute_url(self) -> str:
        return reverse("reports:minutes-document-download", args=[self.pk])

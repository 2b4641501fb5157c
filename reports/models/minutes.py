"""The minutes of a decision meeting as a document."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.urls import reverse

from funding.models import Scenario
from reports.models.document import OrderedDocument, once, pages_with_file


class MinutesDocumentQuerySet(models.QuerySet["MinutesDocument"]):
    """Minutes, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the lists that the person may see."""
        return self.filter(scenario__in=Scenario.everything.visible_to(user))


class MinutesDocument(OrderedDocument):
    """A PDF of the list that was decided, with its deviations and its approvals."""

    of = "scenario"

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="documents")

    objects = MinutesDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [once("scenario", name="same_list_same_minutes"), pages_with_file("minutes_have_pages")]

    def get_absolute_url(self) -> str:
        return reverse("reports:minutes-document-download", args=[self.pk])

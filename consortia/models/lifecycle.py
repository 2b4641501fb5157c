"""What happens to a consortium: events of its life, and orders to put things right."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from consortia.models.consortium import Consortium
from portal.kernel.models.attachment import Attachment
from portal.kernel.models.base import Record


class LifeEvent(Record):
    """One event of the timeline: who, when, why, by which document and meeting. Rows are only ever added."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="life")
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by = models.CharField(max_length=200, blank=True, help_text=_("The organisation; empty for the bureau."))
    reason = models.TextField(max_length=2000, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    meeting = models.CharField(_("meeting"), max_length=120, blank=True)
    meeting_on = models.DateField(_("day of the meeting"), null=True, blank=True)
    tier_before = models.CharField(max_length=1, choices=Tier, blank=True)
    tier_after = models.CharField(max_length=1, choices=Tier, blank=True)

    class Meta:
        ordering = ["-at", "-created_at"]
        indexes = [models.Index(fields=["consortium", "at"], name="life_of_a_consortium")]

    def __str__(self) -> str:
        return f"{self.consortium} {self.kind}"


class Rectification(Record):
    """An order to put things right until a day, and what the lead says was done."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="rectifications")
    demands = models.TextField(_("what has to be put right"), max_length=2000)
    due = models.DateField(_("until"))
    report = models.TextField(_("what was done"), max_length=4000, blank=True)
    evidence = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium"], condition=Q(closed_on=None), name="one_rectification_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.consortium} {self.due}"

    def is_overdue(self, today: date) -> bool:
        """Whether the day has passed and nobody has accepted anything."""
        return self.closed_on is None and today > self.due

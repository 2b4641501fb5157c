"""When the portal was last seen at work, and when it was away."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.base import Record


class Pulse(models.Model):
    """The last moment at which the portal answered, by the database's clock; there is one row."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class OutageQuerySet(models.QuerySet["Outage"]):
    """Times in which the portal was away."""

    def over(self, since: datetime) -> Self:
        """Those that ended after a moment, the earliest first."""
        return self.filter(ended_at__gt=since).order_by("started_at", "id")


class Outage(Record):
    """From when to when the portal was away; without an end it still is."""

    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True)

    objects = OutageQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["ended_at"], condition=Q(ended_at=None), nulls_distinct=False,
                                    name="one_outage_at_a_time"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gt=F("started_at")), name="outage_ends_after_it_began"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"

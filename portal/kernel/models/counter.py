"""Counters behind human-readable numbers."""

from django.db import models


class Counter(models.Model):
    """The last number given out in one series."""

    series = models.CharField(max_length=60, primary_key=True)
    value = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}: {self.value}"

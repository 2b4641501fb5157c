"""Platforms that the members run together."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consortia.enums import PlatformKind
from consortia.models.consortium import Consortium
from members.models import Organisation
from portal.kernel.models.base import Record


class Platform(Record):
    """A joint platform; area in square metres."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="platforms")
    kind = models.CharField(_("kind"), max_length=12, choices=PlatformKind)
    name = models.CharField(_("name"), max_length=120)
    builder = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("builder"))
    area = models.PositiveIntegerField(_("area (m²)"), default=0)
    opened_on = models.DateField(_("opened on"), null=True, blank=True, help_text=_("Empty while it is being built."))

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name

"""Integrity records: they bar while they are in force."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.enums import IntegrityLevel
from members.models.organisation import Organisation
from portal.kernel.models.base import Record


class IntegrityRecord(Record):
    """A recorded breach of an organisation."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="integrity_records")
    level = models.CharField(_("level"), max_length=10, choices=IntegrityLevel)
    behaviour = models.CharField(_("behaviour"), max_length=300)
    source = models.CharField(_("source"), max_length=200)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)

    class Meta:
        ordering = ["-effective_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                name="integrity_term_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_level_display()}"

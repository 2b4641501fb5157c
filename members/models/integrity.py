"""Integrity records: they bar while they are in force, and end by themselves."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.enums import BARRING, IntegrityLevel
from members.models.organisation import OfOrganisation, Organisation
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record


class IntegrityRecordQuerySet(OfOrganisation["IntegrityRecord"]):
    """Records, cut to what a person may see."""

    def in_force(self, on: date) -> Self:
        """Those that have begun, have not run out and were not lifted, as of this day."""
        return self.filter(
            Q(effective_from__lte=on),
            Q(effective_to=None) | Q(effective_to__gte=on),
            Q(lifted_on=None) | Q(lifted_on__gt=on),
        )

    def barring(self, on: date) -> Self:
        """Those in force that keep an organisation from being funded."""
        return self.in_force(on).filter(level__in=sorted(BARRING))


class IntegrityRecord(Record):
    """A recorded breach of an organisation."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="integrity_records")
    level = models.CharField(_("level"), max_length=10, choices=IntegrityLevel)
    behaviour = models.CharField(_("behaviour"), max_length=300)
    source = models.CharField(_("source"), max_length=200)
    measure = models.CharField(_("measure"), max_length=300, blank=True)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    document = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    appealed_on = models.DateField(_("appealed on"), null=True, blank=True)
    appeal = models.CharField(_("appeal"), max_length=500, blank=True)
    lifted_on = models.DateField(_("lifted on"), null=True, editable=False)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lift_reason = models.CharField(_("why it was lifted"), max_length=300, blank=True)

    objects = IntegrityRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-effective_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                name="integrity_term_in_order",
                violation_error_code="effective_to",
                violation_error_message=_("The end is before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(lifted_on=None, lifted_by=None, lift_reason="")
                | (Q(lifted_on__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="integrity_lifted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(appealed_on=None, appeal="") | (Q(appealed_on__isnull=False) & ~Q(appeal="")),
                name="integrity_appeal_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_level_display()}"

    def get_absolute_url(self) -> str:
        return reverse("members:integrity-detail", args=[self.pk])

    def is_in_force(self, on: date) -> bool:
        """Whether it counts on this day."""
        begun = self.effective_from <= on
        running = self.effective_to is None or self.effective_to >= on
        return begun and running and (self.lifted_on is None or self.lifted_on > on)

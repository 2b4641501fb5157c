"""Qualifications of organisations: what they were recognised as, from when until when, and where they are ranked."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.enums import RANKED, QualificationKind, QualificationLevel, QualificationStatus
from members.models.organisation import OfOrganisation, Organisation
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record

S = QualificationStatus
PLACES = 500
STANDING = Q(status__in=[S.STATED, S.VERIFIED])
CHECKED = Q(checked_by__isnull=False, checked_at__isnull=False)


class QualificationQuerySet(OfOrganisation["Qualification"]):
    """Qualifications, cut to what a person may see."""

    def valid_on(self, day: date) -> Self:
        """Verified, and in force on the day."""
        in_force = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))
        return self.filter(in_force, status=S.VERIFIED)


class Qualification(Record):
    """A certificate or a place in a ranking."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="qualifications")
    kind = models.CharField(_("qualification"), max_length=16, choices=QualificationKind)
    label = models.CharField(_("what it is called"), max_length=120, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=QualificationLevel, blank=True)
    certificate = models.CharField(_("certificate number"), max_length=60, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    list_year = models.PositiveSmallIntegerField(
        _("year of the list"), null=True, blank=True, validators=[MinValueValidator(1990)]
    )
    rank = models.PositiveSmallIntegerField(
        _("place"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(PLACES)]
    )
    document = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    status = models.CharField(_("status"), max_length=10, choices=S, default=S.STATED, editable=False)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(_("checked at"), null=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    objects = QualificationQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="qualification_term_in_order",
                violation_error_code="valid_to",
                violation_error_message=_("The end is before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=sorted(RANKED), list_year__isnull=False, rank__range=(1, PLACES), rank__isnull=False
                )
                | (~Q(kind__in=sorted(RANKED)) & Q(list_year=None, rank=None)),
                name="ranking_has_year_and_place",
                violation_error_message=_("A ranking, and nothing else, has the year of the list and a place."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=QualificationKind.OTHER) | ~Q(label=""),
                name="another_qualification_has_a_name",
                violation_error_code="label",
                violation_error_message=_("Please say what it is called."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[S.STATED, S.WITHDRAWN])
                | (Q(status=S.VERIFIED) & CHECKED)
                | (Q(status=S.DECLINED) & CHECKED & ~Q(remark="")),
                name="qualification_checked_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "label", "valid_from", "certificate"],
                condition=STANDING,
                name="qualification_stated_once",
                violation_error_message=_(
                    "This qualification is stated already; withdraw it first if something was wrong."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("members:qualification-detail", args=[self.pk])

    def is_expired(self, on: date) -> bool:
        """Whether its term is over on this day."""
        return self.valid_to is not None and self.valid_to < on

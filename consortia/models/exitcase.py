"""The case in which a consortium leaves, with due process."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import EXIT_ENDED, ExitMeasure, ExitStatus, ExitTrigger
from consortia.models.consortium import Consortium
from members.enums import BUREAU, IntegrityLevel
from portal.kernel.models.attachment import Attachment
from portal.kernel.models.base import Record


class ExitCaseQuerySet(models.QuerySet["ExitCase"]):
    """Cases, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, a district its own, the lead organisation those about itself."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(BUREAU):
            return self
        mine = Q(consortium__lead__in=user.organisation_ids) | Q(consortium__district__in=user.district_ids)
        return self.filter(mine)

    def open(self) -> Self:
        """Those still running."""
        return self.exclude(status__in=EXIT_ENDED)


def _person() -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")


def _file() -> Any:
    return models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")


class ExitCase(Record):
    """Why a consortium is to leave, what it says to that, what is settled and what was decided; money in yuan."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="exit_cases")
    trigger = models.CharField(_("trigger"), max_length=14, choices=ExitTrigger)
    grounds = models.TextField(_("grounds"), max_length=2000)
    status = models.CharField(_("status"), max_length=16, choices=ExitStatus, default=ExitStatus.OPENED, editable=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # --- heard
    notice_number = models.CharField(_("document number of the notice"), max_length=60, blank=True)
    served_on = models.DateField(_("notice served on"), null=True)
    delivered_on = models.DateField(_("notice received on"), null=True)
    statement_due = models.DateField(_("statement until"), null=True)
    statement = models.TextField(_("statement"), max_length=4000, blank=True)
    statement_file = _file()
    stated_by = _person()
    stated_at = models.DateTimeField(null=True)
    # --- settled
    funds = models.TextField(_("settlement of the funds"), max_length=2000, blank=True)
    recovered = models.DecimalField(
        _("to be paid back"), max_digits=18, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    ip = models.TextField(_("settlement of the intellectual property"), max_length=2000, blank=True)
    equipment = models.TextField(_("settlement of the equipment"), max_length=2000, blank=True)
    no_fault = models.BooleanField(_("diligent, without fault"), default=False)
    assessed_by = _person()
    # --- decided
    measure = models.CharField(_("measure"), max_length=8, choices=ExitMeasure, blank=True)
    integrity_level = models.CharField(_("integrity record"), max_length=10, choices=IntegrityLevel, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    meeting = models.CharField(_("meeting"), max_length=120, blank=True)
    meeting_on = models.DateField(_("day of the meeting"), null=True)
    decided_by = _person()
    publicised_from = models.DateField(null=True)
    publicised_to = models.DateField(null=True)
    # --- appealed
    appeal = models.TextField(_("appeal"), max_length=4000, blank=True)
    appeal_file = _file()
    appealed_at = models.DateTimeField(null=True)
    appeal_decided_by = _person()
    ended_on = models.DateField(null=True)

    objects = ExitCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium"], condition=~Q(status__in=EXIT_ENDED), name="one_running_exit_case",
                violation_error_message=_("An exit case is running already."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("opened_by")), name="opener_does_not_decide_exit"
            ),
            models.CheckConstraint(
                condition=Q(appeal_decided_by=None)
                | (~Q(appeal_decided_by=F("decided_by")) & ~Q(appeal_decided_by=F("opened_by"))),
                name="decider_does_not_hear_appeal",
            ),
            models.CheckConstraint(
                condition=Q(no_fault=False) | (~Q(trigger=ExitTrigger.VIOLATION) & Q(integrity_level="")),
                name="no_fault_leaves_no_record",
            ),
            models.CheckConstraint(condition=Q(recovered__gte=0), name="exit_recovery_not_negative"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(measure=""), name="exit_decided_means_measure"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("consortia:exit-detail", args=[self.pk])

"""Requests of people to have the data about them put right."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.enums import CorrectionField, CorrectionStatus, Role
from portal.kernel.models.base import Record

ANSWERED = Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer="")


class CorrectionRequestQuerySet(models.QuerySet["CorrectionRequest"]):
    """Requests, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """One's own, those of one's colleagues to administrators of the organisation, all to the system's."""
        if not user.is_authenticated:
            return self.none()
        if user.holds(Role.SYSTEM_ADMIN):
            return self
        places = {place for role, place, _district in user.grants if role == Role.ORG_ADMIN}
        colleagues = Q(person__role_grants__revoked_at=None, person__role_grants__organisation__in=places)
        return self.filter(pk__in=self.filter(Q(person=user) | colleagues).order_by().values("pk"))

    def open(self) -> Self:
        """Those that wait for an answer."""
        return self.filter(status=CorrectionStatus.OPEN)


class CorrectionRequest(Record):
    """What somebody wants to be put right, and the answer."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="corrections")
    field = models.CharField(_("what is wrong"), max_length=10, choices=CorrectionField)
    wanted = models.CharField(_("what it should be"), max_length=60, blank=True)
    explanation = models.TextField(_("explanation"), max_length=1000, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=CorrectionStatus, default=CorrectionStatus.OPEN, editable=False
    )
    due_on = models.DateField(_("answer due on"))
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=CorrectionStatus.OPEN) | ANSWERED, name="correction_answered_by_whom"
            ),
            models.CheckConstraint(
                condition=(Q(field=CorrectionField.OTHER) & ~Q(explanation=""))
                | (~Q(field=CorrectionField.OTHER) & ~Q(wanted="")),
                name="correction_says_what",
                violation_error_message=_("Please say what it should be, or what is wrong."),
            ),
            models.UniqueConstraint(
                fields=["person", "field"],
                condition=Q(status=CorrectionStatus.OPEN),
                name="one_open_correction_a_field",
                violation_error_message=_("You have asked for this already; please wait for the answer."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_field_display())

    def get_absolute_url(self) -> str:
        return reverse("members:correction-detail", args=[self.pk])

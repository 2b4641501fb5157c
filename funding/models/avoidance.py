"""Whom the lead of an application asks to keep from its review, and what an officer makes of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.enums import ApplicationStatus
from portal.kernel.models.base import Record

JUDGED_IN = frozenset({  # after the submission and before the experts are there
    ApplicationStatus.RECOMMENDED, ApplicationStatus.CREDIT_CHECKING, ApplicationStatus.SUSPENDED,
    ApplicationStatus.CHECKED,
})  # fmt: skip


class AvoidanceKind(models.TextChoices):
    """What is named."""

    PERSON = "PERSON", pgettext_lazy("avoidance", "One expert")
    ORGANISATION = "ORGANISATION", _("Everybody of an organisation")


class Avoidance(Record):
    """One name with its reason; confidential, and part of the application it was submitted with."""

    application = models.ForeignKey("funding.Application", models.CASCADE, related_name="avoidances")
    kind = models.CharField(_("what is named"), max_length=12, choices=AvoidanceKind, default=AvoidanceKind.PERSON)
    name = models.CharField(_("name"), max_length=120)
    reason = models.CharField(_("why"), max_length=500)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    accepted = models.BooleanField(_("accepted"), null=True)  # None as long as nobody has judged it
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)
    judgement = models.CharField(_("reason of the judgement"), max_length=500, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind", "name"], name="avoidance_named_once",
                violation_error_message=_("This name is on the list already."),
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(reason=""), name="avoidance_has_a_reason",
                violation_error_message=_("Please give a reason."),
            ),
            models.CheckConstraint(
                condition=Q(accepted=None, judged_by=None, judged_at=None, judgement="")
                | (Q(accepted__isnull=False, judged_by__isnull=False, judged_at__isnull=False) & ~Q(judgement="")),
                name="avoidance_judged_with_a_reason",
                violation_error_message=_("Please give a reason."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

"""What stays on record of an application that went back or ended: why, and what had been submitted."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ReasonCode
from funding.models.application import Application
from portal.kernel.models import Record

GIVES_REASONS = [
    (action.value, action.label)
    for action in (
        Action.RETURN,
        Action.DECLINE_RECOMMENDATION,
        Action.REQUEST_CORRECTION,
        Action.REJECT,
        Action.SUSPEND,
        Action.END_SUSPENDED,
    )
]


class ApplicationReason(Record):
    """One of the reasons for which an application was returned, not recommended or failed."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="reasons")
    action = models.CharField(_("step"), max_length=24, choices=GIVES_REASONS)
    code = models.CharField(_("reason"), max_length=16, choices=ReasonCode)

    class Meta:
        ordering = ["created_at", "code"]
        indexes = [models.Index(fields=["code", "action"], name="reason_code")]

    def __str__(self) -> str:
        return self.get_code_display()


class TakenBack(Record):
    """A submission that its signatory took back for editing before anybody opened it; its receipt stays."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="taken_back")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("submitted at"))
    snapshot = models.JSONField()
    snapshot_hash = models.CharField(max_length=64)
    declarations = models.JSONField(default=dict)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-submitted_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(snapshot_hash=""), name="taken_back_means_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.application.number} {self.submitted_at:%Y-%m-%d %H:%M}"

"""What who has to pay back says against a claim, and what was decided about it."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.enums import ClaimOutcome
from funding.models.recovery import Recovery
from members.models import Organisation
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record

O = ClaimOutcome  # noqa: E741


class ClaimObjection(Record):
    """One a claim; `taken_off` is by how much the claim was reduced, in yuan. An empty outcome: it waits."""

    recovery = models.OneToOneField(Recovery, models.PROTECT, related_name="objection")
    statement = models.TextField(_("statement"), max_length=2000)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    outcome = models.CharField(
        pgettext_lazy("recovery", "outcome"), max_length=8, choices=O, blank=True, editable=False
    )
    taken_off = models.DecimalField(_("taken off"), max_digits=18, decimal_places=2, default=Decimal(0))
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", decided_by=None, decided_at=None, reason="", taken_off=0)
                | (Q(outcome__in=[O.STANDS, O.REVERSED], taken_off=0) | Q(outcome=O.REDUCED, taken_off__gt=0))
                & Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason=""),
                name="claim_objection_decided_with_reason",
                violation_error_message=_("Who decided, when and why belong together."),
            ),
            models.CheckConstraint(
                condition=~Q(statement=""), name="claim_objection_says_why",
                violation_error_message=_("An objection says why."), violation_error_code="statement",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.recovery)

    def get_absolute_url(self) -> str:
        return self.recovery.get_absolute_url()

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return not self.outcome

    @property
    def organisation(self) -> Organisation:
        """Who objects."""
        return self.recovery.organisation


class ClaimObjectionFile(Record):
    """What came with an objection."""

    objection = models.ForeignKey(ClaimObjection, models.PROTECT, related_name="evidence")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["objection", "ordinal"], name="claim_objection_file_once")]

    def __str__(self) -> str:
        return self.attachment.name

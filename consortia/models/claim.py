"""Numbers that are claimed twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import ClaimStatus
from consortia.models.outcome import Outcome
from portal.kernel.models.base import Record


class DuplicateClaim(Record):
    """Two outcomes of one kind with one number, until one of them changes it; `first` claimed it before `second`."""

    first = models.ForeignKey(Outcome, models.CASCADE, related_name="earlier_claims", verbose_name=_("earlier claim"))
    second = models.ForeignKey(Outcome, models.CASCADE, related_name="later_claims", verbose_name=_("later claim"))
    status = models.CharField(_("status"), max_length=9, choices=ClaimStatus, default=ClaimStatus.OPEN, editable=False)
    withdrawn = models.ForeignKey(
        Outcome,
        models.CASCADE,
        null=True,
        editable=False,
        related_name="lost_claims",
        verbose_name=_("withdrawn claim"),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("number claimed twice")
        indexes = [models.Index(fields=["created_at", "id"], name="claim_age")]
        constraints = [
            models.UniqueConstraint(Least("first", "second"), Greatest("first", "second"), name="pair_flagged_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="claim_of_two_outcomes"),
            models.CheckConstraint(
                condition=Q(status=ClaimStatus.WITHDRAWN) & (Q(withdrawn=F("first")) | Q(withdrawn=F("second")))
                | ~Q(status=ClaimStatus.WITHDRAWN) & Q(withdrawn=None),
                name="withdrawn_is_one_of_the_two",
            ),
            models.CheckConstraint(
                condition=Q(status=ClaimStatus.OPEN, settled_by=None, settled_at=None, reason="")
                | ~Q(status=ClaimStatus.OPEN) & ~Q(reason="") & Q(settled_by__isnull=False, settled_at__isnull=False),
                name="settled_means_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.first.identifier

    def get_absolute_url(self) -> str:
        return reverse("consortia:duplicate-detail", args=[self.pk])

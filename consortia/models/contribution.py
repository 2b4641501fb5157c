"""What of a member's promise has arrived."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consortia.models.entry import ProvenEntry
from consortia.models.participation import Participation
from consortia.rules.registers import ContributionKind


class Contribution(ProvenEntry):
    """Money or something of value that arrived, in yuan; it counts once the lead has confirmed it."""

    OWNER = "participation"

    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="contributions", verbose_name=_("member")
    )
    kind = models.CharField(_("kind"), max_length=7, choices=ContributionKind)
    amount = models.DecimalField(
        _("amount"), max_digits=18, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    received_on = models.DateField(_("received on"))
    note = models.CharField(_("what it is"), max_length=300, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, editable=False)

    class Meta:
        ordering = ["-received_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="contribution_is_something",
                violation_error_code="amount",
                violation_error_message=_("Give more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="arrival_confirmed_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(kind=ContributionKind.CASH) | ~Q(note=""),
                name="in_kind_means_what",
                violation_error_code="note",
                violation_error_message=_("Say what was contributed in kind."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation.organisation} · {self.get_kind_display()}"

    @property
    def owner_id(self) -> UUID | None:
        """The member that promised it."""
        return self.participation.organisation_id if self.participation_id else None

    @property
    def is_final(self) -> bool:
        """Once it is confirmed only the lead changes it."""
        return self.confirmed_at is not None

    @property
    def promised(self) -> Decimal:
        """What the member promised of this kind, in yuan."""
        part = self.participation
        return part.cash if self.kind == ContributionKind.CASH else part.in_kind

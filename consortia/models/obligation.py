"""What each member has bound itself to by the agreement, and whether it was fulfilled."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Clause
from consortia.models.entry import ProvenEntry
from consortia.rules.registers import ObligationState
from members.models import Organisation


class Obligation(ProvenEntry):
    """A duty of one member; a breach stands on record with its day."""

    MEMBERS = ("member",)

    member = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("member"))
    clause = models.CharField(_("clause"), max_length=15, choices=Clause)
    duty = models.CharField(_("obligation"), max_length=200)
    due = models.DateField(_("due on"), null=True, blank=True, help_text=_("Empty for a duty that lasts."))
    state = models.CharField(_("state"), max_length=9, choices=ObligationState, default=ObligationState.DUE)
    settled_on = models.DateField(
        _("fulfilled or breached on"), null=True, blank=True, help_text=_("Empty while it is to be fulfilled.")
    )
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta:
        ordering = ["member__name", "due", "created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ObligationState.DUE, settled_on=None)
                | (~Q(state=ObligationState.DUE) & Q(settled_on__isnull=False)),
                name="obligation_settled_on_a_day",
                violation_error_code="settled_on",
                violation_error_message=_("Give the day for what is fulfilled or breached, and for nothing else."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ObligationState.BREACHED) | ~Q(remark=""), name="breach_means_what",
                violation_error_code="remark", violation_error_message=_("Say what the breach consists in."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.duty

    @property
    def is_overdue(self) -> bool:
        """Still to be fulfilled after its day."""
        return self.state == ObligationState.DUE and self.due is not None and self.due < timezone.localdate()

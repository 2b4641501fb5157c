"""Money of a grant that is claimed back: proposed, approved by somebody else, noticed, paid back in instalments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import CLOSED, RecoveryGround, RecoveryStatus
from funding.models.award import Award
from funding.models.call import MOST
from funding.models.payment import StatementLine
from funding.models.recusal import kept_from
from members.enums import BUREAU
from members.models import Organisation
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record

S = RecoveryStatus
SLIP_ONCE, LINE_ONCE = "recovery_slip_once", "recovery_line_once"


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    """Claims, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, who has to pay back its own from the notice on."""
        if not user.is_authenticated:
            return self.none()
        away = ~kept_from(user, "award__application")
        if user.holds_any(BUREAU):
            return self.filter(away)
        return self.filter(away, organisation__in=user.organisation_ids, noticed_on__isnull=False)

    def overdue(self, today: Any) -> Self:
        """Those whose term is over, without those with an objection that waits."""
        rows = self.filter(status__in=[S.NOTICED, S.PARTLY, S.ASKED], due_on__lt=today)
        return rows.exclude(objection__outcome="")


class Recovery(Record):
    """One claim against one organisation, in yuan; `received` is the sum of the instalments that stand."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    award = models.ForeignKey(Award, models.PROTECT, related_name="recoveries")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    ground = models.CharField(_("ground"), max_length=10, choices=RecoveryGround)
    reason = models.TextField(_("reason"), max_length=1000)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    received = models.DecimalField(_("paid back"), max_digits=18, decimal_places=2, default=Decimal(0), editable=False)
    status = models.CharField(_("status"), max_length=11, choices=S, default=S.OPEN, editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    noticed_on = models.DateField(_("notice of the claim served on"), null=True)
    due_on = models.DateField(_("to be paid back until"), null=True)
    alarmed_at = models.DateTimeField(_("alarm raised at"), null=True)
    waiver_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    waiver_reason = models.CharField(_("reason of the write-off"), max_length=300, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("case closed at"), null=True)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST) & ~Q(reason=""), name="recovery_positive",
                violation_error_message=_("A claim has an amount above zero and a reason."),
            ),
            models.CheckConstraint(
                condition=Q(received__gte=0, received__lte=F("amount")), name="recovery_within_the_claim",
                violation_error_message=_("Not more than was claimed is paid back."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[S.OPEN, S.NOTICED, S.STOPPED], received=0)
                | Q(status=S.PARTLY, received__gt=0, received__lt=F("amount"))
                | Q(status__in=[S.ASKED, S.WRITTEN_OFF], received__lt=F("amount"))
                | Q(status=S.SETTLED, received=F("amount")),
                name="recovery_status_follows_the_money",
            ),
            models.CheckConstraint(
                condition=Q(status=S.OPEN, approved_by=None, noticed_on=None, due_on=None)
                | Q(status=S.STOPPED)
                | (~Q(status=S.OPEN) & ~Q(document_number="")
                   & Q(approved_by__isnull=False, noticed_on__isnull=False, due_on__gte=F("noticed_on"))),
                name="recovery_noticed_by_somebody",
                violation_error_message=_("Who approved it, the notice and its term belong together."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="two_people_claim_back",
                violation_error_message=_("Nobody approves the claim that he or she proposed."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[S.ASKED, S.WRITTEN_OFF], waiver_by__isnull=False) & ~Q(waiver_reason="")
                | ~Q(status__in=[S.ASKED, S.WRITTEN_OFF]) & Q(waiver_by=None, waiver_reason=""),
                name="recovery_waived_with_reason",
                violation_error_message=_("A write-off has a proposer and a reason."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=CLOSED, closed_by__isnull=False, closed_at__isnull=False)
                | ~Q(status__in=CLOSED) & Q(closed_by=None, closed_at=None),
                name="recovery_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=S.WRITTEN_OFF) | ~Q(closed_by=F("waiver_by")), name="two_people_write_off",
                violation_error_message=_("Nobody writes off what he or she proposed to write off."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("funding:recovery-detail", args=[self.pk])

    @property
    def left(self) -> Decimal:
        """What is still to be paid back, in yuan."""
        return self.amount - self.received


class RecoveryReceipt(Record):
    """An instalment that arrived, shown by a line of a bank statement or by a slip; a mistake is reversed, it stays."""

    recovery = models.ForeignKey(Recovery, models.PROTECT, related_name="receipts")
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    arrived_on = models.DateField(_("arrived on"))
    line = models.ForeignKey(StatementLine, models.PROTECT, null=True, related_name="recovered")
    slip = models.CharField(_("number of the receipt"), max_length=40, blank=True)
    evidence = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+", verbose_name=_("receipt"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reversed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reversed_at = models.DateTimeField(_("reversed at"), null=True)
    reversal_reason = models.CharField(_("reason of the reversal"), max_length=300, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST), name="recovery_receipt_positive",
                violation_error_message=_("Give more than zero."), violation_error_code="amount",
            ),
            models.CheckConstraint(
                condition=Q(line__isnull=False, slip="", evidence=None)
                | (Q(line=None, evidence__isnull=False) & ~Q(slip="")),
                name="recovery_receipt_is_shown",
                violation_error_message=_("A line of a bank statement or a receipt shows that the money arrived."),
            ),
            models.UniqueConstraint(
                fields=["line"], condition=Q(reversed_at=None), name=LINE_ONCE,
                violation_error_message=_("This line of the bank statement is recorded already."),
            ),
            models.UniqueConstraint(
                fields=["slip"], condition=Q(reversed_at=None) & ~Q(slip=""), name=SLIP_ONCE,
                violation_error_message=_("This receipt is recorded already."), violation_error_code="slip",
            ),
            models.CheckConstraint(
                condition=Q(reversed_by=None, reversed_at=None, reversal_reason="")
                | (Q(reversed_by__isnull=False, reversed_at__isnull=False) & ~Q(reversal_reason="")
                   & ~Q(reversed_by=F("recorded_by"))),
                name="recovery_receipt_reversed_by_another",
                violation_error_message=_("Another person than who recorded it reverses it, with a reason."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.recovery} · {self.arrived_on}"

    @property
    def award(self) -> Award:
        """What it is about."""
        return self.recovery.award

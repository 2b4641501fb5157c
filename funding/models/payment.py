"""Payments: ordered in batches, made by the treasury, reported by its statement, sometimes returned by the bank.

A tranche has at most one order and at most one payment that stand: `standing` is unique, and empty once an order
failed or was given up, or a payment came back.
"""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.enums import BatchStatus, LineOutcome
from funding.models.call import MOST
from funding.models.programme import BudgetLine, BureauQuerySet
from funding.models.recusal import kept_from
from funding.models.tranche import Tranche
from members.enums import BUREAU
from members.models import Organisation
from portal.kernel.fields import EncryptedField
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record

B = BatchStatus
TAIL = 4  # digits of an account
RELEASED_OR_LATER = [B.RELEASED, B.SENT]


class PaymentBatch(Record):
    """What the treasury is asked to pay from one budget line, under one document; in yuan."""

    number = models.CharField(_("batch number"), max_length=20, unique=True)
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="batches", verbose_name=_("budget line"))
    document_number = models.CharField(_("document number"), max_length=60)
    purpose = models.CharField(_("purpose of the payment"), max_length=60)
    status = models.CharField(_("status"), max_length=10, choices=B, default=B.PREPARED, editable=False)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(_("prepared at"))
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(_("released at"), null=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the list as it was released
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("sent at"), null=True)
    reason = models.CharField(_("why it was given up"), max_length=300, blank=True)

    objects = BureauQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(document_number="") & ~Q(purpose=""), name="batch_has_a_document",
                violation_error_message=_("A batch has the number of its document and a purpose."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=RELEASED_OR_LATER)
                | (Q(released_by__isnull=False, released_at__isnull=False) & ~Q(sha256="")),
                name="released_means_by_whom",
                violation_error_message=_("A batch is released by somebody, as a list that stays."),
            ),
            models.CheckConstraint(
                condition=~Q(status=B.SENT) | Q(sent_by__isnull=False, sent_at__isnull=False),
                name="sent_means_by_whom",
                violation_error_message=_("A batch is sent by somebody."),
            ),
            models.CheckConstraint(
                condition=~Q(status=B.DROPPED) | ~Q(reason=""), name="a_dropped_batch_has_a_reason",
                violation_error_message=_("Please give a reason."),
            ),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("prepared_by")), name="two_people_release_a_batch",
                violation_error_message=_("Nobody releases the batch that he or she prepared."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("funding:batch-detail", args=[self.pk])


class PaymentOrderQuerySet(models.QuerySet["PaymentOrder"]):
    """Orders, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau, without the cases that a person keeps away from."""
        if not (user.is_authenticated and user.holds_any(BUREAU)):
            return self.none()
        return self.filter(~kept_from(user, "tranche__award__application"))


class PaymentOrder(Record):
    """A line of a batch: whom the treasury is to pay how much, to which account; the number is the bank's reference."""

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="orders")
    sequence = models.PositiveSmallIntegerField(_("No."))
    number = models.CharField(_("order number"), max_length=24, unique=True)
    tranche = models.ForeignKey(Tranche, models.PROTECT, related_name="orders")
    standing = models.OneToOneField(Tranche, models.PROTECT, null=True, related_name="order")
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    payee = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    payee_name = models.CharField(_("payee"), max_length=200)
    bank_name = models.CharField(_("bank and branch"), max_length=120)
    bank_account = EncryptedField(_("bank account"), mask="account", max_length=40)
    failed_on = models.DateField(_("failed on"), null=True)
    failure = models.CharField(_("why it failed"), max_length=300, blank=True)

    objects = PaymentOrderQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "sequence"], name="order_once_in_a_batch"),
            models.UniqueConstraint(fields=["batch", "tranche"], name="tranche_once_in_a_batch"),
            models.CheckConstraint(condition=Q(amount__gt=0, amount__lte=MOST), name="order_positive"),
            models.CheckConstraint(
                condition=Q(standing=None) | Q(standing=F("tranche")), name="order_stands_for_its_tranche"
            ),
            models.CheckConstraint(
                condition=Q(failed_on=None, failure="") | (Q(failed_on__isnull=False, standing=None) & ~Q(failure="")),
                name="a_failed_order_does_not_stand",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def account_end(self) -> str:
        """The end of the account, as a list may show it."""
        return str(self.bank_account.reveal())[-TAIL:]

    @property
    def account_changed(self) -> bool:
        """Whether the payee has another account now."""
        return bool(self.bank_account.reveal() != self.payee.bank_account.reveal())


class Payment(Record):
    """Money that went to the lead for a tranche, exactly its amount; `standing` until the bank returned it."""

    tranche = models.ForeignKey(Tranche, models.PROTECT, related_name="payments")
    standing = models.OneToOneField(Tranche, models.PROTECT, null=True, related_name="payment")
    order = models.OneToOneField(PaymentOrder, models.PROTECT, null=True, related_name="payment")
    amount = models.DecimalField(_("amount paid"), max_digits=18, decimal_places=2)
    paid_on = models.DateField(_("paid on"))
    voucher = models.CharField(_("voucher number"), max_length=40, unique=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    receipt_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    receipt_on = models.DateField(_("receipt confirmed on"), null=True)
    returned_on = models.DateField(_("returned on"), null=True)
    return_reason = models.CharField(_("why it was returned"), max_length=300, blank=True, db_default="")

    class Meta:
        ordering = ["-paid_on"]
        indexes = [
            models.Index(
                fields=["paid_on"], include=["amount", "tranche"], condition=Q(standing__isnull=False),
                name="payments_by_day",
            )
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, amount__lte=MOST), name="payment_positive"),
            models.CheckConstraint(
                condition=Q(receipt_by=None, receipt_on=None)
                | Q(receipt_by__isnull=False, receipt_on__gte=F("paid_on")),
                name="receipt_after_the_payment",
            ),
            models.CheckConstraint(
                condition=Q(standing__isnull=False, standing=F("tranche"), returned_on=None, return_reason="")
                | (Q(standing=None, returned_on__isnull=False, returned_on__gte=F("paid_on")) & ~Q(return_reason="")),
                name="a_payment_stands_or_came_back",
            ),
        ]

    def __str__(self) -> str:
        return self.voucher


class BankStatement(Record):
    """A file of the treasury or the bank that says what became of orders; the same file is taken once."""

    number = models.CharField(_("statement number"), max_length=20, unique=True)
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(_("imported at"))

    objects = BureauQuerySet.as_manager()

    class Meta:
        ordering = ["-imported_at"]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("funding:statement-detail", args=[self.pk])


class StatementLine(Record):
    """What a statement says of one payment; the reference of the bank counts once for each outcome."""

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    row = models.PositiveSmallIntegerField(_("row"))
    day = models.DateField(_("day"))
    outcome = models.CharField(pgettext_lazy("payment", "outcome"), max_length=8, choices=LineOutcome)
    order_number = models.CharField(_("order number"), max_length=24, blank=True)
    payee_name = models.CharField(_("payee"), max_length=200)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    reference = models.CharField(_("reference of the bank"), max_length=40)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="lines")
    order = models.ForeignKey(PaymentOrder, models.PROTECT, null=True, related_name="lines")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(pgettext_lazy("payment", "settled at"), null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["statement", "row"]
        constraints = [
            models.UniqueConstraint(fields=["reference", "outcome"], name="statement_line_once"),
            models.UniqueConstraint(fields=["statement", "row"], name="statement_row_once"),
            models.CheckConstraint(condition=Q(amount__gt=0, amount__lte=MOST), name="statement_line_positive"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, payment=None, order=None)
                | (Q(settled_at__isnull=False, settled_by__isnull=False)
                   & (Q(order__isnull=False) | Q(payment__isnull=False) | ~Q(note=""))),
                name="a_settled_line_says_how",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.statement} · {self.row}"

"""What the organisations of a consortium spend of the grant and of their own money, voucher by voucher."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Concat, ExtractYear, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import STANDING, BudgetCategory, BudgetSource, ExpenditureStatus, InvoiceKind
from funding.models.award import Award
from funding.models.call import MOST
from funding.models.recusal import kept_from
from members.enums import BUREAU
from members.models import Organisation
from portal.kernel.models import Attachment, Record

S, K = ExpenditureStatus, InvoiceKind
BLANK = Q(invoice_code="", invoice_number="", seller_code="", seller_name="", net=None)
NUMBERED = Q(invoice_kind=K.PAPER, invoice_code__regex=r"^(\d{10}|\d{12})$", invoice_number__regex=r"^\d{8}$") | Q(
    invoice_kind=K.DIGITAL, invoice_code="", invoice_number__regex=r"^\d{20}$"
)
INVOICED = NUMBERED & ~Q(seller_name="") & Q(net__gt=0, net__lte=F("amount"))
INVOICE_ONCE, VOUCHER_ONCE = "invoice_recorded_once", "voucher_once_a_year"


class ExpenditureQuerySet(models.QuerySet["Expenditure"]):
    """Expenditures, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, a district and a lead those of their consortia, a member its own."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(BUREAU):
            return self.filter(~kept_from(user, "award__application"))
        mine = user.organisation_ids
        return self.filter(
            ~kept_from(user, "award__application"),
            Q(organisation__in=mine)
            | Q(award__consortium__lead__in=mine)
            | Q(award__consortium__district__in=user.district_ids),
        )

    def standing(self) -> Self:
        """Those that count: neither refused nor replaced."""
        return self.filter(status__in=STANDING)


class Expenditure(Record):
    """One voucher of one organisation; money in yuan. It is never altered: a correction is a row of its own."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="expenditures")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    day = models.DateField(_("day"))
    category = models.CharField(_("category"), max_length=12, choices=BudgetCategory)
    source = models.CharField(_("source of the money"), max_length=8, choices=BudgetSource)
    amount = models.DecimalField(_("amount with tax"), max_digits=18, decimal_places=2)
    description = models.CharField(_("what for"), max_length=200)
    voucher = models.CharField(_("voucher number"), max_length=40)
    invoice_kind = models.CharField(_("invoice"), max_length=8, choices=InvoiceKind, default=InvoiceKind.NONE)
    invoice_code = models.CharField(_("invoice code"), max_length=12, blank=True)
    invoice_number = models.CharField(_("invoice number"), max_length=20, blank=True)
    net = models.DecimalField(_("amount without tax"), max_digits=18, decimal_places=2, null=True, blank=True)
    seller_code = models.CharField(_("credit code of the seller"), max_length=18, blank=True)
    seller_name = models.CharField(_("seller"), max_length=120, blank=True)
    # A fully digital invoice has its 20 digits however it is printed: divided into code and number it is the same one.
    fingerprint = models.GeneratedField(
        expression=Concat("invoice_code", "invoice_number"), output_field=models.CharField(max_length=32),
        db_persist=True,
    )  # fmt: skip
    hits = models.JSONField(_("negative list"), default=list, blank=True)  # codes of the entries it may fall under
    explanation = models.CharField(_("why it is not on the negative list"), max_length=500, blank=True)
    evidence = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+", verbose_name=_("evidence"))
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="correction")
    status = models.CharField(_("status"), max_length=8, choices=S, default=S.RECORDED, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(_("accepted or refused at"), null=True)
    reason = models.CharField(_("reason of the refusal"), max_length=300, blank=True)

    objects = ExpenditureQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-created_at"]
        indexes = [models.Index(fields=["award", "status", "day"], name="expenditure_of_an_award")]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"], condition=Q(status__in=STANDING) & ~Q(invoice_number=""), name=INVOICE_ONCE,
                violation_error_message=_("This invoice is recorded already."),
            ),
            models.UniqueConstraint(
                F("organisation"), ExtractYear("day"), F("voucher"), condition=Q(status__in=STANDING),
                name=VOUCHER_ONCE,
                violation_error_message=_("This voucher number is recorded already for this organisation and year."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST), name="expenditure_positive",
                violation_error_code="amount", violation_error_message=_("Give more than zero."),
            ),
            models.CheckConstraint(
                condition=~Q(voucher="") & ~Q(description=""), name="expenditure_has_a_voucher",
                violation_error_message=_("State the voucher and what the money was for."),
            ),
            models.CheckConstraint(
                condition=(Q(invoice_kind=K.NONE) & BLANK) | INVOICED, name="invoice_numbered_as_its_kind",
                violation_error_message=_("The invoice is not complete, or not numbered as its kind is."),
            ),
            models.CheckConstraint(
                condition=Q(seller_code="") | Q(seller_code__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
                name="seller_code_in_shape", violation_error_code="seller_code",
                violation_error_message=_("A credit code has 18 signs."),
            ),
            models.CheckConstraint(
                condition=Q(day__lte=TruncDate("created_at")), name="spent_before_it_was_recorded",
                violation_error_code="day", violation_error_message=_("This day is still to come."),
            ),
            models.CheckConstraint(
                condition=Q(hits=[]) | ~Q(explanation=""), name="negative_list_explained",
                violation_error_code="explanation",
                violation_error_message=_("Say why this is not on the negative list."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[S.RECORDED, S.REPLACED], judged_by=None, judged_at=None, reason="")
                | Q(status=S.ACCEPTED, judged_by__isnull=False, judged_at__isnull=False, reason="")
                | (Q(status=S.REFUSED, judged_by__isnull=False, judged_at__isnull=False) & ~Q(reason="")),
                name="expenditure_judged_by_somebody",
                violation_error_message=_("Who checked it, and why it was refused, belong together."),
            ),
            models.CheckConstraint(
                condition=Q(judged_by=None) | ~Q(judged_by=F("recorded_by")), name="two_see_an_expenditure",
                violation_error_message=_("Nobody checks what he or she recorded."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.voucher

    def get_absolute_url(self) -> str:
        return reverse("funding:expenditure-detail", args=[self.pk])

    @property
    def tax(self) -> Decimal | None:
        """What of the amount is tax, if there is an invoice."""
        return None if self.net is None else self.amount - self.net

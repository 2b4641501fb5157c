"""Programmes, their budget lines, and what was appropriated to each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import AppropriationKind, AppropriationStatus
from funding.models.budget import FIRST_YEAR, LAST_YEAR
from funding.models.call import MOST
from members.enums import BUREAU
from portal.kernel.models.base import Record


class BureauQuerySet(models.QuerySet[Any]):
    """Rows that only the bureau sees."""

    def visible_to(self, user: Any) -> Self:
        """Everything for the bureau, nothing for anybody else."""
        return self if user.is_authenticated and user.holds_any(BUREAU) else self.none()


class Programme(Record):
    """A fund of the city that money comes from, year after year."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)

    objects = BureauQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class BudgetLine(Record):
    """What a programme may spend in a year under one heading; where its money stands is in the ledger."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="lines", verbose_name=_("programme"))
    year = models.PositiveSmallIntegerField(_("year"))
    subject = models.CharField(_("budget item"), max_length=20)
    name = models.CharField(_("name"), max_length=120)

    objects = BureauQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "programme__code", "subject"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year", "subject"], name="budget_line_once_a_year",
                violation_error_message=_("The programme has a budget line for this year and item already."),
                violation_error_code="subject",
            ),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="budget_line_year_in_range",
                violation_error_message=_("This is not a year of our times."), violation_error_code="year",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year} · {self.name} ({self.subject})"

    def get_absolute_url(self) -> str:
        return reverse("funding:budget-line", args=[self.pk])


class Appropriation(Record):
    """Money given to a line, or taken from it, in yuan: recorded by one person, confirmed by another."""

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="appropriations")
    kind = models.CharField(_("kind"), max_length=10, choices=AppropriationKind)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    document_number = models.CharField(_("document number"), max_length=60)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_on = models.DateField(_("date of the document"))
    status = models.CharField(
        _("status"), max_length=10, choices=AppropriationStatus, default=AppropriationStatus.RECORDED, editable=False
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    objects = BureauQuerySet.as_manager()

    class Meta:
        ordering = ["decided_on", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "document_number"], condition=~Q(status=AppropriationStatus.DROPPED),
                name="appropriation_once_a_document", violation_error_code="document_number",
                violation_error_message=_("This document is recorded for the line already."),
            ),
            models.UniqueConstraint(
                fields=["line", "kind"], name="one_beginning_of_a_line",
                condition=Q(kind=AppropriationKind.INITIAL) & ~Q(status=AppropriationStatus.DROPPED),
                violation_error_message=_("The line has its budget at the beginning of the year already."),
                violation_error_code="kind",
            ),
            models.CheckConstraint(
                condition=Q(amount__range=(-MOST, MOST)) & ~Q(amount=Decimal(0)), name="appropriation_is_not_zero",
                violation_error_message=_("Please enter an amount other than zero."), violation_error_code="amount",
            ),
            models.CheckConstraint(
                condition=Q(kind=AppropriationKind.ADJUSTMENT) | Q(amount__gt=0), name="a_line_begins_above_zero",
                violation_error_message=_("A line begins with an amount above zero."), violation_error_code="amount",
            ),
            models.CheckConstraint(
                condition=Q(kind=AppropriationKind.INITIAL) | ~Q(reason=""), name="an_adjustment_has_a_reason",
                violation_error_message=_("Please give a reason."), violation_error_code="reason",
            ),
            models.CheckConstraint(
                condition=~Q(status=AppropriationStatus.CONFIRMED)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="confirmed_means_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("recorded_by")), name="two_people_appropriate"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.line} · {self.document_number}"

    def get_absolute_url(self) -> str:
        return self.line.get_absolute_url()

"""The ledger: every movement of the money as an entry whose postings come to zero.

Entries and postings are only ever added, the database lets nobody change them; a mistake is made good by an entry of
its own. The balance of an account is kept by a trigger as the sum of its postings, and a constraint keeps it from
falling below zero: no more is committed than appropriated, no more paid than committed, at every instant.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import AccountKind, EntryKind
from funding.models.award import Award
from funding.models.payment import Payment
from funding.models.programme import BudgetLine
from funding.models.recusal import kept_from
from funding.models.tranche import Tranche
from members.enums import BUREAU
from members.models import Organisation
from portal.kernel.models.base import Record

K = AccountKind


class LedgerAccount(Record):
    """Where money stands: of a line, of an award on a line, or of an award with an organisation; in yuan."""

    kind = models.CharField(_("account"), max_length=12, choices=AccountKind)
    line = models.ForeignKey(BudgetLine, models.PROTECT, null=True, related_name="accounts")
    award = models.ForeignKey(Award, models.PROTECT, null=True, related_name="accounts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    balance = models.DecimalField(
        _("balance"), max_digits=18, decimal_places=2, default=Decimal(0), db_default=Decimal(0), editable=False
    )

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "line", "award", "organisation"], name="ledger_account_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[K.APPROPRIATED, K.AVAILABLE], line__isnull=False, award=None, organisation=None)
                | Q(kind=K.COMMITTED, line__isnull=False, award__isnull=False, organisation=None)
                | Q(kind=K.HELD, line=None, award__isnull=False, organisation__isnull=False),
                name="ledger_account_of_what",
            ),
            models.CheckConstraint(
                condition=Q(kind=K.APPROPRIATED, balance__lte=0) | ~Q(kind=K.APPROPRIATED) & Q(balance__gte=0),
                name="ledger_account_not_overdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.line or self.award}"


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    """Entries, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau, without the cases that a person keeps away from."""
        if not (user.is_authenticated and user.holds_any(BUREAU)):
            return self.none()
        return self.filter(~kept_from(user, "award__application"))


class LedgerEntry(models.Model):
    """One movement; its number counts all of them. The same `key` is never entered twice."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=EntryKind)
    legs = models.PositiveSmallIntegerField()  # how many postings belong to it
    happened_on = models.DateField(_("day"))
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    award = models.ForeignKey(Award, models.PROTECT, null=True, related_name="entries")
    tranche = models.ForeignKey(Tranche, models.PROTECT, null=True, related_name="entries")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="entries")

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["happened_on", "id"], name="ledger_by_day")]
        constraints = [models.CheckConstraint(condition=Q(legs__gte=2), name="ledger_entry_has_two_legs")]

    def __str__(self) -> str:
        return f"{self.pk} · {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("funding:ledger-entry", args=[self.pk])


class Posting(models.Model):
    """What an entry adds to an account, or takes from it with a minus; in yuan."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="postings")
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="postings")
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(amount=Decimal(0)), name="posting_is_not_zero")]

    def __str__(self) -> str:
        return f"{self.account}: {self.amount}"

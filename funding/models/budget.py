"""The budget of an application: who spends how much on what in which year, and where the money comes from."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funding.enums import BudgetCategory, BudgetSource
from funding.models.application import Application
from funding.models.call import MOST
from funding.rules.budget import NOTE_LENGTH
from members.models import Organisation
from portal.kernel.models import Record

FIRST_YEAR, LAST_YEAR = 2000, 2200


class BudgetItem(Record):
    """What one organisation spends from one source in one category; its amounts stand by year."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="budget")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    source = models.CharField(_("source of the money"), max_length=8, choices=BudgetSource)
    category = models.CharField(_("category"), max_length=12, choices=BudgetCategory)
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "organisation", "source", "category"], name="budget_item_once",
                violation_error_message=_("This item stands in the budget already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_source_display()} · {self.get_category_display()}"


class BudgetAmount(Record):
    """What an item costs in one year, in yuan."""

    item = models.ForeignKey(BudgetItem, models.CASCADE, related_name="amounts")
    year = models.PositiveSmallIntegerField(_("year"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, default=Decimal(0))

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "year"], name="budget_amount_once_a_year",
                violation_error_message=_("This item has an amount for this year already."),
            ),
            models.CheckConstraint(
                condition=Q(amount__range=(0, MOST)), name="budget_amount_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="budget_year_in_range",
                violation_error_message=_("This is not a year of our times."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year}: {self.amount}"

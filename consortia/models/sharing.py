"""Equipment, data and platforms that members let others use."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consortia.models.entry import Entry
from consortia.rules.registers import Resource, UseUnit
from members.models import Organisation


class SharingRecord(Entry):
    """One use of a shared resource, or the uses of a period; the charge in yuan."""

    OWNER = "provider"
    MEMBERS = ("provider",)

    resource = models.CharField(_("kind"), max_length=9, choices=Resource)
    name = models.CharField(_("name of the resource"), max_length=120)
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("provider"))
    used_by = models.CharField(_("user organisation"), max_length=120)
    quantity = models.DecimalField(
        _("amount of use"), max_digits=9, decimal_places=1, validators=[MinValueValidator(Decimal("0.1"))]
    )
    unit = models.CharField(_("counted in"), max_length=5, choices=UseUnit, default=UseUnit.HOURS)
    charge = models.DecimalField(
        _("charge"), max_digits=18, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    date = models.DateField(_("date"))

    class Meta:
        ordering = ["-date", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, charge__gte=0),
                name="sharing_amounts_in_range",
                violation_error_code="quantity",
                violation_error_message=_("The use is more than zero, and the charge is not negative."),
            )
        ]

    def __str__(self) -> str:
        return self.name

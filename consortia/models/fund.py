"""Funds that a consortium started or joined, and what they invest in."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consortia.enums import FundKind, FundRole
from consortia.models.consortium import Consortium
from consortia.models.taxonomy import SubField
from members.models import Organisation
from portal.kernel.models.base import Record


class Fund(Record):
    """An industry fund that the consortium started or joined; money in yuan."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="funds")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=FundKind, default=FundKind.INDUSTRY)
    role = models.CharField(_("role of the consortium"), max_length=11, choices=FundRole, default=FundRole.PARTICIPANT)
    manager = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("manager"))
    sub_fields = models.ManyToManyField(SubField, related_name="+", blank=True, verbose_name=_("sub-fields"))
    scale = models.DecimalField(_("scale"), max_digits=18, decimal_places=2, validators=[MinValueValidator(0)])
    paid_in = models.DecimalField(
        _("paid in"), max_digits=18, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scale__gte=0, paid_in__gte=0),
                name="fund_amounts_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(paid_in__lte=F("scale")),
                name="fund_paid_in_within_scale",
                violation_error_code="paid_in",
                violation_error_message=_("More than the scale of the fund cannot be paid in."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def invested(self) -> Decimal:
        """What its investments come to; prefetch them."""
        return sum((one.amount for one in self.investments.all()), Decimal(0))

    @property
    def landed(self) -> Decimal:
        """What of it went into enterprises in the city; prefetch the investments."""
        return sum((one.amount for one in self.investments.all() if one.landed), Decimal(0))


class Investment(Record):
    """Money that a fund put into an enterprise; amount in yuan."""

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="investments")
    target = models.CharField(_("enterprise invested in"), max_length=120)
    amount = models.DecimalField(
        _("amount"), max_digits=18, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    date = models.DateField(_("date"))
    landed = models.BooleanField(_("landed in the city"), default=False)

    class Meta:
        ordering = ["date", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="investment_has_an_amount",
                violation_error_code="amount",
                violation_error_message=_("Give more than zero."),
            )
        ]

    def __str__(self) -> str:
        return self.target

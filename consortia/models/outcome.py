"""What a consortium brings forth: outcomes, platforms, funds."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consortia.enums import OutcomeKind, PlatformKind
from consortia.models.consortium import Consortium
from consortia.models.task import ResearchTask
from members.models import Organisation
from portal.kernel.models.base import Record


class Outcome(Record):
    """A patent, standard, product, contract, breakthrough or paper; amount in yuan (sales or contract value)."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="outcomes")
    kind = models.CharField(_("kind"), max_length=12, choices=OutcomeKind)
    name = models.CharField(_("name"), max_length=160)
    identifier = models.CharField(_("number"), max_length=60)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("owner"))
    task = models.ForeignKey(
        ResearchTask, models.SET_NULL, null=True, blank=True, related_name="outcomes", verbose_name=_("research task")
    )
    date = models.DateField(_("date"))
    amount = models.DecimalField(
        _("amount"), max_digits=18, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )

    class Meta:
        ordering = ["-date"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "identifier"],
                name="outcome_claimed_once",
                violation_error_message=_("An outcome of this kind and number is recorded already."),
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="outcome_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class Platform(Record):
    """A joint platform; area in square metres."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="platforms")
    kind = models.CharField(_("kind"), max_length=12, choices=PlatformKind)
    name = models.CharField(_("name"), max_length=120)
    builder = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("builder"))
    area = models.PositiveIntegerField(_("area (m²)"), default=0)
    opened_on = models.DateField(_("opened on"), null=True, blank=True, help_text=_("Empty while it is being built."))

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name


class Fund(Record):
    """An industry fund that the consortium started or joined; money in yuan."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="funds")
    name = models.CharField(_("name"), max_length=120)
    manager = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("manager"))
    scale = models.DecimalField(_("scale"), max_digits=18, decimal_places=2, validators=[MinValueValidator(0)])
    paid_in = models.DecimalField(
        _("paid in"), max_digits=18, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(scale__gte=0, paid_in__gte=0), name="fund_amounts_not_negative"),
            models.CheckConstraint(
                condition=Q(paid_in__lte=F("scale")),
                name="fund_paid_in_within_scale",
                violation_error_message=_("More than the scale of the fund cannot be paid in."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

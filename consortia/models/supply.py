"""Who supplies whom, which enterprises came through the consortium, and which platforms it was matched with."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consortia.enums import ChainPosition
from consortia.models.entry import Entry
from consortia.models.technology import KeyTechnology
from consortia.rules.registers import AttractedBy, MatchResult, PlatformLevel, Sourcing
from members.models import District, Organisation


class SupplyLink(Entry):
    """What a member buys for its chain, from a member or from outside, and whether anybody else could supply it."""

    OWNER = "customer"
    MEMBERS = ("customer", "supplier")

    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("customer"))
    goods = models.CharField(_("what is supplied"), max_length=120)
    supplier = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("supplier (member)")
    )
    outside_supplier = models.CharField(_("supplier from outside"), max_length=120, blank=True)
    sourcing = models.CharField(_("sources"), max_length=8, choices=Sourcing, default=Sourcing.SEVERAL)
    is_domestic = models.BooleanField(_("made in China"), default=True)
    answer = models.CharField(_("what is done about it"), max_length=300, blank=True)

    class Meta:
        ordering = ["-sourcing", "created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(supplier__isnull=False, outside_supplier="") | (Q(supplier=None) & ~Q(outside_supplier="")),
                name="supplier_is_member_or_outside",
                violation_error_code="outside_supplier",
                violation_error_message=_("Name the supplier: a member, or one from outside, not both."),
            ),
            models.CheckConstraint(
                condition=Q(supplier=None) | ~Q(supplier=F("customer")),
                name="nobody_supplies_itself",
                violation_error_code="supplier",
                violation_error_message=_("Supplier and customer are the same organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.goods

    @property
    def supplied_by(self) -> str:
        """The name of the supplier."""
        return self.supplier.name if self.supplier else self.outside_supplier

    @property
    def is_single(self) -> bool:
        """Nobody else could supply it today."""
        return self.sourcing == Sourcing.SINGLE


class AttractedEnterprise(Entry):
    """An enterprise that settled here because of the consortium; the investment in yuan."""

    OWNER = "introduced_by"
    MEMBERS = ("introduced_by",)

    name = models.CharField(_("enterprise"), max_length=120)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    introduced_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("introduced by"))
    way = models.CharField(_("how it was attracted"), max_length=8, choices=AttractedBy)
    chain_position = models.CharField(_("chain position"), max_length=12, choices=ChainPosition)
    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    park = models.CharField(_("park or incubator"), max_length=120, blank=True)
    investment = models.DecimalField(
        _("investment"), max_digits=18, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    date = models.DateField(_("settled on"))

    class Meta:
        ordering = ["-date", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "name"],
                name="attracted_once",
                violation_error_code="name",
                violation_error_message=_("This enterprise is recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(investment__gte=0),
                name="attracted_investment_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlatformMatch(Entry):
    """A wish to work with a platform of a higher level, and what became of it."""

    platform = models.CharField(_("platform"), max_length=120)
    level = models.CharField(_("level of the platform"), max_length=10, choices=PlatformLevel)
    technology = models.ForeignKey(
        KeyTechnology, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("key technology")
    )
    need = models.CharField(_("what is needed from it"), max_length=300)
    date = models.DateField(_("asked on"))
    result = models.CharField(_("result"), max_length=8, choices=MatchResult, default=MatchResult.ASKED)
    record = models.CharField(_("record"), max_length=300, blank=True)
    answer = models.CharField(
        _("answer of the bureau"), max_length=500, blank=True, default="", db_default="", editable=False
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)

    class Meta:
        ordering = ["-date", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=[MatchResult.ASKED, MatchResult.TALKS]) | ~Q(record=""),
                name="match_settled_means_how",
                violation_error_code="record",
                violation_error_message=_("Say what was agreed, or why nothing came of it."),
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="match_answered_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.platform

"""The parties of a project contract: who has confirmed its part, and who has signed."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.models.contract import Contract
from members.models import Organisation
from portal.kernel.models.base import Record


class ContractPartyQuerySet(models.QuerySet["ContractParty"]):
    """Parties, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """As far as the contract is visible."""
        return self.filter(contract__in=Contract.objects.visible_to(user))


class ContractParty(Record):
    """An organisation that confirms its part of the version in hand, then signs; the bureau signs on the contract."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    ordinal = models.PositiveSmallIntegerField(_("order"))
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(_("signed at"), null=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True)

    objects = ContractPartyQuerySet.as_manager()

    class Meta:
        ordering = ["contract", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "organisation"], name="party_once",
                violation_error_message=_("This organisation is a party of the contract already."),
            ),
            models.UniqueConstraint(
                fields=["contract", "signed_by"], name="one_person_signs_for_one_party",
                violation_error_message=_("Nobody signs a contract on two sides."),
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(confirmed_at__isnull=False, signed_at__gte=F("confirmed_at")),
                name="party_confirms_before_it_signs",
                violation_error_message=_("A party confirms its part before it signs."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="party_confirmed_by_whom",
                violation_error_message=_("A confirmation says by whom it is."),
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_at=None) | Q(signed_by__isnull=False, signed_at__isnull=False),
                name="party_signed_by_whom",
                violation_error_message=_("A signature says by whom it is."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.contract} · {self.organisation}"

    def get_absolute_url(self) -> str:
        return reverse("funding:contract-readiness", args=[self.contract_id])

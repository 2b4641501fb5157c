"""Amendments of effective contracts: proposed by the lead, consented to by the parties, decided by two officials."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.enums import AmendmentKind, AmendmentStatus
from funding.models.award import Award
from funding.models.contract import Contract
from funding.models.party import ContractParty
from members.enums import BUREAU
from members.models import Organisation
from portal.kernel.models.base import Record

S = AmendmentStatus
OPEN = (S.PROPOSED, S.CONSENTED, S.CHECKED)


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    """Amendments, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """As far as the contract is visible; whoever is to become a party by it sees it, too."""
        seen = Q(contract__in=Contract.objects.visible_to(user))
        if not user.is_authenticated or user.holds_any(BUREAU):
            return self.filter(seen)
        return self.filter(seen | Q(*(asks(one) for one in user.organisation_ids), _connector=Q.OR))


def asks(organisation: Any) -> Q:
    """Amendments that need the consent of an organisation: as a party, or as one that it makes a party."""
    parties = ContractParty.objects.filter(contract=OuterRef("contract"), organisation=organisation)
    joins = Q(kind=AmendmentKind.MEMBERS, changes__parties__contains=[{"id": str(organisation)}])
    return joins | Q(~Q(kind=AmendmentKind.MEMBERS), Exists(parties))


class Amendment(Record):
    """What is to change in a contract, and why; `replaced` keeps what stood there, `base` is the hash of its terms."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="amendments")
    kind = models.CharField(_("kind"), max_length=10, choices=AmendmentKind)
    reason = models.CharField(_("reason"), max_length=1000)
    changes = models.JSONField()
    replaced = models.JSONField()
    base = models.CharField(max_length=64)
    status = models.CharField(_("status"), max_length=10, choices=S, default=S.PROPOSED, editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(pgettext_lazy("amendment", "checked at"), null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract"], condition=Q(status__in=OPEN), name="one_open_amendment",
                violation_error_message=_("An amendment of this contract is under way already."),
            ),
            models.CheckConstraint(
                condition=~Q(status=S.IN_FORCE)
                | Q(checked_by__isnull=False, checked_at__isnull=False, decided_by__isnull=False,
                    decided_at__isnull=False),
                name="amendment_in_force_means_by_whom",
                violation_error_message=_("An amendment in force says who checked and who decided it."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(checked_by=None) | ~Q(decided_by=F("checked_by")),
                name="two_decide_an_amendment",
                violation_error_message=_("Who checked an amendment does not decide it."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.contract} · {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("funding:amendment-detail", args=[self.pk])

    @property
    def award(self) -> Award:
        """The award that the contract is about."""
        return self.contract.award


class AmendmentConsent(Record):
    """A party agrees."""

    amendment = models.ForeignKey(Amendment, models.CASCADE, related_name="consents")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("consented at"))

    class Meta:
        ordering = ["given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["amendment", "organisation"], name="party_consents_once",
                violation_error_message=_("This organisation has consented already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.amendment} · {self.organisation}"

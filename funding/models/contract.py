"""Project contracts: drafted, confirmed by their parties, signed by all of them, amended, and brought to an end."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import ContractStatus
from funding.models.award import Award
from funding.models.recusal import kept_from
from members.enums import BUREAU
from portal.kernel.models.base import Record

C = ContractStatus
UNSIGNED = [C.DRAFT, C.CONFIRMING, C.OFFERED]
WAS_EFFECTIVE = [C.EFFECTIVE, C.AMENDING, C.COMPLETED, C.TERMINATED, C.EXPIRED]


class ContractQuerySet(models.QuerySet["Contract"]):
    """Contracts, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """As far as the award is visible; its parties see it, too."""
        if user.is_authenticated and user.holds_any(BUREAU):
            return self.filter(~kept_from(user, "award__application"))
        if not user.is_authenticated:
            return self.none()
        own = self.model._default_manager.filter(parties__organisation__in=user.organisation_ids)  # noqa: SLF001
        return self.filter(
            ~kept_from(user, "award__application"),
            Q(award__in=Award.objects.visible_to(user)) | Q(pk__in=own.order_by().values("pk")),
        )


class Contract(Record):
    """The contract between bureau, lead and members; `terms` is frozen at the offer and hashed."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    award = models.OneToOneField(Award, models.PROTECT, related_name="contract")
    version = models.PositiveSmallIntegerField(_("version"), default=1, db_default=1)
    terms = models.JSONField(_("terms"))
    sha256 = models.CharField(max_length=64)
    earlier = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        help_text=_("Versions before an amendment, oldest first."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    status = models.CharField(
        _("status"), max_length=10, choices=ContractStatus, default=ContractStatus.DRAFT, editable=False
    )
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField(_("offered at"), null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(_("signed at"), null=True)
    countersigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    countersigned_at = models.DateTimeField(_("countersigned at"), null=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="contract_term_in_order"),
            models.CheckConstraint(
                condition=Q(status__in=UNSIGNED) | Q(signed_by__isnull=False, signed_at__isnull=False),
                name="signed_means_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=WAS_EFFECTIVE)
                | Q(countersigned_by__isnull=False, countersigned_at__isnull=False),
                name="effective_means_countersigned",
            ),
            models.CheckConstraint(
                condition=Q(countersigned_by=None) | ~Q(countersigned_by=F("signed_by")), name="two_sign_a_contract"
            ),
            models.CheckConstraint(
                condition=Q(countersigned_by=None) | Q(offered_by=None) | ~Q(countersigned_by=F("offered_by")),
                name="who_drafts_does_not_countersign",
                violation_error_message=_("Who offered the contract does not sign it for the bureau."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("funding:contract-detail", args=[self.pk])

"""Risk compensation: a part of the loss that an organisation had when it brought a technology to the market.

Paid outside the ledger, which keeps the accounts of awards alone; payments and their returns are rows of their own that
the database lets nobody change.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from funding.enums import LIVE_COMPENSATIONS, CompensationEntryKind, CompensationStatus
from funding.models.award import Award
from funding.models.call import MOST
from funding.models.recusal import kept_from
from funding.rules.compensating import compensable, compensation_terms
from members.enums import BUREAU
from members.models import Organisation
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record

S, K = CompensationStatus, CompensationEntryKind
FILED_ONCE, REFERENCE_ONCE = "compensation_filed_once", "compensation_reference_once"
DECIDED = (S.GRANTED, S.PAID)


class CompensationQuerySet(models.QuerySet["Compensation"]):
    """Requests, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, a district and a lead those of their consortia, a member its own."""
        if not user.is_authenticated:
            return self.none()
        away = ~kept_from(user, "award__application")
        if user.holds_any(BUREAU):
            return self.filter(away)
        mine = Q(organisation__in=user.organisation_ids) | Q(award__consortium__lead__in=user.organisation_ids)
        return self.filter(away, mine | Q(award__consortium__district__in=user.district_ids))


class Compensation(Record):
    """One request, in yuan; share and cap are those of the rules when it was filed."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    award = models.ForeignKey(Award, models.PROTECT, related_name="compensations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    technology = models.CharField(_("technology"), max_length=120)
    stage = models.CharField(_("stage"), max_length=20)
    occurred_on = models.DateField(_("loss established on"))
    loss = models.DecimalField(_("loss"), max_digits=18, decimal_places=2)
    cause = models.TextField(_("how the loss came about"), max_length=2000)
    demand = models.TextField(_("evidence of market demand"), max_length=2000)
    percent = models.DecimalField(_("share of the loss (%)"), max_digits=5, decimal_places=2)
    cap = models.DecimalField(_("the most that is granted"), max_digits=18, decimal_places=2)
    status = models.CharField(_("status"), max_length=9, choices=S, default=S.FILED, editable=False)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    accepted = models.DecimalField(_("loss accepted"), max_digits=18, decimal_places=2, null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(_("checked at"), null=True)
    check_reason = models.CharField(_("reason of the check"), max_length=500, blank=True)
    granted = models.DecimalField(_("granted"), max_digits=18, decimal_places=2, null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    paid = models.DecimalField(
        pgettext_lazy("compensation", "paid"), max_digits=18, decimal_places=2, default=Decimal(0), editable=False
    )

    objects = CompensationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["award", "organisation", "technology", "stage"], condition=Q(status__in=LIVE_COMPENSATIONS),
                name=FILED_ONCE,
                violation_error_message=_("This organisation has a request for this technology and stage already."),
            ),
            models.CheckConstraint(
                condition=Q(loss__gt=0, loss__lte=MOST, percent__gt=0, percent__lte=100, cap__gt=0),
                name="compensation_positive",
                violation_error_message=_("Give more than zero."), violation_error_code="loss",
            ),
            models.CheckConstraint(
                condition=Q(accepted=None, checked_by=None, checked_at=None, check_reason="")
                | (Q(checked_by__isnull=False, checked_at__isnull=False, accepted__gt=0, accepted__lte=F("loss"))
                   & (Q(accepted=F("loss")) | ~Q(check_reason=""))),
                name="compensation_checked_with_reason",
                violation_error_message=_("A lower loss has a reason and somebody who checked it."),
            ),
            models.CheckConstraint(
                condition=Q(status=S.FILED, accepted=None, decided_by=None, decided_at=None, granted=None)
                | Q(status=S.CHECKED, accepted__isnull=False, decided_by=None, decided_at=None, granted=None)
                | Q(status__in=DECIDED, accepted__isnull=False, decided_by__isnull=False, decided_at__isnull=False,
                    granted__isnull=False)
                | (Q(status=S.REFUSED, decided_by__isnull=False, decided_at__isnull=False, granted=None)
                   & ~Q(reason=""))
                | (Q(status=S.WITHDRAWN, decided_by=None, decided_at=None, granted=None) & ~Q(reason="")),
                name="compensation_decided_by_somebody",
                violation_error_message=_("Who decided, when and how much belong together."),
            ),
            models.CheckConstraint(
                condition=Q(granted=None)
                | Q(granted__gt=0, granted__lte=F("cap")) & Q(granted__lte=F("accepted") * F("percent") / 100),
                name="compensation_within_the_rules",
                violation_error_message=_("No more is granted than the share of the loss, and never above the cap."),
            ),
            models.CheckConstraint(
                condition=Q(status=S.PAID, paid__gt=0, paid__lte=F("granted")) | ~Q(status=S.PAID) & Q(paid=0),
                name="compensation_paid_within_the_grant",
                violation_error_message=_("No more is paid than was granted."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(checked_by=None) | ~Q(decided_by=F("checked_by")),
                name="two_people_compensate",
                violation_error_message=_("Nobody decides about a loss that he or she checked."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("funding:compensation-detail", args=[self.pk])

    @property
    def stage_name(self) -> str:
        """The stage as the rules of the call name it."""
        rules = self.award.application.call.rules
        return compensation_terms(rules.data if rules else {}).name(self.stage, get_language() or "")

    @property
    def most(self) -> Decimal:
        """What may be granted at most, by the loss as it was accepted or, before that, filed."""
        return compensable(self.loss if self.accepted is None else self.accepted, self.percent, self.cap)


class CompensationFile(Record):
    """Evidence of the loss."""

    compensation = models.ForeignKey(Compensation, models.PROTECT, related_name="evidence")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["compensation", "ordinal"], name="compensation_evidence_once")]

    def __str__(self) -> str:
        return self.attachment.name


class CompensationEntry(Record):
    """A payment or the return of one; added, never changed."""

    compensation = models.ForeignKey(Compensation, models.PROTECT, related_name="entries")
    kind = models.CharField(_("kind"), max_length=7, choices=K)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    day = models.DateField(_("day"))
    reference = models.CharField(_("reference of the bank"), max_length=60)
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by_entry")

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference"], condition=Q(kind=K.PAYMENT), name=REFERENCE_ONCE,
                violation_error_message=_("This reference of the bank is recorded already."),
                violation_error_code="reference",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST), name="compensation_entry_positive",
                violation_error_message=_("Give more than zero."), violation_error_code="amount",
            ),
            models.CheckConstraint(
                condition=Q(kind=K.PAYMENT, reverses=None) | (Q(kind=K.RETURN, reverses__isnull=False) & ~Q(note="")),
                name="compensation_return_of_a_payment",
                violation_error_message=_("A return names its payment and a reason."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.compensation} · {self.reference}"

"""Another organisation is to lead: proposed, consented to by each member concerned, decided by the bureau."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import LeadChangeGround, LeadChangeStatus
from consortia.models.consortium import Consortium
from consortia.models.participation import Participation
from members.models import Organisation
from portal.kernel.models.base import Record

DECIDED = [LeadChangeStatus.APPROVED, LeadChangeStatus.REJECTED]


class LeadChangeQuerySet(models.QuerySet["LeadChange"]):
    """Proposals, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the consortia that the user may see."""
        return self.filter(consortium__in=Consortium.objects.visible_to(user))

    def open(self) -> Self:
        """Those not decided yet."""
        return self.filter(status=LeadChangeStatus.OPEN)


def _person() -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")


class LeadChange(Record):
    """A proposal; without `asked_by` it is the bureau's. Who leads and did not propose is heard until `heard_until`."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="lead_changes")
    ground = models.CharField(_("ground"), max_length=12, choices=LeadChangeGround)
    old_lead = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("lead so far"))
    new_lead = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("new lead"))
    reason = models.TextField(_("reason"), max_length=2000)
    asked_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("proposed by")
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    status = models.CharField(
        _("status"), max_length=10, choices=LeadChangeStatus, default=LeadChangeStatus.OPEN, editable=False
    )
    heard_until = models.DateField(_("answer of the lead until"), null=True)
    answer = models.TextField(_("answer of the lead"), max_length=4000, blank=True)
    answered_by = _person()
    answered_at = models.DateTimeField(null=True)
    decided_by = _person()
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(_("reasons of the decision"), max_length=2000, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    meeting = models.CharField(_("meeting"), max_length=120, blank=True)
    meeting_on = models.DateField(_("day of the meeting"), null=True)

    objects = LeadChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium"], condition=Q(status=LeadChangeStatus.OPEN), name="one_open_lead_change",
                violation_error_message=_("Another change of the lead is being decided already."),
            ),
            models.CheckConstraint(condition=~Q(old_lead=F("new_lead")), name="another_one_leads"),
            models.CheckConstraint(
                condition=~Q(status__in=DECIDED)
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision="")),
                name="lead_change_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="proposer_does_not_decide_lead"
            ),
            models.CheckConstraint(
                condition=Q(ground=LeadChangeGround.HANDED_OVER, heard_until=None)
                | (~Q(ground=LeadChangeGround.HANDED_OVER) & Q(heard_until__isnull=False)),
                name="lead_is_heard_unless_it_asked",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.consortium}: {self.old_lead} → {self.new_lead}"

    def get_absolute_url(self) -> str:
        return reverse("consortia:lead-change-detail", args=[self.pk])


class LeadConsent(Record):
    """A member's word on a proposal as it read then; the newest counts, a yes only while it reads exactly so."""

    change = models.ForeignKey(LeadChange, models.CASCADE, related_name="consents")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="lead_consents")
    agrees = models.BooleanField(_("agrees"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    sha256 = models.CharField(max_length=64)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        ordering = ["-given_at", "-created_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(agrees=True) | ~Q(reason=""), name="no_to_a_lead_means_why")]

    def __str__(self) -> str:
        return f"{self.participation} · {self.agrees}"

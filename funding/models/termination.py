"""Contracts that end early: asked for by the lead or proposed by an officer, decided by somebody else."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import TerminationKind, TerminationStatus
from funding.models.award import Award
from funding.models.contract import Contract
from portal.kernel.models.base import Record

S = TerminationStatus
OPEN_TERMINATION = (S.ASKED, S.PROPOSED)


class TerminationQuerySet(models.QuerySet["Termination"]):
    """Terminations, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """As far as the contract is visible."""
        return self.filter(contract__in=Contract.objects.visible_to(user))


class Termination(Record):
    """Why a contract ends early, whose fault it is, and (once decided) what is claimed back from whom, in yuan."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="terminations")
    kind = models.CharField(_("kind"), max_length=8, choices=TerminationKind, default=TerminationKind.NO_FAULT)
    reason = models.CharField(_("reason"), max_length=1000)
    findings = models.CharField(_("findings of the officer"), max_length=1000, blank=True)
    status = models.CharField(_("status"), max_length=9, choices=S, default=S.ASKED, editable=False)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    put_forward_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    put_forward_at = models.DateTimeField(_("put forward at"), null=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    claims = models.JSONField(default=list)

    objects = TerminationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract"], condition=Q(status__in=OPEN_TERMINATION), name="one_open_termination",
                violation_error_message=_("The termination of this contract is under way already."),
            ),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(status=S.DECIDED), name="terminated_once",
                violation_error_message=_("This contract is terminated already."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[S.PROPOSED, S.DECIDED])
                | Q(put_forward_by__isnull=False, put_forward_at__isnull=False),
                name="termination_put_forward_by_whom",
                violation_error_message=_("A proposal says who put it forward."),
            ),
            models.CheckConstraint(
                condition=Q(status=S.DECIDED, decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(document_number="")
                | ~Q(status=S.DECIDED) & Q(decided_by=None, decided_at=None),
                name="termination_decided_by_whom",
                violation_error_message=_("A termination says who decided it and by which document."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("put_forward_by")), name="two_terminate_a_contract",
                violation_error_message=_("Who put the termination forward does not decide it."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="termination_has_a_reason",
                violation_error_message=_("A termination has a reason."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.contract} · {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("funding:termination-detail", args=[self.pk])

    @property
    def award(self) -> Award:
        """The award that it is about."""
        return self.contract.award

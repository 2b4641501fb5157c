"""Acceptance of projects: requested by the lead, confirmed by the parties, checked, assessed, decided by another."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.enums import AcceptanceStatus, Conclusion, OpinionForm
from funding.models.award import Award
from funding.models.contract import Contract
from members.models import Organisation
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record

S = AcceptanceStatus
OPEN_ACCEPTANCE = (S.REQUESTED, S.CONFIRMED, S.CHECKED, S.ASSESSED)
ASSESSED_OR_LATER = (S.ASSESSED, S.DECIDED)


class AcceptanceQuerySet(models.QuerySet["Acceptance"]):
    """Acceptances, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """As far as the contract is visible."""
        return self.filter(contract__in=Contract.objects.visible_to(user))

    def under_way(self) -> Self:
        """Those that nobody has decided, returned or withdrawn."""
        return self.filter(status__in=OPEN_ACCEPTANCE)


class Acceptance(Record):
    """One request; `results` are by target, `statement` by organisation, both frozen; a returned one is made anew."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="acceptances")
    summary = models.TextField(_("summary of the final report"), max_length=4000)
    results = models.JSONField()
    statement = models.JSONField()
    report = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("final report"))
    accounts = models.ForeignKey(
        Attachment, models.PROTECT, related_name="+", verbose_name=_("final statement of expenditure")
    )
    status = models.CharField(_("status"), max_length=10, choices=S, default=S.REQUESTED, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(pgettext_lazy("acceptance", "checked at"), null=True)
    opinion_form = models.CharField(_("form of the opinion"), max_length=8, choices=OpinionForm, blank=True)
    meeting = models.CharField(_("meeting"), max_length=120, blank=True)
    opinion_on = models.DateField(_("day of the opinion"), null=True)
    experts = models.TextField(_("experts"), max_length=500, blank=True)
    opinion = models.TextField(_("opinion"), max_length=4000, blank=True)
    advice = models.CharField(_("conclusion advised"), max_length=10, choices=Conclusion, blank=True)
    opinion_file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, related_name="+", verbose_name=_("signed opinion")
    )
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    assessed_at = models.DateTimeField(_("opinion recorded at"), null=True)
    conclusion = models.CharField(_("conclusion"), max_length=10, choices=Conclusion, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    ended_at = models.DateTimeField(_("returned or withdrawn at"), null=True)

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract"], condition=Q(status__in=OPEN_ACCEPTANCE), name="one_open_acceptance",
                violation_error_message=_("The acceptance of this project is under way already."),
            ),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(status=S.DECIDED), name="accepted_once",
                violation_error_message=_("The acceptance of this project is decided already."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ASSESSED_OR_LATER)
                | (Q(checked_by__isnull=False, checked_at__isnull=False, assessed_by__isnull=False,
                     assessed_at__isnull=False, opinion_on__isnull=False, opinion_file__isnull=False)
                   & ~Q(opinion="") & ~Q(advice="") & ~Q(opinion_form="") & ~Q(experts="")),
                name="acceptance_assessed_by_whom",
                violation_error_message=_("An opinion says how, when and by whom it came about."),
            ),
            models.CheckConstraint(
                condition=Q(status=S.DECIDED, decided_by__isnull=False, decided_at__isnull=False) & ~Q(conclusion="")
                | ~Q(status=S.DECIDED) & Q(decided_by=None, decided_at=None, conclusion=""),
                name="acceptance_decided_by_whom",
                violation_error_message=_("A conclusion says who came to it."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | (~Q(decided_by=F("checked_by")) & ~Q(decided_by=F("assessed_by"))),
                name="two_accept_a_project",
                violation_error_message=_("Who handled the acceptance does not decide it."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.contract} · {self.get_status_display()}"

    def get_absolute_url(self) -> str:
        return reverse("funding:acceptance-detail", args=[self.pk])

    @property
    def award(self) -> Award:
        """The award that it is about."""
        return self.contract.award


class AcceptanceConsent(Record):
    """A party confirms its part of the final report and of the statement."""

    acceptance = models.ForeignKey(Acceptance, models.CASCADE, related_name="consents")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("confirmed at"))

    class Meta:
        ordering = ["given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["acceptance", "organisation"], name="party_confirms_acceptance_once",
                violation_error_message=_("This organisation has confirmed already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.acceptance} · {self.organisation}"

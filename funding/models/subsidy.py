"""Public money from other programmes, and what supervision concludes about it in an application."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import OverlapVerdict
from funding.models.application import Application
from funding.models.call import MOST
from funding.models.recusal import kept_from
from members.enums import BUREAU
from members.models import Organisation
from portal.kernel.models import Attachment, Record

SUBSIDY_ONCE = "subsidy_registered_once"


class OtherSubsidyQuerySet(models.QuerySet["OtherSubsidy"]):
    """Subsidies, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, an organisation its own."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(BUREAU):
            return self.all()
        own = Organisation.objects.filter(pk__in=user.organisation_ids, uscc__isnull=False)
        return self.filter(credit_code__in=own.values("uscc"))

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)


class OtherSubsidy(Record):
    """Money in yuan that an organisation had from another programme; kept by its credit code, known here or not."""

    credit_code = models.CharField(_("unified social credit code"), max_length=18)
    holder = models.CharField(_("organisation"), max_length=120)
    department = models.CharField(_("department"), max_length=120)
    programme = models.CharField(_("programme"), max_length=120)
    project = models.CharField(_("project"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    content = models.TextField(_("what it pays for"), max_length=2000, blank=True)
    document = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+", verbose_name=_("document"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_official = models.BooleanField(_("registered by an official"), default=False)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    reason = models.CharField(_("reason of the withdrawal"), max_length=300, blank=True)

    objects = OtherSubsidyQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-created_at"]
        indexes = [models.Index(fields=["credit_code", "year"], name="subsidy_of_an_organisation")]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code", "year", "department", "project"], condition=Q(withdrawn_at=None),
                name=SUBSIDY_ONCE, violation_error_message=_("This subsidy is registered already."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST), name="subsidy_positive",
                violation_error_code="amount", violation_error_message=_("Give more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(credit_code__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"), name="subsidy_code_in_shape",
                violation_error_code="credit_code", violation_error_message=_("A credit code has 18 signs."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100), name="subsidy_year_in_range",
                violation_error_code="year", violation_error_message=_("This is not a year."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by=None, withdrawn_at=None, reason="")
                | (Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(reason="")),
                name="subsidy_withdrawn_by_somebody",
                violation_error_message=_("Who withdrew it, when and why belong together."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.project} ({self.year})"

    def get_absolute_url(self) -> str:
        return reverse("funding:subsidy-detail", args=[self.pk])


class OverlapFindingQuerySet(models.QuerySet["OverlapFinding"]):
    """Conclusions, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau, without the cases that a person keeps away from."""
        if not (user.is_authenticated and user.holds_any(BUREAU)):
            return self.none()
        return self.filter(~kept_from(user, "application"))


class OverlapFinding(Record):
    """What a supervisor concluded; a later conclusion takes its place, the trail keeps both."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="overlaps")
    subsidy = models.ForeignKey(OtherSubsidy, models.PROTECT, related_name="findings")
    degree = models.PositiveSmallIntegerField(_("overlap (%)"))
    verdict = models.CharField(_("conclusion"), max_length=8, choices=OverlapVerdict)
    reason = models.CharField(_("reason"), max_length=500)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(_("concluded at"))

    objects = OverlapFindingQuerySet.as_manager()

    class Meta:
        ordering = ["-judged_at"]
        constraints = [
            models.UniqueConstraint(fields=["application", "subsidy"], name="overlap_concluded_once"),
            models.CheckConstraint(
                condition=~Q(reason="") & Q(degree__lte=100), name="overlap_concluded_with_reason",
                violation_error_message=_("A conclusion has a reason."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.subsidy}: {self.get_verdict_display()}"

"""The consortium agreement in versions, who signed which version, and the IP that members bring along."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import AgreementStatus, Clause, ForegroundRule, SigningMethod
from consortia.models.consortium import Consortium
from consortia.models.participation import Participation
from consortia.rules.registers import IpState
from members.models import Organisation
from portal.kernel.models.attachment import Attachment
from portal.kernel.models.base import Record

LAID_DOWN = sorted(set(AgreementStatus) - {AgreementStatus.DRAFT})


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Versions, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the consortia that the user may see; drafts are the lead's own."""
        if not user.is_authenticated:
            return self.none()
        shown = ~Q(status=AgreementStatus.DRAFT) | Q(consortium__lead__in=user.organisation_ids)
        return self.filter(shown, consortium__in=Consortium.objects.visible_to(user))

    def laid_down(self) -> Self:
        """Those that were sent to the members; the newest of them is the one to sign."""
        return self.exclude(status=AgreementStatus.DRAFT)

    def in_force(self) -> Agreement | None:
        """The one version in force, if any."""
        return self.filter(status=AgreementStatus.EFFECTIVE).first()


class Agreement(Record):
    """One version. Once sent, `content` (clauses and schedules) is frozen and `sha256` is what the members sign."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="agreements")
    version = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(
        _("status"), max_length=10, choices=AgreementStatus, default=AgreementStatus.DRAFT, editable=False
    )
    clauses = models.JSONField(_("clauses"), default=dict, help_text=_("The text of each clause, by its code."))
    foreground = models.CharField(
        _("foreground IP"), max_length=8, choices=ForegroundRule, default=ForegroundRule.SHARED
    )
    changes = models.TextField(_("what changes"), max_length=2000, blank=True)
    expires_on = models.DateField(_("runs until"))
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent for signature at"), null=True)
    effective_on = models.DateField(_("in force from"), null=True)
    ended_on = models.DateField(_("in force until"), null=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["consortium", "version"], name="agreement_version_once"),
            models.UniqueConstraint(
                fields=["consortium"], condition=Q(status=AgreementStatus.DRAFT), name="one_draft_agreement"
            ),
            models.UniqueConstraint(
                fields=["consortium"], condition=Q(status=AgreementStatus.SIGNING), name="one_agreement_in_signing"
            ),
            models.UniqueConstraint(
                fields=["consortium"], condition=Q(status=AgreementStatus.EFFECTIVE), name="one_agreement_in_force"
            ),
            models.CheckConstraint(
                condition=Q(status=AgreementStatus.DRAFT, sha256="", sent_at=None)
                | (~Q(status=AgreementStatus.DRAFT) & ~Q(sha256="") & Q(sent_at__isnull=False)),
                name="agreement_is_sent_with_its_hash",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[AgreementStatus.EFFECTIVE, AgreementStatus.EXPIRED])
                | Q(effective_on__isnull=False),
                name="agreement_in_force_since_a_day",
            ),
            models.CheckConstraint(
                condition=Q(effective_on=None) | Q(expires_on__gte=F("effective_on")), name="agreement_term_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consortium} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("consortia:agreement-detail", args=[self.pk])

    @property
    def settled(self) -> list[str]:
        """The codes of the clauses that have a text."""
        return [clause.value for clause in Clause if self.clauses.get(clause.value, "").strip()]

    @property
    def is_open(self) -> bool:
        """Whether it waits for signatures."""
        return self.status == AgreementStatus.SIGNING


class AgreementSignature(Record):
    """A member's signature under one version: given in the system, or on paper with a scan of it."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="signatures")
    method = models.CharField(_("method"), max_length=6, choices=SigningMethod, default=SigningMethod.SYSTEM)
    signatory = models.CharField(_("signatory"), max_length=60)
    signed_on = models.DateField(_("signed on"))
    scan = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("signed at"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "participation"], name="signed_once"),
            models.CheckConstraint(
                condition=Q(method=SigningMethod.SYSTEM, scan=None) | Q(method=SigningMethod.SCAN, scan__isnull=False),
                name="signed_on_paper_means_scan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation} · v{self.agreement.version}"


class BackgroundIp(Record):
    """A right that a member brings along, and on which terms the others may use it."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="background_ip")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("owner"))
    title = models.CharField(_("title"), max_length=200)
    number = models.CharField(_("number"), max_length=60)
    terms = models.TextField(_("licence terms"), max_length=1000)
    state = models.CharField(
        _("state of the right"), max_length=7, choices=IpState, default=IpState.VALID, db_default=IpState.VALID.value
    )
    dispute = models.CharField(
        _("dispute"), max_length=300, blank=True, default="", db_default="",
        help_text=_("Who contests the right and why; empty while nobody does."),
    )  # fmt: skip

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "number"],
                name="background_ip_listed_once",
                violation_error_code="number",
                violation_error_message=_("This number is listed already."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("consortia:consortium-agreement", args=[self.consortium_id])

"""The consortium agreement and who signed which version."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consortia.models.consortium import Consortium
from consortia.models.participation import Participation
from portal.kernel.models.base import Record


class Agreement(Record):
    """One version of the agreement; the highest version is the one that counts."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="agreements")
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"), max_length=50_000)
    clauses = models.JSONField(_("clauses"), default=list, help_text=_("Codes of the clauses that the text settles."))
    sha256 = models.CharField(max_length=64)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["consortium", "version"], name="agreement_version_once")]

    def __str__(self) -> str:
        return f"{self.consortium} v{self.version}"


class AgreementSignature(Record):
    """A member's signature under one version."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="signatures")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("signed at"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["signed_at"]
        constraints = [models.UniqueConstraint(fields=["agreement", "participation"], name="signed_once")]

    def __str__(self) -> str:
        return f"{self.participation} · v{self.agreement.version}"

"""The expert pool."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.enums import EXPERT_READERS, ExpertKind
from members.models.organisation import Organisation
from portal.kernel.fields import EncryptedField
from portal.kernel.models.base import Record


class ExpertQuerySet(models.QuerySet["Expert"]):
    """Experts, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """All to those who work with the pool, oneself to an expert."""
        if not user.is_authenticated:
            return self.none()
        return self if user.holds_any(EXPERT_READERS) else self.filter(user=user)


class Expert(Record):
    """A person of the pool: what it can judge and where it works."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="expert")
    kind = models.CharField(_("kind"), max_length=10, choices=ExpertKind, default=ExpertKind.TECHNOLOGY)
    fields = models.JSONField(_("sub-fields"), default=list, help_text=_("Codes of sub-fields, for example E01."))
    employer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="experts")
    is_active = models.BooleanField(_("in the pool"), default=True)
    identity_number = EncryptedField(_("identity number"), mask="identity", max_length=24, blank=True)
    bank_name = models.CharField(_("bank and branch"), max_length=120, blank=True)
    bank_account = EncryptedField(_("bank account"), mask="account", max_length=40, blank=True)
    consent_version = models.PositiveSmallIntegerField(_("consent to sensitive data"), default=0, editable=False)
    consented_at = models.DateTimeField(_("consented at"), null=True, editable=False)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ["user__name"]

    def __str__(self) -> str:
        return str(self.user)

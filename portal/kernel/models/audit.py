"""The record of every decision."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One decision: who, what, on what, when. Appended only (a trigger refuses UPDATE, DELETE, TRUNCATE).

    `hash` is the SHA-256 of the previous entry's hash and this entry's canonical JSON.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    actor_name = models.CharField(_("name"), max_length=100, blank=True)
    action = models.CharField(_("action"), max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(_("object"), max_length=250)
    note = models.TextField(_("note"), blank=True)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["previous"], name="audit_chain_has_no_fork"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.action} {self.subject_label}"

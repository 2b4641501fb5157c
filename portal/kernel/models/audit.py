"""The record of every decision."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Result(models.TextChoices):
    """How an act ended."""

    DONE = "done", pgettext_lazy("result", "Done")
    REFUSED = "refused", pgettext_lazy("result", "Refused")
    FAILED = "failed", pgettext_lazy("result", "Failed")


class AuditEntry(models.Model):
    """One act: who in which roles, what, on what, when, from where. Appended only (triggers and rights see to it).

    `id` counts 1, 2, 3… without a gap; `hash` is the SHA-256 of the previous entry's hash and of all other fields.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    actor_name = models.CharField(_("name"), max_length=100, blank=True)
    roles = models.CharField(_("roles"), max_length=200, blank=True)  # those held at that moment, joined by commas
    action = models.CharField(_("action"), max_length=60)
    result = models.CharField(_("result"), max_length=7, choices=Result.choices, default=Result.DONE)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    subject_label = models.CharField(_("object"), max_length=250)
    note = models.TextField(_("note"), blank=True)
    facts = models.JSONField(default=dict)
    address = models.CharField(_("address"), max_length=45, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    method = models.CharField(max_length=10, blank=True)
    path = models.CharField(_("path"), max_length=300, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["result", "-id"], name="audit_not_done", condition=~models.Q(result="done")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["previous"], name="audit_chain_has_no_fork"),
            models.CheckConstraint(condition=models.Q(id__gt=0), name="audit_counts_from_one"),
            models.CheckConstraint(condition=models.Q(result__in=Result.values), name="audit_result_is_known"),
            models.CheckConstraint(
                condition=models.Q(hash__regex="^[0-9a-f]{64}$", previous__regex="^[0-9a-f]{64}$"),
                name="audit_hashes_are_hex",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.action} {self.subject_label}"


class AuditCheckpoint(models.Model):
    """Where the trail begins after its oldest entries were archived and removed: the last of them, and its hash."""

    last_id = models.BigIntegerField(primary_key=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    archive = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)  # of the archive

    class Meta:
        ordering = ["-last_id"]

    def __str__(self) -> str:
        return f"{self.last_id} {self.archive}"

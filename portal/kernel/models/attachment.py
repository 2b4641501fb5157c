"""Files that were given to the portal or made by it."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.base import Record


class Scan(models.TextChoices):
    """What the virus scanner said."""

    OWN = "OWN", _("Made by the portal")
    OFF = "OFF", _("Not scanned: there is no scanner")
    WAITING = "WAITING", _("Not scanned yet")
    CLEAN = "CLEAN", _("Scanned, nothing found")
    INFECTED = "INFECTED", _("Malicious code found")


class Attachment(Record):
    """A stored file. Who may read it is for the app to say that owns the object it hangs on."""

    name = models.CharField(_("file name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=60)
    size = models.PositiveBigIntegerField(_("size"))  # bytes
    mime = models.CharField(max_length=120)
    sha256 = models.CharField("SHA-256", max_length=64)
    path = models.CharField(max_length=160, unique=True, editable=False)  # below MEDIA_ROOT
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    owner = models.UUIDField(null=True, blank=True, editable=False)  # the organisation whose quota it counts against
    scan = models.CharField(_("virus scan"), max_length=8, choices=Scan, default=Scan.OWN)
    damaged_at = models.DateTimeField(_("found damaged"), null=True, blank=True)  # not what was stored, or gone

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["owner"], name="attachment_owner", condition=Q(owner__isnull=False)),
            models.Index(fields=["created_at"], name="attachment_to_scan", condition=Q(scan=Scan.WAITING)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_is_not_empty"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="attachment_sha256_is_hex"),
            models.CheckConstraint(condition=~Q(name=""), name="attachment_has_a_name"),
            models.CheckConstraint(condition=Q(scan__in=Scan.values), name="attachment_scan_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def file(self) -> Path:
        """Where the content lies."""
        return Path(settings.MEDIA_ROOT) / self.path

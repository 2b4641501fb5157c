"""Notices to people, and the record of what was exported."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.base import Record


class Mail(models.TextChoices):
    """Whether and how a notice leaves the portal too."""

    NONE = "", _("not mailed")
    DIGEST = "DIGEST", _("waits for the daily mail")
    ONCE = "ONCE", _("waits for a mail of its own")
    DONE = "DONE", _("mailed, or read before that")


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications, cut to one's own."""

    def visible_to(self, user: Any) -> Self:
        """Those addressed to `user`."""
        return self.filter(recipient=user) if user.is_authenticated else self.none()

    def unread(self) -> Self:
        """Those not opened yet."""
        return self.filter(read_at=None)


class Notification(Record):
    """Something a person should know; the sentence is made from `kind` and `params` when it is read."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=300, blank=True)  # a path of the portal
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mail = models.CharField(max_length=6, choices=Mail, default=Mail.NONE, db_default="", blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notification_inbox"),
            models.Index(fields=["recipient"], name="notification_unread", condition=Q(read_at=None)),
            models.Index(
                fields=["recipient", "created_at"],
                name="notification_to_mail",
                condition=Q(mail__in=["DIGEST", "ONCE"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(url="") | Q(url__regex=r"^/([^/\\]|$)"), name="notification_url_is_a_local_path"
            ),
            models.CheckConstraint(condition=Q(mail__in=Mail.values), name="notification_mail_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.recipient_id}"


class ExportFormat(models.TextChoices):
    """What an export can be written as."""

    XLSX = "xlsx", _("Excel workbook (XLSX)")
    CSV = "csv", "CSV"
    JSON = "json", "JSON"
    JSONL = "jsonl", _("JSON lines")
    PDF = "pdf", _("PDF to be signed")  # only where a job lays it out


class ExportLogQuerySet(models.QuerySet["ExportLog"]):
    """Exports, cut to one's own."""

    def visible_to(self, user: Any) -> Self:
        """Those that `user` made."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class ExportLog(Record):
    """Who took what out of the portal, when and for what; `sha256` is that of the file handed over."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    slug = models.CharField(_("export"), max_length=60)
    format = models.CharField(_("format"), max_length=5, choices=ExportFormat)
    params = models.JSONField(_("filter"), default=dict, blank=True)
    row_count = models.PositiveIntegerField(_("rows"))
    size = models.PositiveBigIntegerField(_("size"))
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)

    objects = ExportLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["user", "-created_at"], name="export_log_user")]
        constraints = [
            models.CheckConstraint(condition=Q(format__in=ExportFormat.values), name="export_log_format_is_known"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="export_log_sha256_is_hex"),
        ]

    def __str__(self) -> str:
        return f"{self.slug}.{self.format}"

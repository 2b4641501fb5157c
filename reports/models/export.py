"""Funding reports that are made files in the background."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.enums import Role
from portal.kernel.models import Attachment, ExportLog, Job, Record
from portal.kernel.models.job import JobState
from portal.kernel.models.notification import ExportFormat
from reports.enums import ExportState


class ExportJobQuerySet(models.QuerySet["ExportJob"]):
    """Files, cut to what a person may know of; having one is another question."""

    def visible_to(self, user: Any) -> Self:
        """One's own; supervision sees who has what made."""
        if not user.is_authenticated:
            return self.none()
        return self if user.holds(Role.SUPERVISOR) else self.filter(requested_by=user)


class ExportJob(Record):
    """Who wants which report, narrowed how and what for; the job makes it, the log has its rows and fingerprint.

    `reach` is what its maker might see when it was made: whoever sees less, or other things, today gets it no longer.
    """

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    slug = models.CharField(_("export"), max_length=60)
    format = models.CharField(_("format"), max_length=5, choices=ExportFormat)
    language = models.CharField(_("language"), max_length=8)
    query = models.CharField(max_length=8000, blank=True)  # of the report's address
    params = models.JSONField(_("filter"), default=dict, blank=True)
    words = models.JSONField(default=list, blank=True)  # the filter for people: pairs
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    job = models.OneToOneField(Job, models.PROTECT, related_name="+")
    log = models.OneToOneField(ExportLog, models.PROTECT, null=True, related_name="+")
    file = models.OneToOneField(Attachment, models.PROTECT, null=True, related_name="+")
    reach = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True)

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["requested_by", "-created_at", "-id"], name="export_job_of_a_person"),
            models.Index(fields=["expires_at"], name="export_job_kept", condition=Q(file__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(format__in=ExportFormat.values), name="export_job_format_is_known"),
            models.CheckConstraint(
                condition=Q(log=None, file=None, expires_at=None, reach="")
                | (Q(log__isnull=False, expires_at__isnull=False) & ~Q(reach="")),
                name="export_job_file_is_on_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug}.{self.format}"

    def get_absolute_url(self) -> str:
        return reverse("reports:export-job", args=[self.pk])

    def state_at(self, at: datetime) -> ExportState:
        """The state of its job, until the file is too old."""
        if self.job.state != JobState.DONE:
            return ExportState(self.job.state)
        kept = self.file_id is not None and self.expires_at is not None and self.expires_at > at
        return ExportState.DONE if kept else ExportState.EXPIRED

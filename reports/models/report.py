"""Report documents made from frozen snapshots."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.enums import BUREAU
from portal.kernel.models import Attachment, Job, Record
from reports.enums import ReportStatus
from reports.models.evaluation import Evaluation


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all; a district and a lead the final ones of their consortia, once stored."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(BUREAU):
            return self
        return self.filter(is_final=True, status=ReportStatus.STORED).filter(
            Q(evaluation__consortium__lead__in=user.organisation_ids)
            | Q(evaluation__consortium__district__in=user.district_ids)
        )


class Report(Record):
    """An annual evaluation report as PDF; the same snapshot and template give the same report."""

    number = models.CharField(_("number"), max_length=24, unique=True)
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="reports")
    template_version = models.CharField(max_length=10)
    language = models.CharField(_("language"), max_length=8, default="zh-hans")
    snapshot = models.JSONField()
    snapshot_hash = models.CharField(max_length=64)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="corrected_by", verbose_name=_("corrects")
    )
    is_final = models.BooleanField(_("of a final grade"), default=False)
    status = models.CharField(
        _("status"), max_length=8, choices=ReportStatus, default=ReportStatus.QUEUED, editable=False
    )
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    pages = models.PositiveSmallIntegerField(_("pages"), null=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="report_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "template_version", "language", "snapshot_hash"], name="same_snapshot_same_report"
            ),
            models.CheckConstraint(
                condition=~Q(status=ReportStatus.STORED) | Q(file__isnull=False, pages__isnull=False),
                name="stored_means_file",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("reports:report-detail", args=[self.pk])

"""Files from which organisations and yearly figures are taken over, and what each of their rows would do."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.enums import FigureSource, ImportKind, ImportStatus, Role, Verdict
from members.models.figures import YearFigures
from members.models.organisation import Organisation
from portal.kernel.models import Attachment, Job
from portal.kernel.models.base import Record
from portal.kernel.models.job import ENDED

SOURCES = (FigureSource.IMPORT, FigureSource.STATISTICS)
APPLIED = Q(status=ImportStatus.APPLIED)


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    """Imports, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """All to those who keep the registry, none to anybody else."""
        keeps = user.is_authenticated and user.holds_any((Role.OFFICER, Role.HEAD))
        return self if keeps else self.none()


class ImportBatch(Record):
    """One file: read, shown, and then applied as a whole or discarded."""

    kind = models.CharField(_("holds"), max_length=5, choices=ImportKind, default=ImportKind.ORGANISATIONS)
    source = models.CharField(
        _("source"), max_length=10, choices=[(one.value, one.label) for one in SOURCES], default=FigureSource.IMPORT
    )
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+", editable=False)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", editable=False)
    status = models.CharField(
        _("status"), max_length=9, choices=ImportStatus, default=ImportStatus.UPLOADED, editable=False
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now, editable=False)
    trouble = models.CharField(max_length=300, blank=True, editable=False)  # why the file as a whole cannot be read
    trouble_said = models.JSONField(default=dict, db_default={}, editable=False)  # the same as {language: sentence}
    new = models.PositiveIntegerField(default=0, editable=False)
    changed = models.PositiveIntegerField(default=0, editable=False)
    unchanged = models.PositiveIntegerField(default=0, editable=False)
    wrong = models.PositiveIntegerField(default=0, editable=False)
    digest = models.JSONField(default=dict, editable=False)  # {type or year: {verdict: rows}}
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    applied_at = models.DateTimeField(_("applied at"), null=True, editable=False)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=(APPLIED & Q(applied_by__isnull=False, applied_at__isnull=False, wrong=0, trouble=""))
                | (~APPLIED & Q(applied_by=None, applied_at=None)),
                name="import_applied_by_somebody_and_whole",
            ),
            models.CheckConstraint(
                condition=Q(source__in=SOURCES),
                name="import_source_is_known",
                violation_error_message=_("Choose where the figures come from."),
            ),
        ]

    def __str__(self) -> str:
        return self.file.name

    def get_absolute_url(self) -> str:
        return reverse("members:import-detail", args=[self.pk])

    @property
    def trouble_told(self) -> str:
        """Why the file cannot be read, in the reader's language."""
        return str(self.trouble_said.get(get_language(), self.trouble))

    @property
    def is_being_read(self) -> bool:
        """Whether a worker has still to say what it found."""
        return bool(self.job and self.job.state not in ENDED)


class ImportRow(Record):
    """What a row says and would do; rows are kept from the check until the file is applied or discarded."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))  # as the spreadsheet counts
    verdict = models.CharField(max_length=9, choices=Verdict)
    key = models.CharField(max_length=30)  # the credit code or the registration abroad, and for figures the year
    label = models.CharField(max_length=220)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    figures = models.ForeignKey(YearFigures, models.CASCADE, null=True, related_name="+")
    seen = models.CharField(max_length=64, blank=True)  # the state of what it would change
    values = models.JSONField(default=dict)  # {field: text}
    changes = models.JSONField(default=dict)  # {field: [before, after]}
    errors = models.JSONField(default=list)  # [[column, {language: sentence}]]; before, the sentence alone

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_stands_once"),
            models.CheckConstraint(
                condition=(Q(verdict=Verdict.WRONG) & ~Q(errors=[])) | (~Q(verdict=Verdict.WRONG) & Q(errors=[])),
                name="import_row_is_wrong_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["batch", "verdict", "key"], name="import_row_order")]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"

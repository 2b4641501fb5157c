"""A whole year of reports rendered by one click."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.enums import BUREAU
from portal.kernel.models import Job, Record
from portal.kernel.models.job import ENDED, JobState
from reports.enums import BatchScope, BatchStatus, EvaluationStatus, ReportStatus
from reports.models.evaluation import FILED, Evaluation, EvaluationCycle
from reports.models.report import Report

GOING = (BatchStatus.RUNNING, BatchStatus.PAUSED)
SCOPES = {BatchScope.FINAL: (EvaluationStatus.FINAL,), BatchScope.FILED: tuple(FILED)}


class ReportBatchQuerySet(models.QuerySet["ReportBatch"]):
    """Batches, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """They are the bureau's."""
        return self if user.is_authenticated and user.holds_any(BUREAU) else self.none()


class ReportBatch(Record):
    """The order of all reports of a year in one language. How far each is stands on its job and its report."""

    cycle = models.ForeignKey(EvaluationCycle, models.PROTECT, related_name="batches", verbose_name=_("year"))
    language = models.CharField(_("language"), max_length=8)
    scope = models.CharField(_("which"), max_length=8, choices=BatchScope)
    status = models.CharField(
        _("status"), max_length=10, choices=BatchStatus, default=BatchStatus.RUNNING, editable=False
    )
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = ReportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "language"], condition=Q(status__in=GOING), name="one_batch_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(status__in=GOING, ended_at=None) | (~Q(status__in=GOING) & Q(ended_at__isnull=False)),
                name="batch_over_iff_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle.year} {self.language}"

    def get_absolute_url(self) -> str:
        return reverse("reports:batch-detail", args=[self.pk])


class BatchItemQuerySet(models.QuerySet["BatchItem"]):
    """Rows of batches, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """They are the bureau's."""
        return self if user.is_authenticated and user.holds_any(BUREAU) else self.none()

    def with_state(self) -> Self:
        """Each with `state`, a JobState: of the job that makes its report, which may be one ordered before."""
        stored = When(report__status=ReportStatus.STORED, then=Value(JobState.DONE))
        frozen = When(report__job__isnull=False, then=F("report__job__state"))
        return self.annotate(state=Case(stored, frozen, default=F("job__state")))

    def in_states(self, *states: JobState) -> Self:
        """Those that are in one of the states."""
        return self.with_state().filter(state__in=states)

    def unfinished(self) -> Self:
        """Those that something will still happen to."""
        return self.with_state().exclude(state__in=ENDED)

    def missing(self) -> Self:
        """Those that could be tried again."""
        return self.in_states(JobState.FAILED, JobState.CANCELLED)

    def counts(self) -> dict[str, int]:
        """JobState → how many."""
        found: Any = self.with_state().order_by()
        return dict(found.values("state").annotate(number=Count("pk")).values_list("state", "number"))


class BatchItem(Record):
    """One report of a batch: its evaluation, the job, and the report from the moment at which it was frozen."""

    batch = models.ForeignKey(ReportBatch, models.PROTECT, related_name="items")
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="+")
    job = models.OneToOneField(Job, models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="batch_items")

    objects = BatchItemQuerySet.as_manager()

    class Meta:
        ordering = ["evaluation__consortium__code"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "evaluation"], name="one_report_an_evaluation_and_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.evaluation_id}"

    @property
    def job_state(self) -> JobState:
        """The state of a row that was read `with_state`."""
        return JobState(self.state)  # type: ignore[attr-defined]

    @property
    def reason(self) -> str:
        """Why it failed, in the reader's language; of one that will be tried again, why it did so far."""
        job = (self.report and self.report.job) or self.job
        return "" if self.job_state == JobState.DONE else job.error_text

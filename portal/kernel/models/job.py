"""Work done outside the request: the row is the truth, the broker only a wake-up signal."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.base import Record


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "QUEUED", _("Queued")
    RUNNING = "RUNNING", _("Running")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Failed")
    CANCELLED = "CANCELLED", _("Cancelled")
    HELD = "HELD", _("Paused")


ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs, cut to what one may see or must do."""

    def visible_to(self, user: Any) -> Self:
        """One's own jobs; an app shows others through the object that they are about."""
        return self.filter(requested_by=user) if user.is_authenticated else self.none()

    def due(self, at: datetime) -> Self:
        """Those a worker may take: waiting and due, or left behind by a worker that died."""
        waiting = Q(state=JobState.QUEUED, run_after__lte=at)
        abandoned = Q(state=JobState.RUNNING, lease_until__lte=at)
        return self.filter(waiting | abandoned, attempts__lt=F("max_attempts"))

    def exhausted(self, at: datetime) -> Self:
        """Those whose worker died in the last attempt allowed."""
        return self.filter(state=JobState.RUNNING, lease_until__lte=at, attempts__gte=F("max_attempts"))


class Job(Record):
    """One piece of work. `attempts` also fences: a worker writes only while the number is its own."""

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(max_length=200, unique=True)
    params = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    run_after = models.DateTimeField(_("not before"))
    lease_until = models.DateTimeField(null=True, blank=True)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)  # per cent
    step = models.CharField(_("step"), max_length=120, blank=True)  # an English msgid
    result = models.JSONField(default=dict, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)  # an English msgid or a sentence
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["run_after"], name="job_waiting", condition=Q(state=JobState.QUEUED)),
            models.Index(fields=["lease_until"], name="job_running", condition=Q(state=JobState.RUNNING)),
            models.Index(fields=["requested_by", "-created_at"], name="job_requested_by"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_is_known"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress_is_a_percentage"),
            models.CheckConstraint(condition=Q(attempts__lte=F("max_attempts")), name="job_attempts_within_limit"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, lease_until__isnull=False, started_at__isnull=False)
                | Q(~Q(state=JobState.RUNNING), lease_until__isnull=True),
                name="job_running_iff_leased",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(ENDED), finished_at__isnull=False)
                | Q(~Q(state__in=sorted(ENDED)), finished_at__isnull=True),
                name="job_ended_iff_finished_at",
            ),
            models.CheckConstraint(condition=Q(~Q(state=JobState.DONE) | Q(progress=100)), name="job_done_is_complete"),
            models.CheckConstraint(condition=Q(~Q(state=JobState.FAILED) | ~Q(error="")), name="job_failed_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def is_ended(self) -> bool:
        """Nothing more will happen to it by itself."""
        return self.state in ENDED

    @property
    def step_text(self) -> str:
        """What is being done, in the reader's language."""
        return gettext(self.step) if self.step else ""

    @property
    def error_text(self) -> str:
        """Why it failed, in the reader's language."""
        return gettext(self.error) if self.error else ""

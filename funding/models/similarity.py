"""Which passages of an application stand in others, too."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import SimilarityVerdict
from funding.models.application import Application
from funding.models.recusal import kept_from
from members.enums import BUREAU
from portal.kernel.models.base import Record

SECTION = 200  # characters of the path of a text in the snapshot


class Passage(models.Model):
    """A passage of the newest submission, to be found by its bands; `start` and `end` count in the section's text."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="passages")
    method = models.PositiveSmallIntegerField()  # of cutting and sketching
    section = models.CharField(max_length=SECTION)
    ordinal = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    bands = ArrayField(models.IntegerField())

    class Meta:
        ordering = ["application", "ordinal"]
        indexes = [GinIndex(fields=["bands"], name="passage_bands", fastupdate=False)]
        constraints = [
            models.UniqueConstraint(fields=["application", "ordinal"], name="passage_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="passage_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class SimilarityCheck(Record):
    """One comparison of a submission with all others; counts are letters, without blanks and punctuation."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="similarity_checks")
    key = models.CharField(max_length=200, unique=True)  # of the job
    snapshot_hash = models.CharField(max_length=64)
    method = models.PositiveSmallIntegerField()
    checked_at = models.DateTimeField(_("compared at"))
    compared = models.PositiveIntegerField()  # other applications
    characters = models.PositiveIntegerField()
    shared = models.PositiveIntegerField()  # with other consortia

    class Meta:
        ordering = ["-checked_at", "-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(shared__lte=F("characters")), name="shared_is_a_part_of_the_whole")
        ]

    def __str__(self) -> str:
        return f"{self.application.number} · {self.checked_at:%Y-%m-%d %H:%M}"

    @property
    def share(self) -> float:
        """How much of the application other consortia have written, too, 0 to 1."""
        return self.shared / self.characters if self.characters else 0.0


class SimilarityFindingQuerySet(models.QuerySet["SimilarityFinding"]):
    """Findings, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Nobody outside the bureau learns of them; within it, nobody who reviewed one of the two or keeps away."""
        if not (user.is_authenticated and user.holds_any(BUREAU)):
            return self.none()
        both = Application.everything.filter(reviews__expert__user=user)
        away = kept_from(user, "comparison__application") | kept_from(user, "other")
        return self.exclude(Q(comparison__application__in=both) | Q(other__in=both)).exclude(away)


class SimilarityFinding(Record):
    """That an application shares passages with another one, and what an official makes of it."""

    comparison = models.ForeignKey(SimilarityCheck, models.CASCADE, related_name="findings")
    other = models.ForeignKey(Application, models.CASCADE, related_name="+")
    own = models.BooleanField(default=False)  # the same consortium wrote it before
    shared = models.PositiveIntegerField()  # letters of the application that was checked
    verdict = models.CharField(_("judgement"), max_length=16, choices=SimilarityVerdict, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("judged by")
    )
    judged_at = models.DateTimeField(_("time of the judgement"), null=True)

    objects = SimilarityFindingQuerySet.as_manager()

    class Meta:
        ordering = ["-shared", "id"]
        constraints = [
            models.UniqueConstraint(fields=["comparison", "other"], name="one_finding_a_pair"),
            models.CheckConstraint(condition=Q(shared__gt=0), name="finding_shares_something"),
            models.CheckConstraint(
                condition=Q(verdict="", reason="", judged_by=None, judged_at=None)
                | (~Q(verdict="") & ~Q(reason="") & Q(judged_by__isnull=False, judged_at__isnull=False)),
                name="judged_means_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application.number} · {self.other.number}"

    def get_absolute_url(self) -> str:
        return reverse("funding:similarity-finding", args=[self.pk])

    @property
    def application(self) -> Application:
        """The one that was checked."""
        return self.comparison.application

    @property
    def share(self) -> float:
        """How much of the application that was checked, 0 to 1."""
        whole = self.comparison.characters
        return self.shared / whole if whole else 0.0

    @property
    def percent(self) -> float:
        """The same in per cent."""
        return self.share * 100


class SharedPassage(Record):
    """A stretch that stands in both as it stood when they were compared; `runs` are four offsets each in the texts."""

    finding = models.ForeignKey(SimilarityFinding, models.CASCADE, related_name="passages")
    ordinal = models.PositiveIntegerField()
    section = models.CharField(max_length=SECTION)
    start = models.PositiveIntegerField()
    text = models.TextField()
    other_section = models.CharField(max_length=SECTION)
    other_start = models.PositiveIntegerField()
    other_text = models.TextField()
    runs = models.JSONField()
    likeness = models.DecimalField(max_digits=4, decimal_places=3)  # 0 to 1

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "ordinal"], name="shared_passage_once"),
            models.CheckConstraint(condition=Q(likeness__range=(0, 1)), name="likeness_is_a_share"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

"""What happens to scores beside the scoring: every change of one, disputes of computed facts, reopenings."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import DisputeStatus, ReopeningStatus
from funding.models.recusal import kept_from
from funding.models.review import Review
from members.enums import Role
from portal.kernel.models.base import Record

READERS = frozenset({Role.OFFICER, Role.HEAD, Role.SUPERVISOR})


class ScoreChange(Record):
    """A score as it was and as it became; written beside every change, never altered."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="changes")
    indicator = models.CharField(_("indicator"), max_length=10)
    old = models.DecimalField(_("before"), max_digits=4, decimal_places=1, null=True)
    new = models.DecimalField(_("after"), max_digits=4, decimal_places=1, null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"))
    why = models.CharField(_("reason"), max_length=500, blank=True)  # empty while the expert was scoring first

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(old=F("new")) & ~Q(old=None, new=None), name="score_change_changes_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.old} → {self.new}"


class OfReviewQuerySet(models.QuerySet[Any]):
    """What belongs to a review, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The expert's own; those who work on reviews see all of it."""
        if not user.is_authenticated:
            return self.none()
        rows = self.filter(~kept_from(user, "review__application"))
        return rows if user.holds_any(READERS) else rows.filter(review__in=Review.everything.of(user))


class FactDispute(Record):
    """An expert doubts what the portal computed; an officer upholds it with a corrected score, or dismisses it."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="disputes")
    indicator = models.CharField(_("indicator"), max_length=10)
    computed = models.DecimalField(_("computed"), max_digits=4, decimal_places=1)
    grounds = models.TextField(_("why it is wrong"), max_length=1000)
    raised_at = models.DateTimeField(_("raised"))
    status = models.CharField(
        _("status"), max_length=10, choices=DisputeStatus, default=DisputeStatus.OPEN, editable=False
    )
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)
    corrected = models.DecimalField(_("corrected score"), max_digits=4, decimal_places=1, null=True)
    evidence = models.CharField(_("evidence"), max_length=500, blank=True)

    objects = OfReviewQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "indicator"], condition=Q(status=DisputeStatus.OPEN), name="fact_disputed_once",
                violation_error_message=_("You have disputed this already; the answer is still to come."),
            ),
            models.CheckConstraint(
                condition=Q(status=DisputeStatus.OPEN, answered_by=None, answered_at=None)
                | (
                    ~Q(status=DisputeStatus.OPEN)
                    & ~Q(answer="")
                    & Q(answered_by__isnull=False, answered_at__isnull=False)
                ),
                name="dispute_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(status=DisputeStatus.UPHELD, corrected__gte=0, corrected__isnull=False) & ~Q(evidence=""))
                | (~Q(status=DisputeStatus.UPHELD) & Q(corrected=None, evidence="")),
                name="upheld_dispute_corrects_with_evidence",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.review} · {self.indicator}"

    def get_absolute_url(self) -> str:
        return reverse("funding:dispute-detail", args=[self.pk])

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.review.is_rehearsal


class Reopening(Record):
    """A locked review that is to be scored again: an officer asks, a supervisor grants or refuses.

    `before` is the sheet as it was locked: {"scores": {indicator: score}, "total", "opinion", "tier", "at"}.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="reopenings")
    reason = models.TextField(_("reason"), max_length=500)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("asked"))
    status = models.CharField(
        _("status"), max_length=10, choices=ReopeningStatus, default=ReopeningStatus.ASKED, editable=False
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    answer = models.TextField(_("answer"), max_length=500, blank=True)
    before = models.JSONField(default=dict)

    objects = OfReviewQuerySet.as_manager()

    class Meta:
        ordering = ["requested_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=Q(status=ReopeningStatus.ASKED), name="reopening_asked_once",
                violation_error_message=_("The supervisor has been asked already."),
            ),
            models.CheckConstraint(
                condition=Q(status=ReopeningStatus.ASKED, decided_by=None, decided_at=None)
                | (~Q(status=ReopeningStatus.ASKED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="reopening_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by")), name="reopening_takes_two_people"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="reopening_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(status=ReopeningStatus.GRANTED) | ~Q(before={}), name="reopened_scores_are_kept"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.review)

    def get_absolute_url(self) -> str:
        return reverse("funding:reopening-detail", args=[self.pk])

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.review.is_rehearsal

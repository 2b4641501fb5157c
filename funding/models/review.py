"""Expert reviews."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.enums import LEFT, ApplicationStatus, Leaving, Reminding, ReviewStatus, Standing
from funding.models.application import Application
from funding.models.live import LiveManager
from funding.models.recusal import kept_from
from members.enums import Role
from members.models import Expert
from portal.kernel.models.base import Record


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews, cut to what a person may see."""

    def live(self) -> Self:
        """Without those of rehearsals."""
        return self.filter(application__call__rehearsal=False)

    def visible_to(self, user: Any) -> Self:
        """The own ones for an expert, without those it stepped back from; the bureau's review staff sees all.

        Scores only once handed in.
        """
        if not user.is_authenticated:
            return self.none()
        if user.holds_any({Role.ACCEPTANCE, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SUPERVISOR}):
            return self.filter(~kept_from(user, "application"))
        return self.of(user)

    def of(self, user: Any) -> Self:
        """The expert's own; nothing is left of those from which it was recused."""
        return self.filter(~kept_from(user, "application"), expert__user=user).exclude(status=ReviewStatus.RECUSED)

    def tally(self, user: Any) -> dict[str, int]:
        """How many of the expert's own reviews stand in each state."""
        rows = self.of(user).order_by().values_list("status")
        return dict(rows.annotate(models.Count("pk")))


WAITED_FOR = {ReviewStatus.ASSIGNED: Reminding.ANSWER, ReviewStatus.ACCEPTED: Reminding.SCORES}


class Review(Record):
    """One expert's review of one application; blind: others see only `blind_name`."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="reviews")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="reviews", verbose_name=_("expert"))
    ordinal = models.PositiveSmallIntegerField()
    status = models.CharField(
        _("status"), max_length=10, choices=ReviewStatus, default=ReviewStatus.ASSIGNED, editable=False
    )
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    answer_by = models.DateTimeField(_("answer by"), null=True)
    score_by = models.DateTimeField(_("scores by"), null=True)  # set when the expert accepts
    declared_at = models.DateTimeField(_("declared at"), null=True)
    declared_again_at = models.DateTimeField(_("declared again at"), null=True)  # after the panel met
    conflict = models.CharField(_("conflict of interest"), max_length=500, blank=True)
    left_for = models.CharField(_("why not"), max_length=10, choices=Leaving, blank=True, db_default="")
    left_note = models.CharField(_("remark"), max_length=500, blank=True, db_default="")
    opinion = models.TextField(_("overall opinion"), max_length=3000, blank=True)
    suggested_tier = models.CharField(
        _("suggested tier"), max_length=4, choices=[*Tier.choices, ("NONE", _("No support"))], blank=True
    )
    remark = models.TextField(_("confidential remark to the bureau"), max_length=3000, blank=True, db_default="")
    version = models.PositiveIntegerField(default=0, db_default=0)
    saved = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))  # part → version, page, at
    total = models.DecimalField(_("total"), max_digits=5, decimal_places=2, null=True)
    parts = models.JSONField(null=True, editable=False)  # dimension → hundredths of a point; stored with the total
    submitted_at = models.DateTimeField(_("handed in at"), null=True)

    everything = ReviewQuerySet.as_manager()
    objects = LiveManager.from_queryset(ReviewQuerySet)()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["application", "expert"], name="expert_reviews_once"),
            models.UniqueConstraint(fields=["application", "ordinal"], name="review_ordinal_once"),
            models.CheckConstraint(
                condition=~Q(status=ReviewStatus.SUBMITTED)
                | (Q(total__isnull=False, submitted_at__isnull=False) & ~Q(suggested_tier="")),
                name="handed_in_means_scored",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[ReviewStatus.ACCEPTED, ReviewStatus.SUBMITTED]) | Q(declared_at__isnull=False),
                name="no_scoring_before_declaration",
            ),
            models.CheckConstraint(
                condition=Q(total=None) | Q(total__gte=0, total__lte=100), name="review_total_in_range"
            ),
            models.CheckConstraint(
                condition=Q(parts=None) | Q(total__isnull=False), name="parts_of_a_total",
                violation_error_message=_("Only a review with a total has parts of it."),
            ),
            models.CheckConstraint(
                condition=Q(answer_by=None) | Q(answer_by__gt=F("assigned_at")), name="answer_after_invitation",
                violation_error_message=_("An invitation is answered after it was sent."),
            ),
            models.CheckConstraint(
                condition=(Q(left_for="") & Q(left_note=""))
                | (Q(status=ReviewStatus.RECUSED) & (~Q(left_for=Leaving.OTHER) | ~Q(left_note=""))),
                name="review_left_for_a_reason",
                violation_error_message=_("Only who does not review has a reason for it, and another reason is told."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application.number} · {self.blind_name}"

    def get_absolute_url(self) -> str:
        return reverse("funding:review-detail", args=[self.pk])

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.application.call.rehearsal

    @property
    def has_declared(self) -> bool:
        """Whether the content is open to the expert: declared to have no conflict, and not recused since."""
        return self.status in {ReviewStatus.ACCEPTED, ReviewStatus.SUBMITTED}

    @property
    def waited_for(self) -> Reminding | None:
        """What the expert still has to do; nothing once the application is no longer under review."""
        under_review = self.application.status == ApplicationStatus.REVIEWING
        return WAITED_FOR.get(ReviewStatus(self.status)) if under_review else None

    @property
    def standing(self) -> Standing:
        """The status with a word of its own for each way to leave."""
        return LEFT.get(self.left_for, Standing(self.status))

    def is_overdue(self, at: datetime) -> bool:
        """Whether the time to answer is over; invitations without a date never are."""
        return self.answer_by is not None and at > self.answer_by

    @property
    def blind_name(self) -> str:
        """How everybody else calls this expert."""
        return str(_("Expert %(ordinal)s") % {"ordinal": self.ordinal})


class ReviewScore(Record):
    """The score for one indicator of the call's rules."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    indicator = models.CharField(_("indicator"), max_length=10)
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=1, null=True)  # empty in a draft only
    comment = models.CharField(_("comment"), max_length=1000, blank=True)

    class Meta:
        ordering = ["indicator"]
        constraints = [
            models.UniqueConstraint(fields=["review", "indicator"], name="indicator_scored_once"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="score_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.score}"


class ReviewReminder(Record):
    """That an expert was reminded: by the rules so many working days before the end, or by somebody at the desk."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="reminders")
    about = models.CharField(_("about"), max_length=10, choices=Reminding)
    days = models.PositiveSmallIntegerField(null=True)  # before the end; none when somebody at the desk reminds
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on = models.DateField(_("day"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "about", "days"], condition=Q(by=None), name="reminded_once_by_the_rules",
                violation_error_message=_("This reminder was sent already."),
            ),
            models.UniqueConstraint(
                fields=["review", "on"], condition=Q(by__isnull=False), name="reminded_by_hand_once_a_day",
                violation_error_message=_("This expert was reminded today already."),
            ),
            models.CheckConstraint(
                condition=Q(by=None, days__isnull=False) | Q(by__isnull=False, days=None),
                name="reminded_by_rule_or_by_hand",
                violation_error_message=_("Either the rules remind or somebody at the desk."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.review} · {self.get_about_display()}"

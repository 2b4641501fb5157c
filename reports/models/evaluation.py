"""Annual evaluations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.models import Consortium
from funding.models import RuleSet
from members.enums import BUREAU, OFFICIALS
from portal.kernel.models import Attachment, Record
from reports.enums import CycleStatus, EvaluationStatus, Grade, Veto

S = EvaluationStatus
TOLD = [S.FEEDBACK, S.APPEALED, S.PUBLICISED, S.FINAL]  # the lead knows its grade
WITH_GRADE = [S.GRADED, *TOLD]
WITH_SCORES = [S.SCORED, *WITH_GRADE]
WITH_EXPERT = [S.VERIFIED, *WITH_SCORES]
FILED = [S.SUBMITTED, *WITH_EXPERT]
DECIDED = [S.FINAL, S.ABSENT, S.EXEMPT]


class EvaluationCycleQuerySet(models.QuerySet["EvaluationCycle"]):
    """Evaluation years, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Officials see every year, others those in which they take part."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(OFFICIALS):
            return self
        return self.filter(pk__in=Evaluation.objects.visible_to(user).values("cycle"))


class EvaluationCycle(Record):
    """The evaluation of one year, bound to its rules."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    opens_on = models.DateField(_("self-reports from"))
    due_on = models.DateField(_("self-reports until"))
    rules = models.ForeignKey(RuleSet, models.PROTECT, related_name="cycles", verbose_name=_("rule set"))
    status = models.CharField(_("status"), max_length=8, choices=CycleStatus, default=CycleStatus.OPEN, editable=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = EvaluationCycleQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gt=F("opens_on")),
                name="cycle_dates_in_order",
                violation_error_code="due_on",
                violation_error_message=_("The last day must be after the first."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Annual evaluation %(year)s") % {"year": self.year})

    def get_absolute_url(self) -> str:
        return reverse("reports:cycle-detail", args=[self.pk])

    @property
    def window(self) -> tuple[date, date]:
        """First and last day of the data."""
        return date(self.year, 1, 1), date(self.year, 12, 31)


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    """Evaluations, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, a district its own, a lead its own, an expert those given to it."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(BUREAU):
            return self
        return self.filter(
            Q(consortium__lead__in=user.organisation_ids)
            | Q(consortium__district__in=user.district_ids)
            | Q(expert__user=user, status__in=WITH_EXPERT)
        )

    def of_organisations(self, user: Any) -> Self:
        """Those of the consortia that the user's organisations lead."""
        return self.filter(consortium__lead__in=user.organisation_ids)

    def for_expert(self, user: Any) -> Self:
        """Those that the user was asked to score."""
        return self.filter(expert__user=user, status__in=WITH_EXPERT)


class Evaluation(Record):
    """The annual evaluation of one consortium: self-report, verification, scores, grade.

    `values` is what the lead states: {metric code: {"value", "target", "note"}}, figures as strings. `snapshot` is
    frozen when it is filed; scores and reports follow from it alone. `sheet` is the score sheet frozen at grading.
    """

    cycle = models.ForeignKey(EvaluationCycle, models.PROTECT, related_name="evaluations", verbose_name=_("year"))
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="evaluations", verbose_name=_("consortium"))
    values = models.JSONField(_("indicator values"), default=dict)
    summary = models.TextField(_("summary of the year"), max_length=5000, blank=True)
    problems = models.TextField(_("problems and plans"), max_length=3000, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=EvaluationStatus, default=EvaluationStatus.FILLING, editable=False
    )
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(_("filed at"), null=True)
    snapshot = models.JSONField(null=True)
    snapshot_hash = models.CharField(max_length=64, blank=True)
    returned_count = models.PositiveSmallIntegerField(_("times returned"), default=0)
    return_note = models.TextField(_("what is to be corrected"), blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(_("verified at"), null=True)
    verification = models.TextField(_("opinion of the verification"), blank=True)
    expert = models.ForeignKey("members.Expert", models.PROTECT, null=True, related_name="evaluations")
    asked_at = models.DateTimeField(_("expert asked at"), null=True)
    declared_at = models.DateTimeField(_("declared at"), null=True)
    scores = models.JSONField(_("scores"), default=dict)
    expert_opinion = models.TextField(_("expert opinion"), max_length=3000, blank=True)
    scored_at = models.DateTimeField(_("scored at"), null=True)
    bonus = models.DecimalField(_("bonus"), max_digits=4, decimal_places=2, default=Decimal(0))
    bonus_note = models.CharField(_("reason of the bonus"), max_length=500, blank=True)
    deduction = models.DecimalField(_("deduction"), max_digits=4, decimal_places=2, default=Decimal(0))
    deduction_note = models.CharField(_("reason of the deduction"), max_length=500, blank=True)
    veto = models.CharField(_("veto"), max_length=14, choices=Veto, blank=True)
    sheet = models.JSONField(default=dict)
    total = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True)
    grade = models.CharField(_("grade"), max_length=12, choices=Grade, blank=True)
    grade_note = models.TextField(_("rationale of the grade"), max_length=3000, blank=True)
    graded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    graded_at = models.DateTimeField(_("graded at"), null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("grade confirmed at"), null=True)
    appeal_until = models.DateField(_("appeals until"), null=True)
    accepted_at = models.DateTimeField(_("grade accepted at"), null=True)
    grade_list = models.ForeignKey("reports.GradeList", models.PROTECT, null=True, related_name="evaluations")
    finalised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    finalised_at = models.DateTimeField(_("final since"), null=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["consortium__code"]
        indexes = [models.Index(fields=["cycle", "status"], name="evaluation_queue")]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "consortium"], name="evaluated_once_a_year"),
            models.CheckConstraint(
                condition=~Q(status__in=FILED)
                | (
                    Q(submitted_by__isnull=False, submitted_at__isnull=False, snapshot__isnull=False)
                    & ~Q(snapshot_hash="")
                ),
                name="filed_means_by_whom_and_what",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=WITH_EXPERT) | Q(verified_by__isnull=False),
                name="self_report_verified_means_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=WITH_SCORES)
                | Q(expert__isnull=False, declared_at__isnull=False, scored_at__isnull=False),
                name="year_scored_means_declared_expert",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=WITH_GRADE) | (Q(total__isnull=False, graded_by__isnull=False) & ~Q(grade="")),
                name="year_graded_means_total_and_grade",
            ),
            models.CheckConstraint(
                condition=~Q(status=S.FINAL) | Q(finalised_by__isnull=False, finalised_at__isnull=False),
                name="final_means_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(finalised_by=None) | ~Q(finalised_by=F("graded_by")), name="year_grader_does_not_confirm"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("graded_by")), name="year_grader_tells_no_grade"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=TOLD)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, appeal_until__isnull=False),
                name="grade_told_by_whom_and_until",
            ),
            models.CheckConstraint(
                condition=~Q(status=S.PUBLICISED) | Q(grade_list__isnull=False),
                name="grade_publicised_on_a_list",
            ),
            models.CheckConstraint(
                condition=Q(total=None) | Q(total__gte=0, total__lte=105), name="year_total_in_range"
            ),
            models.CheckConstraint(
                condition=Q(bonus__gte=0, bonus__lte=5) & (Q(bonus=0) | ~Q(bonus_note="")), name="bonus_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(deduction__gte=0, deduction__lte=10) & (Q(deduction=0) | ~Q(deduction_note="")),
                name="deduction_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(veto="") | Q(grade__in=["", Grade.UNQUALIFIED]), name="veto_means_unqualified"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consortium} {self.cycle.year}"

    def get_absolute_url(self) -> str:
        return reverse("reports:evaluation-detail", args=[self.pk])


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """As far as its evaluation is visible; whether it may be opened is a permission."""
        return self.filter(evaluation__in=Evaluation.objects.visible_to(user))


class Evidence(Record):
    """A file that proves a figure of the self-report; `metric` is its code, empty for the report as a whole."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="evidence")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    metric = models.CharField(_("indicator"), max_length=20, blank=True)
    label = models.CharField(_("what it proves"), max_length=120)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.label

"""Research tasks and their milestones."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consortia.enums import MilestoneStatus, PipelineStage
from consortia.models.consortium import Consortium
from consortia.models.technology import KeyTechnology
from consortia.rules.registers import RecognitionLevel, Scale
from consortia.rules.work import ResearchType, TaskClass
from members.models import Organisation
from portal.kernel.models.base import Record

DAYS_A_MONTH = 30.4375


class ResearchTask(Record):
    """A piece of work on the technologies, led by one member; money in yuan."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="tasks")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=120)
    technology = models.ForeignKey(
        KeyTechnology, models.SET_NULL, null=True, blank=True, related_name="tasks", verbose_name=_("key technology")
    )
    lead = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("responsible"))
    task_class = models.CharField(
        _("class of the task"), max_length=8, choices=TaskClass, default=TaskClass.GENERIC, db_default=TaskClass.GENERIC
    )
    research_type = models.CharField(
        _("type of research"), max_length=11, choices=ResearchType, default=ResearchType.APPLIED,
        db_default=ResearchType.APPLIED,
    )  # fmt: skip
    risk = models.CharField(
        _("risk of the task"), max_length=6, choices=Scale, default=Scale.MEDIUM, db_default=Scale.MEDIUM
    )
    stage = models.CharField(
        _("pipeline stage"), max_length=12, choices=PipelineStage, default=PipelineStage.RESEARCH,
        db_default=PipelineStage.RESEARCH,
    )  # fmt: skip
    project_level = models.CharField(
        _("level of the public project"), max_length=10, choices=RecognitionLevel, blank=True, default="", db_default=""
    )
    project_number = models.CharField(
        _("number of the public project"), max_length=60, blank=True, default="", db_default=""
    )
    as_consortium = models.BooleanField(_("undertaken as a consortium"), default=False, db_default=False)
    start = models.DateField(_("start"))
    end = models.DateField(_("end"))
    budget_grant = models.DecimalField(
        _("budget from the grant"),
        max_digits=18,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    budget_own = models.DecimalField(
        _("budget from own funds"),
        max_digits=18,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["consortium", "number"], name="task_number_once"),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="task_ends_after_it_starts",
                violation_error_code="end",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(budget_grant__gte=0, budget_own__gte=0),
                name="task_budget_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(project_level="", project_number="", as_consortium=False)
                | ~Q(project_level="") & ~Q(project_number=""),
                name="task_project_has_level_and_number",
                violation_error_message=_("A public project has a level and a number."),
            ),
        ]

    def __str__(self) -> str:
        return f"T{self.number} {self.name}"

    @property
    def investment(self) -> Decimal:
        """The whole budget, in yuan."""
        return self.budget_grant + self.budget_own

    @property
    def months(self) -> int:
        """How long it lasts, in whole months."""
        return round((self.end - self.start).days / DAYS_A_MONTH)


class Milestone(Record):
    """A measurable step of a task."""

    task = models.ForeignKey(ResearchTask, models.CASCADE, related_name="milestones")
    name = models.CharField(_("name"), max_length=120)
    metric = models.CharField(_("metric"), max_length=120)
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=3)
    actual = models.DecimalField(_("actual"), max_digits=14, decimal_places=3, null=True, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1, validators=[MinValueValidator(1)])
    due = models.DateField(_("due"))
    reached_on = models.DateField(_("reached on"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=8, choices=MilestoneStatus, default=MilestoneStatus.PLANNED, editable=False
    )

    class Meta:
        ordering = ["due"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=MilestoneStatus.REACHED) | Q(reached_on__isnull=False, actual__isnull=False),
                name="reached_means_when_and_how_far",
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""Research tasks and their milestones."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consortia.enums import MilestoneStatus
from consortia.models.consortium import Consortium
from consortia.models.technology import KeyTechnology
from members.models import Organisation
from portal.kernel.models.base import Record


class ResearchTask(Record):
    """A piece of work on the technologies, led by one member; money in yuan."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="tasks")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=120)
    technology = models.ForeignKey(
        KeyTechnology, models.SET_NULL, null=True, blank=True, related_name="tasks", verbose_name=_("key technology")
    )
    lead = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("responsible"))
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
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(budget_grant__gte=0, budget_own__gte=0), name="task_budget_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"T{self.number} {self.name}"


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

"""People who work at another member, and people trained together."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consortia.models.entry import Entry
from consortia.models.task import ResearchTask
from consortia.rules.registers import Degree, Programme, Secondment
from members.models import Organisation


class Talent(Entry):
    """Talent of one member at work for another: a person named with consent, or so many without names."""

    OWNER = "home"
    MEMBERS = ("home", "host")

    name = models.CharField(_("name of the person"), max_length=60, blank=True)
    consent = models.BooleanField(_("the person agrees to be named"), default=False)
    headcount = models.PositiveSmallIntegerField(_("people"), default=1, validators=[MinValueValidator(1)])
    programme = models.CharField(_("talent programme"), max_length=10, choices=Programme, default=Programme.NONE)
    mode = models.CharField(_("way of working"), max_length=14, choices=Secondment)
    home = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("home organisation"))
    host = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("host organisation"))
    task = models.ForeignKey(
        ResearchTask, models.SET_NULL, null=True, blank=True, related_name="team", verbose_name=_("research task")
    )
    person_months = models.DecimalField(
        _("person-months"), max_digits=6, decimal_places=1, validators=[MinValueValidator(Decimal("0.1"))]
    )
    start = models.DateField(_("start"))
    end = models.DateField(_("end"))

    class Meta:
        ordering = ["-start", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(name="") | Q(consent=True, headcount=1),
                name="a_named_person_agrees",
                violation_error_message=_("A name stands for one person, who has agreed to be named."),
            ),
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="talent_period_in_order",
                violation_error_code="end",
                violation_error_message=_("The end must not be before the start."),
            ),
            models.CheckConstraint(
                condition=Q(headcount__gte=1, person_months__gt=0),
                name="talent_is_somebody_at_work",
                violation_error_code="person_months",
                violation_error_message=_("Give more than zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} · {self.home} → {self.host}"


class JointTraining(Entry):
    """People whom members train together; never by name."""

    OWNER = "home"
    MEMBERS = ("home", "partner")

    degree = models.CharField(_("degree"), max_length=8, choices=Degree)
    headcount = models.PositiveSmallIntegerField(_("people"), validators=[MinValueValidator(1)])
    home = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("training organisation"))
    partner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("together with"))
    start = models.DateField(_("start"))
    end = models.DateField(_("end"))

    class Meta:
        ordering = ["-start", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="training_period_in_order",
                violation_error_code="end",
                violation_error_message=_("The end must not be before the start."),
            ),
            models.CheckConstraint(
                condition=~Q(home=F("partner")),
                name="training_by_two_members",
                violation_error_code="partner",
                violation_error_message=_("Name two different organisations."),
            ),
            models.CheckConstraint(
                condition=Q(headcount__gte=1),
                name="somebody_is_trained",
                violation_error_code="headcount",
                violation_error_message=_("Give more than zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_degree_display()} · {self.home}"

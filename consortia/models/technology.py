"""The key-technology list."""

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consortia.enums import ProblemClass
from consortia.models.consortium import Consortium
from consortia.rules.work import Openness
from members.models import Organisation
from portal.kernel.models.base import Record
from portal.kernel.search import Bigrams, Fold

TRL = [MinValueValidator(1), MaxValueValidator(9)]


class KeyTechnology(Record):
    """A technology to crack: the gap, the measurable target, the readiness now and then."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="technologies")
    name = models.CharField(_("name"), max_length=120)
    problem_class = models.CharField(_("class"), max_length=10, choices=ProblemClass, default=ProblemClass.KEY)
    gap = models.TextField(_("gap to the benchmark"), max_length=1000)
    benchmark = models.CharField(_("benchmark"), max_length=160, blank=True, default="", db_default="")
    openness = models.CharField(
        _("confidentiality"), max_length=8, choices=Openness, default=Openness.INTERNAL, db_default=Openness.INTERNAL
    )
    indicator = models.CharField(_("indicator"), max_length=120)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    baseline = models.DecimalField(_("baseline"), max_digits=14, decimal_places=3)
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=3)
    trl_start = models.PositiveSmallIntegerField(_("TRL at start"), validators=TRL)
    trl_now = models.PositiveSmallIntegerField(_("TRL now"), validators=TRL)
    trl_target = models.PositiveSmallIntegerField(_("target TRL"), validators=TRL)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("responsible"))
    due = models.DateField(_("due"))

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("key technology")
        indexes = [GinIndex(Bigrams(Fold("name")), name="technology_words")]
        constraints = [
            models.CheckConstraint(
                condition=Q(trl_start__gte=1, trl_target__lte=9, trl_now__gte=1, trl_now__lte=9)
                & Q(trl_target__gte=F("trl_start")),
                name="trl_between_1_and_9_and_rising",
                violation_error_code="trl_target",
                violation_error_message=_("The target TRL must not be below the TRL at start."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

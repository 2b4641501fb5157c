"""What enterprises need, and who can help."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import JOINED
from consortia.models.consortium import Consortium
from consortia.models.participation import Participation
from consortia.rules.registers import DemandStatus
from members.enums import BUREAU, OFFICIALS
from members.models import Organisation
from portal.kernel.models.base import Record


def sees_board(user: Any) -> bool:
    """Whether what is published is meant for the user: officials, and members of any consortium."""
    taking_part = Participation.objects.filter(organisation__in=user.organisation_ids, status__in=JOINED)
    return bool(user.is_authenticated and (user.holds_any(OFFICIALS) or taking_part.exists()))


class DemandQuerySet(models.QuerySet["Demand"]):
    """Demands, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the consortia that the user may see, and of the others what is published."""
        if not user.is_authenticated:
            return self.none()
        inside = Q(consortium__in=Consortium.objects.visible_to(user))
        return self.filter(inside | Q(published=True)) if sees_board(user) else self.filter(inside)

    def board(self, today: date) -> Self:
        """Published and still to be answered."""
        return self.filter(published=True, status__in=[DemandStatus.OPEN, DemandStatus.ANSWERED], deadline__gte=today)


class Demand(Record):
    """A question of an enterprise. Other consortia are shown `brief`, and who asks only if `named`."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="demands", editable=False)
    poser = models.ForeignKey(Organisation, models.PROTECT, related_name="demands", verbose_name=_("posed by"))
    title = models.CharField(_("title"), max_length=120)
    question = models.TextField(_("question"), max_length=4000)
    deadline = models.DateField(_("answers until"))
    published = models.BooleanField(_("shown to all consortia"), default=False, editable=False)
    brief = models.TextField(_("what all consortia may read"), max_length=1000, blank=True)
    named = models.BooleanField(_("show who asks"), default=False)
    status = models.CharField(
        _("status"), max_length=8, choices=DemandStatus, default=DemandStatus.OPEN, editable=False
    )
    matched = models.OneToOneField(
        "DemandAnswer", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("matched answer")
    )
    matched_on = models.DateField(_("matched on"), null=True, editable=False)
    posed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects = DemandQuerySet.as_manager()

    class Meta:
        ordering = ["deadline", "id"]
        indexes = [models.Index(fields=["deadline", "id"], condition=Q(published=True), name="demand_board")]
        constraints = [
            models.CheckConstraint(condition=Q(published=False) | ~Q(brief=""), name="published_means_what"),
            models.CheckConstraint(
                condition=~Q(status=DemandStatus.MATCHED) | Q(matched__isnull=False, matched_on__isnull=False),
                name="demand_matched_means_with_what",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("consortia:demand-detail", args=[self.pk])

    @property
    def owner_id(self) -> Any:
        """The organisation that asks."""
        return self.poser_id

    def is_inside(self, user: Any) -> bool:
        """Whether the user sees the whole question: an official who sees the consortium, or one of its members."""
        return Consortium.objects.visible_to(user).filter(pk=self.consortium_id).exists()


class DemandAnswerQuerySet(models.QuerySet["DemandAnswer"]):
    """Answers, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, others those that they gave or got: members compete with their answers."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(BUREAU):
            return self
        mine = Q(organisation__in=user.organisation_ids) | Q(demand__poser__in=user.organisation_ids)
        return self.filter(mine)


class DemandAnswer(Record):
    """A proposal of one organisation."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="answers")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="demand_answers", verbose_name=_("answered by")
    )
    proposal = models.TextField(_("proposal"), max_length=4000)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects = DemandAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "organisation"],
                name="one_answer_each",
                violation_error_message=_("Your organisation has answered already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)

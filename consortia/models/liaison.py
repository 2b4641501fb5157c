"""The liaison officer's visits with what follows from them, and issues between members."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.models.consortium import Consortium
from consortia.rules.registers import IssueStatus, VisitKind
from members.enums import BUREAU, Role
from members.models import Organisation
from portal.kernel.models.base import Record

MEDIATORS = frozenset({Role.OFFICER, Role.HEAD, Role.LEADER, Role.SUPERVISOR})
SETTLING = (IssueStatus.RAISED, IssueStatus.MEDIATING)


class VisitQuerySet(models.QuerySet["LiaisonVisit"]):
    """Visits, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, a district its own, the lead those of its consortia; other members none."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(BUREAU):
            return self
        mine = Q(consortium__lead__in=user.organisation_ids) | Q(consortium__district__in=user.district_ids)
        return self.filter(mine)


class LiaisonVisit(Record):
    """A visit, or another service of the government to a consortium."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="visits", editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=VisitKind, default=VisitKind.VISIT)
    date = models.DateField(_("date"))
    participants = models.CharField(_("who took part"), max_length=300)
    findings = models.TextField(_("findings"), max_length=4000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-created_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.date}"

    def get_absolute_url(self) -> str:
        return reverse("consortia:consortium-liaison", args=[self.consortium_id])


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """What follows from visits, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the visits that the user may see."""
        return self.filter(visit__in=LiaisonVisit.objects.visible_to(user))

    def undone(self) -> Self:
        """Not done yet."""
        return self.filter(done_on=None)


class FollowUp(Record):
    """Something that has to be done after a visit, until a day."""

    visit = models.ForeignKey(LiaisonVisit, models.CASCADE, related_name="follow_ups")
    text = models.CharField(_("what has to be done"), max_length=300)
    due = models.DateField(_("due"))
    done_on = models.DateField(_("done on"), null=True, editable=False)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    done_note = models.CharField(_("what was done"), max_length=500, blank=True, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due", "id"]
        indexes = [models.Index(fields=["due", "id"], condition=Q(done_on=None), name="follow_up_undone")]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None, done_by=None) | Q(done_on__isnull=False, done_by__isnull=False),
                name="followed_up_means_by_whom",
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.visit.get_absolute_url()

    @property
    def consortium(self) -> Consortium:
        """Whose visit it follows from."""
        return self.visit.consortium

    def is_late(self, today: date) -> bool:
        """It should have been done."""
        return self.done_on is None and self.due < today


class IssueQuerySet(models.QuerySet["Issue"]):
    """Issues, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Who mediates, the consortium's own liaison officer, who raised it and the parties; nobody else."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(MEDIATORS):
            return self
        mine = Q(raised_by__in=user.organisation_ids) | Q(
            pk__in=Issue.objects.filter(parties__in=user.organisation_ids).values("pk")
        )
        if user.holds_any({Role.LIAISON}):
            mine |= Q(consortium__liaison_officer=user.pk)
        return self.filter(mine)

    def unsettled(self) -> Self:
        """Raised or being mediated."""
        return self.filter(status__in=SETTLING)


class Issue(Record):
    """A coordination issue that a member raises in confidence."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="issues", editable=False)
    raised_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("raised by"))
    subject = models.CharField(_("subject"), max_length=120)
    statement = models.TextField(_("what it is about"), max_length=4000)
    parties = models.ManyToManyField(Organisation, related_name="+", blank=True, verbose_name=_("parties"))
    status = models.CharField(
        _("status"), max_length=9, choices=IssueStatus, default=IssueStatus.RAISED, editable=False
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["created_at", "id"], name="issue_age")]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("consortia:issue-detail", args=[self.pk])


class IssueNote(Record):
    """What was said about an issue; seen by all who see the issue."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("note"), max_length=2000)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.text

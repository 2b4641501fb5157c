"""Who reviews what, worked out for many applications of a call at once."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import AssignmentStatus, ExpertMode
from funding.models.application import Application
from funding.models.call import Call
from funding.models.live import LiveManager
from funding.models.recusal import Recusal
from funding.rules import drawing
from members.enums import Role
from members.models import Expert
from portal.kernel.models.base import Record

S = AssignmentStatus
PERSON = settings.AUTH_USER_MODEL
UNDECIDED = (S.SOLVING, S.PROPOSED)
DECIDED = (S.AGREED, S.DROPPED)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments, cut to what a person may see."""

    def live(self) -> Self:
        """Without those of rehearsals."""
        return self.filter(call__rehearsal=False)

    def visible_to(self, user: Any) -> Self:
        """Those who prepare and those who agree; nobody who keeps away from one of its cases finds a trace of it."""
        if not (user.is_authenticated and user.holds_any({Role.ACCEPTANCE, Role.SUPERVISOR})):
            return self.none()
        away = Recusal.objects.filter(person=user).values("application")
        return self.exclude(pk__in=AssignmentCase.objects.filter(application__in=away).values("assignment"))


class Assignment(Record):
    """One proposal for some applications of a call; what is handed over for agreement is frozen with its hash."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="assignments")
    number = models.CharField(_("number"), max_length=20, unique=True)
    status = models.CharField(_("status"), max_length=10, choices=S, default=S.SOLVING, editable=False)
    mode = models.CharField(max_length=10, choices=ExpertMode)  # of the call, as it was
    seats = models.PositiveSmallIntegerField(_("experts for each application"))
    job = models.CharField(max_length=200, unique=True)  # key
    prepared_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(_("prepared"))
    problem_hash = models.CharField(_("hash of the problem"), max_length=64, blank=True)
    solved_at = models.DateTimeField(_("worked out"), null=True)
    frozen = models.JSONField(null=True)
    frozen_hash = models.CharField(_("hash"), max_length=64, blank=True)
    handed_over_at = models.DateTimeField(_("handed over"), null=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    everything = AssignmentQuerySet.as_manager()
    objects = LiveManager.from_queryset(AssignmentQuerySet)()

    class Meta:
        ordering = ["-prepared_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=S.SOLVING, solved_at=None)
                | Q(status=S.DROPPED)
                | (~Q(status=S.SOLVING) & Q(solved_at__isnull=False) & ~Q(problem_hash="")),
                name="assignment_worked_out",
                violation_error_message=_("What is proposed has been worked out."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[S.HANDED_OVER, S.AGREED])
                | (Q(frozen__isnull=False, handed_over_at__isnull=False) & ~Q(frozen_hash="")),
                name="assignment_frozen_before_agreement",
                violation_error_message=_("What somebody agrees to is frozen with its hash."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=DECIDED, decided_by__isnull=False, decided_at__isnull=False)
                | (~Q(status__in=DECIDED) & Q(decided_by=None, decided_at=None)),
                name="assignment_decided_by_somebody",
                violation_error_message=_("What is decided has somebody who decided it."),
            ),
            models.CheckConstraint(
                condition=~Q(status=S.AGREED) | ~Q(decided_by=F("prepared_by")),
                name="assignment_agreed_by_another",
                violation_error_message=_("Whoever prepared an assignment does not agree to it."),
            ),
            models.CheckConstraint(
                condition=~Q(status=S.DROPPED) | ~Q(reason=""), name="assignment_dropped_for_a_reason",
                violation_error_message=_("An assignment is dropped for a reason."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1, seats__lte=15), name="assignment_of_some_seats",
                violation_error_message=_("An application gets 1 to 15 experts."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("funding:assignment-detail", args=[self.pk])

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.call.rehearsal

    @property
    def is_pool(self) -> bool:
        """Whether it shares out whom chance may draw, not who reviews."""
        return self.mode == ExpertMode.DRAWN

    @property
    def is_unchanged(self) -> bool:
        """Whether what was frozen still has its hash."""
        return bool(self.frozen) and drawing.digest(self.frozen) == self.frozen_hash


class AssignmentCase(Record):
    """One application in an assignment, and why its seats cannot all be filled."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="cases")
    application = models.ForeignKey(Application, models.PROTECT, related_name="assignment_cases")
    current = models.BooleanField(default=True)  # until the assignment is dropped
    empty = models.PositiveSmallIntegerField(_("empty seats"), default=0)
    # seats, least, lacking, eligible by kind, reasons (msgid → how many)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["application__number", "application_id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "application"], name="application_in_an_assignment_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(current=True), name="one_current_assignment",
                violation_error_message=_("This application stands in another assignment already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.assignment.number} · {self.application.number}"


class AssignmentPairQuerySet(models.QuerySet["AssignmentPair"]):
    """Experts proposed, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """With the assignment."""
        return self.filter(case__assignment__in=Assignment.everything.visible_to(user))


class AssignmentPair(Record):
    """An expert proposed for an application, with what the choice rests on."""

    case = models.ForeignKey(AssignmentCase, models.CASCADE, related_name="pairs")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="+", verbose_name=_("expert"))
    grounds = models.JSONField(default=dict)  # cost, fields, financial, running, year, limit, given, tie
    by_hand = models.BooleanField(default=False)

    objects = AssignmentPairQuerySet.as_manager()

    class Meta:
        ordering = ["expert__kind", "expert__user__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "expert"], name="expert_proposed_once",
                violation_error_message=_("This expert is proposed for the application already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.expert)


class AssignmentChange(Record):
    """One expert put in the place of another by hand; never altered."""

    case = models.ForeignKey(AssignmentCase, models.CASCADE, related_name="changes")
    removed = models.ForeignKey(Expert, models.PROTECT, related_name="+")
    added = models.ForeignKey(Expert, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    changed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        ordering = ["changed_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(removed=F("added")), name="assignment_changed_for_a_reason",
                violation_error_message=_("A change by hand names another expert and has a reason."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.removed} → {self.added}"

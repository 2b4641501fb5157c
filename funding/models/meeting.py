"""The decision meeting of a list: who was invited and came, who voted how on what, and its minutes as closed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import MeetingChoice
from funding.models.application import Application
from funding.models.board import Scenario
from portal.kernel.models.base import Record

PERSON = settings.AUTH_USER_MODEL


class DecisionMeeting(Record):
    """The meeting that a list was put forward for. What was closed never changes."""

    scenario = models.OneToOneField(Scenario, models.PROTECT, related_name="record")
    held_at = models.DateTimeField(_("begins"))
    place = models.CharField(_("place of the meeting"), max_length=200)
    chair = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("minutes closed"), null=True)
    frozen = models.JSONField(blank=True, default=dict, db_default=Value({}, models.JSONField()))
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(chair=F("recorded_by")), name="chair_does_not_keep_the_minutes",
                violation_error_message=_("Chair and keeper of the minutes are two people."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, sha256="", frozen={})
                | (Q(closed_at__isnull=False, sha256__regex=r"^[0-9a-f]{64}$") & ~Q(frozen={})),
                name="closed_meeting_is_frozen",
                violation_error_message=_("Minutes that are closed are kept with their hash."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.scenario.meeting

    def get_absolute_url(self) -> str:
        return reverse("funding:scenario-record", args=[self.scenario_id])


class MeetingSeat(Record):
    """Somebody who was invited, and whether this person came."""

    meeting = models.ForeignKey(DecisionMeeting, models.CASCADE, related_name="seats")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    present = models.BooleanField(_("present"))

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="one_invitation_to_a_meeting")]

    def __str__(self) -> str:
        return str(self.person)


class MeetingVote(Record):
    """One person's vote on a case, or on the list as a whole."""

    meeting = models.ForeignKey(DecisionMeeting, models.CASCADE, related_name="votes")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    choice = models.CharField(_("vote"), max_length=10, choices=MeetingChoice)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "application", "person"], name="one_vote_a_person", nulls_distinct=False,
                violation_error_message=_("Everybody votes once on the same matter."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person} · {self.get_choice_display()}"

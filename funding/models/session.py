"""Defences and site visits: who comes when, who leaves the room for which case, and what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.enums import ReviewStatus, SeatRole, SessionKind, SessionStatus
from funding.models.application import Application
from funding.models.call import Call
from funding.models.live import LiveManager
from funding.models.recusal import kept_from
from funding.models.review import Review
from members.enums import Role
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record

PERSON = settings.AUTH_USER_MODEL
READERS = frozenset({Role.ACCEPTANCE, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SECRETARY, Role.SUPERVISOR})
TOLD = (SessionStatus.INVITED, SessionStatus.LOCKED)
SHORTEST, LONGEST = 5, 480  # minutes


class SessionQuerySet(models.QuerySet["ReviewSession"]):
    """Sessions, cut to what a person may see."""

    def live(self) -> Self:
        """Without those of rehearsals."""
        return self.filter(call__rehearsal=False)

    def visible_to(self, user: Any) -> Self:
        """The review staff and who has a seat, as long as a case is left that they may see."""
        if not user.is_authenticated:
            return self.none()
        shown = Exists(SessionSlot.everything.visible_to(user).filter(session=OuterRef("pk")))
        if user.holds_any(READERS):
            return self.filter(shown)
        seat = Exists(SessionSeat.objects.filter(session=OuterRef("pk"), person=user))
        return self.filter(seat, shown, status__in=TOLD)


class ReviewSession(Record):
    """A meeting in which cases of one call are heard or visited, one after another."""

    number = models.CharField(_("number"), max_length=24, unique=True)
    call = models.ForeignKey(Call, models.CASCADE, related_name="sessions", verbose_name=_("call"))
    kind = models.CharField(_("kind"), max_length=10, choices=SessionKind)
    status = models.CharField(
        _("status"), max_length=10, choices=SessionStatus, default=SessionStatus.PREPARED, editable=False
    )
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes a case"), validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)]
    )
    place = models.CharField(pgettext_lazy("session", "place"), max_length=200, blank=True)
    address = models.URLField(_("address of the online meeting"), max_length=300, blank=True)
    arranged_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(_("invited"), null=True)
    chair_locked_at = models.DateTimeField(_("locked by the chair"), null=True)
    secretary_locked_at = models.DateTimeField(_("locked by the keeper of the minutes"), null=True)
    minutes_hash = models.CharField(max_length=64, blank=True)
    # What the minutes said when both had locked them.
    frozen = models.JSONField(blank=True, default=dict, db_default=Value({}, models.JSONField()))
    reason = models.CharField(_("why it is cancelled"), max_length=500, blank=True)

    everything = SessionQuerySet.as_manager()
    objects = LiveManager.from_queryset(SessionQuerySet)()

    class Meta:
        ordering = ["-starts_at", "-id"]
        indexes = [models.Index(fields=["-starts_at", "-id"], name="session_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(place="") | ~Q(address=""), name="session_is_somewhere",
                violation_error_message=_("Give a place, an online address, or both."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(SHORTEST, LONGEST)), name="session_minutes_in_range",
                violation_error_message=_("A case takes from 5 to 480 minutes."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=TOLD) | Q(invited_at__isnull=False), name="invited_session_says_when"
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=SessionStatus.LOCKED, chair_locked_at__isnull=False, secretary_locked_at__isnull=False)
                    & ~Q(minutes_hash="")
                )
                | (~Q(status=SessionStatus.LOCKED) & Q(minutes_hash="")),
                name="minutes_locked_by_two",
                violation_error_message=_("Minutes are locked by the chair and by who keeps them."),
            ),
            models.CheckConstraint(
                condition=Q(status=SessionStatus.LOCKED) | Q(frozen={}), name="frozen_minutes_are_locked",
                violation_error_message=_("Only minutes that are locked are frozen."),
            ),
            models.CheckConstraint(
                condition=(Q(status=SessionStatus.CANCELLED) & ~Q(reason=""))
                | (~Q(status=SessionStatus.CANCELLED) & Q(reason="")),
                name="cancelled_session_has_a_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        day = timezone.localtime(self.starts_at)
        return f"{self.get_kind_display()} {day:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("funding:session-detail", args=[self.pk])

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.call.rehearsal

    def takes_entries(self, at: datetime) -> bool:
        """Whether people sign in and conclusions are written: from its day on, until one of the two locks."""
        begun = timezone.localdate(self.starts_at) <= timezone.localdate(at)
        return self.status == SessionStatus.INVITED and begun and not self.is_being_locked

    @property
    def is_being_locked(self) -> bool:
        """Whether one of the two has locked the minutes: nothing is added any more."""
        return bool(self.chair_locked_at or self.secretary_locked_at)


class SessionSeat(Record):
    """Somebody who takes part on the side of those who review, and when this person signed in."""

    session = models.ForeignKey(ReviewSession, models.CASCADE, related_name="seats")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    role = models.CharField(_("as"), max_length=10, choices=SeatRole)
    signed_in_at = models.DateTimeField(_("signed in"), null=True)

    class Meta:
        ordering = ["session", "role", "created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"], name="one_seat_a_person",
                violation_error_message=_("Everybody has one seat: chair and keeper of the minutes are two people."),
            ),
            models.UniqueConstraint(
                fields=["session", "role"], condition=Q(role__in=[SeatRole.CHAIR, SeatRole.SECRETARY]),
                name="one_chair_one_secretary",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"


class SlotQuerySet(models.QuerySet["SessionSlot"]):
    """Slots, cut to what a person may see."""

    def live(self) -> Self:
        """Without those of rehearsals."""
        return self.filter(session__call__rehearsal=False)

    def visible_to(self, user: Any) -> Self:
        """The review staff all, experts those of their own cases, leads their own once invited; nobody in conflict."""
        if not user.is_authenticated:
            return self.none()
        stepped_back = Review.everything.filter(
            application=OuterRef("application"), expert__user=user, status=ReviewStatus.RECUSED
        )  # fmt: skip
        free = self.filter(~kept_from(user, "application"), ~Exists(_absence(user)), ~Exists(stepped_back))
        seated = Exists(SessionSeat.objects.filter(session=OuterRef("session"), person=user))
        told = Q(session__status__in=TOLD)
        own = Q(Exists(Review.everything.of(user).filter(application=OuterRef("application")))) & told
        lead = Q(application__consortium__lead__in=user.organisation_ids) & told
        if user.holds_any(READERS):
            return free
        return free.filter((own & seated) | (Q(seated) & Q(_official_seat(user)) & told) | lead)


class SessionSlot(Record):
    """One case in a session."""

    session = models.ForeignKey(ReviewSession, models.CASCADE, related_name="slots")
    application = models.ForeignKey(Application, models.PROTECT, related_name="slots")
    kind = models.CharField(max_length=10, choices=SessionKind, editable=False)  # that of the session
    position = models.PositiveSmallIntegerField(_("place in the agenda"))
    dropped = models.BooleanField(default=False)  # its session was cancelled
    conclusion = models.TextField(_("conclusion"), max_length=3000, blank=True)
    checklist = models.JSONField(default=dict)  # code → {"holds": bool, "note"}
    concluded_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    concluded_at = models.DateTimeField(null=True)

    everything = SlotQuerySet.as_manager()
    objects = LiveManager.from_queryset(SlotQuerySet)()

    class Meta:
        ordering = ["session", "position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="slot_position_once"),
            models.UniqueConstraint(
                fields=["application", "kind"], condition=Q(dropped=False), name="case_heard_once_a_kind",
                violation_error_message=_("This application has a session of this kind already."),
            ),
            models.CheckConstraint(
                condition=Q(conclusion="", concluded_by=None, concluded_at=None)
                | (~Q(conclusion="") & Q(concluded_by__isnull=False, concluded_at__isnull=False)),
                name="slot_concluded_by_somebody",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.session} · {self.application.number}"

    def get_absolute_url(self) -> str:
        return reverse("funding:slot-detail", args=[self.pk])

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.session.is_rehearsal

    @property
    def consortium(self) -> Any:
        """Whose case it is."""
        return self.application.consortium

    @property
    def starts_at(self) -> datetime:
        """When the case comes up."""
        return self.session.starts_at + timedelta(minutes=self.session.minutes * (self.position - 1))

    @property
    def ends_at(self) -> datetime:
        """When the next one does."""
        return self.starts_at + timedelta(minutes=self.session.minutes)


class SessionAbsence(Record):
    """Somebody with a seat who leaves the room for a case."""

    slot = models.ForeignKey(SessionSlot, models.CASCADE, related_name="absences")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    why = models.TextField(_("why"))

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["slot", "person"], name="absent_once")]

    def __str__(self) -> str:
        return str(self.person)


class SlotPresence(Record):
    """Somebody of the applicant's who came, and when this person signed in."""

    slot = models.ForeignKey(SessionSlot, models.CASCADE, related_name="presences")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    signed_in_at = models.DateTimeField(_("signed in"))

    class Meta:
        ordering = ["signed_in_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "person"], name="signed_in_once",
                violation_error_message=_("You have signed in already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.person)


class SlotFile(Record):
    """A photo or document of a case in a session."""

    slot = models.ForeignKey(SessionSlot, models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    title = models.CharField(_("what it shows"), max_length=120)
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.title


def _absence(user: Any) -> models.QuerySet[SessionAbsence]:
    """What keeps the user out of the slot; asked of the outer row."""
    return SessionAbsence.objects.filter(slot=OuterRef("pk"), person=user)


def _official_seat(user: Any) -> Exists:
    """Whether the user sits there as something else than an expert."""
    seats = SessionSeat.objects.filter(session=OuterRef("session"), person=user)
    return Exists(seats.exclude(role=SeatRole.EXPERT))

"""Draws of experts that anybody can repeat, and experts named instead of drawn."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import DrawStatus, NamingStatus
from funding.models.application import Application
from funding.models.live import LiveManager
from funding.models.recusal import kept_from
from funding.models.review import Review
from funding.rules import conflicts, drawing
from members.enums import Role
from members.models import Expert
from portal.kernel.fields import EncryptedField
from portal.kernel.models.base import Record

READERS = frozenset({Role.ACCEPTANCE, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SUPERVISOR})
STANDING = (DrawStatus.PREPARED, DrawStatus.WITNESSED)
PERSON = settings.AUTH_USER_MODEL


class DrawQuerySet(models.QuerySet["Draw"]):
    """Draws, cut to what a person may see."""

    def live(self) -> Self:
        """Without those of rehearsals."""
        return self.filter(application__call__rehearsal=False)

    def visible_to(self, user: Any) -> Self:
        """The bureau's review staff; the public has pages of its own, which tell neither case nor names."""
        if not (user.is_authenticated and user.holds_any(READERS)):
            return self.none()
        return self.exclude(kept_from(user, "application"))

    def standing(self) -> Self:
        """Prepared or witnessed, not drawn yet."""
        return self.filter(status__in=STANDING)


class Draw(Record):
    """A draw of experts for one application; what was frozen for it never changes."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="draws")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    number = models.CharField(_("number"), max_length=20, unique=True)  # tells nothing about the case
    status = models.CharField(
        _("status"), max_length=10, choices=DrawStatus, default=DrawStatus.PREPARED, editable=False
    )
    seats = models.PositiveSmallIntegerField(_("seats"))
    requested_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    prepared_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(_("prepared"))
    frozen = models.JSONField()
    pool_hash = models.CharField(_("pool hash"), max_length=64)
    commitment = models.CharField(_("commitment"), max_length=64)
    secret = EncryptedField(editable=False)
    salt = EncryptedField(editable=False)
    source = models.CharField(_("source of the randomness"), max_length=200)
    pattern = models.CharField(max_length=100, blank=True)  # how a value of the source looks
    public_at = models.DateTimeField(_("randomness is public from"))
    witnessed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    witnessed_at = models.DateTimeField(_("witnessed"), null=True)
    randomness = models.CharField(_("public randomness"), max_length=200, blank=True)
    drawn_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    drawn_at = models.DateTimeField(_("drawn"), null=True)
    revealed = models.CharField(max_length=64, blank=True)
    record = models.JSONField(null=True)
    record_hash = models.CharField(_("record hash"), max_length=64, blank=True)
    calls = models.JSONField(default=list)
    cancelled_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    everything = DrawQuerySet.as_manager()
    objects = LiveManager.from_queryset(DrawQuerySet)()

    class Meta:
        ordering = ["-prepared_at", "-id"]
        indexes = [models.Index(fields=["status", "public_at"], name="draws_by_status")]
        constraints = [
            models.UniqueConstraint(fields=["application", "ordinal"], name="draw_ordinal_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(status__in=STANDING), name="one_standing_draw",
                violation_error_message=_("A draw for this application is under way already."),
            ),
            models.CheckConstraint(
                condition=(Q(requested_by=None) | ~Q(requested_by=F("prepared_by")))
                & (Q(witnessed_by=None) | ~Q(witnessed_by=F("prepared_by")))
                & (Q(witnessed_by=None) | Q(requested_by=None) | ~Q(witnessed_by=F("requested_by")))
                & (Q(drawn_by=None) | ~Q(drawn_by=F("prepared_by"))),
                name="draw_by_different_people",
                violation_error_message=_("Who asks for a draw, who prepares it and who witnesses it are different."),
            ),
            models.CheckConstraint(
                condition=Q(witnessed_at=None, witnessed_by=None)
                | Q(witnessed_by__isnull=False, witnessed_at__lt=F("public_at")),
                name="draw_witnessed_before_randomness",
                violation_error_message=_("A draw is witnessed before its randomness is public."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[DrawStatus.WITNESSED, DrawStatus.DRAWN]) | Q(witnessed_at__isnull=False),
                name="draw_has_a_witness",
                violation_error_message=_("A draw needs a witness."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=DrawStatus.DRAWN, record__isnull=False, drawn_by__isnull=False)
                    & Q(drawn_at__gte=F("public_at"))
                    & ~Q(randomness="") & ~Q(revealed="") & ~Q(record_hash="")
                )
                | (
                    ~Q(status=DrawStatus.DRAWN)
                    & Q(record__isnull=True, drawn_by=None, drawn_at=None, randomness="", revealed="", record_hash="")
                ),
                name="drawn_with_record",
                violation_error_message=_("What is drawn has its randomness, its secret and its record."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=DrawStatus.CANCELLED, cancelled_by__isnull=False, cancelled_at__isnull=False)
                    & ~Q(reason="")
                )
                | (~Q(status=DrawStatus.CANCELLED) & Q(cancelled_by=None, cancelled_at=None, reason="")),
                name="cancelled_draw_has_a_reason",
                violation_error_message=_("A draw is cancelled by somebody and for a reason."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1, seats__lte=15), name="draw_of_some_seats",
                violation_error_message=_("A draw is for 1 to 15 seats."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("funding:draw-detail", args=[self.pk])

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.application.call.rehearsal

    @property
    def public_url(self) -> str:
        """Where everybody reads what was published of it."""
        return reverse("funding:public-draw", args=[self.pk])

    @property
    def content(self) -> bytes:
        """The file that is handed out of a drawn one."""
        return drawing.published(self.record or {}, self.calls)

    def is_public(self, at: datetime) -> bool:
        """Whether the randomness can be known."""
        return at >= self.public_at


class DrawEntry(Record):
    """Who stands behind a key of a draw, and what came of it."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="entries")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="+", verbose_name=_("expert"))
    key = models.CharField(_("key"), max_length=16)
    reasons = models.TextField(_("excluded because"), blank=True)  # one a line; empty for candidates
    rank = models.PositiveSmallIntegerField(_("place in line"), null=True)
    seat = models.PositiveSmallIntegerField(_("seat"), null=True)  # of those drawn
    passed_over = models.CharField(_("passed over because"), max_length=10, blank=True)
    review = models.OneToOneField(Review, models.PROTECT, null=True, related_name="drawn_as")
    replaced = models.BooleanField(default=False)  # stepped back, and a substitute was called

    class Meta:
        ordering = ["seat", "rank", "key"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "expert"], name="expert_in_a_draw_once"),
            models.UniqueConstraint(fields=["draw", "key"], name="key_in_a_draw_once"),
            models.UniqueConstraint(fields=["draw", "seat"], name="seat_in_a_draw_once"),
            models.CheckConstraint(
                condition=Q(reasons="") | Q(rank=None, seat=None, review=None),
                name="excluded_expert_is_not_drawn",
                violation_error_message=_("Who is excluded is not drawn."),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def why(self) -> list[str]:
        """The reasons against it, for the reader."""
        return [_in_words(reason) for reason in self.reasons.splitlines()]


def _in_words(kept: str) -> str:
    """A tie was kept as data, any other reason as a sentence of the source."""
    return conflicts.told(json.loads(kept)) if kept.startswith("{") else gettext(kept)


class NamingQuerySet(models.QuerySet["Naming"]):
    """Namings, cut to what a person may see."""

    def live(self) -> Self:
        """Without those of rehearsals."""
        return self.filter(application__call__rehearsal=False)

    def visible_to(self, user: Any) -> Self:
        """Those who propose and those who agree: names of experts are in it."""
        readers = {Role.ACCEPTANCE, Role.SUPERVISOR}
        if not (user.is_authenticated and user.holds_any(readers)):
            return self.none()
        return self.exclude(kept_from(user, "application"))


class Naming(Record):
    """Experts named by hand where experts are drawn: an exception with a reason, to which the supervisor agrees."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="namings")
    experts = models.ManyToManyField(Expert, related_name="+")
    status = models.CharField(
        _("status"), max_length=10, choices=NamingStatus, default=NamingStatus.PROPOSED, editable=False
    )
    reason = models.CharField(_("reason"), max_length=500)
    proposed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    note = models.CharField(_("remark"), max_length=500, blank=True)

    everything = NamingQuerySet.as_manager()
    objects = LiveManager.from_queryset(NamingQuerySet)()

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(status=NamingStatus.PROPOSED), name="one_proposed_naming",
                violation_error_message=_("Experts are proposed for this application already."),
            ),
            models.CheckConstraint(
                condition=~Q(reason="")
                & (
                    Q(status=NamingStatus.PROPOSED, decided_by=None, decided_at=None)
                    | (
                        ~Q(status=NamingStatus.PROPOSED)
                        & Q(decided_by__isnull=False, decided_at__isnull=False)
                        & ~Q(decided_by=F("proposed_by"))
                    )
                ),
                name="naming_agreed_by_another",
                violation_error_message=_("Experts are named for a reason, and somebody else agrees."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application.number} · {self.get_status_display()}"

    def get_absolute_url(self) -> str:
        return reverse("funding:naming-detail", args=[self.pk])

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.application.call.rehearsal

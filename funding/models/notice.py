"""Public notices of proposed approvals, and objections to them."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.enums import ObjectionEffect, ObjectionStatus, ObjectorKind
from funding.models.call import Call
from funding.models.live import LiveManager
from funding.models.recusal import kept_from
from members.enums import Role
from portal.kernel.fields import EncryptedField
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record

HANDLERS = frozenset({Role.OFFICER, Role.HEAD, Role.LEADER, Role.SUPERVISOR})


class PublicNoticeQuerySet(models.QuerySet["PublicNotice"]):
    """Public notices."""

    def live(self) -> Self:
        """Without those of rehearsals."""
        return self.filter(call__rehearsal=False)

    def published(self, on: date) -> Self:
        """Those that have begun."""
        return self.filter(starts_on__lte=on)


class PublicNotice(Record):
    """A list of proposed approvals, published for objections; `rows` and its hash are what was published."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="notices", verbose_name=_("call"))
    title = models.CharField(_("title"), max_length=200)
    document_number = models.CharField(_("document number"), max_length=40)
    starts_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"))
    rows = models.JSONField(default=list)
    amends = models.ForeignKey("self", models.PROTECT, null=True, related_name="amendments", verbose_name=_("amends"))
    sha256 = models.CharField(max_length=64)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    everything = PublicNoticeQuerySet.as_manager()
    objects = LiveManager.from_queryset(PublicNoticeQuerySet)()

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="notice_period_in_order"),
            models.UniqueConstraint(fields=["document_number"], name="notice_number_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("funding:notice-detail", args=[self.pk])

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.call.rehearsal

    def canonical(self) -> dict[str, Any]:
        """What its hash is taken over."""
        amended = {"amends": str(self.amends_id)} if self.amends_id else {}
        return {
            **amended,
            "title": self.title,
            "document_number": self.document_number,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
            "rows": self.rows,
        }

    def is_running(self, on: date) -> bool:
        """Whether objections are taken on this day."""
        return self.starts_on <= on <= self.ends_on


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Objections, cut to what a person may see."""

    def live(self) -> Self:
        """Without those of rehearsals."""
        return self.filter(application__call__rehearsal=False)

    def visible_to(self, user: Any) -> Self:
        """Those who publish, decide and supervise see that there is one; who objects is for supervision alone."""
        if user.is_authenticated and user.holds_any(HANDLERS):
            return self.filter(~kept_from(user, "application"))
        return self.none()

    def open(self) -> Self:
        """Those without a finding."""
        return self.filter(status=ObjectionStatus.OPEN)


class Objection(Record):
    """An objection with real name or seal; the objector is known to supervision only."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    application = models.ForeignKey("funding.Application", models.PROTECT, related_name="objections")
    kind = models.CharField(_("objector"), max_length=12, choices=ObjectorKind)
    name = EncryptedField(_("real name or name of the organisation"), mask="person", max_length=120)
    contact = EncryptedField(_("telephone or e-mail"), mask="contact", max_length=120)
    grounds = models.TextField(_("grounds"), max_length=3000)
    status = models.CharField(
        _("status"), max_length=10, choices=ObjectionStatus, default=ObjectionStatus.OPEN, editable=False
    )
    received_at = models.DateTimeField(_("received at"))
    code_hash = models.CharField(max_length=64, blank=True, db_default="", default="", editable=False)
    answer_due = models.DateField(_("answer due"), null=True)
    finding = models.TextField(_("finding"), max_length=3000, blank=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    handled_at = models.DateTimeField(null=True)
    effect = models.CharField(_("effect"), max_length=8, choices=ObjectionEffect, blank=True, db_default="", default="")
    amended_tier = models.CharField(
        _("tier after it"), max_length=1, choices=Tier, blank=True, db_default="", default=""
    )
    amended_amount = models.DecimalField(_("amount after it"), max_digits=18, decimal_places=2, null=True)
    letter = models.TextField(_("reply to the objector"), max_length=3000, blank=True, db_default="", default="")
    letter_sent_at = models.DateTimeField(_("reply posted"), null=True)  # by mail; else it is read by number and code

    everything = ObjectionQuerySet.as_manager()
    objects = LiveManager.from_queryset(ObjectionQuerySet)()

    class Meta:
        ordering = ["received_at"]
        indexes = [models.Index(fields=["status", "received_at"], name="objection_queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=ObjectionStatus.OPEN) | (Q(handled_by__isnull=False) & ~Q(finding="")),
                name="handled_means_by_whom_and_finding",
            ),
            models.CheckConstraint(
                condition=Q(effect="") | Q(status=ObjectionStatus.UPHELD),
                name="effect_of_an_upheld_objection",
                violation_error_message=_("Only an objection that is upheld has an effect."),
            ),
            models.CheckConstraint(
                condition=(Q(effect=ObjectionEffect.AMEND, amended_amount__gte=0) & ~Q(amended_tier=""))
                | (~Q(effect=ObjectionEffect.AMEND) & Q(amended_amount=None, amended_tier="")),
                name="amended_to_a_tier_and_an_amount",
                violation_error_message=_("An amended decision has a tier and an amount."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("funding:objection-detail", args=[self.pk])

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.application.call.rehearsal


class ObjectionFile(Record):
    """Evidence that came with an objection; shown to supervision only."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="evidence")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["objection", "ordinal"], name="objection_evidence_once")]

    def __str__(self) -> str:
        return self.attachment.name

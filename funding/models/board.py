"""Scenarios of the tier board, frozen with their hash; one goes to the meeting and is approved by several people."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.enums import ScenarioStatus
from funding.models.application import Application
from funding.models.call import MOST, Call
from funding.models.live import LiveManager
from funding.models.recusal import Recusal
from members.enums import Role
from portal.kernel.models.base import Record

READERS = frozenset({Role.OFFICER, Role.HEAD, Role.LEADER, Role.FINANCE, Role.SUPERVISOR})
PERSON = settings.AUTH_USER_MODEL
TO_MEETING = (ScenarioStatus.PROPOSED, ScenarioStatus.DECIDED)


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    """Scenarios, cut to what a person may see."""

    def live(self) -> Self:
        """Without those of rehearsals."""
        return self.filter(call__rehearsal=False)

    def visible_to(self, user: Any) -> Self:
        """Whoever may see the board, and who keeps minutes what goes before a meeting.

        A list with a case that the reader keeps away from is not there for it.
        """
        if not (user.is_authenticated and user.holds_any(READERS | {Role.SECRETARY})):
            return self.none()
        rows = self if user.holds_any(READERS) else self.filter(proposed_at__isnull=False)
        away = Recusal.objects.filter(person=user, application__places__scenario=OuterRef("pk"))
        return rows.exclude(Exists(away))


class Scenario(Record):
    """A board as it stood: lines, weights, every case with tier, amount and reason. What was frozen never changes."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="scenarios")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    name = models.CharField(_("name"), max_length=80)
    status = models.CharField(
        _("status"), max_length=10, choices=ScenarioStatus, default=ScenarioStatus.FROZEN, editable=False
    )
    prepared_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(_("frozen"))
    frozen = models.JSONField()
    sha256 = models.CharField("SHA-256", max_length=64)
    needed = models.PositiveSmallIntegerField(_("approvals needed"))
    meeting = models.CharField(_("meeting"), max_length=120, blank=True)
    proposed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("put forward"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    voided_at = models.DateTimeField(_("void since"), null=True)
    void_reason = models.CharField(_("void because"), max_length=500, blank=True)
    void_case = models.ForeignKey(Application, models.PROTECT, null=True, related_name="+")  # that has changed

    everything = ScenarioQuerySet.as_manager()
    objects = LiveManager.from_queryset(ScenarioQuerySet)()

    class Meta:
        ordering = ["-prepared_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "ordinal"], name="scenario_ordinal_once"),
            models.UniqueConstraint(
                fields=["call"], condition=Q(status=ScenarioStatus.PROPOSED), name="one_scenario_before_the_meeting",
                violation_error_message=_("Another scenario of this call is put forward already."),
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="scenario_sha256_is_hex"),
            models.CheckConstraint(condition=Q(needed__gte=1), name="scenario_needs_approval"),
            models.CheckConstraint(condition=~Q(name=""), name="scenario_has_a_name"),
            models.CheckConstraint(
                condition=~Q(status__in=TO_MEETING)
                | (Q(proposed_by__isnull=False, proposed_at__isnull=False) & ~Q(meeting="")),
                name="proposed_scenario_has_a_meeting",
                violation_error_message=_("What is put forward names its meeting."),
            ),
            models.CheckConstraint(
                condition=Q(status=ScenarioStatus.DECIDED, decided_at__isnull=False)
                | (~Q(status=ScenarioStatus.DECIDED) & Q(decided_at=None)),
                name="decided_scenario_says_when",
            ),
            models.CheckConstraint(
                condition=(Q(status=ScenarioStatus.VOID, voided_at__isnull=False) & ~Q(void_reason=""))
                | (~Q(status=ScenarioStatus.VOID) & Q(voided_at=None, void_reason="")),
                name="void_scenario_says_why",
                violation_error_message=_("A scenario is void for a reason."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("funding:scenario-detail", args=[self.pk])

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.call.rehearsal

    @property
    def why_void(self) -> str:
        """For the reader."""
        case = f"{self.void_case.number}: " if self.void_case else ""
        return f"{case}{gettext(self.void_reason)}" if self.void_reason else ""

    @property
    def number(self) -> str:
        """How documents call it."""
        return f"{self.call.prefix}{self.call.year}-{self.call.batch:02d}-S{self.ordinal}"


class ScenarioPlace(Record):
    """A case in a scenario. `state` is the hash of everything that the place rests on."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="places")
    application = models.ForeignKey(Application, models.PROTECT, related_name="places")
    position = models.PositiveSmallIntegerField(_("place in the list"))
    rank = models.PositiveSmallIntegerField(_("rank"))
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2)
    rule_tier = models.CharField(_("tier by the rules"), max_length=1, choices=Tier, blank=True)
    rule_amount = models.DecimalField(_("amount by the rules"), max_digits=18, decimal_places=2)
    tier = models.CharField(_("tier"), max_length=1, choices=Tier, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    state = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "application"], name="case_in_a_scenario_once"),
            models.UniqueConstraint(fields=["scenario", "position"], name="place_in_a_scenario_once"),
            models.CheckConstraint(
                condition=Q(amount__range=(0, MOST), rule_amount__range=(0, MOST)),
                name="scenario_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(tier="") | Q(amount=0), name="no_money_without_a_tier",
                violation_error_message=_("Without a tier there is no money."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.position}. {self.application}"

    @property
    def deviates(self) -> bool:
        """Whether it departs from the rules."""
        return (self.tier, self.amount) != (self.rule_tier, self.rule_amount)


class ScenarioApproval(Record):
    """One person's approval of exactly this list; a void one stays, with the reason."""

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="approvals")
    approver = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(_("approved"))
    sha256 = models.CharField("SHA-256", max_length=64)  # of the list that was approved
    voided_at = models.DateTimeField(_("void since"), null=True)
    void_reason = models.CharField(_("void because"), max_length=500, blank=True)

    class Meta:
        ordering = ["approved_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "approver"], name="a_person_approves_once",
                violation_error_message=_("You have approved this list already."),
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="void_approval_says_why",
                violation_error_message=_("An approval is void for a reason."),
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="approval_sha256_is_hex"),
            models.CheckConstraint(
                condition=Q(voided_at=None) | Q(voided_at__gte=F("approved_at")), name="approval_void_later"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.approver} · {self.scenario}"

    @property
    def why_void(self) -> str:
        """For the reader."""
        return gettext(self.void_reason) if self.void_reason else ""

"""Calls and the rules they are bound to."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import TaxonomyStatus, Tier
from consortia.models import Taxonomy
from funding.enums import ApplicationKind, BudgetMode, CallStatus, ExpertMode, ReviewMode, SelectionMode, Stage
from funding.models.form import PUBLISHED_ONLY, FormVersion
from funding.models.live import LiveManager
from funding.rules.milestones import MOST_DAYS, WORKING_DAYS
from funding.rules.modes import mode_conflicts
from members.enums import OFFICIALS
from portal.kernel.models import Attachment, Outage
from portal.kernel.models.base import Record

FOR_CALLS = {"data__has_key": "tranches"}  # the rules of the annual evaluation are rule sets, too


# Yuan. Above every sum of ours and below NaN, which PostgreSQL counts as the greatest of all numbers.
MOST = Decimal(10) ** 15
MOST_GRACE, MOST_OUTAGE_HOURS, MOST_STEP = 240, 168, 120
LAST_BATCH = 9999  # what lies above is a rehearsal's
REHEARSED = "YL-"  # before every number of a rehearsal
MOST_APPLICATIONS = 999  # that a district recommends


class RuleSet(Record):
    """A frozen version of rules; for a call, `data` has the shape of funding.rules.DEFAULT_RULES."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    data = models.JSONField(_("rules"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class CallQuerySet(models.QuerySet["Call"]):
    """Calls, cut to what a person may see."""

    def live(self) -> Self:
        """Without those of rehearsals."""
        return self.filter(rehearsal=False)

    def visible_to(self, user: Any) -> Self:
        """Officials see drafts too; everybody else what is published, the public no rehearsal."""
        if user.is_authenticated and user.holds_any(OFFICIALS):
            return self
        return self.published() if user.is_authenticated else self.published().live()

    def published(self) -> Self:
        """What the public may read."""
        return self.exclude(status=CallStatus.DRAFT)

    def open(self, at: datetime) -> Self:
        """Calls that take applications at this moment."""
        return self.filter(status=CallStatus.PUBLISHED, opens_at__lte=at, closes_at__gt=at)


def days_of_stages(plan: dict[str, Any]) -> None:
    """A plan gives some stages a number of working days. Raises ValidationError."""
    known = set(map(str, WORKING_DAYS))
    if not set(plan) <= known or not all(isinstance(n, int) and 1 <= n <= MOST_DAYS for n in plan.values()):
        raise ValidationError(_("A stage lasts from 1 to %(most)s working days.") % {"most": MOST_DAYS})


def whole_quotas(quotas: dict[str, Any]) -> None:
    """A quota is a whole number of applications, kept under the code of its district. Raises ValidationError."""
    if not all(type(most) is int and 0 <= most <= MOST_APPLICATIONS for most in quotas.values()):
        raise ValidationError(_("A quota is a whole number from 0 to %(most)s.") % {"most": MOST_APPLICATIONS})


class Call(Record):
    """A call for applications; money in yuan."""

    year = models.PositiveSmallIntegerField(_("year"))
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    batch = models.PositiveSmallIntegerField(_("cumulative batch"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    document_number = models.CharField(_("document number"), max_length=40, blank=True)
    guidelines = models.TextField(_("guidelines"), max_length=20_000, blank=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    budget = models.DecimalField(_("budget"), max_digits=18, decimal_places=2, validators=[MinValueValidator(0)])
    line = models.ForeignKey(
        "funding.BudgetLine", models.PROTECT, null=True, blank=True, related_name="calls",
        verbose_name=_("budget line"),
        help_text=_("What its awards are paid from. Left empty: the only line of the year, if there is one."),
    )  # fmt: skip
    cap_a = models.DecimalField(_("cap of tier A"), max_digits=18, decimal_places=2, default=Decimal(2_000_000))
    cap_b = models.DecimalField(_("cap of tier B"), max_digits=18, decimal_places=2, default=Decimal(1_000_000))
    cap_c = models.DecimalField(_("cap of tier C"), max_digits=18, decimal_places=2, default=Decimal(0))
    rules = models.ForeignKey(
        RuleSet, models.PROTECT, related_name="calls", verbose_name=_("rule set"), limit_choices_to=FOR_CALLS
    )
    takes_new = models.BooleanField(_("new consortia may apply"), default=True, db_default=True)
    takes_upgrade = models.BooleanField(
        _("recognised consortia may apply for an upgrade"), default=False, db_default=False
    )
    rehearsal = models.BooleanField(
        _("rehearsal"), default=False, db_default=False,
        help_text=_("For practice: takes no number, gives no money, is not public, and can be deleted as a whole."),
    )  # fmt: skip
    taxonomy = models.ForeignKey(
        Taxonomy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("version of the taxonomy"),
        limit_choices_to={"status": TaxonomyStatus.PUBLISHED}, help_text=_("Left empty: the newest one."),
    )  # fmt: skip  # calls from before versions name none
    form_version = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, blank=True, related_name="calls", limit_choices_to=PUBLISHED_ONLY,
        verbose_name=_("designed form"),
        help_text=_("Sections beside those that every application has. Fixed once the call is published."),
    )  # fmt: skip
    selection_mode = models.CharField(
        _("selection"), max_length=16, choices=SelectionMode, default=SelectionMode.CONVENTIONAL,
        db_default=SelectionMode.CONVENTIONAL,
    )  # fmt: skip
    review_mode = models.CharField(
        _("review"), max_length=16, choices=ReviewMode, default=ReviewMode.ORDINARY, db_default=ReviewMode.ORDINARY
    )
    expert_mode = models.CharField(
        _("experts"), max_length=16, choices=ExpertMode, default=ExpertMode.DRAWN, db_default=ExpertMode.DRAWN
    )
    budget_mode = models.CharField(
        _("budget mode"), max_length=16, choices=BudgetMode, default=BudgetMode.ITEMISED, db_default=BudgetMode.ITEMISED
    )
    district_step = models.BooleanField(_("districts recommend"), default=True, db_default=True)
    credit_step = models.BooleanField(
        _("supervision checks integrity"), default=True, db_default=False
    )  # not in calls of old
    site_visit = models.BooleanField(_("with a site visit"), default=False, db_default=False)
    defence = models.BooleanField(_("with a defence"), default=False, db_default=False)
    grace_minutes = models.PositiveSmallIntegerField(
        _("grace for those at work (minutes)"), default=0, db_default=0, validators=[MaxValueValidator(MOST_GRACE)],
        help_text=_("Who is at work on an application when the call closes may still submit it for so long."),
    )  # fmt: skip
    outage_hours = models.PositiveSmallIntegerField(
        _("outages count in the last … hours"), default=24, db_default=24,
        validators=[MaxValueValidator(MOST_OUTAGE_HOURS)],
        help_text=_("The call closes later by the time that the portal was away in these hours; 0 for never."),
    )  # fmt: skip
    outage_step = models.PositiveSmallIntegerField(
        _("rounded up to … minutes"), default=10, db_default=10,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_STEP)],
    )  # fmt: skip
    plan = models.JSONField(_("plan"), default=dict, db_default={}, blank=True, validators=[days_of_stages])
    quotas = models.JSONField(_("quotas"), default=dict, db_default={}, blank=True, validators=[whole_quotas])
    status = models.CharField(_("status"), max_length=10, choices=CallStatus, default=CallStatus.DRAFT, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    everything = CallQuerySet.as_manager()
    objects = LiveManager.from_queryset(CallQuerySet)()

    class Meta:
        ordering = ["-batch"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "round"],
                name="call_round_once_a_year",
                violation_error_message=_("There is a call for this round of the year already."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="call_closes_after_it_opens",
                violation_error_message=_("The call must close after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(budget__range=(0, MOST), cap_a__range=(0, MOST), cap_b__range=(0, MOST))
                & Q(cap_c__range=(0, MOST)),
                name="call_money_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(rehearsal=False, batch__lte=LAST_BATCH, round__lte=LAST_BATCH)
                | Q(rehearsal=True, batch__gt=LAST_BATCH, round__gt=LAST_BATCH),
                name="rehearsals_are_numbered_apart",
                violation_error_message=_("Rounds and batches above 9999 are those of rehearsals."),
            ),
            models.CheckConstraint(
                condition=Q(
                    grace_minutes__lte=MOST_GRACE,
                    outage_hours__lte=MOST_OUTAGE_HOURS,
                    outage_step__gte=1,
                    outage_step__lte=MOST_STEP,
                ),
                name="call_grace_and_outages_in_range",
                violation_error_message=_("The grace lasts at most 240 minutes, outages count in at most 168 hours."),
            ),
            models.CheckConstraint(
                condition=Q(takes_new=True) | Q(takes_upgrade=True),
                name="call_takes_some_kind",
                violation_error_message=_("A call takes new consortia, upgrades, or both."),
            ),
            models.CheckConstraint(
                condition=Q(status=CallStatus.DRAFT) | ~Q(document_number=""), name="published_call_has_a_document"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("funding:call-detail", args=[self.pk])

    def clean(self) -> None:
        """The modes go together. Raises ValidationError beside each that does not."""
        conflicts = mode_conflicts(
            selection_mode=self.selection_mode, budget_mode=self.budget_mode, district_step=self.district_step,
            has_quotas=bool(self.quotas),
        )  # fmt: skip
        if found := dict(conflicts):
            raise ValidationError({field: str(sentence) for field, sentence in found.items()})

    def cap(self, tier: str) -> Decimal:
        """The most that one consortium of this tier may get, in yuan."""
        return {Tier.A: self.cap_a, Tier.B: self.cap_b, Tier.C: self.cap_c}[Tier(tier)]

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.rehearsal

    @property
    def prefix(self) -> str:
        """What stands before each number that is given in this call."""
        return REHEARSED if self.rehearsal else ""

    @property
    def sequence(self) -> str:
        """Its place in the order of calls, or of rehearsals, in words."""
        if self.rehearsal:
            return gettext("rehearsal %(number)s") % {"number": self.batch - LAST_BATCH}
        words = {"year": self.year, "round": self.round, "batch": self.batch}
        return gettext("%(year)s, round %(round)s, batch %(batch)s") % words

    @property
    def kinds(self) -> list[ApplicationKind]:
        """The kinds of application that are taken."""
        taken = {ApplicationKind.NEW: self.takes_new, ApplicationKind.UPGRADE: self.takes_upgrade}
        return [kind for kind, is_taken in taken.items() if is_taken]

    @property
    def skipped(self) -> set[Stage]:
        """The stages that this call does without."""
        wanted = {
            Stage.RECOMMENDATION: self.district_step,
            Stage.CREDIT_CHECK: self.credit_step,
            Stage.SITE_VISIT: self.site_visit,
            Stage.DEFENCE: self.defence,
        }
        return {stage for stage, is_wanted in wanted.items() if not is_wanted}

    @property
    def finishes_at(self) -> datetime:
        """When nobody can submit any more: the close, and the grace of those who are at work then."""
        return self.closes_at + timedelta(minutes=self.grace_minutes)

    def is_in_grace(self, at: datetime) -> bool:
        """Whether it has closed and those who were at work may still submit."""
        return self.status == CallStatus.PUBLISHED and self.closes_at <= at < self.finishes_at

    def is_open(self, at: datetime) -> bool:
        """Whether applications are taken at this moment."""
        return self.status == CallStatus.PUBLISHED and self.opens_at <= at < self.closes_at


class CallDocument(Record):
    """A document of a call that everybody may read once the call is published."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="documents")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=120)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.title


class CallExtension(Record):
    """A later close, decided before the call closed; the newest is the one that counts."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="extensions")
    closed_at = models.DateTimeField(_("would have closed"))
    closes_at = models.DateTimeField(_("closes"))
    reason = models.TextField(_("reason"), max_length=1000)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("closed_at")),
                name="extension_closes_later",
                violation_error_message=_("An extension closes later than the call would have closed."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="extension_has_a_reason",
                violation_error_message=_("Please give a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call}: {self.closes_at:%Y-%m-%d %H:%M}"


class OutageExtension(Record):
    """A later close that follows by rule from an outage; each outage extends a call once."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="outage_extensions")
    outage = models.ForeignKey(Outage, models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField(_("minutes"))  # by which it closes later
    closed_at = models.DateTimeField(_("would have closed"))
    closes_at = models.DateTimeField(_("closes"))

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["call", "outage"], name="an_outage_extends_a_call_once"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("closed_at")), name="outage_extension_closes_later"),
        ]

    def __str__(self) -> str:
        return f"{self.call}: {self.closes_at:%Y-%m-%d %H:%M}"

"""The direct recognition of a joint platform by the bureau, and the conditions that it goes by."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import PlatformKind
from consortia.models.consortium import Consortium
from consortia.models.platform import Platform
from consortia.rules.platforms import DIRECT_ENDED, OPENED_UP, DirectStatus, Measure
from consortia.rules.recognition import MOST_YEARS, Condition
from members.enums import OFFICIALS
from portal.kernel.models.attachment import Attachment
from portal.kernel.models.base import Record

D = DirectStatus
DECIDED = [D.RECOGNISED, D.NOT_RECOGNISED, D.REVOKED]


def _person() -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")


class TermsVersion(Record):
    """A version of the conditions for one kind of platform; the newest one is in force for new proposals."""

    kind = models.CharField(_("kind"), max_length=12, choices=PlatformKind)
    version = models.PositiveSmallIntegerField(_("version"))
    conditions = models.JSONField(default=list)
    years = models.PositiveSmallIntegerField(
        _("valid for years"), validators=[MinValueValidator(1), MaxValueValidator(MOST_YEARS)]
    )
    experts = models.BooleanField(_("experts are heard"), default=False)
    basis = models.CharField(_("basis"), max_length=200)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="terms_version_once"),
            models.CheckConstraint(condition=Q(years__gte=1, years__lte=MOST_YEARS), name="terms_years_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version}"


class DirectQuerySet(models.QuerySet["DirectRecognition"]):
    """Direct recognitions, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the consortia that the user may see: the bureau all, a district and a member its own."""
        return self.filter(platform__consortium__in=Consortium.objects.visible_to(user))

    def running(self) -> Self:
        """Those not ended."""
        return self.exclude(status__in=DIRECT_ENDED)

    def in_force(self, today: date) -> Self:
        """Recognitions whose last day has not passed."""
        return self.filter(status=D.RECOGNISED, valid_until__gte=today)

    def published(self) -> Self:
        """What the public may know of."""
        return self.filter(
            status=D.RECOGNISED, published_on__isnull=False, platform__consortium__in=Consortium.objects.published()
        )


class DirectRecognition(Record):
    """One proposal of a platform for recognition, from the lead's grounds to the decision of a meeting."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="recognitions")
    status = models.CharField(_("status"), max_length=16, choices=DirectStatus, default=D.PROPOSED, editable=False)
    moved_at = models.DateTimeField(_("waiting since"), default=timezone.now, editable=False)
    grounds = models.TextField(_("grounds"), max_length=2000)
    terms_version = models.PositiveSmallIntegerField(default=0, help_text=_("0: the defaults of the portal."))
    years = models.PositiveSmallIntegerField(_("valid for years"))
    experts = models.BooleanField(_("experts are heard"), default=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    returned_because = models.TextField(_("reason of the return"), max_length=2000, blank=True)
    # --- the district
    supported = models.BooleanField(_("the district supports it"), null=True)
    opinion = models.TextField(_("opinion of the district"), max_length=2000, blank=True)
    opined_by = _person()
    # --- the check and the experts
    check_note = models.TextField(_("remark on the check"), max_length=2000, blank=True)
    checked_by = _person()
    favoured = models.BooleanField(_("the experts are in favour"), null=True)
    expert_count = models.PositiveSmallIntegerField(_("number of experts"), null=True)
    heard_on = models.DateField(_("experts heard on"), null=True)
    expert_opinion = models.TextField(_("experts' opinion"), max_length=4000, blank=True)
    expert_file = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    # --- the decision
    decided_by = _person()
    reason = models.TextField(_("reason of the decision"), max_length=2000, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    meeting = models.CharField(_("meeting"), max_length=120, blank=True)
    meeting_on = models.DateField(_("day of the meeting"), null=True)
    valid_from = models.DateField(_("valid from"), null=True)
    valid_until = models.DateField(_("valid until"), null=True)
    published_on = models.DateField(_("published on"), null=True)
    reminded_on = models.DateField(null=True)
    revoked_because = models.TextField(_("reason of the revocation"), max_length=2000, blank=True)

    objects = DirectQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["status", "moved_at"], name="direct_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["platform"], condition=~Q(status__in=sorted(DIRECT_ENDED)), name="one_direct_at_a_time",
                violation_error_message=_("A direct recognition of this platform is running already."),
            ),
            models.UniqueConstraint(
                fields=["document_number"], condition=Q(status=D.RECOGNISED), name="direct_document_number_once",
                violation_error_message=_("Another platform was recognised under this document number."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("opined_by")) & ~Q(decided_by=F("checked_by"))),
                name="decider_did_not_prepare_direct",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None)
                | (~Q(checked_by=F("proposed_by")) & ~Q(checked_by=F("opined_by"))),
                name="checker_did_not_opine_direct",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=DECIDED) & ~Q(decided_by=None) & Q(meeting_on__isnull=False))
                | (~Q(status__in=DECIDED) & Q(decided_by=None)),
                name="direct_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=D.RECOGNISED)
                | (
                    ~Q(document_number="")
                    & Q(valid_from__isnull=False, valid_until__isnull=False, valid_until__gt=F("valid_from"))
                ),
                name="recognised_with_number_and_term",
            ),
            models.CheckConstraint(
                condition=Q(published_on=None) | Q(status=D.RECOGNISED), name="only_recognised_is_published"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("consortia:direct-detail", args=[self.pk])

    @property
    def is_ended(self) -> bool:
        """Whether nothing is waited for any more."""
        return self.status in DIRECT_ENDED

    def is_over(self, today: date) -> bool:
        """Whether it was recognised and its last day has passed."""
        return bool(self.status == D.RECOGNISED and self.valid_until and self.valid_until < today)

    @property
    def is_expired(self) -> bool:
        """The same today."""
        return self.is_over(timezone.localdate())

    def is_open_to(self, reader: Any) -> bool:
        """Whether the reader may see what officials wrote: they themselves always, others once it is decided."""
        return bool(reader.holds_any(OFFICIALS) or self.status in OPENED_UP)


class DirectCondition(Record):
    """A line of the checklist as it stood when the platform was proposed, and what the check found."""

    recognition = models.ForeignKey(DirectRecognition, models.CASCADE, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    text_zh = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200)
    hard = models.BooleanField(_("required"), default=True)
    measure = models.CharField(_("measured by"), max_length=10, choices=Measure, blank=True)
    least = models.DecimalField(_("at least"), max_digits=14, decimal_places=2, null=True)
    value = models.DecimalField(_("on record"), max_digits=18, decimal_places=2, null=True)
    met = models.BooleanField(_("met"), null=True)
    note = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["recognition", "position"], name="direct_condition_once"),
        ]

    def __str__(self) -> str:
        return str(self.rule)

    @property
    def rule(self) -> Condition:
        """What it asks for."""
        return Condition(self.text_zh, self.text_en, self.hard, self.measure, self.least)


class DirectEvidence(Record):
    """A file that proves what the proposal says."""

    recognition = models.ForeignKey(DirectRecognition, models.CASCADE, related_name="evidence")
    label = models.CharField(_("what it proves"), max_length=120)
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.label

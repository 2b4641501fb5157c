"""The expert pool."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.enums import ADMITTED, ENTERING, EXPERT_READERS, ExpertKind, ExpertStatus, Region, Role, TitleLevel
from members.models.integrity import IntegrityRecord
from members.models.organisation import Organisation
from members.models.role import RoleGrant
from members.rules.experts import REFRESH_AFTER, YEARLY_REVIEWS
from portal.kernel.fields import EncryptedField
from portal.kernel.models.base import Record

S = ExpertStatus

# The rooms above say which of their rows, with a foreign key `expert`, were given to an expert in a calendar year.
LOADS: list[Callable[[int], models.QuerySet[Any]]] = []


class ExpertQuerySet(models.QuerySet["Expert"]):
    """Experts, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """All to those who work with the pool, oneself to an expert, those who enter to their employer."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(EXPERT_READERS):
            return self
        homes = [home for role, home, _district in user.grants if role == Role.ORG_ADMIN]
        return self.filter(Q(user=user) | Q(employer__in=homes, status__in=sorted(ENTERING)))

    def with_standing(self, at: datetime) -> Self:
        """With `reviews_this_year`, `barred` (by a record of the employer) and `holds_role`."""
        today = timezone.localdate(at)
        barring = IntegrityRecord.objects.barring(today).filter(organisation=OuterRef("employer"))
        role = RoleGrant.objects.in_force().filter(user=OuterRef("user"), role=Role.EXPERT)
        load = sum((_counted(rows(today.year)) for rows in LOADS), start=Value(0, output_field=IntegerField()))
        return self.annotate(reviews_this_year=load, barred=Exists(barring), holds_role=Exists(role))

    def assignable(self, at: datetime) -> Self:
        """Those who may be given something to review now."""
        free = Q(reviews_this_year__lt=F("yearly_limit"), barred=False, holds_role=True)
        return self.with_standing(at).filter(free, status=S.ACTIVE, user__is_active=True)

    def overdue(self, at: datetime) -> Self:
        """Those who have not confirmed their data for a year."""
        return self.filter(Q(refreshed_at=None) | Q(refreshed_at__lt=at - REFRESH_AFTER), status__in=sorted(ADMITTED))

    def to_remind(self, at: datetime) -> Self:
        """Those of them who have not been told since they confirmed last."""
        untold = Q(reminded_at=None) | Q(reminded_at__lt=F("refreshed_at"))
        return self.overdue(at).filter(untold, user__is_active=True)

    def employed_by(self, organisations: Any, names: Any, since: date) -> Self:
        """Those who worked on that day or later for one of the organisations, or for an employer of such a name."""
        theirs = Q(organisation__in=organisations) | Q(name__in=names)
        return self.filter(pk__in=Employment.objects.not_over_before(since).filter(theirs).values("expert"))


def _counted(rows: models.QuerySet[Any]) -> Any:
    """How many of the rows are the expert's."""
    mine = rows.filter(expert=OuterRef("pk")).order_by().values("expert").annotate(n=Count("pk"))
    return Coalesce(Subquery(mine.values("n"), output_field=IntegerField()), 0)


class Expert(Record):
    """A person of the pool: what it can judge and where it works."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="expert")
    status = models.CharField(_("status"), max_length=16, choices=S, default=S.APPLIED, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=ExpertKind, default=ExpertKind.TECHNOLOGY)
    fields = models.JSONField(_("sub-fields"), default=list, blank=True)
    hnte_fields = models.JSONField(_("fields of technology"), default=list, blank=True)
    title_level = models.CharField(_("professional title"), max_length=10, choices=TitleLevel, default=TitleLevel.OTHER)
    born = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    region = models.CharField(_("region"), max_length=8, choices=Region, default=Region.CITY)
    employer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="experts")
    yearly_limit = models.PositiveSmallIntegerField(
        _("reviews a year at most"), default=YEARLY_REVIEWS,
        validators=[MinValueValidator(1), MaxValueValidator(YEARLY_REVIEWS)],
    )  # fmt: skip
    refreshed_at = models.DateTimeField(_("data confirmed at"), null=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, editable=False)  # to confirm the data
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    unit_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    unit_source = models.CharField(_("how the employer confirmed"), max_length=300, blank=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False)
    admitted_at = models.DateTimeField(_("in the pool since"), null=True, editable=False)
    ground = models.CharField(_("reason"), max_length=300, blank=True, editable=False)  # of suspension or removal
    suspended_until = models.DateField(_("suspended until"), null=True, editable=False)
    identity_number = EncryptedField(_("identity number"), mask="identity", max_length=24, blank=True)
    bank_name = models.CharField(_("bank and branch"), max_length=120, blank=True)
    bank_account = EncryptedField(_("bank account"), mask="account", max_length=40, blank=True)
    consent_version = models.PositiveSmallIntegerField(_("consent to sensitive data"), default=0, editable=False)
    consented_at = models.DateTimeField(_("consented at"), null=True, editable=False)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ["user__name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=sorted(ADMITTED)) | Q(admitted_at__isnull=False), name="expert_was_admitted"
            ),
            models.CheckConstraint(
                condition=~Q(status=S.ENTRY_CHECKED) | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="expert_entry_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=S.NOMINATED) | Q(nominated_by__isnull=False), name="expert_nominated_by_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[S.SUSPENDED, S.REMOVED]) | ~Q(ground=""), name="expert_out_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(suspended_until=None) | Q(status=S.SUSPENDED), name="only_a_suspension_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(yearly_limit__range=(1, YEARLY_REVIEWS)), name="expert_limit_in_range"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return reverse("members:expert-detail", args=[self.pk])

    def is_overdue(self, at: datetime) -> bool:
        """Whether the yearly confirmation of its data is missing."""
        return self.status in ADMITTED and (self.refreshed_at is None or self.refreshed_at < at - REFRESH_AFTER)


class EmploymentQuerySet(models.QuerySet["Employment"]):
    """Where experts work and worked."""

    def not_over_before(self, day: date) -> Self:
        """Those that still ran on that day, or began later."""
        return self.filter(Q(until=None) | Q(until__gte=day))


class Employment(Record):
    """Where an expert works or worked; later conflicts of interest are read from it."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="employments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("employer outside the portal"), max_length=120, blank=True)
    position = models.CharField(_("position"), max_length=60, blank=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(organisation=None) & ~Q(name="")) | Q(organisation__isnull=False, name=""),
                name="employer_is_an_organisation_or_a_name",
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="employment_in_order"),
            models.UniqueConstraint(fields=["expert"], condition=Q(until=None), name="one_present_employer"),
        ]

    def __str__(self) -> str:
        return str(self.organisation or self.name)

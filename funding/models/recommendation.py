"""What a district recommends in a call, in which order, and when it closed its list."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import ApplicationStatus
from funding.models.application import Application
from funding.models.call import Call
from funding.models.live import LiveManager
from members.enums import BUREAU
from members.models import District
from portal.kernel.models.base import Record

S = ApplicationStatus
GIVEN_UP = (S.WITHDRAWN, S.NOT_RECOMMENDED)  # stays in the list, takes no place of the quota


class RecommendationListQuerySet(models.QuerySet["RecommendationList"]):
    """Lists, cut to what a person may see."""

    def live(self) -> Self:
        """Without those of rehearsals."""
        return self.filter(call__rehearsal=False)

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, a district its own."""
        if not user.is_authenticated:
            return self.none()
        return self if user.holds_any(BUREAU) else self.filter(district__in=user.district_ids)

    def to_close(self, at: datetime) -> Self:
        """Those that nothing stands in the way of: the call is over and no application waits for the district."""
        left = waiting(at).filter(call=models.OuterRef("call"), district=models.OuterRef("district"))
        return self.filter(~models.Exists(left), closed_at=None, call__closes_at__lte=at)


class RecommendationList(Record):
    """What a district recommends in a call; once closed, its order and content stand."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="recommendation_lists", verbose_name=_("call"))
    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    version = models.PositiveIntegerField(default=0)  # counts what was entered and ordered
    number = models.CharField(_("number"), max_length=30, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("time of closing"), null=True)

    everything = RecommendationListQuerySet.as_manager()
    objects = LiveManager.from_queryset(RecommendationListQuerySet)()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "district"], name="one_list_a_district"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, number="", sha256="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(number="") & ~Q(sha256="")),
                name="closed_list_is_numbered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call} · {self.district}"

    def get_absolute_url(self) -> str:
        return reverse("funding:recommendations-detail", args=[self.pk])

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.call.rehearsal


class RecommendationEntry(Record):
    """A recommended application at its place; `facts` are what the list said of it when it was closed."""

    list = models.ForeignKey(RecommendationList, models.CASCADE, related_name="entries")
    application = models.OneToOneField(Application, models.PROTECT, related_name="entry")
    position = models.PositiveSmallIntegerField(_("place in the list"))
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "position"], name="one_application_a_place", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="places_begin_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.application}"


def waiting(at: datetime) -> models.QuerySet[Application]:
    """The applications that a list still waits for: to be recommended or not, or being corrected."""
    undecided = Q(status=S.SUBMITTED) | Q(status=S.RETURNED, correction_due__gte=timezone.localdate(at))
    return Application.everything.filter(undecided, entry__isnull=True)

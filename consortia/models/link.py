"""Links between two consortia: proposed by the lead of one, answered by that of the other, ended by either."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import AT_WORK
from consortia.models.consortium import Consortium
from consortia.rules.links import LinkKind, LinkStatus
from consortia.rules.registers import RecognitionLevel
from portal.kernel.models.base import Record

S = LinkStatus
ANSWERED = [S.ACCEPTED, S.DECLINED, S.ENDED]
WITH_REASON = [S.DECLINED, S.WITHDRAWN, S.ENDED]
PERSON = settings.AUTH_USER_MODEL


class ConsortiumLinkQuerySet(models.QuerySet["ConsortiumLink"]):
    """Links, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of which the user may see one side; of the other side a link tells the name only."""
        own = Consortium.objects.visible_to(user).values("pk")
        return self.filter(Q(proposer__in=own) | Q(partner__in=own))

    def of(self, consortium: Consortium) -> Self:
        """Those in which a consortium is one of the two."""
        return self.filter(Q(proposer=consortium) | Q(partner=consortium)).select_related("proposer", "partner")

    def standing(self) -> Self:
        """Accepted, between two that are at work."""
        both = {"proposer__status__in": AT_WORK, "partner__status__in": AT_WORK}
        return self.filter(status=S.ACCEPTED, **both)


class ConsortiumLink(Record):
    """What two consortia do together; a joint project has a name, and a level and a number once it is public."""

    proposer = models.ForeignKey(
        Consortium, models.CASCADE, related_name="links_proposed", editable=False, verbose_name=_("proposed by")
    )
    partner = models.ForeignKey(
        Consortium, models.CASCADE, related_name="links_answered", editable=False, verbose_name=_("partner consortium")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=LinkKind)
    subject = models.CharField(_("subject"), max_length=120)
    goal = models.TextField(_("goal"), max_length=2000)
    start = models.DateField(_("start"))
    end = models.DateField(_("end"))
    project_name = models.CharField(_("name of the joint project"), max_length=120, blank=True)
    project_level = models.CharField(
        _("level of the public project"), max_length=10, choices=RecognitionLevel, blank=True
    )
    project_number = models.CharField(_("number of the public project"), max_length=60, blank=True)
    status = models.CharField(_("status"), max_length=9, choices=S, default=S.PROPOSED, editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    proposed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", editable=False)
    answered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    ended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    objects = ConsortiumLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(proposer=F("partner")), name="link_joins_two_consortia"),
            models.UniqueConstraint(
                fields=["proposer", "partner", "kind"], condition=Q(status=S.PROPOSED), name="one_open_link_of_a_kind",
                violation_error_code="kind",
                violation_error_message=_("A link of this kind is proposed to this consortium already."),
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="link_ends_after_it_starts",
                violation_error_code="end", violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(kind=LinkKind.PROJECT) & ~Q(project_name="")
                | ~Q(kind=LinkKind.PROJECT) & Q(project_name="", project_level="", project_number=""),
                name="joint_project_has_a_name",
                violation_error_message=_("A joint project, and nothing else, has the name of a project."),
            ),
            models.CheckConstraint(
                condition=Q(project_level="", project_number="") | ~Q(project_level="") & ~Q(project_number=""),
                name="joint_project_has_level_and_number",
                violation_error_message=_("A public project has a level and a number."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=ANSWERED, answered_by__isnull=False, answered_at__isnull=False)
                | ~Q(status__in=ANSWERED) & Q(answered_by=None, answered_at=None),
                name="link_answered_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(status=S.ENDED, ended_by__isnull=False, ended_at__isnull=False)
                | ~Q(status=S.ENDED) & Q(ended_by=None, ended_at=None),
                name="link_ended_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(status__in=WITH_REASON) & ~Q(reason="") | ~Q(status__in=WITH_REASON) & Q(reason=""),
                name="link_over_means_why",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.proposer} ↔ {self.partner}"

    def get_absolute_url(self) -> str:
        return reverse("consortia:link-detail", args=[self.pk])

    @property
    def sides(self) -> tuple[Consortium, Consortium]:
        """Who proposed, and who was asked."""
        return self.proposer, self.partner

    def seen_from(self, own: Collection[Any]) -> tuple[Consortium, Consortium]:
        """The side that is one of `own` (keys of consortia), then the other one."""
        return self.sides if self.proposer_id in own else (self.partner, self.proposer)

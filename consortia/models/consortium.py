"""Consortia and the sub-fields they work in."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consortia.enums import ConsortiumForm, ConsortiumStatus, ConsortiumType, ParticipationStatus, Tier
from members.enums import BUREAU, Role
from members.models import District, Organisation
from portal.kernel.models.base import Record


class SubField(models.Model):
    """A sub-field of a versioned taxonomy; the default sixteen are a proposal, not an official list."""

    code = models.CharField(_("code"), max_length=6, primary_key=True)
    taxonomy = models.CharField(_("taxonomy"), max_length=20, default="default-1")
    cluster_zh = models.CharField(max_length=30)
    cluster_en = models.CharField(max_length=60)
    name_zh = models.CharField(_("Chinese name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=80)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en

    @property
    def cluster(self) -> str:
        """The cluster in the reader's language."""
        return self.cluster_zh if (get_language() or "zh").startswith("zh") else self.cluster_en


class ConsortiumQuerySet(models.QuerySet["Consortium"]):
    """Consortia, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all; a district its own; an organisation those it leads or takes part in."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(BUREAU):
            return self
        mine = Q(
            participations__organisation__in=user.organisation_ids,
            participations__status__in=[ParticipationStatus.INVITED, ParticipationStatus.CONFIRMED],
        )
        taking_part = Consortium.objects.filter(mine).values("pk")
        return self.filter(
            Q(pk__in=taking_part) | Q(lead__in=user.organisation_ids) | Q(district__in=user.district_ids)
        )

    def led_by(self, user: Any) -> Self:
        """Those whose lead organisation the user writes for."""
        organisations = {
            organisation
            for role, organisation, _district in user.grants
            if role in {Role.APPLICANT, Role.SIGNATORY} and organisation
        }
        return self.filter(lead__in=organisations)

    def published(self) -> Self:
        """What the public may know of: granted consortia."""
        return self.exclude(status=ConsortiumStatus.PREPARING).exclude(tier="")


class Consortium(Record):
    """A lead enterprise and its partners, joined to crack key technologies."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    lead = models.ForeignKey(
        Organisation, models.PROTECT, related_name="led_consortia", verbose_name=_("lead organisation")
    )
    sub_field = models.ForeignKey(SubField, models.PROTECT, related_name="consortia", verbose_name=_("sub-field"))
    district = models.ForeignKey(District, models.PROTECT, related_name="consortia", verbose_name=_("district"))
    type = models.CharField(_("type"), max_length=12, choices=ConsortiumType, default=ConsortiumType.MARKET)
    form = models.CharField(_("form"), max_length=8, choices=ConsortiumForm, default=ConsortiumForm.VIRTUAL)
    mission = models.TextField(_("mission"), max_length=2000)
    chief_scientist = models.CharField(_("chief scientist"), max_length=60, blank=True)
    governance = models.TextField(_("governance"), max_length=4000, blank=True)
    tier = models.CharField(_("tier"), max_length=1, choices=Tier, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=ConsortiumStatus, default=ConsortiumStatus.PREPARING, editable=False
    )
    build_from = models.DateField(_("build period from"), null=True, blank=True)
    build_to = models.DateField(_("build period until"), null=True, blank=True)
    recognised_on = models.DateField(_("recognised on"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ConsortiumQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [
            models.Index(fields=["status", "code"], name="consortium_status"),
            models.Index(fields=["district", "code"], name="consortium_district"),
            models.Index(fields=["recognised_on", "id"], name="consortium_recognised"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=~Q(status__in=[ConsortiumStatus.EXITED, ConsortiumStatus.REVOKED]),
                name="consortium_name_is_unique",
                violation_error_message=_("A consortium of this name exists already."),
            ),
            models.CheckConstraint(
                condition=Q(status=ConsortiumStatus.PREPARING) | (~Q(tier="") & Q(recognised_on__isnull=False)),
                name="consortium_at_work_has_a_tier",
            ),
            models.CheckConstraint(
                condition=Q(build_to=None) | Q(build_to__gt=F("build_from")), name="build_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("consortia:consortium-detail", args=[self.pk])

"""Consortia, and who holds which share of an incorporated one."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import (
    ALIVE,
    PRESENT,
    ChainAction,
    ConsortiumForm,
    ConsortiumStatus,
    ConsortiumType,
    OperatingModel,
    Tier,
)
from consortia.models.taxonomy import SubField
from consortia.rules.profile import Direction, IndustryClass
from members.enums import BUREAU, Role
from members.models import District, Organisation
from portal.kernel.models.base import Record

LIVING = Q(status__in=sorted(ALIVE))
PUBLISHED = ~Q(status=ConsortiumStatus.PREPARING) & ~Q(tier="")


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
            participations__status__in=PRESENT,
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
        return self.filter(PUBLISHED)


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
    entity_name = models.CharField(_("name of the entity"), max_length=120, blank=True)
    entity_code = models.CharField(_("credit code of the entity"), max_length=18, blank=True)
    entity_capital = models.DecimalField(
        _("registered capital"), max_digits=18, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    operating_model = models.CharField(
        _("operating model"), max_length=10, choices=OperatingModel, default=OperatingModel.JOINT_TEAM
    )
    cross_fields = models.ManyToManyField(SubField, related_name="+", blank=True, verbose_name=_("further sub-fields"))
    directions = models.JSONField(_("strategic directions"), default=list, blank=True)
    chain_action = models.CharField(
        _("work on the chain"), max_length=10, choices=ChainAction, default=ChainAction.STRENGTHEN
    )
    industry_class = models.CharField(
        _("class of the industry"), max_length=11, choices=IndustryClass, default=IndustryClass.ESTABLISHED
    )
    mission = models.TextField(_("mission"), max_length=2000)
    alignment = models.TextField(_("strategic alignment"), max_length=2000)
    chief_scientist = models.CharField(_("chief scientist"), max_length=60, blank=True)
    governance = models.TextField(_("governance"), max_length=4000, blank=True)
    decision_body = models.CharField(_("decision body"), max_length=200, blank=True)
    secretariat = models.CharField(_("secretariat"), max_length=200, blank=True)
    exit_plan = models.TextField(_("plan for the end of support"), max_length=2000, blank=True)
    sunset_on = models.DateField(_("support ends on"), null=True, blank=True)
    tier = models.CharField(_("tier"), max_length=1, choices=Tier, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=ConsortiumStatus, default=ConsortiumStatus.PREPARING, editable=False
    )
    build_from = models.DateField(_("build period from"), null=True, blank=True)
    build_to = models.DateField(_("build period until"), null=True, blank=True)
    recognised_on = models.DateField(_("recognised on"), null=True, blank=True)
    rectify_by = models.DateField(_("to be rectified until"), null=True, editable=False)
    leaving_since = models.DateField(_("in an exit case since"), null=True, editable=False)
    liaison_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="accompanied_consortia",
        verbose_name=_("liaison officer"),
    )  # fmt: skip
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("contact of the lead organisation"),
    )  # fmt: skip
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    words = models.TextField(default="", editable=False)  # for the search, filled by a trigger

    objects = ConsortiumQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [
            models.Index(fields=["status", "code"], name="consortium_status"),
            models.Index(fields=["district", "code"], name="consortium_district"),
            models.Index(fields=["recognised_on", "id"], name="consortium_recognised"),
            models.Index(F("recognised_on").desc(nulls_last=True), F("id").desc(), name="consortium_newest_recognised"),
            models.Index(fields=["sub_field", "district"], condition=LIVING, name="consortium_coverage"),
            models.Index(fields=["district"], condition=PUBLISHED, name="consortium_published"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=~Q(status__in=[ConsortiumStatus.EXITED, ConsortiumStatus.REVOKED]),
                name="consortium_name_is_unique",
                violation_error_code="name",
                violation_error_message=_("A consortium of this name exists already."),
            ),
            models.CheckConstraint(
                condition=Q(status=ConsortiumStatus.PREPARING)
                | Q(status=ConsortiumStatus.EXITED, tier="", recognised_on=None)  # given up before
                | (~Q(tier="") & Q(recognised_on__isnull=False)),
                name="consortium_at_work_has_a_tier",
            ),
            models.CheckConstraint(
                condition=~Q(status=ConsortiumStatus.CULTIVATION) | Q(tier=Tier.C), name="cultivation_means_tier_c"
            ),
            models.CheckConstraint(
                condition=~Q(status=ConsortiumStatus.OPERATING) | ~Q(tier=Tier.C), name="operating_means_tier_a_or_b"
            ),
            models.CheckConstraint(
                condition=Q(entity_capital=None) | Q(entity_capital__gte=0),
                name="entity_capital_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(form=ConsortiumForm.VIRTUAL, entity_code="")
                | (Q(form=ConsortiumForm.ENTITY) & ~Q(entity_name="") & ~Q(entity_code="")),
                name="entity_means_name_and_code",
                violation_error_message=_(
                    "An incorporated consortium has its own name and code, a virtual one has none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(build_to=None) | Q(build_to__gt=F("build_from")), name="build_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("consortia:consortium-detail", args=[self.pk])

    @property
    def is_overdue(self) -> bool:
        """Whether the day of its rectification has passed."""
        return self.rectify_by is not None and timezone.localdate() > self.rectify_by

    @property
    def direction_labels(self) -> list[str]:
        """The strategic directions in words."""
        return [str(one.label) for one in Direction if one.value in self.directions]


class Shareholding(Record):
    """The share of a member in the company of an incorporated consortium, in per cent."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="shareholdings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    share = models.DecimalField(
        _("share (%)"), max_digits=7, decimal_places=4, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    class Meta:
        ordering = ["-share", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["consortium", "organisation"], name="one_shareholding_each"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=100), name="shareholding_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.share} %"

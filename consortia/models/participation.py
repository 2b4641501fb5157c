"""Member organisations of a consortium."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import IN_CHAIN, PRESENT, ChainPosition, Layer, ParticipationRole, ParticipationStatus
from consortia.models.consortium import Consortium
from members.models import Organisation
from portal.kernel.models.base import Record

SHARE = [MinValueValidator(0), MaxValueValidator(100)]


class ParticipationQuerySet(models.QuerySet["Participation"]):
    """Participations, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the consortia that the user may see, and the own ones, whatever became of them."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(consortium__in=Consortium.objects.visible_to(user)) | Q(organisation__in=user.organisation_ids)
        )

    def present(self) -> Self:
        """Invited, confirmed or still leaving: those that count as members."""
        return self.filter(status__in=PRESENT)

    def answered(self) -> Self:
        """Those of them that have confirmed at least once, and the lead; whoever was only asked is not among them."""
        return self.present().exclude(status=ParticipationStatus.INVITED, invited_until__isnull=False)


class Participation(Record):
    """What one organisation promises in a consortium, and whether it has confirmed exactly this."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="participations")
    role = models.CharField(_("role"), max_length=8, choices=ParticipationRole, default=ParticipationRole.MEMBER)
    layer = models.CharField(_("layer"), max_length=8, choices=Layer, default=Layer.CORE)
    chain_position = models.CharField(_("chain position"), max_length=12, choices=ChainPosition)
    duties = models.TextField(_("duties"), max_length=1000)
    cash = models.DecimalField(
        _("cash commitment"), max_digits=18, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    in_kind = models.DecimalField(
        _("in-kind commitment"), max_digits=18, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    ip_share = models.DecimalField(
        _("IP share (%)"), max_digits=7, decimal_places=4, default=Decimal(0), validators=SHARE
    )
    benefit_share = models.DecimalField(
        _("benefit share (%)"), max_digits=7, decimal_places=4, default=Decimal(0), validators=SHARE
    )
    person_months = models.PositiveIntegerField(_("person-months"), default=0)
    status = models.CharField(
        _("status"), max_length=10, choices=ParticipationStatus, default=ParticipationStatus.INVITED, editable=False
    )
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(_("invited at"))
    invited_until = models.DateField(
        _("answer until"), null=True, help_text=_("The last day of an invitation; empty once it was confirmed.")
    )
    reminded_at = models.DateTimeField(_("reminded at"), null=True)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, related_name="replacements")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    decline_reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["role", "created_at"]
        indexes = [
            models.Index(
                fields=["organisation", "consortium"], condition=Q(status__in=PRESENT), name="participation_present"
            ),
            models.Index(
                fields=["consortium", "chain_position"],
                condition=Q(status__in=PRESENT, chain_position__in=IN_CHAIN),
                name="participation_in_chain",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "organisation"],
                condition=Q(status__in=PRESENT),
                name="organisation_takes_part_once",
                violation_error_message=_("This organisation is a member already."),
            ),
            models.UniqueConstraint(
                fields=["consortium"], condition=Q(role=ParticipationRole.LEAD, status__in=PRESENT), name="one_lead"
            ),
            models.CheckConstraint(
                condition=~Q(role=ParticipationRole.LEAD)
                | Q(status__in=[ParticipationStatus.INVITED, ParticipationStatus.CONFIRMED]),
                name="the_lead_stays",
            ),
            models.CheckConstraint(
                condition=Q(cash__gte=0, in_kind__gte=0, ip_share__gte=0, ip_share__lte=100)
                & Q(benefit_share__gte=0, benefit_share__lte=100),
                name="participation_amounts_in_range",
            ),
            models.CheckConstraint(
                condition=~Q(status=ParticipationStatus.CONFIRMED)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, invited_until=None),
                name="confirmed_means_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(status=ParticipationStatus.DECLINED) | ~Q(decline_reason=""), name="declined_means_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.consortium}"

    def get_absolute_url(self) -> str:
        return reverse("consortia:participation-detail", args=[self.pk])

    @property
    def commitment(self) -> Decimal:
        """Cash and in kind together, in yuan."""
        return self.cash + self.in_kind

    def is_over(self, today: date) -> bool:
        """Its last day to answer has passed, whether or not it was closed already."""
        return self.is_invitation and self.invited_until is not None and self.invited_until < today

    @property
    def is_invitation(self) -> bool:
        """It was asked and has never confirmed; the lead of a consortium is not asked."""
        return self.status == ParticipationStatus.INVITED and self.invited_until is not None

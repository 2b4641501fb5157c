"""Role grants: the only source of rights."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.enums import ADMINISTRATORS, DESCRIPTIONS, KEEPERS, ORGANISATION_ROLES, Role
from members.models.organisation import District, Organisation
from portal.kernel.models.base import Record


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    """Grants, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of one's own organisations; all to those who keep users and roles."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(KEEPERS):
            return self
        return self.filter(organisation__in=user.organisation_ids)

    def in_force(self) -> Self:
        """Those not revoked."""
        return self.filter(revoked_at=None)


class RoleGrant(Record):
    """One role given to one person, bound to an organisation or a district where the role needs it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="role_grants")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="role_grants")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(_("granted at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["role"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(role__in=sorted(ORGANISATION_ROLES), organisation__isnull=False, district=None)
                    | Q(role=Role.DISTRICT_OFFICER, organisation=None, district__isnull=False)
                    | (
                        ~Q(role__in=[*sorted(ORGANISATION_ROLES), Role.DISTRICT_OFFICER])
                        & Q(organisation=None, district=None)
                    )
                ),
                name="role_is_bound_where_it_must_be",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "district"],
                condition=Q(revoked_at=None),
                nulls_distinct=False,
                name="role_is_granted_once",
                violation_error_message=_("This person holds the role already."),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(revoked_at=None, role__in=sorted(ADMINISTRATORS)),
                name="one_administrator_role_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    @property
    def description(self) -> str:
        """What the role is for."""
        return str(DESCRIPTIONS[Role(self.role)])

    @property
    def place(self) -> str:
        """Where it holds: the organisation or district, empty for the whole city."""
        return str(self.organisation or self.district or "")


class RoleProposalQuerySet(models.QuerySet["RoleProposal"]):
    """Proposals, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """All to the security administrators."""
        return self if user.is_authenticated and user.holds(Role.SECURITY_ADMIN) else self.none()

    def open(self, at: datetime) -> Self:
        """Those that somebody can still decide on."""
        return self.filter(decided_at=None, expires_at__gt=at)


class RoleProposal(Record):
    """An administrator role that one security administrator proposes and another one confirms."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_proposals")
    role = models.CharField(
        _("role"), max_length=20, choices=[(role.value, role.label) for role in Role if role in ADMINISTRATORS]
    )
    note = models.CharField(_("reason or document"), max_length=300, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    expires_at = models.DateTimeField(_("valid until"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    confirmed = models.BooleanField(_("confirmed"), default=False)

    objects = RoleProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(decided_at=None), name="one_open_proposal_a_person"),
            models.CheckConstraint(
                condition=Q(role__in=sorted(ADMINISTRATORS)), name="proposal_is_for_an_administrator"
            ),
            models.CheckConstraint(condition=~Q(proposed_by=F("user")), name="nobody_proposes_oneself"),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, confirmed=False)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="proposal_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed=False) | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("user"))),
                name="proposal_is_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

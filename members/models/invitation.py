"""Invitations into an organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.enums import ORGANISATION_ROLES, Role
from members.models.organisation import Organisation
from portal.kernel.models.base import Record

OPEN = Q(accepted_at=None, withdrawn_at=None)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those into the organisations that the person acts for."""
        return self.filter(organisation__in=user.organisation_ids) if user.is_authenticated else self.none()

    def pending(self) -> Self:
        """Neither accepted nor withdrawn; they may have run out."""
        return self.filter(OPEN)


class Invitation(Record):
    """Somebody is asked to join; only the SHA-256 of the token is kept."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    roles = ArrayField(
        models.CharField(
            max_length=20, choices=[(role.value, role.label) for role in Role if role in ORGANISATION_ROLES]
        ),
        verbose_name=_("roles"),
    )
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=OPEN,
                name="one_open_invitation",
                violation_error_message=_("This colleague is invited already."),
            ),
            models.CheckConstraint(
                condition=~Q(roles=[]),
                name="invitation_names_a_role",
                violation_error_message=_("Choose at least one role."),
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="invitation_email_in_lower_case",
                violation_error_message=_("An e-mail address is kept in small letters."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="invitation_ends_one_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation}"

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and at < self.expires_at

    @property
    def role_labels(self) -> list[str]:
        """The roles in words."""
        return [str(Role(role).label) for role in self.roles]

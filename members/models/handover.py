"""Who took over what was open when somebody left a role."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.enums import KEEPERS, Role
from members.models.organisation import District, Organisation
from portal.kernel.models.base import Record


class HandoverQuerySet(models.QuerySet["Handover"]):
    """Hand-overs, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the organisations that one administers; all to those who keep users and roles."""
        if not user.is_authenticated:
            return self.none()
        homes = [home for role, home, _district in user.grants if role == Role.ORG_ADMIN]
        return self if user.holds_any(KEEPERS) else self.filter(organisation__in=homes)


class Handover(Record):
    """Work of one role at one place; without a successor it waits for whoever gets the role next."""

    leaver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="handovers")
    successor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="takeovers")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="handovers")
    district = models.ForeignKey(District, models.PROTECT, null=True, related_name="+")
    work = models.JSONField(_("open work"), default=dict)  # kind of work in English: how much
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("handed over at"))

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=F("leaver")), name="nobody_succeeds_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leaver}: {self.get_role_display()}"

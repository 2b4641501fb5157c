"""Up to which sum a leader may release public money: proposed by one security administrator, confirmed by another."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import LimitStatus
from funding.models.call import MOST
from members.enums import Role
from portal.kernel.models.base import Record

S = LimitStatus
READERS = frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.FINANCE})


class ApprovalLimitQuerySet(models.QuerySet["ApprovalLimit"]):
    """Limits, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Security and audit administrators and finance see all, anybody else the own."""
        if not user.is_authenticated:
            return self.none()
        return self if user.holds_any(READERS) else self.filter(person=user)


class ApprovalLimit(Record):
    """One limit of one person, in yuan; who has none in force releases any sum that the role allows."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="approval_limits", verbose_name=_("person")
    )
    amount = models.DecimalField(_("limit"), max_digits=18, decimal_places=2, null=True)
    reason = models.CharField(_("reason"), max_length=300)
    status = models.CharField(_("status"), max_length=10, choices=S, default=S.PROPOSED, editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects = ApprovalLimitQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(status=S.IN_FORCE), name="one_limit_in_force"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(status=S.PROPOSED), name="one_limit_proposed",
                violation_error_message=_("A new limit of this person waits for the second administrator."),
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0, amount__lte=MOST), name="limit_sound",
                violation_error_message=_("Give zero or more."), violation_error_code="amount",
            ),
            models.CheckConstraint(
                condition=Q(status=S.PROPOSED, decided_by=None, decided_at=None)
                | (~Q(status=S.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="limit_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[S.IN_FORCE, S.ENDED])
                | ~(Q(decided_by=F("proposed_by")) | Q(decided_by=F("person")) | Q(proposed_by=F("person"))),
                name="limit_by_two_others",
                violation_error_message=_("Two administrators set a limit, neither of them for themselves."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.person)

    def get_absolute_url(self) -> str:
        return reverse("funding:limit-list")

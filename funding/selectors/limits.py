"""Named reads of the sums up to which leaders release money."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from funding.enums import LimitStatus
from funding.models import ApprovalLimit
from members.enums import Role
from members.models import User
from members.selectors import holders


def limit_of(user: Any) -> Decimal | None:
    """The sum in yuan up to which this person releases money; None where nobody set one."""
    rows = ApprovalLimit.objects.filter(person=user.pk, status=LimitStatus.IN_FORCE)
    return rows.values_list("amount", flat=True).first()


def within_limit(user: Any, field: str) -> Q:
    """Rows whose `field` the person may release; asks nothing of its own."""
    below = ApprovalLimit.objects.filter(person=user.pk, status=LimitStatus.IN_FORCE, amount__lt=OuterRef(field))
    return ~Q(Exists(below))


def limits(user: Any) -> QuerySet[ApprovalLimit]:
    """All that were ever set, newest first."""
    return ApprovalLimit.objects.visible_to(user).select_related("person", "proposed_by", "decided_by")


def leaders_and_limits() -> Iterator[tuple[User, Decimal | None]]:
    """Everybody who releases money today, with the limit in force; two queries."""
    rows = ApprovalLimit.objects.filter(status=LimitStatus.IN_FORCE)
    found = dict(rows.values_list("person", "amount"))
    for person in holders(Role.LEADER):
        yield person, found.get(person.pk)

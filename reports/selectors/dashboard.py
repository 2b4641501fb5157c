"""The money of a year as the bureau sees it: how it grew over the months, and what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import ExtractMonth, ExtractYear, Greatest
from django.utils import timezone

from funding.enums import TrancheStatus
from funding.models import Award, Payment, Tranche
from funding.models.recusal import kept_applications
from members.enums import Role

T = TrancheStatus
MONTHS = range(1, 13)
# Who has to act on a tranche in each state before the money is where it belongs.
TURNS: tuple[tuple[str, Role], ...] = (
    (T.REQUESTED, Role.OFFICER),
    (T.VERIFIED, Role.FINANCE),
    (T.REVIEWED, Role.LEADER),
    (T.APPROVED, Role.FINANCE),
    (T.BATCHED, Role.LEADER),
    (T.SENT, Role.FINANCE),
    (T.RETURNED, Role.FINANCE),
    (T.ON_HOLD, Role.OFFICER),
    (T.PAID, Role.APPLICANT),
)


@dataclass(frozen=True)
class Month:
    """What was paid in a month, in yuan, and from the year's beginning; None for months to come."""

    month: int
    paid: Decimal
    total: Decimal | None
    before: Decimal  # from the beginning of the year before to the end of the same month


@dataclass(frozen=True)
class Turn:
    """What waits in one state: how many tranches, how much, and for how long the oldest."""

    status: str
    role: Role
    count: int
    amount: Decimal
    days: int | None

    @property
    def label(self) -> str:
        """The state in words."""
        return str(TrancheStatus(self.status).label)


def months(year: int, today: date, user: Any) -> list[Month]:
    """Payments by the day of payment, for awards of any year; one query.

    What the reader keeps away from is not in the sums.
    """
    away = Tranche.objects.filter(award__application__in=kept_applications(user)).order_by()
    rows = Payment.objects.filter(~Q(tranche__in=away.values("pk")), standing__isnull=False)
    cells = (
        rows.filter(paid_on__gte=date(year - 1, 1, 1), paid_on__lte=date(year, 12, 31))
        .order_by()
        .values_list(ExtractYear("paid_on"), ExtractMonth("paid_on"))
        .annotate(Sum("amount"))
    )
    found = {(of, month): amount for of, month, amount in cells}
    paid, before = ([found.get((of, month), Decimal(0)) for month in MONTHS] for of in (year, year - 1))
    ends = 12 if year < today.year else today.month if year == today.year else 0
    sums, sums_before = list(accumulate(paid)), list(accumulate(before))
    return [
        Month(month, paid[month - 1], sums[month - 1] if month <= ends else None, sums_before[month - 1])
        for month in MONTHS
    ]


def paid_in(course: Sequence[Month]) -> Decimal:
    """All that was paid within the year."""
    return sum((one.paid for one in course), Decimal(0))


def turns(today: date, user: Any) -> list[Turn]:
    """What waits for whom, over all years, along the way of the money; one query."""
    away = Award.objects.filter(application__in=kept_applications(user)).order_by()
    rows = Tranche.objects.filter(~Q(award__in=away.values("pk")), status__in=[one for one, _role in TURNS])
    since = Min(Greatest("requested_at", "verified_at", "reviewed_at", "approved_at"))
    cells = rows.order_by().values_list("status").annotate(Count("pk"), Sum("amount"), since=since)
    found = {status: (count, amount, at) for status, count, amount, at in cells}
    return [
        Turn(status, role, count, amount, (today - timezone.localdate(at)).days if at else None)
        for status, role in TURNS
        for count, amount, at in [found.get(status, (0, Decimal(0), None))]
        if count
    ]

"""Outcomes that stand and are not told."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from funding.enums import ApplicationStatus
from funding.models import Application, Call
from funding.models.application import HEAVY, untold

S = ApplicationStatus
# What may still come on a list. Who is suspended by the integrity check may stay so for months: nobody waits for it.
ON_THE_WAY = [S.RECOMMENDED, S.CREDIT_CHECKING, S.CHECKED, S.REVIEWING, S.GRADED, S.DECIDED, S.OBJECTED]


def untold_in(call: Call) -> QuerySet[Application]:
    """Of a call, the published ahead and the declined."""
    return Application.everything.filter(untold(), call=call)


def declined_untold(call: Call, user: Any) -> QuerySet[Application]:
    """Those who were declined and do not know it, as far as the reader may see them."""
    rows = Application.everything.visible_to(user).filter(untold(), call=call, status=S.NOT_APPROVED)
    return rows.select_related("consortium__lead", "district").defer(*HEAVY).order_by("number")


def list_to_come(call: Call) -> bool:
    """Whether something of the call may still be published, or is and has not begun."""
    rows = Application.everything.filter(call=call)
    return rows.filter(status__in=ON_THE_WAY).exists() or rows.filter(untold(), status=S.PUBLICISED).exists()


def calls_to_tell(user: Any) -> QuerySet[Call]:
    """Calls with somebody declined who is not told, where no list is to come."""
    rows = Application.objects.filter(call=OuterRef("pk"))
    ahead = rows.filter(untold(), status=S.PUBLICISED)
    declined = rows.visible_to(user).filter(untold(), status=S.NOT_APPROVED)
    return Call.objects.filter(Exists(declined), ~Exists(rows.filter(status__in=ON_THE_WAY)), ~Exists(ahead))


def calls_with_begun_lists(today: date) -> list[Call]:
    """Calls with a list that has begun, of which nobody was told."""
    rows = Application.everything.filter(untold(), status=S.PUBLICISED, notice__starts_on__lte=today)
    return list(Call.everything.filter(pk__in=rows.values("call")).order_by("pk"))

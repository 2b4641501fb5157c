"""The Seven Ones of a year."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import AT_WORK, Action
from consortia.models import SevenOnesItem, SevenOnesYear
from consortia.rules.sevenones import OneStatus
from portal.kernel.workflow import Reason, Workflow, step

A = Action
S = OneStatus


def year_is_open(row: SevenOnesItem, _at: datetime) -> Reason | None:
    """A closed year stays as it is."""
    closed = SevenOnesYear.objects.filter(year=row.year).exists()
    return _("The year %(year)s is closed.") % {"year": row.year} if closed else None


def year_may_be_claimed(row: SevenOnesItem, at: datetime) -> Reason | None:
    """This year, or the last one while it is open."""
    today = timezone.localdate(at).year
    return None if row.year in {today, today - 1} else _("Only this year and the last one can be claimed.")


def is_recognised(row: SevenOnesItem, _at: datetime) -> Reason | None:
    """Before, the registers say how far it is."""
    if row.consortium.status in AT_WORK:
        return None
    return _("The Seven Ones are claimed while the consortium is recognised.")


SEVEN: Workflow[SevenOnesItem] = Workflow(
    step(
        A.CLAIM_SEVEN, frozenset(S), S.CLAIMED, "consortia.claim_seven", year_is_open, year_may_be_claimed,
        is_recognised,
    ),
    step(A.VERIFY_SEVEN, {S.CLAIMED}, S.VERIFIED, "consortia.verify_seven", year_is_open),
    step(A.RETURN_SEVEN, {S.CLAIMED}, S.RETURNED, "consortia.return_seven", year_is_open),
)  # fmt: skip

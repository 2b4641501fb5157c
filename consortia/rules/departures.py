"""What a consortium would lack without one of its members: pure arithmetic over a few counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Defaults of the eligibility rules; a call may ask for more, which its application is judged by.
LEAST_MEMBERS = 5
LEAST_RESEARCH = 1
LEAST_CAPITAL = 1


@dataclass(frozen=True)
class Seat:
    """A present member as the rules look at it; shares in per cent."""

    group: str
    is_lead: bool
    ip_share: Decimal
    benefit_share: Decimal


@dataclass(frozen=True)
class Check:
    """One rule: what it counts, how much it wants, what there is now and what there would be."""

    label: str | Promise
    needed: str
    now: str
    then: str
    broken: bool


def checks(members: Iterable[Seat], leaving: Seat) -> list[Check]:
    """The rules with and without the member that leaves; `members` includes it."""
    before = list(members)
    after = list(before)
    after.remove(leaving)
    return [
        _least(_("Members"), LEAST_MEMBERS, len(before), len(after)),
        _least(_("Universities and research institutes"), LEAST_RESEARCH, *_both(before, after, "univ")),
        _least(_("Funds and banks"), LEAST_CAPITAL, *_both(before, after, "fund")),
        _one_lead(before, after),
        _shares(_("IP shares given out"), leaving.ip_share, [one.ip_share for one in before]),
        _shares(_("Benefit shares given out"), leaving.benefit_share, [one.benefit_share for one in before]),
    ]


def _both(before: list[Seat], after: list[Seat], group: str) -> tuple[int, int]:
    now, then = (sum(one.group == group for one in seats) for seats in (before, after))
    return now, then


def _least(label: str | Promise, needed: int, now: int, then: int) -> Check:
    return Check(label, f"≥ {needed}", str(now), str(then), then < needed)


def _one_lead(before: list[Seat], after: list[Seat]) -> Check:
    now, then = (sum(one.is_lead for one in seats) for seats in (before, after))
    return Check(_("Lead organisations"), "= 1", str(now), str(then), then != 1)


def _shares(label: str | Promise, leaving: Decimal, shares: list[Decimal]) -> Check:
    """What leaves must be taken by others, or falls free: never more than the whole."""
    now = sum(shares, Decimal(0))
    return Check(label, "≤ 100 %", _percent(now), _percent(now - leaving), now > Decimal(100))


def _percent(share: Decimal) -> str:
    return f"{share.normalize():f} %"

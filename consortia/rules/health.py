"""The health of a consortium as green, amber or red, with the reasons: pure rules over a few figures.

The bounds are proposals of the portal, not official ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

LATE_RED = 60  # days behind a milestone
SILENT_AMBER, SILENT_RED = 14, 45  # days without an answer of a member
GRACE = 180  # days of the build period in which nobody asks for money yet
SEVEN_GRACE = 90  # days of a year in which the Seven Ones of the last one may still be claimed in peace
ARRIVED_AMBER, ARRIVED_RED = Decimal("0.5"), Decimal("0.25")  # of what should have arrived by now


class Signal(TextChoices):
    """How a consortium stands, the worst of its reasons."""

    GREEN = "green", _("On track")
    AMBER = "amber", _("Needs attention")
    RED = "red", _("In trouble")


ORDER = (Signal.GREEN, Signal.AMBER, Signal.RED)


@dataclass(frozen=True)
class Vitals:
    """What the rules look at; money in yuan, days counted back from today, 0 meaning nothing is open.

    `elapsed` and `period` are days of the build period; 0 before it is set.
    """

    late_milestones: int = 0
    days_late: int = 0
    silent_members: int = 0
    days_silent: int = 0
    promised: Decimal = Decimal(0)
    arrived: Decimal = Decimal(0)
    elapsed: int = 0
    period: int = 0
    is_rectifying: bool = False
    unclaimed: int = 0  # of the Seven Ones of the last year, while it can still be claimed
    days_since_year: int = 0


@dataclass(frozen=True)
class Reason:
    """Why the signal is not green, in words with the figures used."""

    signal: Signal
    text: str | Promise


@dataclass(frozen=True)
class Health:
    """The signal and its reasons, the gravest first."""

    reasons: tuple[Reason, ...] = ()

    @property
    def signal(self) -> Signal:
        """Green without a reason."""
        return self.reasons[0].signal if self.reasons else Signal.GREEN

    @property
    def look(self) -> Mapping[str, str]:
        """Class and icon of the badge."""
        return LOOKS[self.signal]


LOOKS: Mapping[Signal, Mapping[str, str]] = MappingProxyType({
    Signal.GREEN: {"kind": "ok", "icon": "circle-check"},
    Signal.AMBER: {"kind": "warn", "icon": "alert-triangle"},
    Signal.RED: {"kind": "bad", "icon": "alert-circle"},
})  # fmt: skip


def health(vitals: Vitals) -> Health:
    """The health that these figures show."""
    rules = (_order, _milestones, _members, _money, _seven)
    reasons = [one for rule in rules if (one := rule(vitals))]
    return Health(tuple(sorted(reasons, key=lambda one: -ORDER.index(one.signal))))


def _order(vitals: Vitals) -> Reason | None:
    return Reason(Signal.RED, _("Ordered to put things right")) if vitals.is_rectifying else None


def _milestones(vitals: Vitals) -> Reason | None:
    if not vitals.late_milestones:
        return None
    words = ngettext(
        "%(n)d milestone is overdue, by %(days)d days", "%(n)d milestones are overdue, by up to %(days)d days",
        vitals.late_milestones,
    )  # fmt: skip
    return _graded(vitals.days_late > LATE_RED, words, n=vitals.late_milestones, days=vitals.days_late)


def _members(vitals: Vitals) -> Reason | None:
    if not vitals.silent_members or vitals.days_silent <= SILENT_AMBER:
        return None
    words = ngettext(
        "%(n)d member has not answered for %(days)d days", "%(n)d members have not answered, for up to %(days)d days",
        vitals.silent_members,
    )  # fmt: skip
    return _graded(vitals.days_silent > SILENT_RED, words, n=vitals.silent_members, days=vitals.days_silent)


def _money(vitals: Vitals) -> Reason | None:
    """Promises should arrive as evenly as the build period passes."""
    if vitals.elapsed <= GRACE or not vitals.period or not vitals.promised:
        return None
    due = vitals.promised * min(vitals.elapsed, vitals.period) / vitals.period
    share = vitals.arrived / due
    if share >= ARRIVED_AMBER:
        return None
    words = str(_("%(arrived)s of %(due)s (×10k yuan) promised by now have arrived"))
    return _graded(share < ARRIVED_RED, words, arrived=_wan(vitals.arrived), due=_wan(due))


def _seven(vitals: Vitals) -> Reason | None:
    """A year without claims is a year of which nobody knows what was built."""
    if not vitals.unclaimed or vitals.days_since_year <= SEVEN_GRACE:
        return None
    words = ngettext(
        "%(n)d of the Seven Ones of last year is not claimed", "%(n)d of the Seven Ones of last year are not claimed",
        vitals.unclaimed,
    )  # fmt: skip
    return _graded(False, words, n=vitals.unclaimed)


def _graded(grave: bool, words: str, **figures: Any) -> Reason:
    return Reason(Signal.RED if grave else Signal.AMBER, words % figures)


def _wan(amount: Decimal) -> str:
    return f"{amount / 10_000:,.1f}"

"""How far a consortium is in its life, and how long the bureau waits: pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, ConsortiumStatus, Stage, Tier

STARTING_UNTIL = Fraction(1, 3)  # of the build period
RECTIFICATION_MONTHS = 6
STATEMENT_WORKING_DAYS = 10
PUBLICITY_DAYS = 7

LEAVING = frozenset({ConsortiumStatus.EXITED, ConsortiumStatus.REVOKED})


@dataclass(frozen=True)
class Standing:
    """A stage, and why it is this one."""

    stage: Stage
    reason: str | Promise


def stage_of(
    *, status: str, leaving_since: date | None, build_from: date | None, build_to: date | None, today: date
) -> Standing:
    """The stage that follows from status and build period on a day."""
    if status == ConsortiumStatus.PREPARING:
        return Standing(Stage.PREPARING, _("It is not recognised yet."))
    if status in LEAVING and not build_from:
        return Standing(Stage.LEAVING, _("It was given up while it was being prepared."))
    if status in LEAVING:
        return Standing(Stage.LEAVING, _("It has left the programme."))
    if leaving_since:
        return Standing(Stage.LEAVING, _("An exit case is running."))
    if status == ConsortiumStatus.GRADUATED:
        return Standing(Stage.MATURE, _("It has graduated and stands on its own feet."))
    return _at_work(build_from, build_to, today)


def _at_work(build_from: date | None, build_to: date | None, today: date) -> Standing:
    if not build_from or not build_to:
        return Standing(Stage.STARTING, _("Its build period is not set."))
    if today > build_to:
        return Standing(Stage.MATURE, _("Its build period is over."))
    if Fraction((today - build_from).days, (build_to - build_from).days) < STARTING_UNTIL:
        return Standing(Stage.STARTING, _("It is in the first third of its build period."))
    return Standing(Stage.GROWING, _("It is past the first third of its build period."))


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


def reachable_tiers(tier: str, action: str) -> list[str]:
    """The tiers above (upgrade) or below (downgrade) the present one."""
    if action == Action.UPGRADE:
        return [one.value for one in Tier if one.value < tier]
    return [one.value for one in Tier if one.value > tier]

"""The plan of a call: one stage after the other from its close on, in working days of mainland China.

The public notice alone runs in calendar days, as the rule set of the call says.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise

from funding.enums import Stage
from portal.kernel.calendar import add_working_days, holiday_on, is_published, is_working_day, next_working_day

# Working days of a stage where the call says nothing else: a proposal, not official policy.
WORKING_DAYS: dict[Stage, int] = {
    Stage.RECOMMENDATION: 10,
    Stage.FORMAL_CHECK: 10,
    Stage.CREDIT_CHECK: 5,
    Stage.REVIEW: 15,
    Stage.SITE_VISIT: 5,
    Stage.DEFENCE: 3,
    Stage.DECISION: 10,
    Stage.APPROVAL: 10,
}
MOST_DAYS = 120


@dataclass(frozen=True)
class Milestone:
    """A stage from its first to its last day; `holidays` are the names of those that fall into a public notice."""

    stage: Stage
    starts_on: date
    ends_on: date
    holidays: tuple[Promise, ...] = ()

    @property
    def provisional(self) -> bool:
        """Whether the calendar of one of its years is not published yet."""
        return not is_published(self.starts_on, self.ends_on)


def plan(closes_on: date, *, days: Mapping[str, int], skipped: Set[Stage], notice_days: int) -> Iterator[Milestone]:
    """The stages after the close, without those `skipped`; `days` overrides the working days of a stage."""
    before = closes_on
    for stage in (one for one in Stage if one not in skipped):
        first = next_working_day(before)
        if stage == Stage.PUBLIC_NOTICE:
            before = first + timedelta(days=notice_days - 1)
            yield Milestone(stage, first, before, _holidays(first, before))
        else:
            before = add_working_days(before, days.get(stage, WORKING_DAYS[stage]))
            yield Milestone(stage, first, before)


def _holidays(first: date, last: date) -> tuple[Promise, ...]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(dict.fromkeys(name for day in days if (name := holiday_on(day))))


def closes_on_a_day_off(day: date) -> bool:
    """Whether nobody is in the office to help when the call closes."""
    return not is_working_day(day)

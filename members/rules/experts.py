"""What is asked of an expert; cities differ, so every number stands here."""

from collections.abc import Collection
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.enums import ExpertKind, TitleLevel

YEARLY_REVIEWS = 10  # most reviews in a calendar year; an expert may ask for fewer
REFRESH_AFTER = timedelta(days=365)  # an expert confirms its data once a year
FORMER_YEARS = 3  # for so long a former employer bars; a call may say otherwise
AGE_LIMIT = 65  # warns, does not bar
YOUNGEST, OLDEST = 18, 100
NEEDS_FIELD = frozenset({ExpertKind.TECHNOLOGY, ExpertKind.INDUSTRY})

# What the officer ticks off before somebody enters.
CHECKLIST = {
    "title": _("The professional title is proven"),
    "field": _("Work of the last years shows knowledge of the fields named"),
    "integrity": _("No misconduct is on record"),
}


def conflicts_since(*, on: date, years: int = FORMER_YEARS) -> date:
    """The day since which an employment bars; of 29 February it is 1 March."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return date(on.year - years, 3, 1)


def warnings(*, title_level: str, born: int | None, on: date) -> list[str | Promise]:
    """What the officer should weigh and explain; none of it bars."""
    found: list[str | Promise] = []
    if title_level == TitleLevel.OTHER:
        found.append(_("No senior or associate senior title."))
    if born and on.year - born > AGE_LIMIT:
        found.append(_("Older than %(limit)s.") % {"limit": AGE_LIMIT})
    return found


def unticked(ticked: Collection[str]) -> list[str]:
    """Points of the checklist that are still open."""
    return [name for name in CHECKLIST if name not in ticked]

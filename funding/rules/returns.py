"""What a return reopens: the sections of the form, the files, and the consortium as a whole."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funding.rules.sections import BASICS, BUDGET, ELIGIBILITY, SECTIONS

FILES, AVOID, CONSORTIUM = "files", "avoid", "consortium"
PARTS: dict[str, str | Promise] = {
    **{section.code: section.title for section in SECTIONS.values()},
    FILES: _("Files"),
    AVOID: _("Experts to be avoided"),
    CONSORTIUM: _("Consortium, members, agreement, technologies and tasks"),
}
ALWAYS_OPEN = {ELIGIBILITY.code}  # a deviation that arises meanwhile needs its reason


def part_of(code: str, designed: Collection[str] = ()) -> str:
    """The part to which a section, built in or designed, or a piece of the snapshot belongs."""
    return code if code in PARTS or code in designed else CONSORTIUM


def opened_by(returned: Collection[str]) -> set[str]:
    """The parts that may be changed when these were returned: a budget follows the amount and the members."""
    follows = set() if {BASICS.code, CONSORTIUM}.isdisjoint(returned) else {BUDGET.code}
    return {*returned, *ALWAYS_OPEN, *follows}

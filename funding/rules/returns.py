"""What a return reopens: the sections of the form, the files, and the consortium as a whole."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funding.rules.sections import ELIGIBILITY, SECTIONS

FILES, CONSORTIUM = "files", "consortium"
PARTS: dict[str, str | Promise] = {
    **{section.code: section.title for section in SECTIONS.values()},
    FILES: _("Files"),
    CONSORTIUM: _("Consortium, members, agreement, technologies and tasks"),
}
ALWAYS_OPEN = {ELIGIBILITY.code}  # a deviation that arises meanwhile needs its reason


def part_of(code: str) -> str:
    """The part to which a section or a piece of the snapshot belongs."""
    return code if code in PARTS else CONSORTIUM

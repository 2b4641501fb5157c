"""Whether the number of an outcome can be one: patents, standards, software copyrights.

Chinese patents after ZC 0006-2003 (application number and its check digit) and ZC 0007 (publication number); numbers of
other countries, of PCT applications and of international standards are taken as they are written.
"""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.enums import OutcomeKind, PatentType, StandardLevel
from consortia.rules.numbers import tidy
from members.rules.codes import COUNTRIES

Fault = str | Promise

NO_PATENT = _(
    "A Chinese patent number reads like ZL 2023 1 0123456.6 or CN 115123456 B; a number of another country begins with "
    "its two letters, one of an international application with PCT or WO."
)
NO_CHECK = _("The last sign is the check digit, and this one does not fit. Please compare it with the document.")
OTHER_TYPE = _("By its number this patent is of another type. Please compare both with the document.")
NO_SOFTWARE = _("The registration number of a software copyright reads like 2026SR0123456.")
NO_STANDARD = _("The number of such a standard reads like %(example)s.")

ELSEWHERE = re.compile(r"(PCT)?([A-Z]{2})\d{4,}.*")
OFFICES = COUNTRIES | {"WO", "EP", "EA", "AP", "OA"}  # of states, and of several together
APPLICATION = re.compile(r"((?:19[89]\d|20\d\d)([12389])\d{7}|\d{2}([12389])\d{5})([0-9X])?")
PUBLICATION = re.compile(r"\d{7,9}[A-DSUY]\d?|\d{7}|\d{9}")
SOFTWARE = re.compile(r"\d{4}SR\d{6,7}")
TYPES = {
    "1": PatentType.INVENTION, "8": PatentType.INVENTION, "2": PatentType.UTILITY, "9": PatentType.UTILITY,
    "3": PatentType.DESIGN,
}  # fmt: skip
STANDARDS: Mapping[str, tuple[re.Pattern[str], str]] = {
    StandardLevel.NATIONAL: (re.compile(r"GB(?:/?[TZ])?\d+(?:\.\d+)*-(?:\d{2}|\d{4})"), "GB/T 12345.6-2026"),
    StandardLevel.INDUSTRY: (
        re.compile(r"(?!GB)(?:DB\d{2,6}|[A-Z]{2,3})(?:/?[TZ])?\d+(?:\.\d+)*-(?:\d{2}|\d{4})"), "SJ/T 12345-2026"
    ),
    StandardLevel.GROUP: (re.compile(r"T/?[A-Z0-9]*[A-Z][A-Z0-9.]*\d-\d{4}"), "T/ABC 001-2026"),
    StandardLevel.ENTERPRISE: (re.compile(r"Q/?[^-]*\d.*"), "Q/ABC 001-2026"),
}  # fmt: skip


def check_sign(digits: str) -> str:
    """The check digit after the 8 or 12 digits of an application: weights 2 to 9, again from 2, modulo 11; ten is X."""
    rest = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(digits)) % 11
    return "X" if rest == 10 else str(rest)


def number_fault(kind: str, written: str, *, patent_type: str = "", standard_level: str = "") -> Fault:
    """What is wrong with a number of this kind; empty when nothing is, or when the kind has no form of its own."""
    text = tidy(written)
    if kind == OutcomeKind.PATENT:
        return _patent_fault(text, patent_type)
    if kind == OutcomeKind.STANDARD and standard_level in STANDARDS:
        pattern, example = STANDARDS[standard_level]
        return "" if pattern.fullmatch(text.replace(":", "-")) else NO_STANDARD % {"example": example}
    if kind == OutcomeKind.SOFTWARE and not SOFTWARE.fullmatch(re.sub(r"[^0-9A-Z]", "", text)):
        return NO_SOFTWARE
    return ""


def _patent_fault(text: str, patent_type: str) -> Fault:
    plain = re.sub(r"[^0-9A-Z]", "", text)
    elsewhere = ELSEWHERE.fullmatch(plain)
    if elsewhere and (elsewhere[1] or elsewhere[2] in OFFICES):
        return ""
    bare = re.sub(r"^(?:CN|ZL)+", "", plain)
    if PUBLICATION.fullmatch(bare) and not _is_old_application(text):
        return ""
    found = APPLICATION.fullmatch(bare)
    if not found:
        return NO_PATENT
    digits, new, old, sign = found.groups()
    if sign and sign != check_sign(digits):
        return NO_CHECK
    return OTHER_TYPE if patent_type and TYPES[new or old] != patent_type else ""


def _is_old_application(text: str) -> bool:
    """Nine signs are an application of before October 2003 with its check digit if they are called a patent so."""
    return text.startswith("ZL") or re.search(r"\.[0-9X]$", text) is not None

"""Which roles go together, and which roles a rule of the house speaks of."""

import re
from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.enums import ADMINISTRATORS, BUREAU, OFFICIALS, ORGANISATION_ROLES, Role

# The words by which a rule names its people when it does not name a role. A test asks that
# every permission of the house names somebody.
WORDS: tuple[tuple[str, Collection[Role]], ...] = (
    (r"\badministers\b", {Role.ORG_ADMIN}),
    (r"\bwrites\b|\bleads\b", {Role.APPLICANT}),
    (r"\bsigns\b", {Role.SIGNATORY}),
    (r"\bconfirms\b", {Role.CONFIRMER}),
    (r"\bacts for\b", ORGANISATION_ROLES),
    (r"\bdistrict\b", {Role.DISTRICT_OFFICER}),
    (r"\bexpert\b", {Role.EXPERT}),
    (r"\babout oneself\b|\bone's own request\b", frozenset(Role)),
    (r"\bassigns\b", {Role.ACCEPTANCE}),
    (r"\bhandles\b", {Role.SUPERVISOR}),
    (r"\basked\b", BUREAU),
    (r"\bofficial\b", OFFICIALS),
    (r"\bbureau\b", BUREAU),
    (r"\banybody\b", frozenset(Role)),
)
EXCEPTIONS = re.compile(r"\b(?:not|did not)\b[^()]*")


def named_in(text: str) -> set[Role]:
    """The roles that a rule's text speaks of; what it excepts does not count."""
    positive = EXCEPTIONS.sub("", text)
    found = {role for role in Role if re.search(rf"\b{role}\b", positive)}
    return found.union(*(roles for pattern, roles in WORDS if re.search(pattern, positive)))


def obstacle(role: Role, held: Collection[str]) -> str | Promise | None:
    """Why somebody who holds `held` may not get `role` as well; None when nothing stands in the way."""
    others = {Role(other) for other in held}
    if role in ADMINISTRATORS and others - {role}:
        return _("An administrator holds no other role; please revoke the other roles first.")
    if others & ADMINISTRATORS:
        return _("This person is an administrator and can hold no other role.")
    if role in ORGANISATION_ROLES and others & OFFICIALS:
        return _("This person works for the administration and cannot act for an organisation.")
    if role in OFFICIALS and others & ORGANISATION_ROLES:
        return _("This person acts for an organisation and cannot work for the administration.")
    return None

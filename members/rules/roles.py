"""Which roles go together."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.enums import ADMINISTRATORS, OFFICIALS, ORGANISATION_ROLES, Role


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

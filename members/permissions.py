"""Who may do what in the members room; `holds` serves the rooms above."""

from collections.abc import Collection
from typing import Any

from members.enums import BUREAU, EXPERT_READERS, KEEPERS, OFFICIALS, Role
from portal.kernel.authz import Rule, permit, rule


def holds(*roles: Role) -> Rule:
    """The user holds one of the roles, wherever."""
    return Rule(" or ".join(roles), lambda user, _obj: user.holds_any(roles))


def holds_any(roles: Collection[Role], text: str) -> Rule:
    """The user holds one of a named set of roles."""
    return Rule(text, lambda user, _obj: user.holds_any(roles))


is_official = holds_any(OFFICIALS, "official")
is_bureau = holds_any(BUREAU, "bureau")


@rule("anybody who is signed in")
def anybody(_user: Any, _obj: Any) -> bool:
    return True


@rule("administers this organisation")
def administers(user: Any, organisation: Any) -> bool:
    return bool(user.holds(Role.ORG_ADMIN, organisation=organisation.pk))


@rule("acts for this organisation")
def acts_for(user: Any, organisation: Any) -> bool:
    return organisation.pk in user.organisation_ids


@rule("administers the organisation of this invitation or role")
def administers_its_organisation(user: Any, obj: Any) -> bool:
    return bool(obj.organisation_id and user.holds(Role.ORG_ADMIN, organisation=obj.organisation_id))


@rule("about oneself")
def about_oneself(user: Any, person: Any) -> bool:
    return bool(person and user.pk == person.pk)


@rule("one's own role")
def own_role(user: Any, grant: Any) -> bool:
    return bool(user.pk == grant.user_id)


permit("members.update_organisation", administers)
permit("members.record_year", administers)
permit("members.invite_colleague", administers)
permit("members.invite_organisation", holds(Role.APPLICANT))
permit("members.withdraw_invitation", administers_its_organisation)
permit("members.view_registry", is_official)
permit("members.view_people", acts_for | is_bureau)
permit("members.view_integrity", is_official)
permit("members.view_roles", anybody)
permit("members.view_experts", holds(*sorted(EXPERT_READERS)))
permit("members.list_users", holds(*sorted(KEEPERS)))
permit("members.create_user", holds(Role.SYSTEM_ADMIN))
permit("members.deactivate_user", holds(Role.SYSTEM_ADMIN) & ~about_oneself)
permit("members.reactivate_user", holds(Role.SYSTEM_ADMIN) & ~about_oneself)
permit("members.grant_role", holds(Role.SECURITY_ADMIN) & ~about_oneself)
permit("members.revoke_role", administers_its_organisation | (holds(Role.SECURITY_ADMIN) & ~own_role))
permit("members.view_audit", holds(Role.AUDIT_ADMIN, Role.SUPERVISOR))

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


@rule("the expert itself")
def own_profile(user: Any, expert: Any) -> bool:
    return bool(expert and expert.user_id == user.pk)


@rule("administers an organisation of the person who asks")
def administers_the_asker(user: Any, request: Any) -> bool:
    return any(user.holds(Role.ORG_ADMIN, organisation=place) for place in request.person.organisation_ids)


@rule("one's own request")
def own_request(user: Any, request: Any) -> bool:
    return bool(request.person_id == user.pk)


@rule("one's own role")
def own_role(user: Any, grant: Any) -> bool:
    return bool(user.pk == grant.user_id)


@rule("proposed it oneself")
def proposed_it(user: Any, proposal: Any) -> bool:
    return bool(proposal and user.pk == proposal.proposed_by_id)


permit("members.update_organisation", administers)
permit("members.record_year", administers)
permit("members.update_payee", administers)
permit("members.view_payee", acts_for | holds(*sorted(BUREAU)))
permit("members.reveal_payee", administers | holds(Role.FINANCE))
permit("members.update_own_data", about_oneself)
permit("members.update_fees", own_profile)
permit("members.reveal_fees", own_profile | holds(Role.FINANCE))
permit("members.reveal_phone", about_oneself | holds(Role.SYSTEM_ADMIN))
permit("members.view_corrections", holds(Role.ORG_ADMIN, Role.SYSTEM_ADMIN))
permit("members.answer_correction", (holds(Role.SYSTEM_ADMIN) | administers_the_asker) & ~own_request)
permit("members.restrict_person", holds(Role.SYSTEM_ADMIN) & ~about_oneself)
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
permit("members.reactivate_user", holds(*sorted(KEEPERS)) & ~about_oneself)
permit("members.grant_role", holds(Role.SECURITY_ADMIN) & ~about_oneself)
permit("members.revoke_role", administers_its_organisation | (holds(Role.SECURITY_ADMIN) & ~own_role))
permit("members.confirm_proposal", holds(Role.SECURITY_ADMIN) & ~own_role & ~proposed_it)
permit("members.decline_proposal", holds(Role.SECURITY_ADMIN) & ~own_role)
permit("members.release_lock", holds(Role.SECURITY_ADMIN) & ~own_role)
permit("members.keep_account", anybody)
permit("members.view_system_console", holds(Role.SYSTEM_ADMIN))
permit("members.view_security_console", holds(Role.SECURITY_ADMIN))
permit("members.view_audit_console", holds(Role.AUDIT_ADMIN))
permit("members.view_audit", holds(Role.AUDIT_ADMIN, Role.SUPERVISOR))
permit("members.export_audit", holds(Role.AUDIT_ADMIN))

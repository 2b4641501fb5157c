"""Who may do what in the members room; `holds` serves the rooms above."""

from collections.abc import Collection
from typing import Any

from members.enums import (
    ADMINISTRATORS,
    BUREAU,
    EXPERT_READERS,
    KEEPERS,
    OFFICIALS,
    ORGANISATION_ROLES,
    RELATION_READERS,
    Role,
)
from portal.kernel.authz import Rule, permit, rule


def holds(*roles: Role) -> Rule:
    """The user holds one of the roles, wherever."""
    return holds_any(roles, " or ".join(roles))


def holds_any(roles: Collection[Role], text: str) -> Rule:
    """The user holds one of a named set of roles."""
    return Rule(text, lambda user, _obj: user.holds_any(roles), frozenset(roles))


is_official = holds_any(OFFICIALS, "official")
is_bureau = holds_any(BUREAU, "bureau")


@rule("anybody who is signed in", *Role)
def anybody(_user: Any, _obj: Any) -> bool:
    return True


@rule("administers this organisation", Role.ORG_ADMIN)
def administers(user: Any, organisation: Any) -> bool:
    return bool(user.holds(Role.ORG_ADMIN, organisation=organisation.pk))


@rule("acts for this organisation", *ORGANISATION_ROLES)
def acts_for(user: Any, organisation: Any) -> bool:
    return organisation.pk in user.organisation_ids


@rule("administers the organisation of this invitation or role", Role.ORG_ADMIN)
def administers_its_organisation(user: Any, obj: Any) -> bool:
    return bool(obj.organisation_id and user.holds(Role.ORG_ADMIN, organisation=obj.organisation_id))


@rule("about oneself", *Role)
def about_oneself(user: Any, person: Any) -> bool:
    return bool(person and user.pk == person.pk)


@rule("the expert itself", Role.EXPERT)
def own_profile(user: Any, expert: Any) -> bool:
    return bool(expert and expert.user_id == user.pk)


@rule("anybody for oneself", *Role)
def for_oneself(user: Any, expert: Any) -> bool:
    """The profile of an expert is one's own, or is not there yet."""
    return expert is None or bool(expert.user_id == user.pk)


@rule("administers the employer", Role.ORG_ADMIN)
def administers_employer(user: Any, expert: Any) -> bool:
    return bool(expert and expert.employer_id and user.holds(Role.ORG_ADMIN, organisation=expert.employer_id))


@rule("checked the entry oneself")
def checked_entry(user: Any, expert: Any) -> bool:
    return bool(expert and expert.checked_by_id == user.pk)


@rule("administers an organisation of the person who asks", Role.ORG_ADMIN)
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


@rule("an officer of its district", Role.DISTRICT_OFFICER)
def of_its_district(user: Any, obj: Any) -> bool:
    """`obj` is an organisation, or something that belongs to one."""
    organisation = getattr(obj, "organisation", obj)
    district = organisation and organisation.district_id
    return bool(district and user.holds(Role.DISTRICT_OFFICER, district=district))


@rule("stated it oneself")
def stated_it(user: Any, obj: Any) -> bool:
    return bool(obj and obj.stated_by_id == user.pk)


@rule("acts for the organisation concerned", *ORGANISATION_ROLES)
def concerned(user: Any, obj: Any) -> bool:
    return bool(obj and getattr(obj, "organisation_id", obj.pk) in user.organisation_ids)


keeps_registry = holds(Role.OFFICER, Role.HEAD)
oversees = holds(Role.OFFICER, Role.HEAD) | of_its_district

permit("members.update_organisation", administers)
permit("members.verify_organisation", oversees)
permit("members.affiliate_organisation", oversees)
permit("members.update_district", holds(Role.OFFICER, Role.HEAD))
permit("members.suspend_organisation", holds(Role.OFFICER, Role.HEAD))
permit("members.resume_organisation", holds(Role.OFFICER, Role.HEAD))
permit("members.deregister_organisation", holds(Role.OFFICER, Role.HEAD))
permit("members.export_organisations", is_official)
permit("members.record_year", administers)
permit("members.correct_year", administers_its_organisation)
permit("members.verify_year", oversees & ~stated_it)
permit("members.question_year", oversees & ~stated_it)
permit("members.view_imports", keeps_registry)
permit("members.upload_import", keeps_registry)
permit("members.check_import", keeps_registry)
permit("members.apply_import", keeps_registry)
permit("members.discard_import", keeps_registry)
permit("members.add_qualification", administers)
permit("members.withdraw_qualification", administers_its_organisation)
permit("members.verify_qualification", oversees & ~stated_it)
permit("members.decline_qualification", oversees & ~stated_it)
permit("members.record_integrity", holds(Role.SUPERVISOR))
permit("members.lift_integrity", holds(Role.SUPERVISOR))
permit("members.appeal_integrity", holds(Role.SUPERVISOR))
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
permit("members.view_integrity", is_official | concerned)
permit("members.list_integrity", is_official)
permit("members.view_credit", is_official)
permit("members.check_credit", holds(Role.OFFICER))
permit("members.view_roles", anybody)
permit("members.view_experts", holds(*sorted(EXPERT_READERS)))
# The division head keeps the pool, programme officers use it and check who enters, the acceptance desk draws:
# nobody does two of the three.
permit("members.view_expert", holds(*sorted(EXPERT_READERS)) | own_profile | administers_employer)
permit("members.export_experts", holds(Role.OFFICER, Role.HEAD, Role.SUPERVISOR))
permit("members.apply_expert", for_oneself & ~is_official & ~holds_any(ADMINISTRATORS, "administrator"))
permit("members.nominate_expert", holds(Role.OFFICER, Role.HEAD, Role.ORG_ADMIN))
permit("members.update_expert", own_profile)
permit("members.leave_pool", own_profile)
permit("members.view_relations", own_profile | holds(*sorted(RELATION_READERS)))
permit("members.record_relation", own_profile | holds(Role.ACCEPTANCE, Role.OFFICER))
permit("members.import_relations", holds(Role.ACCEPTANCE, Role.OFFICER))
permit("members.strike_relation", holds(Role.ACCEPTANCE, Role.OFFICER))
permit("members.confirm_expert", administers_employer & ~own_profile)
permit("members.record_expert", holds(Role.OFFICER) & ~own_profile)
permit("members.check_expert", holds(Role.OFFICER) & ~own_profile)
permit("members.admit_expert", holds(Role.HEAD) & ~own_profile & ~checked_entry)
permit("members.suspend_expert", holds(Role.HEAD) & ~own_profile)
permit("members.resume_expert", holds(Role.HEAD) & ~own_profile)
permit("members.remove_expert", holds(Role.HEAD) & ~own_profile)
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
permit("members.view_outbox", holds(Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN))
permit("members.reveal_letter", holds(Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN))
permit("members.retry_letter", holds(Role.SYSTEM_ADMIN))
permit("members.update_mail_text", holds(Role.OFFICER, Role.HEAD))
permit("members.view_security_console", holds(Role.SECURITY_ADMIN))
permit("members.view_audit_console", holds(Role.AUDIT_ADMIN))
permit("members.view_audit", holds(Role.AUDIT_ADMIN, Role.SUPERVISOR))
permit("members.export_audit", holds(Role.AUDIT_ADMIN))

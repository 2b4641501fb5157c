"""Who may do what in the consortia room."""

from typing import Any

from members.enums import Role
from members.permissions import holds, is_official
from portal.kernel.authz import permit, rule


@rule("writes for the organisation that is to lead")
def writes_for_organisation(user: Any, organisation: Any) -> bool:
    return bool(user.holds(Role.APPLICANT, organisation=organisation.pk if organisation else None))


def consortium_of(obj: Any) -> Any:
    """The consortium that a part belongs to; a milestone's stands behind its task."""
    owner = getattr(obj, "consortium", None) or getattr(obj, "task", obj)
    return getattr(owner, "consortium", owner)


@rule("writes for the lead organisation")
def writes_for_lead(user: Any, obj: Any) -> bool:
    return bool(user.holds(Role.APPLICANT, organisation=consortium_of(obj).lead_id))


@rule("confirms for the member organisation")
def confirms_for_member(user: Any, participation: Any) -> bool:
    return bool(user.holds(Role.CONFIRMER, organisation=participation.organisation_id))


decides = holds(Role.HEAD, Role.LEADER)

permit("consortia.create_consortium", writes_for_organisation)
permit("consortia.update_consortium", writes_for_lead)
permit("consortia.view_preparation", writes_for_lead)
permit("consortia.start_consortium", decides)
permit("consortia.rectify_consortium", decides)
permit("consortia.resume_consortium", decides)
permit("consortia.graduate_consortium", decides)
permit("consortia.exit_consortium", decides)
permit("consortia.revoke_consortium", holds(Role.LEADER))
permit("consortia.change_tier", decides)
permit("consortia.invite_member", writes_for_lead)
permit("consortia.revise_participation", writes_for_lead)
permit("consortia.confirm_participation", confirms_for_member)
permit("consortia.decline_participation", confirms_for_member)
permit("consortia.leave_participation", writes_for_lead)
permit("consortia.draft_agreement", writes_for_lead)
permit("consortia.sign_agreement", confirms_for_member)
permit("consortia.add_technology", writes_for_lead)
permit("consortia.update_technology", writes_for_lead)
permit("consortia.remove_technology", writes_for_lead)
permit("consortia.record_readiness", writes_for_lead)
permit("consortia.add_task", writes_for_lead)
permit("consortia.update_task", writes_for_lead)
permit("consortia.remove_task", writes_for_lead)
permit("consortia.add_milestone", writes_for_lead)
permit("consortia.update_milestone", writes_for_lead)
permit("consortia.remove_milestone", writes_for_lead)
permit("consortia.record_milestone", writes_for_lead)
permit("consortia.add_outcome", writes_for_lead)
permit("consortia.update_outcome", writes_for_lead)
permit("consortia.remove_outcome", writes_for_lead)
permit("consortia.add_platform", writes_for_lead)
permit("consortia.update_platform", writes_for_lead)
permit("consortia.remove_platform", writes_for_lead)
permit("consortia.add_fund", writes_for_lead)
permit("consortia.update_fund", writes_for_lead)
permit("consortia.remove_fund", writes_for_lead)
permit("consortia.view_registry", is_official)

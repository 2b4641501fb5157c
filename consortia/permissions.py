"""Who may do what in the consortia room."""

from typing import Any

from consortia.enums import Layer
from consortia.models.liaison import MEDIATORS
from consortia.selectors.demands import WRITING, answering_places, joined_places, posing_places, writing_places
from consortia.selectors.leadchanges import asked, speaks_for
from members.enums import ORGANISATION_ROLES, Role
from members.permissions import holds, is_bureau, is_official
from portal.kernel.authz import permit, rule


@rule("writes for the organisation that is to lead", Role.APPLICANT)
def writes_for_organisation(user: Any, organisation: Any) -> bool:
    return bool(user.holds(Role.APPLICANT, organisation=organisation.pk if organisation else None))


def consortium_of(obj: Any) -> Any:
    """The consortium that a part belongs to; that of a part of a part stands behind its whole."""
    if own := getattr(obj, "consortium", None):
        return own
    whole = next((getattr(obj, name) for name in ("task", "outcome", "fund", "platform") if hasattr(obj, name)), obj)
    return getattr(whole, "consortium", whole)


@rule("writes for the lead organisation", Role.APPLICANT)
def writes_for_lead(user: Any, obj: Any) -> bool:
    return bool(user.holds(Role.APPLICANT, organisation=consortium_of(obj).lead_id))


@rule("confirms for the member organisation", Role.CONFIRMER)
def confirms_for_member(user: Any, participation: Any) -> bool:
    return bool(user.holds(Role.CONFIRMER, organisation=participation.organisation_id))


@rule("confirms for another member", Role.CONFIRMER)
def confirms_for_peer(user: Any, participation: Any) -> bool:
    """Who steps back changes what the lead has to do."""
    places = [place for role, place, _district in user.grants if role == Role.CONFIRMER]
    return bool(participation.consortium.participations.filter(organisation__in=places).exists())


@rule("signs for the lead organisation", Role.SIGNATORY)
def signs_for_lead(user: Any, obj: Any) -> bool:
    return bool(user.holds(Role.SIGNATORY, organisation=consortium_of(obj).lead_id))


@rule("has opened the case")
def opened_the_case(user: Any, obj: Any) -> bool:
    return bool(getattr(obj, "opened_by_id", None) == user.pk)


@rule("has decided the case")
def decided_the_case(user: Any, case: Any) -> bool:
    return bool(case.decided_by_id == user.pk)


@rule("has drafted it")
def drafted_it(user: Any, taxonomy: Any) -> bool:
    return bool(taxonomy.drafted_by_id == user.pk)


@rule("confirms for the organisation that is to take over", Role.CONFIRMER)
def confirms_for_taker(user: Any, row: Any) -> bool:
    return bool(row.taker_id and user.holds(Role.CONFIRMER, organisation=row.taker_id))


@rule("asked for the departure", Role.APPLICANT, Role.CONFIRMER)
def asked_for_departure(user: Any, departure: Any) -> bool:
    """Who opened it: the lead's writers if the lead asked, otherwise the member's confirmers."""
    asker, lead = departure.asked_by_id, departure.consortium.lead_id
    return bool(user.holds(Role.APPLICANT if asker == lead else Role.CONFIRMER, organisation=asker))


@rule("writes for the lead, or for the member that the entry is about", *WRITING)
def keeps_entry(user: Any, entry: Any) -> bool:
    """`entry` may be unsaved: without its member named, any member may write one that belongs to a member."""
    if writes_for_lead.test(user, entry):
        return True
    if entry.owner_id:
        return not entry.is_final and entry.owner_id in joined_places(user, entry.consortium)
    return bool(entry.OWNER and joined_places(user, entry.consortium))


@rule("writes for an enterprise of the consortium", *WRITING)
def poses_demand(user: Any, obj: Any) -> bool:
    return bool(posing_places(user, consortium_of(obj)))


@rule("writes for the enterprise that asks", *WRITING)
def asks(user: Any, demand: Any) -> bool:
    return demand.poser_id in writing_places(user)


@rule("writes for an organisation that may answer", *WRITING)
def may_answer(user: Any, demand: Any) -> bool:
    return bool(answering_places(user, demand))


@rule("confirms for a core member", Role.CONFIRMER)
def confirms_for_core(user: Any, obj: Any) -> bool:
    places = [place for role, place, _district in user.grants if role == Role.CONFIRMER]
    present = consortium_of(obj).participations.present()
    return bool(present.filter(layer=Layer.CORE, organisation__in=places).exists())


@rule("confirms for a member that is asked", Role.CONFIRMER)
def confirms_for_asked(user: Any, change: Any) -> bool:
    places = {place for role, place, _district in user.grants if role == Role.CONFIRMER}
    return bool(places) and any(row.organisation_id in places for row in asked(change))


@rule("writes or signs for the lead so far", Role.APPLICANT, Role.SIGNATORY)
def speaks_for_old_lead(user: Any, change: Any) -> bool:
    return speaks_for(user, change.old_lead_id)


@rule("writes, signs or confirms for whoever proposed it", Role.APPLICANT, Role.SIGNATORY, Role.CONFIRMER, Role.OFFICER)
def speaks_for_proposer(user: Any, change: Any) -> bool:
    """The bureau's own proposal is the officers'."""
    if change.asked_by_id is None:
        return bool(user.holds(Role.OFFICER))
    if change.asked_by_id == change.old_lead_id:
        return speaks_for(user, change.old_lead_id)
    return bool(user.holds(Role.CONFIRMER, organisation=change.asked_by_id))


@rule("has proposed it")
def proposed_it(user: Any, change: Any) -> bool:
    return bool(change.proposed_by_id == user.pk)


@rule("acts for an organisation", *ORGANISATION_ROLES)
def acts_for_one(user: Any, _obj: Any) -> bool:
    return bool(user.organisation_ids)


@rule("accompanies the consortium", Role.LIAISON)
def accompanies(user: Any, obj: Any) -> bool:
    return bool(user.holds(Role.LIAISON) and consortium_of(obj).liaison_officer_id == user.pk)


@rule("writes for a member of the consortium", *WRITING)
def writes_for_member(user: Any, obj: Any) -> bool:
    return bool(joined_places(user, consortium_of(obj)))


@rule("raised the issue", *WRITING)
def raised_issue(user: Any, issue: Any) -> bool:
    return issue.raised_by_id in writing_places(user)


@rule("writes for a party to the issue", *WRITING)
def is_party(user: Any, issue: Any) -> bool:
    return bool(issue.parties.filter(pk__in=writing_places(user)).exists())


@rule("writes or signs for the lead of the consortium that proposes", Role.APPLICANT, Role.SIGNATORY)
def speaks_for_link_proposer(user: Any, link: Any) -> bool:
    return speaks_for(user, link.proposer.lead_id)


@rule("writes or signs for the lead of the consortium proposed to", Role.APPLICANT, Role.SIGNATORY)
def speaks_for_link_partner(user: Any, link: Any) -> bool:
    return speaks_for(user, link.partner.lead_id)


@rule("has claimed it")
def claimed_it(user: Any, row: Any) -> bool:
    return bool(getattr(row, "claimed_by_id", None) == user.pk)


@rule("gives opinions for the district of the consortium", Role.DISTRICT_OFFICER)
def opines_for_district(user: Any, obj: Any) -> bool:
    return bool(user.holds(Role.DISTRICT_OFFICER, district=obj.platform.consortium.district_id))


@rule("has proposed the platform")
def proposed_direct(user: Any, case: Any) -> bool:
    return bool(case.proposed_by_id == user.pk)


@rule("has given the district's opinion")
def opined_direct(user: Any, case: Any) -> bool:
    return bool(case.opined_by_id == user.pk)


@rule("has checked the conditions")
def checked_direct(user: Any, case: Any) -> bool:
    return bool(case.checked_by_id == user.pk)


decides = holds(Role.HEAD, Role.LEADER)
handles = holds(Role.OFFICER)
mediates = accompanies | holds(Role.OFFICER, Role.HEAD)
speaks_for_lead = writes_for_lead | signs_for_lead
hears_appeals = holds(Role.LEADER, Role.SUPERVISOR) & ~opened_the_case & ~decided_the_case

permit("consortia.create_consortium", writes_for_organisation)
permit("consortia.update_consortium", writes_for_lead)
permit("consortia.amend_consortium", writes_for_lead)
permit("consortia.name_contact", writes_for_lead)
permit("consortia.view_preparation", writes_for_lead)
permit("consortia.abandon_consortium", writes_for_lead)
permit("consortia.start_consortium", decides)
permit("consortia.rectify_consortium", decides)
permit("consortia.resume_consortium", decides)
permit("consortia.graduate_consortium", decides)
permit("consortia.upgrade_consortium", decides)
permit("consortia.downgrade_consortium", decides)
permit("consortia.set_shares", writes_for_lead)
permit("consortia.report_rectification", writes_for_lead)
permit("consortia.request_exit", signs_for_lead)
permit("consortia.open_exit", handles)
permit("consortia.serve_notice", handles)
permit("consortia.record_delivery", handles | speaks_for_lead)
permit("consortia.file_statement", speaks_for_lead)
permit("consortia.assess_exit", handles)
permit("consortia.decide_exit", decides & ~opened_the_case)
permit("consortia.revoke_consortium", holds(Role.LEADER) & ~opened_the_case)
permit("consortia.publicise_exit", handles)
permit("consortia.appeal_exit", speaks_for_lead)
permit("consortia.uphold_exit", hears_appeals)
permit("consortia.reverse_exit", hears_appeals)
permit("consortia.close_exit", decides & ~opened_the_case)
permit("consortia.dismiss_exit", decides & ~opened_the_case)
permit("consortia.withdraw_exit", signs_for_lead)
permit("consortia.view_exits", is_bureau)
permit("consortia.view_taxonomies", is_official)
permit("consortia.draft_taxonomy", handles)
permit("consortia.add_sub_field", handles)
permit("consortia.update_sub_field", handles)
permit("consortia.retire_sub_field", handles)
permit("consortia.plan_sub_field", handles)
permit("consortia.publish_taxonomy", decides & ~drafted_it)
permit("consortia.invite_member", writes_for_lead)
permit("consortia.revise_participation", writes_for_lead)
permit("consortia.confirm_participation", confirms_for_member)
permit("consortia.decline_participation", confirms_for_member)
permit("consortia.remind_participation", writes_for_lead)
permit("consortia.withdraw_participation", writes_for_lead)
permit("consortia.request_departure", confirms_for_member | writes_for_lead)
permit("consortia.allocate_departure", writes_for_lead)
permit("consortia.consent_departure", confirms_for_taker)
permit("consortia.cancel_departure", asked_for_departure)
permit("consortia.settle_departure", writes_for_lead)
permit("consortia.step_back_participation", confirms_for_member)
permit("consortia.lapse_participation", writes_for_lead | decides | confirms_for_peer)
permit("consortia.view_lead_changes", is_official | acts_for_one)
permit("consortia.propose_lead_change", speaks_for_lead | confirms_for_core | handles)
permit("consortia.consent_lead_change", confirms_for_asked)
permit("consortia.refuse_lead_change", confirms_for_asked)
permit("consortia.answer_lead_change", speaks_for_old_lead)
permit("consortia.withdraw_lead_change", speaks_for_proposer)
permit("consortia.approve_lead_change", decides & ~proposed_it)
permit("consortia.reject_lead_change", decides & ~proposed_it)
permit("consortia.draft_agreement", writes_for_lead)
permit("consortia.send_agreement", writes_for_lead)
permit("consortia.sign_agreement", confirms_for_member)
permit("consortia.remind_agreement", writes_for_lead)
permit("consortia.add_background", writes_for_lead)
permit("consortia.update_background", writes_for_lead)
permit("consortia.remove_background", writes_for_lead)
permit("consortia.add_technology", writes_for_lead)
permit("consortia.update_technology", writes_for_lead)
permit("consortia.remove_technology", writes_for_lead)
permit("consortia.record_readiness", writes_for_lead)
permit("consortia.add_task", writes_for_lead)
permit("consortia.update_task", writes_for_lead)
permit("consortia.remove_task", writes_for_lead)
permit("consortia.record_project", writes_for_lead)
permit("consortia.add_milestone", writes_for_lead)
permit("consortia.update_milestone", writes_for_lead)
permit("consortia.remove_milestone", writes_for_lead)
permit("consortia.record_milestone", writes_for_lead)
permit("consortia.add_outcome", writes_for_lead)
permit("consortia.update_outcome", writes_for_lead)
permit("consortia.remove_outcome", writes_for_lead)
permit("consortia.attach_evidence", writes_for_lead)
permit("consortia.remove_evidence", writes_for_lead)
permit("consortia.add_adoption", writes_for_lead)
permit("consortia.remove_adoption", writes_for_lead)
permit("consortia.verify_outcome", holds(Role.OFFICER))
permit("consortia.doubt_outcome", holds(Role.OFFICER))
permit("consortia.view_outcomes", is_official)
permit("consortia.export_outcomes", is_official)
permit("consortia.view_duplicates", is_bureau)
permit("consortia.settle_duplicate", holds(Role.OFFICER))
permit("consortia.add_platform", writes_for_lead)
permit("consortia.update_platform", writes_for_lead)
permit("consortia.remove_platform", writes_for_lead)
permit("consortia.add_builder", writes_for_lead)
permit("consortia.update_builder", writes_for_lead)
permit("consortia.remove_builder", writes_for_lead)
permit("consortia.add_service", writes_for_lead)
permit("consortia.update_service", writes_for_lead)
permit("consortia.remove_service", writes_for_lead)
permit("consortia.view_platforms", is_official)
permit("consortia.view_directs", is_official)
permit("consortia.view_terms", is_official | acts_for_one)
permit("consortia.set_terms", holds(Role.HEAD))
permit("consortia.propose_direct", writes_for_lead)
permit("consortia.attach_direct", writes_for_lead)
permit("consortia.detach_direct", writes_for_lead)
permit("consortia.opine_direct", opines_for_district & ~proposed_direct)
permit("consortia.send_back_direct", opines_for_district & ~proposed_direct)
permit("consortia.check_direct", handles & ~proposed_direct & ~opined_direct)
permit("consortia.hear_direct", handles & ~proposed_direct)
permit("consortia.return_direct", handles & ~proposed_direct)
permit("consortia.resubmit_direct", writes_for_lead)
permit("consortia.table_direct", handles & ~proposed_direct)
permit("consortia.recognise_direct", decides & ~proposed_direct & ~opined_direct & ~checked_direct)
permit("consortia.refuse_direct", decides & ~proposed_direct & ~opined_direct & ~checked_direct)
permit("consortia.withdraw_direct", writes_for_lead)
permit("consortia.publish_direct", handles)
permit("consortia.conceal_direct", handles)
permit("consortia.revoke_direct", holds(Role.LEADER) & ~proposed_direct & ~opined_direct & ~checked_direct)
permit("consortia.add_fund", writes_for_lead)
permit("consortia.update_fund", writes_for_lead)
permit("consortia.remove_fund", writes_for_lead)
permit("consortia.add_investment", writes_for_lead)
permit("consortia.update_investment", writes_for_lead)
permit("consortia.remove_investment", writes_for_lead)
permit("consortia.view_registry", is_official)
permit("consortia.add_entry", keeps_entry)
permit("consortia.update_entry", keeps_entry)
permit("consortia.remove_entry", keeps_entry)
permit("consortia.confirm_contribution", writes_for_lead)
permit("consortia.view_institutions", is_official | acts_for_one)
permit("consortia.view_demands", is_official | acts_for_one)
permit("consortia.pose_demand", poses_demand)
permit("consortia.update_demand", asks)
permit("consortia.publish_demand", asks)
permit("consortia.conceal_demand", asks)
permit("consortia.answer_demand", may_answer)
permit("consortia.match_demand", asks)
permit("consortia.close_demand", asks)
permit("consortia.assign_liaison", holds(Role.HEAD))
permit("consortia.send_circular", holds(Role.OFFICER, Role.HEAD))
permit("consortia.view_circulars", is_official | acts_for_one)
permit("consortia.answer_match", mediates)
permit("consortia.record_visit", accompanies | handles)
permit("consortia.update_visit", accompanies | handles)
permit("consortia.add_follow_up", accompanies | handles)
permit("consortia.finish_follow_up", accompanies | handles)
permit("consortia.raise_issue", writes_for_member)
permit("consortia.note_issue", mediates | raised_issue | is_party)
permit("consortia.mediate_issue", mediates)
permit("consortia.settle_issue", mediates)
permit("consortia.close_issue", mediates | raised_issue)
permit("consortia.view_supervision", holds(Role.LIAISON, *sorted(MEDIATORS)))
permit("consortia.propose_link", speaks_for_lead)
permit("consortia.accept_link", speaks_for_link_partner)
permit("consortia.decline_link", speaks_for_link_partner)
permit("consortia.withdraw_link", speaks_for_link_proposer)
permit("consortia.end_link", speaks_for_link_proposer | speaks_for_link_partner)
permit("consortia.claim_seven", writes_for_lead)
permit("consortia.verify_seven", (accompanies | handles) & ~claimed_it)
permit("consortia.return_seven", (accompanies | handles) & ~claimed_it)
permit("consortia.close_seven", holds(Role.HEAD))

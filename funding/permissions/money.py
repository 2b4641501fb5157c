"""Who may do what with contracts, money and claims."""

from funding.permissions.rules import (
    apart,
    bureau,
    consents,
    did_not,
    did_not_check,
    did_not_handle,
    for_party,
    keeps_subsidies,
    of_the_district,
    owes,
    permit_in_case,
    receives,
    registered,
    signs,
    spends,
    writes,
    writes_for_holder,
)
from funding.rules.separation import Duty
from funding.selectors.spending import SPENDERS
from members.enums import ORGANISATION_ROLES, Role
from members.permissions import about_oneself, holds, holds_any, is_official
from portal.kernel.authz import permit

permit("funding.confirm_contract", for_party)
permit("funding.sign_contract", for_party)
permit("funding.return_contract", for_party)
permit_in_case("funding.remind_party", holds(Role.OFFICER, Role.HEAD) | writes | signs)
permit_in_case("funding.propose_amendment", writes | signs)
permit_in_case("funding.consent_amendment", consents)
permit_in_case("funding.check_amendment", holds(Role.OFFICER))
permit_in_case("funding.decide_amendment", holds(Role.HEAD, Role.LEADER) & did_not_check)
permit_in_case("funding.refuse_amendment", consents | holds(Role.OFFICER, Role.HEAD, Role.LEADER))
permit("funding.view_endings", is_official | holds_any(ORGANISATION_ROLES, "acts for an organisation"))
permit_in_case("funding.request_acceptance", writes | signs)
permit_in_case("funding.confirm_acceptance", consents)
permit_in_case("funding.check_acceptance", holds(Role.OFFICER))
permit_in_case("funding.return_acceptance", holds(Role.OFFICER, Role.HEAD, Role.LEADER))
permit_in_case("funding.assess_acceptance", holds(Role.OFFICER))
permit_in_case("funding.decide_acceptance", holds(Role.HEAD, Role.LEADER) & did_not_handle)
permit_in_case("funding.ask_termination", writes | signs)
permit_in_case("funding.propose_termination", holds(Role.OFFICER))
permit_in_case("funding.decide_termination", holds(Role.HEAD, Role.LEADER) & did_not_handle)
permit_in_case("funding.refuse_termination", holds(Role.OFFICER, Role.HEAD, Role.LEADER))
permit_in_case("funding.draft_contract", holds(Role.OFFICER))
permit_in_case("funding.countersign_contract", holds(Role.HEAD, Role.LEADER) & did_not("offered_by"))
permit_in_case("funding.amend_contract", holds(Role.OFFICER))
permit("funding.view_funding", is_official)
permit("funding.view_budget", bureau)
permit("funding.list_expenditures", is_official | holds_any(ORGANISATION_ROLES, "acts for an organisation"))
permit("funding.record_expenditure", spends)
permit("funding.correct_expenditure", spends)
permit("funding.import_expenditures", spends)
permit_in_case("funding.accept_expenditure", holds(Role.OFFICER, Role.FINANCE) & did_not("recorded_by"))
permit("funding.accept_expenditures", holds(Role.OFFICER, Role.FINANCE))
permit_in_case("funding.refuse_expenditure", holds(Role.OFFICER, Role.FINANCE) & did_not("recorded_by"))
permit("funding.view_recoveries", bureau | holds_any(ORGANISATION_ROLES, "acts for an organisation"))
permit_in_case("funding.open_recovery", holds(Role.OFFICER, Role.FINANCE))
permit_in_case("funding.approve_recovery", holds(Role.LEADER) & did_not("proposed_by"))
permit_in_case("funding.receive_recovery", holds(Role.FINANCE))
permit_in_case("funding.reverse_recovery", holds(Role.FINANCE) & did_not("recorded_by"))
permit_in_case("funding.ask_write_off", holds(Role.FINANCE, Role.HEAD))
permit_in_case("funding.write_off", holds(Role.LEADER) & did_not("proposed_by", "waiver_by"))
permit_in_case("funding.stop_recovery", holds(Role.HEAD, Role.LEADER) & did_not("proposed_by", "approved_by"))
permit_in_case("funding.object_to_claim", owes)
permit_in_case("funding.judge_claim", holds(Role.HEAD, Role.LEADER) & did_not("proposed_by", "approved_by"))
permit("funding.list_subsidies", bureau | holds_any(ORGANISATION_ROLES, "acts for an organisation"))
permit("funding.enter_subsidies", keeps_subsidies | holds(*SPENDERS))
permit("funding.record_subsidy", keeps_subsidies | writes_for_holder)
permit("funding.import_subsidies", keeps_subsidies)
permit("funding.withdraw_subsidy", holds(Role.SUPERVISOR) | registered)
permit_in_case("funding.judge_overlap", holds(Role.SUPERVISOR) & apart(Duty.SUPERVISOR))
permit("funding.keep_budget", holds(Role.FINANCE))
permit("funding.confirm_appropriation", holds(Role.LEADER) & did_not("recorded_by"))
permit("funding.view_own_funding", holds_any(ORGANISATION_ROLES, "acts for an organisation"))
permit_in_case("funding.meet_condition", holds(Role.HEAD, Role.LEADER))
permit("funding.request_tranche", writes | signs)
permit_in_case("funding.verify_tranche", holds(Role.OFFICER))
permit_in_case("funding.review_tranche", holds(Role.FINANCE) & did_not("verified_by"))
permit_in_case("funding.approve_tranche", holds(Role.LEADER) & did_not("verified_by", "reviewed_by"))
permit_in_case("funding.pay_tranche", holds(Role.FINANCE) & did_not("approved_by"))
permit("funding.confirm_receipt", writes | signs)
permit_in_case("funding.list_tranche", holds(Role.FINANCE) & did_not("approved_by"))
permit_in_case("funding.unlist_tranche", holds(Role.FINANCE, Role.LEADER))
permit("funding.view_limits", holds(Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.FINANCE, Role.LEADER))
permit("funding.propose_limit", holds(Role.SECURITY_ADMIN) & ~about_oneself)
permit("funding.confirm_limit", holds(Role.SECURITY_ADMIN) & did_not("proposed_by", "person"))
permit("funding.drop_limit", holds(Role.SECURITY_ADMIN) & did_not("person"))
permit("funding.view_payments", bureau)
permit("funding.prepare_batch", holds(Role.FINANCE))
permit("funding.release_batch", holds(Role.LEADER) & did_not("prepared_by"))
permit("funding.send_batch", holds(Role.FINANCE))
permit("funding.take_bank_file", holds(Role.FINANCE))
permit("funding.drop_batch", holds(Role.FINANCE, Role.LEADER))
permit("funding.view_relays", is_official | holds_any(ORGANISATION_ROLES, "acts for an organisation"))
permit("funding.report_relay", writes | signs)
permit("funding.confirm_relay", receives)
permit("funding.view_cofunding", is_official | holds_any(ORGANISATION_ROLES, "acts for an organisation"))
permit("funding.report_cofunding", writes | signs)
permit_in_case("funding.confirm_cofunding", (of_the_district | holds(Role.FINANCE)) & did_not("reported_by"))
permit_in_case(
    "funding.reverse_cofunding", (of_the_district | holds(Role.FINANCE)) & did_not("reported_by", "judged_by")
)
permit("funding.view_compensations", is_official | holds_any(ORGANISATION_ROLES, "acts for an organisation"))
permit("funding.file_compensation", writes | signs)
permit_in_case("funding.check_compensation", holds(Role.OFFICER))
permit_in_case("funding.grant_compensation", holds(Role.HEAD, Role.LEADER) & did_not("checked_by"))
permit_in_case("funding.refuse_compensation", holds(Role.OFFICER, Role.HEAD, Role.LEADER) & did_not("checked_by"))
permit_in_case("funding.pay_compensation", holds(Role.FINANCE) & did_not("checked_by", "decided_by"))
permit_in_case("funding.return_compensation", holds(Role.FINANCE) & did_not("checked_by", "decided_by"))
permit("funding.import_statement", holds(Role.FINANCE))
permit_in_case("funding.reduce_tranche", holds(Role.HEAD, Role.LEADER))
permit_in_case("funding.hold_tranche", holds(Role.OFFICER, Role.HEAD, Role.LEADER))

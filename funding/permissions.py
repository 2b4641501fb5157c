"""Who may do what in the funding room, and which two acts no person does both of."""

from typing import Any

from funding.enums import SeatRole
from funding.models import Application, Award, Recusal
from funding.models.board import READERS as BOARD_READERS
from funding.models.notice import HANDLERS
from funding.rules.separation import Duty, apart_from
from funding.selectors.boards import keeps_away_from_one as sees_no_whole_board
from funding.selectors.panels import leads as leads_the_panel
from funding.selectors.parties import acts_for_party
from funding.selectors.separation import duties_in, in_the_way
from funding.selectors.spending import SPENDERS, spenders
from members.enums import BUREAU, ORGANISATION_ROLES, Role
from members.models import Organisation
from members.permissions import about_oneself, acts_for, holds, holds_any, is_official
from portal.kernel.authz import Rule, permit, rule


def for_lead(role: Role, text: str) -> Rule:
    """The role is held in the lead organisation of the consortium that the object belongs to."""
    return Rule(text, lambda user, obj: user.holds(role, organisation=lead_of(obj)), frozenset({role}))


def lead_of(obj: Any) -> Any:
    """The id of the lead organisation behind an application, award, contract or tranche."""
    owner = obj if hasattr(obj, "consortium") else obj.award
    return owner.consortium.lead_id


def did_not(*fields: str) -> Rule:
    """The user is none of the people in these fields of the object (separation of duties)."""
    return Rule(
        "did not " + ", ".join(fields),
        lambda user, obj: all(getattr(obj, f"{field}_id") != user.pk for field in fields),
    )


@rule("leads the consortium to be applied for", Role.APPLICANT)
def leads(user: Any, consortium: Any) -> bool:
    return bool(user.holds(Role.APPLICANT, organisation=consortium.lead_id))


@rule("was given this section to write", *ORGANISATION_ROLES)
def given(user: Any, part: Any) -> bool:
    """As long as the person acts for an organisation of the consortium."""
    return bool(part.code in part.application.sections_of(user))


@rule("writes for an organisation of the consortium", Role.APPLICANT, Role.CONFIRMER)
def spends(user: Any, obj: Any) -> bool:
    """`obj` is an award, or an expenditure of one organisation."""
    award, organisation = (obj, None) if isinstance(obj, Award) else (obj.award, obj.organisation_id)
    own = {organisation} if organisation else user.organisation_ids
    writes_for = {one for one in own if any(user.holds(role, organisation=one) for role in SPENDERS)}
    return bool(writes_for and writes_for & {one.pk for one in spenders(award)})


@rule("writes for the organisation that had the money", Role.APPLICANT, Role.CONFIRMER)
def writes_for_holder(user: Any, subsidy: Any) -> bool:
    holder = Organisation.objects.filter(uscc=subsidy.credit_code).first()
    return bool(holder and any(user.holds(role, organisation=holder.pk) for role in SPENDERS))


@rule("registered it", *BUREAU, Role.APPLICANT, Role.CONFIRMER)
def registered(user: Any, subsidy: Any) -> bool:
    return bool(subsidy.recorded_by_id == user.pk)


@rule("officer of the application's district", Role.DISTRICT_OFFICER)
def of_its_district(user: Any, application: Any) -> bool:
    return bool(user.holds(Role.DISTRICT_OFFICER, district=application.district_id))


@rule("at the first desk of the application", Role.DISTRICT_OFFICER, Role.ACCEPTANCE, Role.OFFICER)
def opens(user: Any, application: Any) -> bool:
    """The district where the call has that step, else the bureau."""
    if application.call.district_step:
        return bool(user.holds(Role.DISTRICT_OFFICER, district=application.district_id))
    return bool(user.holds_any({Role.ACCEPTANCE, Role.OFFICER}))


@rule("expert assigned to this review", Role.EXPERT)
def assigned(user: Any, review: Any) -> bool:
    return bool(review.expert.user_id == user.pk and user.holds(Role.EXPERT))


@rule("has declared to have no conflict")
def declared(_user: Any, review: Any) -> bool:
    return bool(review.has_declared)


@rule("lead reviewer of the panel")
def leads_panel(_user: Any, review: Any) -> bool:
    return leads_the_panel(review)


@rule("receives money for the member", Role.APPLICANT, Role.CONFIRMER, Role.SIGNATORY)
def receives(user: Any, relay: Any) -> bool:
    return any(user.holds(role, organisation=relay.organisation_id) for role in (*SPENDERS, Role.SIGNATORY))


@rule("assigns the experts of this application", Role.ACCEPTANCE)
def assigns(user: Any, review: Any) -> bool:
    return bool(user.holds(Role.ACCEPTANCE) and review.application.checked_by_id != user.pk)


@rule("reviewed this application")
def has_reviewed(user: Any, obj: Any) -> bool:
    """`obj` is the application, a review of it, or what belongs to a review."""
    review = getattr(obj, "review", obj)
    application = getattr(review, "application", review)
    return bool(application.reviews.filter(expert__user=user).exists())


@rule("raised this dispute", Role.EXPERT)
def disputes(user: Any, dispute: Any) -> bool:
    return bool(dispute.review.expert.user_id == user.pk and user.holds(Role.EXPERT))


def case_of(obj: Any) -> Application | Award | None:
    """The case that an object belongs to, or its award; None for what belongs to none."""
    if obj is None or isinstance(obj, Application | Award):
        return obj
    owner = getattr(obj, "review", obj)
    found = getattr(owner, "application", None) or getattr(owner, "award", None)
    return found if isinstance(found, Application | Award) else None


@rule("keeps away from the case")
def keeps_away(user: Any, obj: Any) -> bool:
    case = case_of(obj)
    return case is not None and user.pk in case.recused


@rule("keeps away from a case in the list")
def keeps_away_from_one(user: Any, listing: Any) -> bool:
    return bool(listing and Recusal.objects.filter(person=user, application__entry__list=listing).exists())


def apart(duty: Duty) -> Rule:
    """The user had no duty in the case that the table of separation keeps apart from this one."""

    def test(user: Any, obj: Any) -> bool:
        case = case_of(obj)
        return not (isinstance(case, Application) and in_the_way(user, case, duty))

    return Rule(f"had no duty in the case that excludes {duty.lower()}", test)


@rule("keeps away from a case of the call")
def keeps_away_from_one_of(user: Any, call: Any) -> bool:
    return call is not None and sees_no_whole_board(call, user)


@rule("keeps away from a case on the list")
def keeps_away_from_one_on(user: Any, scenario: Any) -> bool:
    return Recusal.objects.filter(person=user, application__places__scenario=scenario).exists()


@rule("had a duty in a case on the list that excludes deciding, or drew its experts")
def acted_in_one_on(user: Any, scenario: Any) -> bool:
    held = duties_in(user, scenario.places.values_list("application", flat=True))
    return bool(held & (apart_from(Duty.DECIDER) | {Duty.DRAWER}))


@rule("has a seat in this session", *BUREAU, Role.EXPERT)
def seated(user: Any, session: Any) -> bool:
    return bool(session.seats.filter(person=user).exists())


@rule("chairs this session or keeps its minutes", *BUREAU, Role.EXPERT)
def conducts(user: Any, obj: Any) -> bool:
    """`obj` is the session or a case in it."""
    session = getattr(obj, "session", obj)
    return bool(session.seats.filter(person=user, role__in=[SeatRole.CHAIR, SeatRole.SECRETARY]).exists())


@rule("keeps away from a case of the session")
def keeps_away_from_its_cases(user: Any, session: Any) -> bool:
    return Recusal.objects.filter(person=user, application__slots__session=session).exists()


def permit_in_case(code: str, who: Rule) -> None:
    """Declare who may act in a case; nobody who keeps away from it ever does."""
    permit(code, who & ~keeps_away)


@rule("checked one of its applications, or keeps away from one")
def is_bound_to_one(user: Any, assignment: Any) -> bool:
    cases = assignment.cases.all()
    away = Recusal.objects.filter(person=user, application__assignment_cases__in=cases)
    return bool(cases.filter(application__checked_by=user).exists() or away.exists())


@rule("prepared a draw for one of its applications")
def has_drawn_one(user: Any, assignment: Any) -> bool:
    return bool(assignment.cases.filter(application__draws__prepared_by=user).exists())


@rule("consents for a party of the contract", Role.CONFIRMER, Role.SIGNATORY)
def consents(user: Any, amendment: Any) -> bool:
    return bool(acts_for_party(user, amendment.contract))


@rule("did not check the amendment")
def did_not_check(user: Any, obj: Any) -> bool:
    """`obj` is the amendment, or the contract that it changes."""
    return bool(getattr(obj, "checked_by_id", None) != user.pk)


@rule("confirms and signs for a party of the contract", Role.CONFIRMER, Role.SIGNATORY)
def for_party(user: Any, contract: Any) -> bool:
    return bool(acts_for_party(user, contract))


writes = for_lead(Role.APPLICANT, "writes for the lead")
signs = for_lead(Role.SIGNATORY, "signs for the lead")
bureau = holds_any(BUREAU, "bureau")
checks = holds(Role.ACCEPTANCE, Role.OFFICER)
keeps_subsidies = holds(Role.OFFICER, Role.FINANCE, Role.SUPERVISOR)
handles_reviews = holds(Role.OFFICER, Role.HEAD, Role.SUPERVISOR)
knows_content = holds(Role.ACCEPTANCE, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SUPERVISOR)

sees_sessions = holds(Role.ACCEPTANCE, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SECRETARY, Role.SUPERVISOR)

permit("funding.create_call", holds(Role.OFFICER))
permit("funding.update_call", holds(Role.OFFICER))
permit("funding.publish_call", holds(Role.OFFICER))
permit("funding.extend_call", holds(Role.HEAD))
permit("funding.conclude_call", holds(Role.HEAD))
permit("funding.delete_rehearsal", holds(Role.HEAD))

permit("funding.view_forms", bureau)
permit("funding.design_form", holds(Role.OFFICER))
permit("funding.publish_form", holds(Role.OFFICER))
permit("funding.move_drafts", holds(Role.OFFICER))

permit("funding.ask_somewhere", holds_any(ORGANISATION_ROLES, "acts for an organisation"))
permit("funding.ask_question", acts_for)
permit("funding.answer_question", checks)
permit("funding.publish_answer", holds(Role.OFFICER))

permit("funding.list_applications", is_official)
permit("funding.export_applications", is_official)
permit("funding.start_somewhere", holds(Role.APPLICANT))
permit("funding.start_application", leads)
permit("funding.edit_application", writes | signs)
permit("funding.write_section", writes | signs | given)
permit("funding.assign_section", writes | signs)
permit("funding.submit_application", signs)
permit("funding.withdraw_application", signs)
permit("funding.take_back_application", signs)
permit_in_case("funding.open_application", opens)
permit_in_case("funding.recommend_application", of_its_district & apart(Duty.RECOMMENDER))
permit_in_case("funding.return_application", of_its_district)
permit("funding.view_recommendations", is_official)
permit("funding.order_recommendations", of_its_district & ~keeps_away_from_one)
permit("funding.close_recommendations", of_its_district & ~keeps_away_from_one)
permit_in_case("funding.check_application", checks & apart(Duty.CASE_OFFICER))
permit("funding.clear_somewhere", holds(Role.SUPERVISOR))
permit_in_case("funding.clear_application", holds(Role.SUPERVISOR) & apart(Duty.SUPERVISOR))
permit_in_case("funding.view_similarity", knows_content & ~has_reviewed)
permit_in_case("funding.judge_similarity", checks & ~has_reviewed)
permit_in_case("funding.assign_experts", holds(Role.ACCEPTANCE) & apart(Duty.DRAWER))
permit_in_case("funding.seat_experts", holds(Role.SUPERVISOR))
permit("funding.prepare_draws", holds(Role.ACCEPTANCE))
permit_in_case("funding.prepare_draw", holds(Role.ACCEPTANCE) & apart(Duty.DRAWER))
permit_in_case(
    "funding.witness_draw",
    holds(Role.SUPERVISOR) & did_not("requested_by", "prepared_by") & apart(Duty.SUPERVISOR),
)
permit_in_case("funding.cancel_draw", holds(Role.ACCEPTANCE, Role.SUPERVISOR))
permit("funding.prepare_assignment", holds(Role.ACCEPTANCE))
permit("funding.view_assignments", holds(Role.ACCEPTANCE, Role.SUPERVISOR))
permit("funding.change_assignment", holds(Role.ACCEPTANCE) & ~is_bound_to_one)
permit(
    "funding.agree_assignment",
    holds(Role.SUPERVISOR) & did_not("prepared_by") & ~is_bound_to_one & ~has_drawn_one,
)
permit("funding.drop_assignment", holds(Role.ACCEPTANCE, Role.SUPERVISOR) & ~is_bound_to_one)
permit("funding.view_draws", knows_content)
permit("funding.name_drawn", holds(Role.ACCEPTANCE, Role.SUPERVISOR))
permit_in_case("funding.agree_experts", holds(Role.SUPERVISOR) & did_not("proposed_by") & apart(Duty.SUPERVISOR))
permit_in_case("funding.grade_application", holds(Role.OFFICER) & apart(Duty.GRADER))
permit_in_case("funding.decide_application", holds(Role.LEADER) & apart(Duty.DECIDER))
permit_in_case("funding.publicise_application", holds(Role.OFFICER))
permit("funding.tell_outcomes", holds(Role.OFFICER) & ~keeps_away_from_one_of)
permit_in_case("funding.object_to_application", holds(Role.OFFICER, Role.SUPERVISOR))
permit_in_case("funding.handle_objection", holds(Role.SUPERVISOR) & apart(Duty.HANDLER))
permit("funding.view_objections", holds_any(HANDLERS, "handles objections"))
permit_in_case("funding.see_objector", holds(Role.SUPERVISOR))
permit_in_case("funding.reveal_objector", holds(Role.SUPERVISOR))
permit("funding.view_calibration", holds(Role.OFFICER, Role.HEAD, Role.LEADER, Role.SUPERVISOR))
permit("funding.view_board", holds(Role.OFFICER, Role.HEAD, Role.LEADER, Role.FINANCE, Role.SUPERVISOR))
permit("funding.freeze_scenario", holds(Role.OFFICER) & ~keeps_away_from_one_of)
permit("funding.put_forward_scenario", holds(Role.OFFICER, Role.HEAD) & ~keeps_away_from_one_on)
permit(
    "funding.approve_scenario",
    holds(Role.LEADER) & did_not("prepared_by", "proposed_by") & ~acted_in_one_on & ~keeps_away_from_one_on,
)
permit("funding.view_meeting", holds_any(BOARD_READERS | {Role.SECRETARY}, "sees the board or keeps minutes"))
permit("funding.record_meeting", holds(Role.SECRETARY, Role.OFFICER, Role.HEAD) & ~keeps_away_from_one_on)
permit("funding.close_meeting", holds(Role.HEAD, Role.LEADER) & ~keeps_away_from_one_on)
permit_in_case("funding.approve_application", holds(Role.LEADER) & apart(Duty.APPROVER))
permit("funding.view_separation", holds(Role.SUPERVISOR, Role.AUDIT_ADMIN))

permit("funding.list_reviews", holds(Role.EXPERT))
permit_in_case("funding.open_review", assigned)
permit_in_case("funding.declare_review", assigned & apart(Duty.SCORER))
permit_in_case("funding.read_proposal", assigned & declared)
permit_in_case("funding.score_review", assigned & declared)
permit_in_case("funding.release_expert", assigns)
permit_in_case("funding.remind_expert", assigns)
permit_in_case("funding.extend_answer", assigns)
permit_in_case("funding.invite_again", assigns & apart(Duty.DRAWER))
permit("funding.see_invitations", holds(Role.ACCEPTANCE, Role.SUPERVISOR))
permit("funding.see_reviews", knows_content)
permit_in_case("funding.dispute_fact", assigned & declared)
permit("funding.see_dispute", handles_reviews | disputes)
permit_in_case("funding.answer_dispute", holds(Role.OFFICER) & ~has_reviewed)
permit_in_case("funding.name_lead", assigns)
permit_in_case("funding.discuss_panel", assigned & declared)
permit_in_case("funding.consolidate_panel", assigned & declared & leads_panel)
permit_in_case("funding.ask_reopening", holds(Role.OFFICER) & ~has_reviewed)
permit("funding.see_reopening", handles_reviews)
permit_in_case("funding.grant_reopening", holds(Role.SUPERVISOR) & did_not("requested_by") & apart(Duty.SUPERVISOR))
permit("funding.reopen_review", holds(Role.SUPERVISOR) & ~has_reviewed)

permit_in_case("funding.declare_again", assigned)

permit("funding.list_sessions", sees_sessions)
permit("funding.see_session", sees_sessions | seated)
permit("funding.arrange_session", holds(Role.ACCEPTANCE))
permit_in_case("funding.hear_case", holds(Role.ACCEPTANCE))
permit("funding.name_seated", holds(Role.ACCEPTANCE, Role.SUPERVISOR) | seated)
permit("funding.attend_session", seated)
permit("funding.conduct_session", conducts & ~keeps_away_from_its_cases)
permit("funding.print_minutes", (holds(Role.ACCEPTANCE, Role.SUPERVISOR) | conducts) & ~keeps_away_from_its_cases)
permit("funding.see_slot", sees_sessions | writes | signs)
permit_in_case("funding.attend_slot", writes | signs)
permit_in_case("funding.conclude_slot", conducts)

permit_in_case("funding.see_avoided", knows_content & ~has_reviewed)
permit_in_case("funding.judge_avoided", holds(Role.OFFICER) & ~has_reviewed & apart(Duty.CASE_OFFICER))
permit_in_case("funding.step_aside", is_official)
permit_in_case("funding.recuse_official", holds(Role.HEAD, Role.SUPERVISOR))
permit_in_case("funding.lift_recusal", holds(Role.SUPERVISOR))

permit("funding.confirm_contract", for_party)
permit("funding.sign_contract", for_party)
permit("funding.return_contract", for_party)
permit_in_case("funding.remind_party", holds(Role.OFFICER, Role.HEAD) | writes | signs)
permit_in_case("funding.propose_amendment", writes | signs)
permit_in_case("funding.consent_amendment", consents)
permit_in_case("funding.check_amendment", holds(Role.OFFICER))
permit_in_case("funding.decide_amendment", holds(Role.HEAD, Role.LEADER) & did_not_check)
permit_in_case("funding.refuse_amendment", consents | holds(Role.OFFICER, Role.HEAD, Role.LEADER))
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
permit("funding.import_statement", holds(Role.FINANCE))
permit_in_case("funding.hold_tranche", holds(Role.OFFICER, Role.HEAD, Role.LEADER))

"""Who may do what with calls, applications, reviews, sessions and decisions."""

from funding.models.board import READERS as BOARD_READERS
from funding.models.notice import HANDLERS
from funding.permissions.rules import (
    acted_in_one_on,
    apart,
    assigned,
    assigns,
    bureau,
    checks,
    conducts,
    declared,
    did_not,
    disputes,
    given,
    handles_reviews,
    has_drawn_one,
    has_reviewed,
    is_bound_to_one,
    keeps_away_from_its_cases,
    keeps_away_from_one,
    keeps_away_from_one_of,
    keeps_away_from_one_on,
    knows_content,
    leads,
    leads_panel,
    of_its_district,
    opens,
    permit_in_case,
    seated,
    sees_sessions,
    signs,
    writes,
)
from funding.rules.separation import Duty
from members.enums import ORGANISATION_ROLES, Role
from members.permissions import acts_for, holds, holds_any, is_official
from portal.kernel.authz import permit

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

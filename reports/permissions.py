"""Who may do what in the reports room."""

from typing import Any

from funding.models import Application, Contract
from funding.models.board import READERS
from funding.permissions import did_not, keeps_away_from_one_on
from members.enums import BUREAU, ORGANISATION_ROLES, Role
from members.permissions import holds, holds_any, is_official
from portal.kernel.authz import permit, rule
from reports.enums import AppealKind
from reports.models.evaluation import TOLD


@rule("writes or signs for the lead", Role.APPLICANT, Role.SIGNATORY)
def files_for_lead(user: Any, evaluation: Any) -> bool:
    lead = evaluation.consortium.lead_id
    return any(user.holds(role, organisation=lead) for role in (Role.APPLICANT, Role.SIGNATORY))


@rule("signs for the lead", Role.SIGNATORY)
def signs_for_lead(user: Any, evaluation: Any) -> bool:
    return bool(user.holds(Role.SIGNATORY, organisation=evaluation.consortium.lead_id))


@rule("writes for the lead of the agreement", Role.APPLICANT)
def writes_for_lead_of(user: Any, document: Any) -> bool:
    return bool(user.holds(Role.APPLICANT, organisation=document.agreement.consortium.lead_id))


@rule("may read the application", *ORGANISATION_ROLES, *BUREAU, Role.DISTRICT_OFFICER)
def reads_application(user: Any, application: Any) -> bool:
    return bool(Application.everything.visible_to(user).filter(pk=application.pk).exists())


@rule("may read the contract", *ORGANISATION_ROLES, *BUREAU, Role.DISTRICT_OFFICER)
def reads_contract(user: Any, contract: Any) -> bool:
    return bool(Contract.objects.visible_to(user).filter(pk=contract.pk).exists())


@rule("acts for the lead", *ORGANISATION_ROLES)
def acts_for_lead(user: Any, evaluation: Any) -> bool:
    return evaluation.consortium.lead_id in user.organisation_ids


@rule("officer of the consortium's district", Role.DISTRICT_OFFICER)
def of_its_district(user: Any, evaluation: Any) -> bool:
    return bool(user.holds(Role.DISTRICT_OFFICER, district=evaluation.consortium.district_id))


@rule("expert of this evaluation", Role.EXPERT)
def scores_it(user: Any, evaluation: Any) -> bool:
    return bool(evaluation.expert and evaluation.expert.user_id == user.pk and user.holds(Role.EXPERT))


@rule("has declared to have no conflict", Role.EXPERT)
def has_declared(user: Any, evaluation: Any) -> bool:
    return bool(evaluation.declared_at) and scores_it.test(user, evaluation)


@rule("did not grade the year")
def did_not_grade(user: Any, consequence: Any) -> bool:
    return bool(consequence.evaluation.graded_by_id != user.pk)


@rule("it was filed")
def was_filed(_user: Any, evaluation: Any) -> bool:
    return evaluation.snapshot is not None


@rule("its grade was told")
def grade_is_told(_user: Any, evaluation: Any) -> bool:
    return evaluation.status in TOLD


@rule("neither graded nor confirmed the year")
def did_not_judge(user: Any, appeal: Any) -> bool:
    return user.pk not in {appeal.graded_by_id, appeal.confirmed_by_id}


@rule("it is an appeal of the lead")
def comes_from_lead(_user: Any, appeal: Any) -> bool:
    return bool(appeal.kind == AppealKind.APPEAL)


@rule("acts for the lead that appeals", *ORGANISATION_ROLES)
def appeals_itself(user: Any, appeal: Any) -> bool:
    return comes_from_lead.test(user, appeal) and appeal.evaluation.consortium.lead_id in user.organisation_ids


@rule("asked for this report", *BUREAU)
def asked_for_it(user: Any, report: Any) -> bool:
    return bool(report.requested_by_id == user.pk)


EXPORTERS = (Role.FINANCE, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SUPERVISOR)
OWN_EXPORTERS = (Role.DISTRICT_OFFICER, Role.APPLICANT, Role.SIGNATORY)


@rule("had this file made", *EXPORTERS, *OWN_EXPORTERS)
def ordered_it(user: Any, order: Any) -> bool:
    return bool(order.requested_by_id == user.pk)


bureau = holds_any(BUREAU, "bureau")

permit("reports.open_cycle", holds(Role.OFFICER))
permit("reports.close_cycle", holds(Role.HEAD))
permit("reports.list_evaluations", is_official)
permit("reports.list_own_evaluations", holds(Role.APPLICANT, Role.SIGNATORY, Role.EXPERT))
permit("reports.edit_self_report", files_for_lead)
permit("reports.submit_self_report", files_for_lead)
permit("reports.verify_self_report", of_its_district)
permit("reports.assign_expert", holds(Role.OFFICER))
permit("reports.score_evaluation", scores_it)
permit("reports.see_self_report", acts_for_lead | ((bureau | of_its_district | has_declared) & was_filed))
permit("reports.see_scores", bureau)
permit("reports.see_grade", bureau | grade_is_told)
permit("reports.grade_evaluation", holds(Role.OFFICER) & ~scores_it)
permit("reports.confirm_grade", holds(Role.HEAD, Role.LEADER) & did_not("graded_by") & ~scores_it)
permit("reports.accept_grade", signs_for_lead)
permit("reports.appeal_grade", files_for_lead)
permit("reports.list_appeals", bureau)
permit("reports.open_appeal_file", appeals_itself | (comes_from_lead & bureau) | holds(Role.SUPERVISOR))
permit("reports.reveal_objector", holds(Role.SUPERVISOR))
permit("reports.decide_appeals", holds(Role.HEAD, Role.LEADER) & did_not("graded_by", "confirmed_by"))
permit("reports.decide_appeal", holds(Role.HEAD, Role.LEADER) & did_not_judge)
permit("reports.publicise_grade", holds(Role.HEAD))
permit("reports.finalise_evaluation", holds(Role.HEAD, Role.LEADER) & did_not("graded_by") & ~scores_it)
permit("reports.mark_absent", holds(Role.HEAD))
permit("reports.exempt_evaluation", holds(Role.HEAD))
permit("reports.decide_consequences", holds(Role.HEAD, Role.LEADER) & did_not("graded_by"))
permit("reports.decide_consequence", holds(Role.HEAD, Role.LEADER) & did_not_grade)
permit("reports.list_consequences", bureau)
permit("reports.order_application_document", reads_application)
permit("reports.replay_decision", holds(Role.SUPERVISOR, Role.LEADER, Role.AUDIT_ADMIN))
permit("reports.order_draw_document", holds(Role.ACCEPTANCE, Role.SUPERVISOR))
permit("reports.order_contract", reads_contract)
permit("reports.order_minutes", holds_any(READERS, "sees the board") & ~keeps_away_from_one_on)
permit("reports.list_reports", is_official | holds(Role.APPLICANT, Role.SIGNATORY))
permit("reports.request_report", bureau)
permit("reports.open_report", bureau)
permit("reports.order_city_report", holds(Role.OFFICER, Role.HEAD))
permit("reports.take_city_report", bureau)
permit("reports.list_targets", bureau)
permit("reports.set_target", holds(Role.OFFICER, Role.HEAD))
permit("reports.correct_target", holds(Role.OFFICER, Role.HEAD))
permit("reports.run_batch", holds(Role.OFFICER, Role.HEAD))
permit("reports.follow_batch", bureau)
permit("reports.publish_report", holds(Role.HEAD, Role.LEADER))
permit("reports.withdraw_report", holds(Role.HEAD))
permit("reports.write_case", holds(Role.OFFICER))
permit("reports.decide_case", holds(Role.HEAD) & did_not("written_by"))
permit("reports.store_report", asked_for_it)
permit("reports.export_funding", holds(*EXPORTERS) | holds(*OWN_EXPORTERS))
permit("reports.follow_export", ordered_it)
permit("reports.view_dashboard", bureau)
permit("reports.retry_agreement_document", writes_for_lead_of | is_official)

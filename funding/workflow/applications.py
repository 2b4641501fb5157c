"""Applications, from the draft to the approval."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consortia.enums import ParticipationStatus, PreparationStep
from consortia.selectors import newest_agreement, preparation_of, present_members
from funding.enums import Action, ApplicationStatus, ObjectionEffect, ObjectionStatus, ReviewStatus
from funding.models import Application
from funding.rules import eligibility
from funding.rules.boards import Terms
from funding.rules.kinds import kind_of
from funding.selectors.budgets import budget_faults
from funding.selectors.draws import experts_are_drawn
from funding.selectors.eligibility import wrong_kind
from funding.selectors.finishing import is_being_finished
from funding.selectors.panels import is_consolidated
from funding.selectors.progress import designed_gaps, empty_sections, unjustified
from funding.selectors.recommendations import no_room
from funding.selectors.scenarios import is_approved
from funding.selectors.sessions import missing_sessions, silent_reviews
from funding.selectors.snapshots import check_eligibility, whole_consortium
from portal.kernel.enumerating import enumerated
from portal.kernel.workflow import Reason, Workflow, step

A = ApplicationStatus
BY_THE_LEAD = {Action.SUBMIT, Action.TAKE_BACK, Action.WITHDRAW}


def call_is_open(application: Application, at: datetime) -> Reason | None:
    """Submitting needs an open call, or a correction that is not overdue."""
    if application.status == A.RETURNED:
        due = application.correction_due
        return _("The time for the correction is over.") if due and timezone.localdate(at) > due else None
    call = application.call
    in_time = call.is_open(at) or (call.is_in_grace(at) and is_being_finished(application))
    return None if in_time else _("The call is not open.")


def call_takes_more(application: Application, at: datetime) -> Reason | None:
    """What is taken back can be submitted again."""
    return None if application.call.is_open(at) else _("The call has closed; what was submitted stands.")


def nobody_has_opened_it(application: Application, _at: datetime) -> Reason | None:
    """Once an official reads it, it stands."""
    return _("It has been opened by an official already; what was submitted stands.") if application.opened_at else None


def is_its_first_round(application: Application, _at: datetime) -> Reason | None:
    """A correction has its own clock and its own parts."""
    if application.returned_count:
        return _("A corrected application is not taken back; what was submitted stands.")
    waits = application.status == first_desk(application)
    return None if waits else _("It is past the first desk; what was submitted stands.")


def kind_is_taken(application: Application, _at: datetime) -> Reason | None:
    """The consortium still stands where it stood when it began, and the call takes what it asks for."""
    whole = whole_consortium(application)
    if kind_of(whole.status) != application.kind:
        return _("The consortium is not what it was when the application was started; please start another one.")
    return next(iter(wrong_kind(application.call, whole, application.requested_tier)), None)


def every_member_confirmed(application: Application, _at: datetime) -> Reason | None:
    """Every invited member has confirmed exactly what stands there."""
    present = present_members(whole_consortium(application))
    names = enumerated(row.organisation.name for row in present if row.status != ParticipationStatus.CONFIRMED)
    return _("Not every member has confirmed its part: %(names)s.") % {"names": names} if names else None


def agreement_signed(application: Application, _at: datetime) -> Reason | None:
    """Every confirmed member has signed the newest version of the agreement."""
    whole = whole_consortium(application)
    agreement = newest_agreement(whole)
    if agreement is None:
        return _("There is no consortium agreement yet.")
    signed = {row.participation_id for row in agreement.signatures.all()}
    names = enumerated(row.organisation.name for row in present_members(whole) if row.pk not in signed)
    return _("The agreement is not signed by: %(names)s.") % {"names": names} if names else None


def technologies_listed(application: Application, _at: datetime) -> Reason | None:
    """The key-technology list is as long as the call's rules ask."""
    needed = application.call.rules.data["eligibility"]["min_technologies"]
    if len(whole_consortium(application).technologies.all()) < needed:
        return _("The key-technology list needs at least %(needed)s entries.") % {"needed": needed}
    return None


def tasks_measurable(application: Application, _at: datetime) -> Reason | None:
    """There are research tasks, and each can be measured by a milestone."""
    complete = preparation_of(whole_consortium(application)).item(PreparationStep.TASKS).complete
    return None if complete else _("Every research task needs a milestone.")


def sections_filled(application: Application, _at: datetime) -> Reason | None:
    """Nothing of the form is empty."""
    titles = enumerated(section.title for section in empty_sections(application))
    return _("Still empty: %(title)s") % {"title": titles} if titles else None


def budget_fits(application: Application, _at: datetime) -> Reason | None:
    """The budget holds the amount asked for and what the members have promised."""
    return " ".join(budget_faults(application)) or None


def designed_form_filled(application: Application, _at: datetime) -> Reason | None:
    """What the call asks of its own is answered, and every check of it says yes."""
    titles = enumerated(designed_gaps(application))
    return _("Not complete or not in order: %(titles)s") % {"titles": titles} if titles else None


def eligible(application: Application, at: datetime) -> Reason | None:
    """No condition bars the application, and every deviation has a reason."""
    findings = check_eligibility(application, at)
    if bars := eligibility.hard(findings):
        return " ".join(str(finding.text) for finding in bars)
    open_ = " ".join(str(finding.text) for finding in unjustified(application, findings))
    return _("Please give a reason for this deviation: %(finding)s") % {"finding": open_} if open_ else None


def panel_is_complete(application: Application, _at: datetime) -> Reason | None:
    """Enough experts handed in, and nobody is still scoring."""
    states = list(application.reviews.exclude(status=ReviewStatus.RECUSED).values_list("status", flat=True))
    needed = application.call.rules.data["panel"]["required"]
    done = states.count(ReviewStatus.SUBMITTED)
    if done < needed:
        return _("%(done)s of at least %(needed)s reviews are handed in.") % {"done": done, "needed": needed}
    return None if done == len(states) else _("An expert is still scoring.")


def summed_up(application: Application, _at: datetime) -> Reason | None:
    """Where the call has a lead reviewer, the panel's opinions are one."""
    return None if is_consolidated(application) else _("The lead reviewer has not summed up yet.")


def sessions_held(application: Application, _at: datetime) -> Reason | None:
    """Where the call asks for a defence or a site visit, its minutes are locked."""
    kinds = enumerated(kind.label for kind in missing_sessions(application))
    return _("The minutes are not locked yet of: %(sessions)s.") % {"sessions": kinds} if kinds else None


def declared_again(application: Application, _at: datetime) -> Reason | None:
    """After the panel met, every expert whose score counts has said that no interest came up."""
    silent = len(silent_reviews(application))
    if not silent:
        return None
    text = ngettext(
        "%(n)s expert has not declared again after the panel met.",
        "%(n)s experts have not declared again after the panel met.", silent,
    )  # fmt: skip
    return text % {"n": silent}


def notice_is_over(application: Application, at: datetime) -> Reason | None:
    """The period of public notice has passed."""
    notice = application.notice
    if notice is None or timezone.localdate(at) <= notice.ends_on:
        return _("The public notice is still running.")
    return None


def outcome_is_told(application: Application, _at: datetime) -> Reason | None:
    """A list that was published ahead is told some minutes after it has begun."""
    return None if application.told_at else _("The list has not begun, or its applicants are being told just now.")


def objection_is_open(application: Application, _at: datetime) -> Reason | None:
    """There is something to take up."""
    return None if application.objections.open().exists() else _("There is no open objection.")


def no_open_objection(application: Application, _at: datetime) -> Reason | None:
    """Every objection has a finding."""
    return _("An objection is still open.") if application.objections.open().exists() else None


def _upheld(application: Application) -> list[str]:
    """The effects of what was upheld against what is published now; earlier rounds are settled."""
    rows = application.objections.filter(status=ObjectionStatus.UPHELD)
    if application.notice:
        rows = rows.filter(received_at__gte=application.notice.published_at)
    return [effect or ObjectionEffect.CANCEL for effect in rows.values_list("effect", flat=True)]


def cancelled_by_objection(application: Application, _at: datetime) -> Reason | None:
    """An objection was found to be right, and nothing is left of the decision."""
    effects = _upheld(application)
    if not effects:
        return _("No objection was upheld.")
    return None if ObjectionEffect.CANCEL in effects else _("What was upheld lowers tier or amount only.")


def amended_by_objection(application: Application, _at: datetime) -> Reason | None:
    """An objection was found to be right in part, none altogether."""
    effects = _upheld(application)
    if not effects:
        return _("No objection was upheld.")
    return _("An objection that was upheld cancels the support.") if ObjectionEffect.CANCEL in effects else None


def no_upheld_objection(application: Application, _at: datetime) -> Reason | None:
    """No objection was found to be right."""
    return _("An objection was upheld.") if _upheld(application) else None


def first_desk(application: Application) -> str:
    """Where a submitted application goes: to its district, or at once to the bureau where the call says so."""
    return A.SUBMITTED if application.call.district_step else A.RECOMMENDED


def after_the_formal_check(application: Application) -> str:
    """Supervision checks credit where the call says so; else experts are next."""
    return A.CREDIT_CHECKING if application.call.credit_step else A.CHECKED


def room_in_the_list(application: Application, _at: datetime) -> Reason | None:
    """The district's list is open and its quota not used up; asked again under the lock of the list."""
    return no_room(application)


def decided_as_the_rules_say(application: Application, _at: datetime) -> Reason | None:
    """Alone where the rules of the call let it, else with the list that it is on."""
    if Terms(application.call.rules.data).single or is_approved(application):
        return None
    return _("In this call applications are decided together, by a list that several people approve.")


def state_told(application: Application, action: str) -> Reason:
    """What the state is called to whoever takes the action: the lead learns of nothing that is not published."""
    return application.applicant_status.label if action in BY_THE_LEAD else application.get_status_display()


APPLICATION: Workflow[Application] = Workflow(
    step(Action.SUBMIT, {A.DRAFT, A.RETURNED}, first_desk, "funding.submit_application",
         call_is_open, kind_is_taken, sections_filled, designed_form_filled, eligible, budget_fits,
         every_member_confirmed, agreement_signed, technologies_listed, tasks_measurable),
    step(Action.TAKE_BACK, {A.SUBMITTED, A.RECOMMENDED}, A.DRAFT, "funding.take_back_application",
         call_takes_more, is_its_first_round, nobody_has_opened_it),
    step(Action.WITHDRAW, {A.DRAFT, A.SUBMITTED, A.RETURNED, A.RECOMMENDED, A.CREDIT_CHECKING, A.SUSPENDED, A.CHECKED},
         A.WITHDRAWN, "funding.withdraw_application"),
    step(Action.RECOMMEND, {A.SUBMITTED}, A.RECOMMENDED, "funding.recommend_application",
         room_in_the_list),
    step(Action.DECLINE_RECOMMENDATION, {A.SUBMITTED}, A.NOT_RECOMMENDED, "funding.recommend_application"),
    step(Action.RETURN, {A.SUBMITTED}, A.RETURNED, "funding.return_application"),
    step(Action.REQUEST_CORRECTION, {A.RECOMMENDED}, A.RETURNED, "funding.check_application"),
    step(Action.CHECK, {A.RECOMMENDED}, after_the_formal_check, "funding.check_application"),
    step(Action.REJECT, {A.RECOMMENDED}, A.REJECTED, "funding.check_application"),
    step(Action.CLEAR, {A.CREDIT_CHECKING}, A.CHECKED, "funding.clear_application"),
    step(Action.SUSPEND, {A.CREDIT_CHECKING}, A.SUSPENDED, "funding.clear_application"),
    step(Action.RESUME, {A.SUSPENDED}, A.CREDIT_CHECKING, "funding.clear_application"),
    step(Action.END_SUSPENDED, {A.SUSPENDED}, A.NOT_APPROVED, "funding.clear_application"),
    step(Action.ASSIGN, {A.CHECKED}, A.REVIEWING, "funding.assign_experts", experts_are_drawn),
    step(Action.ADD_EXPERT, {A.REVIEWING}, A.REVIEWING, "funding.assign_experts", experts_are_drawn),
    step(Action.DRAW_EXPERTS, {A.CHECKED, A.REVIEWING}, A.REVIEWING, "funding.seat_experts"),
    step(Action.AGREE_EXPERTS, {A.CHECKED, A.REVIEWING}, A.REVIEWING, "funding.seat_experts"),
    step(Action.FILL_SEAT, {A.REVIEWING}, A.REVIEWING, ""),
    step(Action.CALL_SUBSTITUTE, {A.REVIEWING}, A.REVIEWING, "funding.assign_experts"),
    step(Action.GRADE, {A.REVIEWING}, A.GRADED, "funding.grade_application", panel_is_complete, summed_up,
         sessions_held, declared_again),
    step(Action.SEND_BACK, {A.GRADED}, A.REVIEWING, "funding.decide_application"),
    step(Action.DECIDE, {A.GRADED}, A.DECIDED, "funding.decide_application", decided_as_the_rules_say),
    step(Action.DECLINE, {A.GRADED}, A.NOT_APPROVED, "funding.decide_application", decided_as_the_rules_say),
    step(Action.PUBLICISE, {A.DECIDED}, A.PUBLICISED, "funding.publicise_application"),
    step(Action.OBJECT, {A.PUBLICISED}, A.OBJECTED, "funding.object_to_application", objection_is_open,
         outcome_is_told),
    step(Action.CONTINUE, {A.OBJECTED}, A.PUBLICISED, "funding.handle_objection", no_open_objection,
         no_upheld_objection),
    step(Action.OVERTURN, {A.OBJECTED}, A.NOT_APPROVED, "funding.handle_objection", no_open_objection,
         cancelled_by_objection),
    step(Action.AMEND_DECISION, {A.OBJECTED}, A.DECIDED, "funding.handle_objection", no_open_objection,
         amended_by_objection),
    step(Action.APPROVE, {A.PUBLICISED}, A.APPROVED, "funding.approve_application", notice_is_over, outcome_is_told,
         no_open_objection),
    told=("requested_tier", "requested_amount", "snapshot_hash", "correction_due", "score", "proposed_tier",
          "proposed_amount", "decided_tier", "decided_amount", "meeting"),
    joined=("call__rules", "consortium"),
    state=state_told,
)  # fmt: skip

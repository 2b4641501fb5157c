"""The life of a consortium, of its exit case, of a participation, of a milestone and of a taxonomy."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import (
    ALIVE,
    AT_WORK,
    SOUND,
    Action,
    AgreementStatus,
    ClaimStatus,
    ConsortiumStatus,
    DepartureStatus,
    ExitStatus,
    ExitTrigger,
    LeadChangeStatus,
    MilestoneStatus,
    ParticipationRole,
    ParticipationStatus,
    TaxonomyStatus,
    Tier,
)
from consortia.models import (
    Agreement,
    Consortium,
    ConsortiumLink,
    Demand,
    Departure,
    DuplicateClaim,
    ExitCase,
    Issue,
    LeadChange,
    Milestone,
    Participation,
    SevenOnesItem,
    SevenOnesYear,
    Taxonomy,
)
from consortia.rules.links import LinkStatus
from consortia.rules.registers import DemandStatus, IssueStatus
from consortia.rules.sevenones import OneStatus
from consortia.selectors.leadchanges import (
    everybody_consents,
    lead_may_answer,
    lead_was_heard,
    new_lead_may_lead,
    nothing_is_under_way,
    somebody_acts_for_it,
)
from consortia.workflow.agreements import (
    everybody_has_signed,
    mandatory_clauses_written,
    members_are_two,
    nobody_works_under_it,
    says_what_changes,
    says_what_the_data_say,
    somebody_is_waited_for,
    term_is_ahead,
    term_is_over,
    waiting_not_reminded_today,
)
from consortia.workflow.directs import DIRECT as DIRECT
from consortia.workflow.directs import stays
from portal.kernel.authz import may
from portal.kernel.workflow import Reason, Workflow, step

S = ConsortiumStatus
P = ParticipationStatus
M = MilestoneStatus
D = DepartureStatus
A = Action


def not_the_lead(participation: Participation, _at: datetime) -> Reason | None:
    """The lead stays: another lead needs another consortium."""
    if participation.role == ParticipationRole.LEAD:
        return _("The lead organisation cannot leave its own consortium.")
    return None


def consortium_is_alive(part: Participation | Departure | Agreement | LeadChange, _at: datetime) -> Reason | None:
    """Nothing moves any more in a consortium that has ended."""
    if part.consortium.status not in ALIVE:
        return _("This consortium has ended.")
    return None


def is_an_invitation(participation: Participation, _at: datetime) -> Reason | None:
    """Whoever has confirmed before does not drop out: what it does must be handed over."""
    if not participation.is_invitation:
        return _("This organisation has confirmed before; it leaves by a departure, in which its work is handed over.")
    return None


def has_joined(participation: Participation, _at: datetime) -> Reason | None:
    """An invitation that was never confirmed is declined or withdrawn instead."""
    if participation.is_invitation:
        return _("This organisation has not joined yet: the invitation can be declined or withdrawn.")
    return None


def its_time_is_over(participation: Participation, at: datetime) -> Reason | None:
    """An invitation stands until the end of its last day."""
    if participation.is_over(timezone.localdate(at)):
        return None
    return _("The time to answer is not over yet.")


def it_can_be_answered(participation: Participation, at: datetime) -> Reason | None:
    """What is over is over on the first day after, also before the nightly step closes it."""
    over = participation.is_over(timezone.localdate(at))
    return _("The time to answer this invitation has passed.") if over else None


def not_reminded_today(participation: Participation, at: datetime) -> Reason | None:
    """One reminder a day is enough."""
    last = participation.reminded_at
    if last and timezone.localdate(last) == timezone.localdate(at):
        return _("This organisation has been reminded today already.")
    return None


def everybody_agreed(departure: Departure, _at: datetime) -> Reason | None:
    """Nothing is left without a taker who wants it."""
    waiting = [str(row) for row in departure.items.all() if not row.is_settled]
    if waiting:
        return _("These still wait for a taker or for its consent: %(rows)s.") % {"rows": ", ".join(waiting)}
    return None


def consortium_is_at_work(milestone: Milestone, _at: datetime) -> Reason | None:
    """Milestones are judged once the consortium is recognised and until it ends."""
    if milestone.task.consortium.status not in AT_WORK:
        return _("Milestones are recorded while the consortium is operating.")
    return None


def the_date_has_passed(milestone: Milestone, at: datetime) -> Reason | None:
    """Nothing is missed before its day is over."""
    if timezone.localdate(at) <= milestone.due:
        return _("The date of this milestone has not passed yet.")
    return None


def by_tier(consortium: Consortium) -> str:
    """Where a recognised consortium works: tier C is cultivated, A and B operate."""
    return S.CULTIVATION if consortium.tier == Tier.C else S.OPERATING


def is_not_leaving(consortium: Consortium, _at: datetime) -> Reason | None:
    """While an exit case runs, nothing else is decided."""
    return _("An exit case about this consortium is running.") if consortium.leaving_since else None


def is_leaving(consortium: Consortium, _at: datetime) -> Reason | None:
    """A consortium leaves by an exit case only."""
    return None if consortium.leaving_since else _("A consortium leaves by way of an exit case.")


def has_a_direction(consortium: Consortium, _at: datetime) -> Reason | None:
    """First gate of an upgrade: a clear direction of innovation."""
    if consortium.technologies.exists():
        return None
    return _("For an upgrade the consortium needs a clear direction: its key-technology list is empty.")


def has_tasks(consortium: Consortium, _at: datetime) -> Reason | None:
    """Second gate: concrete research tasks."""
    if consortium.tasks.filter(milestones__isnull=False).exists():
        return None
    return _("For an upgrade the consortium needs concrete research tasks with milestones.")


def has_a_fund(consortium: Consortium, _at: datetime) -> Reason | None:
    """Third gate: a dedicated investment fund."""
    if consortium.funds.exists():
        return None
    return _("For an upgrade the consortium needs a dedicated investment fund.")


def has_an_agreement(consortium: Consortium, _at: datetime) -> Reason | None:
    """Whoever is recognised works under an agreement that every member has signed."""
    if consortium.agreements.filter(status=AgreementStatus.EFFECTIVE).exists():
        return None
    return _("No agreement of this consortium is in force.")


CONSORTIUM: Workflow[Consortium] = Workflow(
    step(A.START, {S.PREPARING}, by_tier, "consortia.start_consortium", has_an_agreement),
    step(A.RECTIFY, SOUND, S.RECTIFYING, "consortia.rectify_consortium", is_not_leaving),
    step(A.RESUME, {S.RECTIFYING}, by_tier, "consortia.resume_consortium", is_not_leaving),
    step(
        A.UPGRADE,
        SOUND,
        by_tier,
        "consortia.upgrade_consortium",
        is_not_leaving,
        has_a_direction,
        has_tasks,
        has_a_fund,
    ),
    step(A.DOWNGRADE, {S.OPERATING}, by_tier, "consortia.downgrade_consortium", is_not_leaving),
    step(A.GRADUATE, SOUND, S.GRADUATED, "consortia.graduate_consortium", is_not_leaving),
    step(A.EXIT, AT_WORK, S.EXITED, "consortia.close_exit", is_leaving),
    step(A.REVOKE, AT_WORK, S.REVOKED, "consortia.close_exit", is_leaving),
)


# --- the exit case -----------------------------------------------------------------------------
E = ExitStatus


def period_runs(case: ExitCase, at: datetime) -> Reason | None:
    """The lead speaks once, until the end of the last day."""
    if case.stated_at:
        return _("A statement has been filed already.")
    if case.statement_due and timezone.localdate(at) > case.statement_due:
        return _("The statement period is over.")
    return None


def has_been_heard(case: ExitCase, at: datetime) -> Reason | None:
    """Nobody is judged unheard; who leaves of its own will has spoken by asking."""
    if case.trigger == ExitTrigger.VOLUNTARY or case.stated_at:
        return None
    if case.statement_due and timezone.localdate(at) > case.statement_due:
        return None
    return _("The lead organisation has to be heard first: the notice, then its statement or the end of the period.")


def publicity_runs(case: ExitCase, at: datetime) -> Reason | None:
    """Appeals come while the decision is publicised."""
    if case.publicised_to and timezone.localdate(at) <= case.publicised_to:
        return None
    return _("The days of publicity are over.")


def publicity_is_over(case: ExitCase, at: datetime) -> Reason | None:
    """Nothing takes effect before."""
    if case.status == E.UPHELD or (case.publicised_to and timezone.localdate(at) > case.publicised_to):
        return None
    return _("The days of publicity are not over yet.")


RUNNING = frozenset({E.OPENED, E.NOTICE_SERVED, E.STATEMENT_PERIOD, E.ASSESSED})

EXIT_CASE: Workflow[ExitCase] = Workflow(
    step(A.SERVE_NOTICE, {E.OPENED}, E.NOTICE_SERVED, "consortia.serve_notice"),
    step(A.RECORD_DELIVERY, {E.NOTICE_SERVED}, E.STATEMENT_PERIOD, "consortia.record_delivery"),
    step(A.FILE_STATEMENT, {E.STATEMENT_PERIOD}, E.STATEMENT_PERIOD, "consortia.file_statement", period_runs),
    step(A.ASSESS_EXIT, {E.OPENED, E.STATEMENT_PERIOD}, E.ASSESSED, "consortia.assess_exit", has_been_heard),
    step(A.DECIDE_EXIT, {E.ASSESSED}, E.MEETING_DECIDED, "consortia.decide_exit"),
    step(A.PUBLICISE_EXIT, {E.MEETING_DECIDED}, E.PUBLICISED, "consortia.publicise_exit"),
    step(A.APPEAL_EXIT, {E.PUBLICISED}, E.APPEALED, "consortia.appeal_exit", publicity_runs),
    step(A.UPHOLD_EXIT, {E.APPEALED}, E.UPHELD, "consortia.uphold_exit"),
    step(A.REVERSE_EXIT, {E.APPEALED}, E.REVERSED, "consortia.reverse_exit"),
    step(A.CLOSE_EXIT, {E.PUBLICISED, E.UPHELD}, E.CLOSED, "consortia.close_exit", publicity_is_over),
    step(A.DISMISS_EXIT, RUNNING, E.DISMISSED, "consortia.dismiss_exit"),
)


# --- the taxonomy ------------------------------------------------------------------------------
def has_sub_fields(taxonomy: Taxonomy, _at: datetime) -> Reason | None:
    """An empty list is no taxonomy."""
    return None if taxonomy.entries.exists() else _("There is no sub-field in this version.")


TAXONOMY: Workflow[Taxonomy] = Workflow(
    step(
        A.PUBLISH_TAXONOMY, {TaxonomyStatus.DRAFT}, TaxonomyStatus.PUBLISHED, "consortia.publish_taxonomy",
        has_sub_fields,
    ),
)  # fmt: skip

PARTICIPATION: Workflow[Participation] = Workflow(
    step(Action.REVISE, {P.INVITED, P.CONFIRMED}, P.INVITED, "consortia.revise_participation", consortium_is_alive),
    step(
        Action.CONFIRM, {P.INVITED}, P.CONFIRMED, "consortia.confirm_participation",
        consortium_is_alive, it_can_be_answered,
    ),
    step(
        Action.CONFIRM_ITEM, {P.INVITED}, P.INVITED, "consortia.confirm_participation",
        consortium_is_alive, it_can_be_answered,
    ),
    step(Action.LAPSE, {P.CONFIRMED}, P.INVITED, "consortia.lapse_participation"),
    step(
        Action.REMIND, {P.INVITED}, P.INVITED, "consortia.remind_participation", consortium_is_alive, not_reminded_today
    ),
    step(
        Action.DECLINE, {P.INVITED}, P.DECLINED, "consortia.decline_participation",
        not_the_lead, consortium_is_alive, is_an_invitation,
    ),
    step(
        Action.WITHDRAW, {P.INVITED}, P.WITHDRAWN, "consortia.withdraw_participation",
        not_the_lead, consortium_is_alive, is_an_invitation,
    ),
    step(Action.EXPIRE, {P.INVITED}, P.EXPIRED, "", not_the_lead, is_an_invitation, its_time_is_over),
    step(
        Action.REQUEST_DEPARTURE, {P.INVITED, P.CONFIRMED}, P.LEAVING, "consortia.request_departure",
        not_the_lead, consortium_is_alive, has_joined,
    ),
    step(Action.STAY, {P.LEAVING}, P.INVITED, "consortia.request_departure", consortium_is_alive),
    step(Action.LEAVE, {P.LEAVING}, P.LEFT, "consortia.settle_departure", not_the_lead, consortium_is_alive),
)  # fmt: skip

# --- the agreement -----------------------------------------------------------------------------
G = AgreementStatus

AGREEMENT: Workflow[Agreement] = Workflow(
    step(
        A.SEND_AGREEMENT, {G.DRAFT}, G.SIGNING, "consortia.send_agreement",
        consortium_is_alive, members_are_two, mandatory_clauses_written, says_what_changes, term_is_ahead,
    ),
    step(
        A.REMIND_AGREEMENT, {G.SIGNING}, G.SIGNING, "consortia.remind_agreement",
        consortium_is_alive, somebody_is_waited_for, waiting_not_reminded_today,
    ),
    step(
        A.TAKE_EFFECT, {G.SIGNING}, G.EFFECTIVE, "",
        consortium_is_alive, everybody_has_signed, says_what_the_data_say, term_is_ahead,
    ),
    step(A.SUPERSEDE, {G.SIGNING, G.EFFECTIVE}, G.SUPERSEDED, ""),
    step(A.END_AGREEMENT, {G.EFFECTIVE}, G.EXPIRED, "", term_is_over, nobody_works_under_it),
)  # fmt: skip

DEPARTURE: Workflow[Departure] = Workflow(
    step(Action.ALLOCATE_DEPARTURE, {D.OPEN}, D.OPEN, "consortia.allocate_departure", consortium_is_alive),
    step(Action.CANCEL_DEPARTURE, {D.OPEN}, D.CANCELLED, "consortia.cancel_departure", consortium_is_alive),
    step(
        Action.SETTLE_DEPARTURE, {D.OPEN}, D.SETTLED, "consortia.settle_departure",
        consortium_is_alive, everybody_agreed,
    ),
)  # fmt: skip

LC = LeadChangeStatus


def no_exit_runs(change: LeadChange, at: datetime) -> Reason | None:
    """While an exit case runs, nobody else takes the lead."""
    return is_not_leaving(change.consortium, at)


LEAD_CHANGE: Workflow[LeadChange] = Workflow(
    step(A.CONSENT_LEAD_CHANGE, {LC.OPEN}, LC.OPEN, "consortia.consent_lead_change", consortium_is_alive),
    step(A.REFUSE_LEAD_CHANGE, {LC.OPEN}, LC.OPEN, "consortia.refuse_lead_change", consortium_is_alive),
    step(
        A.ANSWER_LEAD_CHANGE, {LC.OPEN}, LC.OPEN, "consortia.answer_lead_change", consortium_is_alive, lead_may_answer
    ),
    step(A.WITHDRAW_LEAD_CHANGE, {LC.OPEN}, LC.WITHDRAWN, "consortia.withdraw_lead_change"),
    step(A.REJECT_LEAD_CHANGE, {LC.OPEN}, LC.REJECTED, "consortia.reject_lead_change", lead_was_heard),
    step(
        A.APPROVE_LEAD_CHANGE, {LC.OPEN}, LC.APPROVED, "consortia.approve_lead_change",
        consortium_is_alive, no_exit_runs, lead_was_heard, everybody_consents, new_lead_may_lead, somebody_acts_for_it,
        nothing_is_under_way,
    ),
)  # fmt: skip

MILESTONE: Workflow[Milestone] = Workflow(
    step(Action.REACH, {M.PLANNED, M.MISSED}, M.REACHED, "consortia.record_milestone", consortium_is_at_work),
    step(Action.MISS, {M.PLANNED}, M.MISSED, "consortia.record_milestone", consortium_is_at_work, the_date_has_passed),
)

DUPLICATE: Workflow[DuplicateClaim] = Workflow(
    step(Action.WITHDRAW_CLAIM, {ClaimStatus.OPEN}, ClaimStatus.WITHDRAWN, "consortia.settle_duplicate"),
    step(Action.SHARE_CLAIM, {ClaimStatus.OPEN}, ClaimStatus.SHARED, "consortia.settle_duplicate"),
)


# --- demands and issues --------------------------------------------------------------------------
DS, IS = DemandStatus, IssueStatus
AWAITED = frozenset({DS.OPEN, DS.ANSWERED})
UNSETTLED = frozenset({IS.RAISED, IS.MEDIATING})


def in_a_living_consortium(row: Any, _at: datetime) -> Reason | None:
    """What has ended asks nothing any more."""
    return None if row.consortium.status in ALIVE else _("This consortium has ended.")


def is_asked_still(demand: Demand, at: datetime) -> Reason | None:
    """Answers come until the end of the last day."""
    return _("The time for answers is over.") if timezone.localdate(at) > demand.deadline else None


def is_published(demand: Demand, _at: datetime) -> Reason | None:
    """Only what is shown can be taken back."""
    return None if demand.published else _("This demand is shown inside the consortium only.")


DEMAND: Workflow[Demand] = Workflow(
    step(A.UPDATE_DEMAND, {DS.OPEN}, stays, "consortia.update_demand", in_a_living_consortium),
    step(A.PUBLISH_DEMAND, AWAITED, stays, "consortia.publish_demand", in_a_living_consortium, is_asked_still),
    step(A.CONCEAL_DEMAND, AWAITED, stays, "consortia.conceal_demand", is_published),
    step(A.ANSWER_DEMAND, AWAITED, DS.ANSWERED, "consortia.answer_demand", in_a_living_consortium, is_asked_still),
    step(A.MATCH_DEMAND, {DS.ANSWERED}, DS.MATCHED, "consortia.match_demand", in_a_living_consortium),
    step(A.CLOSE_DEMAND, AWAITED | {DS.MATCHED}, DS.CLOSED, "consortia.close_demand"),
)

ISSUE: Workflow[Issue] = Workflow(
    step(A.NOTE_ISSUE, UNSETTLED, stays, "consortia.note_issue"),
    step(A.MEDIATE_ISSUE, {IS.RAISED}, IS.MEDIATING, "consortia.mediate_issue"),
    step(A.SETTLE_ISSUE, {IS.MEDIATING}, IS.SETTLED, "consortia.settle_issue"),
    step(A.CLOSE_ISSUE, UNSETTLED | {IS.SETTLED}, IS.CLOSED, "consortia.close_issue"),
)


# --- links between consortia ---------------------------------------------------------------------
L = LinkStatus


def both_at_work(link: ConsortiumLink, _at: datetime) -> Reason | None:
    """Only recognised consortia are linked."""
    if {link.proposer.status, link.partner.status} <= AT_WORK:
        return None
    return _("One of the two consortia is not at work any more.")


LINK: Workflow[ConsortiumLink] = Workflow(
    step(A.ACCEPT_LINK, {L.PROPOSED}, L.ACCEPTED, "consortia.accept_link", both_at_work),
    step(A.DECLINE_LINK, {L.PROPOSED}, L.DECLINED, "consortia.decline_link"),
    step(A.WITHDRAW_LINK, {L.PROPOSED}, L.WITHDRAWN, "consortia.withdraw_link"),
    step(A.END_LINK, {L.ACCEPTED}, L.ENDED, "consortia.end_link"),
)


# --- the Seven Ones of a year ----------------------------------------------------------------------
O = OneStatus  # noqa: E741


def year_is_open(row: SevenOnesItem, _at: datetime) -> Reason | None:
    """A closed year stays as it is."""
    closed = SevenOnesYear.objects.filter(year=row.year).exists()
    return _("The year %(year)s is closed.") % {"year": row.year} if closed else None


def year_may_be_claimed(row: SevenOnesItem, at: datetime) -> Reason | None:
    """This year, or the last one while it is open."""
    today = timezone.localdate(at).year
    return None if row.year in {today, today - 1} else _("Only this year and the last one can be claimed.")


def is_recognised(row: SevenOnesItem, _at: datetime) -> Reason | None:
    """Before, the registers say how far it is."""
    if row.consortium.status in AT_WORK:
        return None
    return _("The Seven Ones are claimed while the consortium is recognised.")


SEVEN: Workflow[SevenOnesItem] = Workflow(
    step(
        A.CLAIM_SEVEN, frozenset(O), O.CLAIMED, "consortia.claim_seven", year_is_open, year_may_be_claimed,
        is_recognised,
    ),
    step(A.VERIFY_SEVEN, {O.CLAIMED}, O.VERIFIED, "consortia.verify_seven", year_is_open),
    step(A.RETURN_SEVEN, {O.CLAIMED}, O.RETURNED, "consortia.return_seven", year_is_open),
)  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """Who may make an edit that moves no status, and while the consortium is in which states."""

    permission: str
    during: frozenset[ConsortiumStatus]


DRAFTING = frozenset({S.PREPARING})

EDITS: dict[Action, Edit] = {
    A.UPDATE: Edit("consortia.update_consortium", DRAFTING),
    A.INVITE: Edit("consortia.invite_member", ALIVE),
    A.DRAFT_AGREEMENT: Edit("consortia.draft_agreement", ALIVE),
    A.SIGN_AGREEMENT: Edit("consortia.sign_agreement", ALIVE),
    A.ADD_BACKGROUND: Edit("consortia.add_background", ALIVE),
    A.UPDATE_BACKGROUND: Edit("consortia.update_background", ALIVE),
    A.REMOVE_BACKGROUND: Edit("consortia.remove_background", ALIVE),
    A.SET_SHARES: Edit("consortia.set_shares", DRAFTING),
    A.REPORT_RECTIFICATION: Edit("consortia.report_rectification", frozenset({S.RECTIFYING})),
    A.REQUEST_EXIT: Edit("consortia.request_exit", AT_WORK),
    A.PROPOSE_LEAD_CHANGE: Edit("consortia.propose_lead_change", ALIVE),
    A.OPEN_EXIT: Edit("consortia.open_exit", AT_WORK),
    A.ADD_TECHNOLOGY: Edit("consortia.add_technology", DRAFTING),
    A.UPDATE_TECHNOLOGY: Edit("consortia.update_technology", DRAFTING),
    A.REMOVE_TECHNOLOGY: Edit("consortia.remove_technology", DRAFTING),
    A.RECORD_READINESS: Edit("consortia.record_readiness", AT_WORK),
    A.ADD_TASK: Edit("consortia.add_task", DRAFTING),
    A.UPDATE_TASK: Edit("consortia.update_task", DRAFTING),
    A.REMOVE_TASK: Edit("consortia.remove_task", DRAFTING),
    A.RECORD_PROJECT: Edit("consortia.record_project", AT_WORK),
    A.ADD_MILESTONE: Edit("consortia.add_milestone", DRAFTING),
    A.UPDATE_MILESTONE: Edit("consortia.update_milestone", DRAFTING),
    A.REMOVE_MILESTONE: Edit("consortia.remove_milestone", DRAFTING),
    A.ADD_OUTCOME: Edit("consortia.add_outcome", ALIVE),
    A.UPDATE_OUTCOME: Edit("consortia.update_outcome", ALIVE),
    A.REMOVE_OUTCOME: Edit("consortia.remove_outcome", ALIVE),
    A.ATTACH_EVIDENCE: Edit("consortia.attach_evidence", ALIVE),
    A.REMOVE_EVIDENCE: Edit("consortia.remove_evidence", ALIVE),
    A.ADD_ADOPTION: Edit("consortia.add_adoption", ALIVE),
    A.REMOVE_ADOPTION: Edit("consortia.remove_adoption", ALIVE),
    A.VERIFY_OUTCOME: Edit("consortia.verify_outcome", ALIVE),
    A.DOUBT_OUTCOME: Edit("consortia.doubt_outcome", ALIVE),
    A.ADD_PLATFORM: Edit("consortia.add_platform", ALIVE),
    A.UPDATE_PLATFORM: Edit("consortia.update_platform", ALIVE),
    A.REMOVE_PLATFORM: Edit("consortia.remove_platform", ALIVE),
    A.ADD_BUILDER: Edit("consortia.add_builder", ALIVE),
    A.UPDATE_BUILDER: Edit("consortia.update_builder", ALIVE),
    A.REMOVE_BUILDER: Edit("consortia.remove_builder", ALIVE),
    A.ADD_SERVICE: Edit("consortia.add_service", ALIVE),
    A.UPDATE_SERVICE: Edit("consortia.update_service", ALIVE),
    A.REMOVE_SERVICE: Edit("consortia.remove_service", ALIVE),
    A.PROPOSE_DIRECT: Edit("consortia.propose_direct", AT_WORK),
    A.ADD_FUND: Edit("consortia.add_fund", ALIVE),
    A.UPDATE_FUND: Edit("consortia.update_fund", ALIVE),
    A.REMOVE_FUND: Edit("consortia.remove_fund", ALIVE),
    A.ADD_ENTRY: Edit("consortia.add_entry", ALIVE),
    A.UPDATE_ENTRY: Edit("consortia.update_entry", ALIVE),
    A.REMOVE_ENTRY: Edit("consortia.remove_entry", ALIVE),
    A.CONFIRM_CONTRIBUTION: Edit("consortia.confirm_contribution", ALIVE),
    A.PROPOSE_LINK: Edit("consortia.propose_link", AT_WORK),
    A.POSE_DEMAND: Edit("consortia.pose_demand", ALIVE),
    A.RECORD_VISIT: Edit("consortia.record_visit", ALIVE),
    A.UPDATE_VISIT: Edit("consortia.update_visit", ALIVE),
    A.ADD_FOLLOW_UP: Edit("consortia.add_follow_up", ALIVE),
    A.FINISH_FOLLOW_UP: Edit("consortia.finish_follow_up", frozenset(S)),
    A.ASSIGN_LIAISON: Edit("consortia.assign_liaison", ALIVE),
    A.RAISE_ISSUE: Edit("consortia.raise_issue", ALIVE),
    A.ADD_INVESTMENT: Edit("consortia.add_investment", ALIVE),
    A.UPDATE_INVESTMENT: Edit("consortia.update_investment", ALIVE),
    A.REMOVE_INVESTMENT: Edit("consortia.remove_investment", ALIVE),
}
IN_THE_YEAR = frozenset({
    A.ADD_ENTRY, A.UPDATE_ENTRY, A.REMOVE_ENTRY, A.CONFIRM_CONTRIBUTION, A.POSE_DEMAND,
    A.RECORD_VISIT, A.UPDATE_VISIT, A.ADD_FOLLOW_UP, A.FINISH_FOLLOW_UP, A.ASSIGN_LIAISON, A.RAISE_ISSUE,
})  # fmt: skip  # asked about by the pages where they stand
OF_A_MEMBER = IN_THE_YEAR | {A.SIGN_AGREEMENT, A.PROPOSE_LEAD_CHANGE}


def edit_obstacles(consortium: Consortium, action: str) -> list[Reason]:
    """Why this edit would be refused in the present state; empty when nothing stands in the way."""
    if consortium.status in EDITS[A(action)].during:
        return []
    return [_("This cannot be edited in the state “%(status)s”.") % {"status": consortium.get_status_display()}]


def offered_edits(consortium: Consortium, user: Any) -> set[str]:
    """The edits of the consortium and its parts that are open to the user in its present state; no query."""
    return {
        action.value
        for action, edit in EDITS.items()
        if action not in OF_A_MEMBER and consortium.status in edit.during and may(user, edit.permission, consortium)
    }

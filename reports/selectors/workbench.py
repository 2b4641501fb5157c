"""What waits for a person, role by role, and what ends soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.rules.platforms import DirectStatus
from funding.enums import (
    AcceptanceStatus,
    AmendmentStatus,
    ApplicationStatus,
    BatchStatus,
    CompensationStatus,
    ContractStatus,
    ReviewStatus,
    SessionStatus,
    TerminationStatus,
    TrancheStatus,
)
from funding.models import Call, PublicNotice, ReviewSession, SessionSlot
from members.enums import OFFICIALS, Role
from portal.kernel.querysets import Count, count_up_to
from reports.enums import EvaluationStatus
from reports.models import EvaluationCycle
from reports.selectors import duties, judging, yearly

A, T, E, R = ApplicationStatus, TrancheStatus, EvaluationStatus, DirectStatus
CONSORTIA, APPLICATIONS, MY_APPLICATIONS = (
    "consortia:consortium-list", "funding:application-list", "funding:my-applications",
)  # fmt: skip
BATCHES, RECOVERIES, COMPENSATIONS = "funding:batch-list", "funding:recovery-list", "funding:compensation-list"
AMENDMENTS, ACCEPTANCES, TERMINATIONS = (f"funding:{one}-list" for one in ("amendment", "acceptance", "termination"))
TRANCHES, MY_FUNDING, YEARS = "funding:tranche-list", "funding:my-funding", "reports:cycle-list"
LEADS = "consortia:lead-change-list"
SESSIONS = "funding:session-list"
DIRECTS, EXITS = "consortia:direct-list", "consortia:exit-list"
MOST = 999


@dataclass(frozen=True)
class Duty:
    """A kind of work: whose it is, how it is called, which rows wait, where they are worked on."""

    role: Role
    label: str | Promise
    icon: str
    rows: duties.Rows
    url: str
    query: str = ""
    alone: str = ""  # where a single row is worked on, if not on its page


@dataclass(frozen=True)
class Waiting:
    """A duty with the number of rows that wait for this person; `single` is the row when it is only one."""

    duty: Duty
    count: Count
    single: Any

    @property
    def address(self) -> str:
        """Where it is worked on: a single row at once, several in their list."""
        if self.single is None:
            query = f"?{self.duty.query}" if self.duty.query else ""
            return reverse(self.duty.url) + query
        return reverse(self.duty.alone, args=[self.single.pk]) if self.duty.alone else self.single.get_absolute_url()


TO_REQUEST = Q(status=T.PLANNED, condition_met_on__isnull=False)
DUTIES = (
    Duty(Role.CONFIRMER, _("Parts in a consortium to confirm"), "user-check", duties.invitations, CONSORTIA),
    Duty(Role.CONFIRMER, _("Agreements to sign"), "signature", duties.agreements, CONSORTIA),
    Duty(Role.CONFIRMER, _("Work to take over from members that leave"), "users", duties.take_overs, CONSORTIA),
    Duty(Role.CONFIRMER, _("Money from the lead to confirm"), "coin-yuan", duties.relays_to_confirm, MY_FUNDING,
         alone="funding:relay-confirm"),
    Duty(Role.CONFIRMER, _("Changes of a lead to consent to"), "arrows-exchange", duties.lead_changes, LEADS),
    Duty(Role.APPLICANT, _("Consortia being prepared"), "affiliate", duties.preparing, CONSORTIA),
    Duty(Role.APPLICANT, _("Applications being written"), "pencil", duties.own_applications(A.DRAFT), MY_APPLICATIONS),
    *(Duty(role, _("Sections to write"), "pencil", duties.given_sections, MY_APPLICATIONS)
      for role in (Role.CONFIRMER, Role.APPLICANT, Role.SIGNATORY, Role.ORG_ADMIN)),
    Duty(Role.APPLICANT, _("Applications to correct"), "arrow-back-up", duties.own_applications(A.RETURNED),
         MY_APPLICATIONS),
    Duty(Role.APPLICANT, _("Departures of members to settle"), "logout", duties.departures, CONSORTIA),
    *(duty for role in (Role.APPLICANT, Role.SIGNATORY) for duty in (
        Duty(role, _("Links with other consortia to answer"), "link", duties.links(role), CONSORTIA),
        Duty(role, _("Proposals of another lead to answer"), "arrows-exchange", duties.lead_changes_to_answer(role),
             LEADS),
        Duty(role, _("Exit cases to answer"), "message-report", duties.exits_to_answer(role), CONSORTIA),
    )),
    Duty(Role.APPLICANT, _("Proposed platforms to complete"), "arrow-back-up", duties.own_directs, CONSORTIA),
    Duty(Role.APPLICANT, _("Tranches to request"), "coin-yuan", duties.own_tranches(TO_REQUEST), MY_FUNDING),
    Duty(Role.APPLICANT, _("Payments to confirm"), "receipt", duties.own_tranches(Q(status=T.PAID)), MY_FUNDING),
    Duty(Role.APPLICANT, _("Money to pass on to members"), "alert-triangle", duties.relay_alarms, MY_FUNDING),
    Duty(Role.APPLICANT, _("Money to pay back"), "arrow-back-up", duties.own_recoveries, RECOVERIES),
    Duty(Role.APPLICANT, _("Projects to hand in for acceptance"), "flag", duties.acceptances_to_request, MY_FUNDING),
    *(duty for role in (Role.SIGNATORY, Role.CONFIRMER) for duty in (
        Duty(role, _("Amendments of contracts to consent to"), "arrows-exchange", duties.amendments_to_consent(role),
             AMENDMENTS),
        Duty(role, _("Final reports to confirm"), "checks", duties.acceptances_to_confirm(role), ACCEPTANCES),
    )),
    Duty(Role.APPLICANT, _("Annual self-reports to file"), "flag", yearly.own_evaluations(E.FILLING, E.RETURNED),
         "reports:my-evaluations"),
    *(Duty(role, _("Grades to accept or appeal against"), "scale", yearly.grades_to_answer, "reports:my-evaluations")
      for role in (Role.APPLICANT, Role.SIGNATORY)),
    Duty(Role.SIGNATORY, _("Applications to submit"), "send", duties.own_applications(A.DRAFT, A.RETURNED),
         MY_APPLICATIONS),
    *(Duty(role, label, icon, duties.party_contracts(role, status), MY_FUNDING)
      for role in (Role.SIGNATORY, Role.CONFIRMER)
      for label, icon, status in ((_("Contracts to confirm"), "checks", ContractStatus.CONFIRMING),
                                  (_("Contracts to sign"), "writing-sign", ContractStatus.OFFERED))),
    Duty(Role.DISTRICT_OFFICER, _("Applications to recommend"), "clipboard-text", duties.applications(A.SUBMITTED),
         APPLICATIONS, "tab=mine"),
    Duty(Role.DISTRICT_OFFICER, _("Recommendation lists to close"), "list-check", duties.lists_to_close,
         "funding:recommendations-list", "state=open"),
    Duty(Role.DISTRICT_OFFICER, _("Joint platforms to give an opinion on"), "rosette", duties.directs(R.PROPOSED),
         DIRECTS, "status=PROPOSED"),
    Duty(Role.DISTRICT_OFFICER, _("Money of the district to confirm"), "coin-yuan", duties.cofundings_to_confirm,
         "funding:cofunding-list", "status=REPORTED", alone="funding:cofunding-confirm"),
    Duty(Role.DISTRICT_OFFICER, _("Self-reports to verify"), "flag", yearly.evaluations(E.SUBMITTED), YEARS),
    Duty(Role.ACCEPTANCE, _("Questions to answer"), "message-report", duties.questions, "funding:question-list",
         "status=ASKED"),
    Duty(Role.ACCEPTANCE, _("Formal checks"), "clipboard-check", duties.applications(A.RECOMMENDED), APPLICATIONS,
         "tab=check"),
    Duty(Role.ACCEPTANCE, _("Experts to draw or invite"), "users-group", duties.without_experts,
         APPLICATIONS, "tab=review&status=CHECKED"),
    Duty(Role.ACCEPTANCE, _("Substitutes to call"), "user-plus", duties.to_replace, APPLICATIONS,
         "tab=review&status=REVIEWING"),
    Duty(Role.ACCEPTANCE, _("Panels with unanswered invitations"), "hourglass", judging.unanswered,
         "funding:invitation-list"),
    Duty(Role.ACCEPTANCE, _("Panels with scores overdue"), "alert-triangle", judging.late_scores,
         "funding:invitation-list", "tab=scores"),
    Duty(Role.ACCEPTANCE, _("Cases to put into a session"), "calendar-event", judging.to_hear, SESSIONS),
    Duty(Role.ACCEPTANCE, _("Sessions to invite to"), "send", judging.sessions_to_invite, SESSIONS),
    *(Duty(role, _("Minutes of sessions to lock"), "lock", judging.sessions_to_lock, url)
      for role, url in ((Role.SECRETARY, SESSIONS), (Role.HEAD, SESSIONS), (Role.EXPERT, "funding:review-list"))),
    Duty(Role.OFFICER, _("Questions to answer"), "message-report", duties.questions, "funding:question-list",
         "status=ASKED"),
    Duty(Role.OFFICER, _("Formal checks"), "clipboard-check", duties.applications(A.RECOMMENDED), APPLICATIONS,
         "tab=check"),
    Duty(Role.OFFICER, _("Disputed facts to answer"), "message-report", judging.disputes, APPLICATIONS,
         "tab=review&status=REVIEWING"),
    Duty(Role.OFFICER, _("Applications to grade"), "chart-bar", duties.gradable, "funding:grading-board"),
    Duty(Role.OFFICER, _("Decisions to publish"), "speakerphone", duties.applications(A.DECIDED), APPLICATIONS,
         "tab=decision&status=DECIDED"),
    Duty(Role.OFFICER, _("Outcomes to tell"), "send", judging.outcomes_to_tell, "funding:notice-list",
         alone="funding:call-outcomes"),
    Duty(Role.OFFICER, _("Names to be avoided to judge"), "user-off", judging.names_to_judge, APPLICATIONS, "tab=all"),
    Duty(Role.OFFICER, _("Objections to take up"), "alert-circle", duties.new_objections, "funding:objection-list"),
    Duty(Role.OFFICER, _("Conditions of platforms to check"), "checklist",
         duties.directs(R.DISTRICT_OPINION, "proposed_by", "opined_by"), DIRECTS, "status=DISTRICT_OPINION"),
    Duty(Role.OFFICER, _("Checked platforms to take further"), "rosette",
         duties.directs(R.CONDITION_CHECK, "proposed_by"), DIRECTS, "status=CONDITION_CHECK"),
    Duty(Role.OFFICER, _("Exit cases to take further"), "folder-open", duties.exits_to_take_further, EXITS),
    Duty(Role.OFFICER, _("Contracts to offer"), "file-text", duties.contracts(ContractStatus.DRAFT), TRANCHES),
    Duty(Role.OFFICER, _("Amendments of contracts to check"), "arrows-exchange",
         duties.amendments(AmendmentStatus.CONSENTED), AMENDMENTS),
    Duty(Role.OFFICER, _("Acceptances to check or to have assessed"), "flag",
         duties.acceptances(AcceptanceStatus.CONFIRMED, AcceptanceStatus.CHECKED), ACCEPTANCES),
    Duty(Role.OFFICER, _("Terminations that leads ask for"), "ban", duties.terminations(TerminationStatus.ASKED),
         TERMINATIONS),
    *(duty for role in (Role.HEAD, Role.LEADER) for duty in (
        Duty(role, _("Amendments of contracts to decide"), "arrows-exchange",
             duties.amendments(AmendmentStatus.CHECKED, "checked_by"), AMENDMENTS),
        Duty(role, _("Acceptances to decide"), "flag",
             duties.acceptances(AcceptanceStatus.ASSESSED, untouched=("checked_by", "assessed_by")), ACCEPTANCES),
        Duty(role, _("Terminations to decide"), "ban",
             duties.terminations(TerminationStatus.PROPOSED, untouched=("put_forward_by",)), TERMINATIONS),
    )),
    Duty(Role.OFFICER, _("Losses to check for compensation"), "shield-check",
         duties.compensations(CompensationStatus.FILED), COMPENSATIONS, "status=FILED"),
    *(Duty(role, _("Compensations to decide"), "gavel", duties.compensations(CompensationStatus.CHECKED, "checked_by"),
           COMPENSATIONS, "status=CHECKED") for role in (Role.HEAD, Role.LEADER)),
    Duty(Role.FINANCE, _("Compensations to pay"), "cash",
         duties.compensations(CompensationStatus.GRANTED, "checked_by", "decided_by"), COMPENSATIONS, "status=GRANTED"),
    Duty(Role.OFFICER, _("Money that leads keep from members"), "alert-triangle", duties.relay_alarms, TRANCHES,
         "tab=all"),
    Duty(Role.OFFICER, _("Tranches to verify"), "coin-yuan", duties.tranches(T.REQUESTED), TRANCHES, "tab=mine"),
    Duty(Role.OFFICER, _("Evaluations that need an expert"), "users-group", yearly.unassigned, YEARS),
    Duty(Role.OFFICER, _("Evaluations to grade"), "flag", yearly.evaluations(E.SCORED), YEARS),
    Duty(Role.OFFICER, _("Exit cases to open after an evaluation"), "logout", yearly.exits_to_open, YEARS),
    *(Duty(role, _("Consequences of evaluations to decide"), "scale", yearly.consequences_to_decide,
           "reports:consequence-list", alone="reports:consequences-decide") for role in (Role.HEAD, Role.LEADER)),
    Duty(Role.HEAD, _("Contracts to countersign"), "signature", duties.contracts(ContractStatus.SIGNED), TRANCHES),
    *(Duty(role, _("Minutes of decision meetings to close"), "lock", judging.meetings_to_close,
           "funding:grading-board") for role in (Role.HEAD, Role.LEADER)),
    Duty(Role.HEAD, _("Platforms to decide on"), "rosette",
         duties.directs(R.MEETING, "proposed_by", "opined_by", "checked_by"), DIRECTS, "status=MEETING"),
    Duty(Role.HEAD, _("Changes of a lead to decide"), "arrows-exchange", duties.lead_changes_to_decide, LEADS),
    Duty(Role.HEAD, _("Exit cases to decide or close"), "gavel", duties.exits_to_decide, EXITS),
    Duty(Role.HEAD, _("Objections to claims to decide"), "scale", duties.claims_to_judge, RECOVERIES,
         alone="funding:recovery-judge"),
    Duty(Role.HEAD, _("Grades to confirm"), "flag", yearly.evaluations(E.GRADED, "graded_by"), YEARS),
    *(Duty(role, _("Appeals against grades to decide"), "scale", yearly.appeals_to_decide, "reports:appeal-list")
      for role in (Role.HEAD, Role.LEADER)),
    Duty(Role.HEAD, _("Years with grades to publish"), "speakerphone", yearly.years_to_publicise, YEARS,
         alone="reports:grades-publicise"),
    Duty(Role.HEAD, _("Lists of grades to make final"), "circle-check", yearly.lists_to_finalise,
         "reports:grade-lists", alone="reports:grade-list-finalise"),
    Duty(Role.LEADER, _("Changes of a lead to decide"), "arrows-exchange", duties.lead_changes_to_decide, LEADS),
    Duty(Role.LEADER, _("Exit cases to decide or close"), "gavel", duties.exits_to_decide, EXITS),
    Duty(Role.LEADER, _("Appeals in exit cases to hear"), "scale", duties.appeals, EXITS),
    Duty(Role.LEADER, _("Applications to decide"), "gavel", duties.applications(A.GRADED, "graded_by"),
         "funding:grading-board"),
    Duty(Role.LEADER, _("Public notices that are over"), "circle-check", duties.approvable, APPLICATIONS,
         "tab=decision&status=PUBLICISED"),
    Duty(Role.LEADER, _("Platforms to decide on"), "rosette",
         duties.directs(R.MEETING, "proposed_by", "opined_by", "checked_by"), DIRECTS, "status=MEETING"),
    Duty(Role.LEADER, _("Payments to approve"), "coin-yuan", duties.tranches_to_approve,
         TRANCHES, "tab=mine"),
    Duty(Role.LEADER, _("Appropriations to confirm"), "coin-yuan", duties.appropriations, "funding:budget-lines",
         alone="funding:appropriation-confirm"),
    Duty(Role.LEADER, _("Claims and write-offs to decide"), "arrow-back-up", duties.recoveries_to_decide, RECOVERIES),
    Duty(Role.LEADER, _("Payment batches to release"), "building-bank",
         duties.batches(BatchStatus.PREPARED, "prepared_by"), BATCHES, "status=PREPARED",
         alone="funding:batch-release"),
    Duty(Role.FINANCE, _("Calls without a budget line"), "alert-triangle", duties.calls_without_line,
         "funding:budget-lines", alone="funding:call-line"),
    Duty(Role.FINANCE, _("Tranches to review"), "calculator", duties.tranches(T.VERIFIED, "verified_by"), TRANCHES,
         "tab=mine&status=VERIFIED"),
    Duty(Role.FINANCE, _("Payments to order"), "cash", duties.tranches(T.APPROVED, "approved_by"), BATCHES),
    Duty(Role.FINANCE, _("Returned payments to order anew"), "arrow-back-up",
         duties.tranches(T.RETURNED, "approved_by"), BATCHES),
    Duty(Role.FINANCE, _("Money to claim back after an exit"), "arrow-back-up", duties.exits_to_claim_after, EXITS),
    Duty(Role.FINANCE, _("Claims that are overdue"), "alert-triangle", duties.recoveries_overdue, RECOVERIES),
    Duty(Role.FINANCE, _("Payment batches to send"), "send", duties.batches(BatchStatus.RELEASED), BATCHES,
         "status=RELEASED", alone="funding:batch-send"),
    Duty(Role.FINANCE, _("Bank statements to settle"), "building-bank", duties.statements_to_settle,
         "funding:statement-list", alone="funding:statement-detail"),
    Duty(Role.SUPERVISOR, _("Draws of experts to witness"), "eye", duties.draws_to_witness, "funding:draw-list",
         "tab=PREPARED"),
    Duty(Role.SUPERVISOR, _("Draws whose randomness is public"), "users-group", duties.draws_to_draw,
         "funding:draw-list", "tab=WITNESSED"),
    Duty(Role.SUPERVISOR, _("Named experts to agree to"), "users-plus", duties.namings, "funding:draw-list"),
    Duty(Role.SUPERVISOR, _("Assignments to agree to"), "users-group", duties.assignments, APPLICATIONS,
         "tab=review&status=CHECKED"),
    Duty(Role.SUPERVISOR, _("Appeals in exit cases to hear"), "scale", duties.appeals, EXITS),
    Duty(Role.SUPERVISOR, _("Integrity checks"), "shield-check", duties.applications(A.CREDIT_CHECKING, "checked_by"),
         APPLICATIONS, "tab=credit&status=CREDIT_CHECKING"),
    Duty(Role.SUPERVISOR, _("Suspended applications"), "player-pause", duties.applications(A.SUSPENDED, "checked_by"),
         APPLICATIONS, "tab=credit&status=SUSPENDED"),
    Duty(Role.SUPERVISOR, _("Reviews to reopen or not"), "lock-open", judging.reopenings, APPLICATIONS,
         "tab=review&status=REVIEWING"),
    Duty(Role.SUPERVISOR, _("Objections to handle"), "alert-circle", duties.objections, "funding:objection-list"),
    Duty(Role.EXPERT, _("Declarations to make"), "shield-check", duties.reviews(ReviewStatus.ASSIGNED),
         "funding:review-list"),
    Duty(Role.EXPERT, _("Applications to score"), "gavel", duties.reviews(ReviewStatus.ACCEPTED),
         "funding:review-list"),
    Duty(Role.EXPERT, _("Panels to sum up"), "users-group", judging.to_sum_up, "funding:review-list", "tab=done"),
    Duty(Role.EXPERT, _("Second declarations to make"), "shield-check", judging.to_declare_again,
         "funding:review-list", "tab=done"),
    Duty(Role.EXPERT, _("Annual evaluations to score"), "flag", yearly.given_evaluations, "reports:my-evaluations"),
)  # fmt: skip


def waiting(user: Any, at: datetime) -> list[Waiting]:
    """Every duty of the user's roles with something waiting, each counted up to 999; two queries a duty."""
    found = []
    for duty in DUTIES:
        if duty.role in user.roles:
            rows = duty.rows(user, at)
            if (count := count_up_to(rows, MOST)).value:
                found.append(Waiting(duty, count, rows.first() if count.value == 1 else None))
    return found


def total(desk: list[Waiting]) -> Count:
    """How many rows wait in all."""
    counts = [one.count for one in desk]
    return Count(sum(count.value for count in counts), any(count.capped for count in counts))


@dataclass(frozen=True)
class Appointment:
    """A day in the agenda; `url` is empty where the reader has no page for it."""

    at: datetime
    label: str
    url: str


def agenda(user: Any, at: datetime) -> list[Appointment]:
    """What ends soon: open calls, running notices, the evaluation years that concern the reader; soonest first."""
    today = timezone.localdate(at)
    calls = Call.objects.open(at).defer("guidelines")
    notices = PublicNotice.objects.filter(starts_on__lte=today, ends_on__gte=today).defer("rows")
    cycles = EvaluationCycle.objects.visible_to(user).filter(opens_on__lte=today, due_on__gte=today)
    found = [
        *(_appointment(call.closes_at, _("%(name)s closes"), call) for call in calls),
        *(_appointment(_end_of(notice.ends_on), _("%(name)s ends"), notice) for notice in notices),
        *(_self_reports_due(cycle, user) for cycle in cycles),
        *(Appointment(one.starts_at, str(one), one.get_absolute_url()) for one in _sessions(user, at)),
    ]
    return sorted(found, key=lambda appointment: appointment.at)


def _sessions(user: Any, at: datetime) -> list[Any]:
    """Sessions in which the reader has a seat, and the appointments of those who act for a lead."""
    coming = ReviewSession.objects.filter(status=SessionStatus.INVITED, starts_at__gte=at - timedelta(hours=12))
    seats = _visible(ReviewSession.objects, coming.filter(seats__person=user), user)
    if not user.holds_any({Role.APPLICANT, Role.SIGNATORY}):
        return list(seats)
    slots = SessionSlot.objects.filter(session__in=coming, application__consortium__lead__in=user.organisation_ids)
    return [*seats, *_visible(SessionSlot.objects, slots, user).select_related("session", "application")]


def _visible(rows: Any, found: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Those found that the reader may see; where nothing is found, which is the rule, no more is asked."""
    keys = list(found.values_list("pk", flat=True))
    seen: QuerySet[Any] = rows.visible_to(user).filter(pk__in=keys) if keys else rows.none()
    return seen


def _appointment(at: datetime, words: Promise, subject: Any) -> Appointment:
    return Appointment(at, str(words) % {"name": subject}, subject.get_absolute_url())


def _self_reports_due(cycle: EvaluationCycle, user: Any) -> Appointment:
    own = reverse("reports:my-evaluations") if user.holds_any({Role.APPLICANT, Role.SIGNATORY, Role.EXPERT}) else ""
    url = cycle.get_absolute_url() if user.holds_any(OFFICIALS) else own
    return Appointment(_end_of(cycle.due_on), str(_("%(name)s: self-reports due") % {"name": cycle}), url)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=timezone.get_current_timezone())

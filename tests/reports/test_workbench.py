"""Everybody's own desk: what waits, for whom, and where it leads."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consortia.enums import ConsortiumStatus, ExitStatus, ParticipationStatus
from consortia.models import AgreementSignature, Consortium
from consortia.rules.links import LinkStatus
from consortia.rules.platforms import DirectStatus as R
from consortia.services.departures import consent_departure
from consortia.services.links import decline_link
from funding.enums import ApplicationStatus, ContractStatus, ReviewMode, ReviewStatus, SessionStatus, TrancheStatus
from funding.models import (
    Amendment,
    Application,
    Avoidance,
    ClaimObjection,
    Cofunding,
    Consolidation,
    Contract,
    ContractParty,
    DecisionMeeting,
    Draw,
    FactDispute,
    Naming,
    PublicNotice,
    RecommendationList,
    Recovery,
    Recusal,
    Relay,
    RelayAlarm,
    Reopening,
    Review,
    SectionWriter,
    Termination,
)
from funding.services.assignments import hand_over_assignment
from funding.services.draws import draw_experts
from funding.services.scenarios import put_forward_scenario
from members.enums import Role
from portal.kernel import files
from portal.kernel.notifications import notify
from reports.enums import EvaluationStatus
from reports.models import Consequence
from reports.selectors.workbench import DUTIES, agenda, total, waiting
from tests.clock import DAY, NOON
from tests.factories.consortia import (
    hand_over_row,
    make_consortium,
    make_direct,
    make_exit_case,
    make_lead_change,
    make_link,
    make_participation,
    make_platform,
    ready_consortium,
    rival_consortium,
)
from tests.factories.funding import (
    make_acceptance,
    make_application,
    make_appropriation,
    make_assignment,
    make_call,
    make_compensation,
    make_contract,
    make_draw,
    make_meeting,
    make_notice,
    make_objection,
    make_question,
    make_recovery,
    make_review,
    make_scenario,
    make_session,
    make_tranche,
)
from tests.factories.members import make_expert, make_user
from tests.factories.payments import make_batch, make_statement, said
from tests.factories.reports import make_appeal, make_cycle, make_evaluation
from tests.personas import ROLE_NAMES, Personas

A, T, E, X = ApplicationStatus, TrancheStatus, EvaluationStatus, ExitStatus
TODAY = timezone.localdate(NOON)
WITH_PARTIES = (ContractStatus.CONFIRMING, ContractStatus.OFFERED)


def enter(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def desk(user: Any) -> dict[str, int]:
    return {str(one.duty.label): one.count.value for one in waiting(user, NOON)}


# --- a new person ------------------------------------------------------------------------------
def test_a_new_person_finds_an_empty_desk(db: None) -> None:
    page = enter(make_user("new", "样例新人甲")).get(reverse("home"))

    assert (page.status_code, page.context["waiting"], page.context["lines"], page.context["agenda"]) == (
        200,
        [],
        [],
        [],
    )
    assert [title in page.text for title in ("All done", "No news yet", "Nothing is due")] == [True] * 3


@pytest.mark.parametrize("name", ROLE_NAMES)
def test_every_role_finds_an_empty_desk_when_nothing_waits(people: Personas, name: str) -> None:
    page = enter(getattr(people, name)).get(reverse("home"))

    assert (page.status_code, page.context["waiting"]) == (200, [])


def test_without_signing_in_there_is_no_desk(client: Client, db: None) -> None:
    assert client.get(reverse("home")).headers["location"] == f"{reverse('account_login')}?next={reverse('home')}"


# --- enterprises -------------------------------------------------------------------------------
def test_a_lead_prepares_writes_corrects_and_gets_its_money(people: Personas) -> None:
    make_consortium(people)
    make_application(people)
    make_application(people, A.RETURNED)
    award = make_contract(people).award
    make_tranche(people, award, T.PLANNED)
    make_tranche(people, award, T.PLANNED, condition_met_on=None)
    make_tranche(people, award, T.PAID)
    make_evaluation(people, consortium=award.consortium)
    rival = rival_consortium(people)
    make_application(people, consortium=rival)

    assert desk(people.lead) == {
        "Consortia being prepared": 1, "Applications being written": 1, "Applications to correct": 1,
        "Tranches to request": 1, "Payments to confirm": 1, "Annual self-reports to file": 1,
    }  # fmt: skip


def test_a_signatory_submits_and_signs(people: Personas) -> None:
    make_application(people)
    make_contract(people, status=ContractStatus.CONFIRMING)
    make_contract(people, status=ContractStatus.OFFERED)
    make_contract(people, status=ContractStatus.SIGNED)

    assert desk(people.signatory) == {"Applications to submit": 1, "Contracts to confirm": 1, "Contracts to sign": 1}
    assert desk(people.lead_admin) == {}


def test_a_member_confirms_and_signs_the_agreement(people: Personas) -> None:
    make_participation(make_consortium(people), people.university, people.lead, status=ParticipationStatus.INVITED)
    signed = ready_consortium(people)
    unsigned = ready_consortium(people)
    AgreementSignature.objects.filter(agreement__consortium=unsigned).delete()
    gone = ready_consortium(people, status=ConsortiumStatus.REVOKED)
    AgreementSignature.objects.filter(agreement__consortium=gone).delete()

    assert desk(people.university_confirmer) == {"Parts in a consortium to confirm": 1, "Agreements to sign": 1}
    assert [one.single.consortium for one in waiting(people.university_confirmer, NOON)][1] == unsigned
    assert signed.agreements.get().signatures.count() == 5


def test_a_proposed_link_waits_for_the_other_lead_until_it_is_answered(people: Personas) -> None:
    partner = make_consortium(people, status=ConsortiumStatus.OPERATING)
    ended = make_consortium(people, status=ConsortiumStatus.GRADUATED)
    proposer = rival_consortium(people, status=ConsortiumStatus.OPERATING)
    link = make_link(proposer, partner, people.rival)
    make_link(proposer, ended, people.rival)
    make_link(partner, proposer, people.lead, status=LinkStatus.WITHDRAWN, reason="样例收回。")
    both = make_user("both", "样例兼任甲", (Role.APPLICANT, people.lead_org), (Role.SIGNATORY, people.lead_org))
    label = "Links with other consortia to answer"

    before = {name: desk(getattr(people, name)).get(label) for name in ("lead", "signatory", "lead_confirmer", "rival")}
    once = [str(one.duty.label) for one in waiting(both, NOON)].count(label)
    decline_link(link=link, actor=people.signatory, at=NOON, note="样例不合适。")

    assert before == {"lead": 1, "signatory": 1, "lead_confirmer": None, "rival": None}
    assert once == 1
    assert desk(people.lead).get(label) is None


def test_what_a_member_that_leaves_hands_over_waits_for_its_taker_and_the_lead(people: Personas) -> None:
    consortium = ready_consortium(people)
    row = hand_over_row(consortium, people.fund, people.lead_org, of=consortium.tasks.get(), taker=people.university)
    ended = ready_consortium(people, status=ConsortiumStatus.REVOKED)
    hand_over_row(ended, people.supplier, people.lead_org, of=ended.tasks.get(), taker=people.university)

    before = {name: desk(getattr(people, name)) for name in ("university_confirmer", "fund_confirmer", "signatory")}
    lead = desk(people.lead)
    consent_departure(item=row, actor=people.university_confirmer, at=NOON)

    assert before == {
        "university_confirmer": {"Work to take over from members that leave": 1}, "fund_confirmer": {}, "signatory": {}
    }  # fmt: skip
    assert lead == {"Consortia being prepared": 1, "Departures of members to settle": 1}
    assert desk(people.university_confirmer) == {}


def test_the_lead_so_far_answers_while_it_is_heard(people: Personas) -> None:
    facts = {"ground": "SILENT", "asked_by": None}
    heard, over, handed = (make_consortium(people, status=ConsortiumStatus.OPERATING) for _ in range(3))
    make_lead_change(people, heard, people.officer, heard_until=TODAY, **facts)
    make_lead_change(people, over, people.officer, heard_until=TODAY - timedelta(days=1), **facts)
    make_lead_change(people, handed, people.lead)
    label = "Proposals of another lead to answer"

    found = {name: desk(getattr(people, name)).get(label) for name in ("lead", "signatory", "lead_admin", "officer")}

    assert found == {"lead": 1, "signatory": 1, "lead_admin": None, "officer": None}
    assert {name: desk(getattr(people, name)) for name in ("head", "leader")} == {
        "head": {"Changes of a lead to decide": 3}, "leader": {"Changes of a lead to decide": 3}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "who"),
    [
        ({}, {"officer"}),
        ({"status": X.NOTICE_SERVED}, {"officer", "lead", "signatory"}),
        ({"status": X.STATEMENT_PERIOD, "statement_due": TODAY}, {"lead", "signatory"}),
        ({"status": X.STATEMENT_PERIOD, "statement_due": TODAY - timedelta(days=1)}, {"officer"}),
        ({"status": X.STATEMENT_PERIOD, "statement_due": TODAY, "stated_at": NOON}, {"officer"}),
        ({"status": X.ASSESSED}, {"head", "leader"}),
        ({"status": X.MEETING_DECIDED}, {"officer"}),
        ({"status": X.PUBLICISED, "publicised_to": TODAY}, set()),
        ({"status": X.PUBLICISED, "publicised_to": TODAY - timedelta(days=1)}, {"head", "leader"}),
        ({"status": X.APPEALED}, {"leader", "supervisor"}),
        ({"status": X.UPHELD}, {"head", "leader"}),
        ({"status": X.CLOSED}, set()),
    ],
)
def test_an_exit_case_waits_for_whose_turn_it_is(people: Personas, facts: dict[str, Any], who: set[str]) -> None:
    make_exit_case(make_consortium(people, status=ConsortiumStatus.OPERATING), people.officer, **facts)
    cast = ("officer", "head", "leader", "supervisor", "lead", "signatory", "lead_confirmer", "rival")

    assert {name for name in cast if desk(getattr(people, name))} == who


# --- district and bureau -----------------------------------------------------------------------
def test_a_district_recommends_and_verifies_its_own(people: Personas) -> None:
    make_application(people, A.SUBMITTED)
    make_evaluation(people, E.SUBMITTED)

    assert desk(people.district_officer) == {"Applications to recommend": 1, "Self-reports to verify": 1}
    assert desk(people.other_district_officer) == {}


def test_the_acceptance_desk_checks_and_assigns_what_somebody_else_checked(people: Personas) -> None:
    make_application(people, A.RECOMMENDED)
    make_application(people, A.CHECKED)
    make_application(people, A.CHECKED, checked_by=people.acceptance)
    make_question(people, make_call(people))

    assert desk(people.acceptance) == {"Questions to answer": 1, "Formal checks": 1, "Experts to draw or invite": 1}


def test_the_acceptance_desk_sees_for_whom_it_waits(people: Personas) -> None:
    answers, scores, quiet = (make_application(people, A.REVIEWING) for _n in range(3))
    make_review(answers, people.experts[0], people, answer_by=NOON + DAY)
    make_review(scores, people.experts[0], people, ReviewStatus.ACCEPTED, score_by=NOON - DAY)
    make_review(quiet, people.experts[0], people, ReviewStatus.ACCEPTED, score_by=NOON + 3650 * DAY)

    assert desk(people.acceptance) == {"Panels with unanswered invitations": 1, "Panels with scores overdue": 1}


def test_an_officer_checks_grades_publishes_takes_up_objections_and_verifies(people: Personas) -> None:
    make_application(people, A.RECOMMENDED)
    make_application(people, A.DECIDED)
    complete, unfinished, thin = (make_application(people, A.REVIEWING) for _ in range(3))
    for expert in people.experts:
        make_review(complete, expert, people, ReviewStatus.SUBMITTED)
        make_review(unfinished, expert, people, ReviewStatus.SUBMITTED)
    make_review(unfinished, people.conflicted_expert, people, ReviewStatus.ACCEPTED)
    make_review(thin, people.experts[0], people, ReviewStatus.SUBMITTED)
    make_objection(make_application(people, A.PUBLICISED))
    make_objection(make_application(people, A.OBJECTED))
    make_tranche(people, status=T.REQUESTED)
    make_evaluation(people, E.VERIFIED, expert=None, declared_at=None)
    make_evaluation(people, E.SCORED)
    make_question(people, make_call(people))

    assert desk(people.officer) == {
        "Questions to answer": 1,
        "Formal checks": 1, "Applications to grade": 1, "Decisions to publish": 1, "Objections to take up": 1,
        "Tranches to verify": 1, "Evaluations that need an expert": 1, "Evaluations to grade": 1,
    }  # fmt: skip
    assert desk(people.supervisor) == {"Objections to handle": 2}


def test_a_head_countersigns_and_confirms_grades_that_somebody_else_gave(people: Personas) -> None:
    make_contract(people, status=ContractStatus.SIGNED)
    make_evaluation(people, E.GRADED)
    make_evaluation(people, E.GRADED, graded_by=people.head)

    assert desk(people.head) == {"Contracts to countersign": 1, "Grades to confirm": 1}


def test_grades_that_were_told_wait_for_the_lead_then_for_the_head(people: Personas) -> None:
    contesting(people)

    assert desk(people.signatory)["Grades to accept or appeal against"] == 1
    assert desk(people.head) == {
        "Appeals against grades to decide": 1, "Years with grades to publish": 1, "Lists of grades to make final": 1,
    }  # fmt: skip
    assert desk(people.leader) == {"Appeals against grades to decide": 1}


def test_a_leader_decides_approves_and_releases_money(people: Personas) -> None:
    make_application(people, A.GRADED)
    make_application(people, A.GRADED, graded_by=people.leader)
    make_application(people, A.PUBLICISED)
    running = make_call(people)
    make_application(people, A.PUBLICISED, notice=make_notice(people, running, ends_on=TODAY))
    make_objection(make_application(people, A.PUBLICISED))
    make_tranche(people, status=T.REVIEWED)
    make_tranche(people, status=T.REVIEWED, verified_by=people.leader)

    assert desk(people.leader) == {
        "Applications to decide": 1, "Public notices that are over": 1, "Payments to approve": 1
    }  # fmt: skip


def test_finance_reviews_and_pays_what_others_have_signed(people: Personas) -> None:
    make_tranche(people, status=T.VERIFIED)
    make_tranche(people, status=T.VERIFIED, verified_by=people.finance)
    make_tranche(people, status=T.APPROVED)
    make_tranche(people, status=T.APPROVED, approved_by=people.finance, reviewed_by=people.second_finance)

    assert desk(people.finance) == {"Tranches to review": 1, "Payments to order": 1}
    assert desk(people.second_finance) == {"Tranches to review": 2, "Payments to order": 2}


def test_an_expert_declares_scores_and_evaluates(people: Personas) -> None:
    expert = people.experts[0]
    make_review(make_application(people, A.REVIEWING), expert, people)
    make_review(make_application(people, A.REVIEWING), expert, people, ReviewStatus.ACCEPTED)
    make_review(make_application(people, A.GRADED), expert, people, ReviewStatus.ACCEPTED)
    make_evaluation(people, E.VERIFIED)

    assert desk(expert.user) == {
        "Declarations to make": 1, "Applications to score": 1, "Annual evaluations to score": 1
    }  # fmt: skip
    assert desk(people.experts[1].user) == {}


def test_a_complete_panel_waits_for_its_lead_reviewer_and_then_for_the_officer(people: Personas) -> None:
    first, second = people.experts[0].user, people.experts[1].user
    panel(people, ReviewStatus.SUBMITTED, ReviewStatus.SUBMITTED, ReviewStatus.ACCEPTED)
    complete = panel(people)

    assert (desk(first), desk(second), desk(people.officer)) == ({"Panels to sum up": 1}, {}, {})

    review = complete.reviews.all()[1]
    summary = Consolidation.objects.create(application=complete, review=review)

    assert (desk(first), desk(second)) == ({}, {"Panels to sum up": 1})

    Review.objects.filter(pk=review.pk).update(status=ReviewStatus.RECUSED)
    make_review(complete, people.conflicted_expert, people, ReviewStatus.SUBMITTED)

    assert desk(first) == {"Panels to sum up": 1}

    summary.opinion, summary.consolidated_at = "样例综合意见", NOON
    summary.save()

    again = {"Second declarations to make": 1}
    assert (desk(first), desk(second)) == (again, {})
    assert desk(people.officer) == {"Applications to grade": 1}


def test_doubts_wait_for_those_who_may_answer_them(people: Personas) -> None:
    application = make_application(people, A.REVIEWING)
    review = make_review(application, people.experts[0], people, ReviewStatus.SUBMITTED)
    FactDispute.objects.create(review=review, indicator="L1", computed=6, grounds="样例", raised_at=NOON)
    Reopening.objects.create(review=review, reason="样例", requested_by=people.officer, requested_at=NOON)

    assert desk(people.officer) == {"Disputed facts to answer": 1}
    assert desk(people.supervisor) == {"Reviews to reopen or not": 1}
    assert desk(people.head) == {}

    for person in (people.officer, people.supervisor):
        Recusal.objects.create(
            application=application, person=person, ground="样例", declared_by=person, recused_at=NOON
        )

    assert (desk(people.officer), desk(people.supervisor)) == ({}, {})


@pytest.mark.parametrize("name", ["system_admin", "security_admin", "audit_admin", "rival"])
def test_others_matters_stand_on_nobodys_desk(people: Personas, name: str) -> None:
    for status in (A.SUBMITTED, A.RECOMMENDED, A.GRADED):
        make_application(people, status)
    make_tranche(people, status=T.REQUESTED)
    make_contract(people, status=ContractStatus.OFFERED)

    assert desk(getattr(people, name)) == {}


# --- where it leads ----------------------------------------------------------------------------
def share(application: Application, people: Personas) -> None:
    """Give a section to one person of each role."""
    for person in (people.lead, people.signatory, people.lead_admin, people.university_confirmer):
        SectionWriter.objects.create(application=application, section="route", person=person, assigned_by=people.lead)


def everything(people: Personas) -> None:
    """Something waits for everybody, by the real clock too."""
    make_consortium(people)
    for status in (A.DRAFT, A.SUBMITTED, A.RETURNED, A.RECOMMENDED, A.CREDIT_CHECKING, A.SUSPENDED, A.CHECKED, A.GRADED,
                   A.DECIDED, A.PUBLICISED):  # fmt: skip
        make_application(people, status)
    share(make_application(people), people)
    PublicNotice.objects.update(starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 8))
    reviewed = make_application(people, A.REVIEWING)
    for expert in people.experts:
        make_review(reviewed, expert, people, ReviewStatus.SUBMITTED)
    drawing(people)
    doubting(people, reviewed)
    meeting(people)
    for status in (ReviewStatus.ASSIGNED, ReviewStatus.ACCEPTED):
        dates = {"answer_by": NOON, "score_by": NOON}
        make_review(make_application(people, A.REVIEWING), people.experts[0], people, status, **dates)
    make_objection(make_application(people, A.PUBLICISED))
    deciding(people)
    ending(people)
    for contract in (*WITH_PARTIES, ContractStatus.DRAFT, ContractStatus.SIGNED):
        _seat_member(people, make_contract(people, status=contract))
    for tranche in (T.PLANNED, T.REQUESTED, T.VERIFIED, T.REVIEWED, T.APPROVED, T.PAID):
        make_tranche(people, status=tranche)
    for evaluation in (E.FILLING, E.SUBMITTED, E.VERIFIED, E.SCORED, E.GRADED):
        make_evaluation(people, evaluation)
    make_evaluation(people, E.VERIFIED, expert=None, declared_at=None)
    contesting(people)
    following(people)
    unsigned = ready_consortium(people)
    AgreementSignature.objects.filter(agreement__consortium=unsigned).delete()
    for status in (R.PROPOSED, R.RETURNED, R.DISTRICT_OPINION, R.CONDITION_CHECK, R.MEETING):
        make_direct(make_platform(unsigned), people.lead, status=status)
    make_participation(make_consortium(people), people.university, people.lead, status=ParticipationStatus.INVITED)
    working = ready_consortium(people, status=ConsortiumStatus.OPERATING)
    make_lead_change(people, working, people.lead, new_lead=people.university)
    make_link(rival_consortium(people), working, people.rival)
    leaving(people, unsigned)
    make_question(people, make_call(people))
    over = make_call(people, opens_at=NOON - 30 * DAY, closes_at=NOON - 20 * DAY)
    RecommendationList.objects.create(call=over, district=people.lead_org.district)


def contesting(people: Personas) -> None:
    """Grades to be answered by the lead, appeals to be decided, grades to be published and to be made final."""
    make_evaluation(people, E.FEEDBACK, appeal_until=timezone.localdate() + 5 * DAY)
    make_evaluation(people, E.FEEDBACK, accepted_at=NOON)
    make_appeal(people)
    make_appeal(people, make_evaluation(people, E.APPEALED, confirmed_by=people.leader))
    make_evaluation(people, E.PUBLICISED)


def drawing(people: Personas) -> None:
    """A draw to be witnessed, one to be drawn, one of whose experts stepped back, experts named by hand."""
    for kind in ("TECH", "FINANCE", "INVEST"):
        make_expert(f"x{kind.lower()}{Draw.objects.count()}", "专家辛01", kind=kind)
    stepped, _witnessed, prepared = (
        make_draw(people, witnessed=True),
        make_draw(people, witnessed=True),
        make_draw(people),
    )
    draw_experts(draw=stepped, randomness="1", actor=people.supervisor, at=NOON)
    Review.objects.filter(application=stepped.application, ordinal=1).update(status=ReviewStatus.RECUSED)
    Draw.objects.filter(pk=prepared.pk).update(public_at=timezone.now() + DAY)
    hand_over_assignment(assignment=make_assignment(people), actor=people.acceptance, at=NOON)
    Naming.objects.create(
        application=make_application(people, A.CHECKED), reason="样例", proposed_by=people.acceptance, proposed_at=NOON
    )


def doubting(people: Personas, application: Application) -> None:
    """A computed fact is disputed, a review is to be reopened, a panel waits for its lead reviewer."""
    review = application.reviews.all()[0]
    FactDispute.objects.create(review=review, indicator="L1", computed=6, grounds="样例", raised_at=NOON)
    Reopening.objects.create(review=review, reason="样例", requested_by=people.officer, requested_at=NOON)
    panel(people)


def panel(people: Personas, *states: str) -> Application:
    """Three reviews in a call with a lead reviewer."""
    application = make_application(
        people, A.REVIEWING, call=make_call(people, review_mode=ReviewMode.LEAD_REVIEWER)
    )  # fmt: skip
    for expert, status in zip(people.experts, states or [ReviewStatus.SUBMITTED] * 3, strict=True):
        make_review(application, expert, people, status)
    return application


def meeting(people: Personas) -> None:
    """A case to be heard, a session to invite to, minutes to lock, a second declaration."""
    call = make_call(people, defence=True)
    for status in (None, SessionStatus.PREPARED, SessionStatus.INVITED, SessionStatus.LOCKED):
        case = make_application(people, A.REVIEWING, call=call)
        make_review(case, people.experts[0], people, ReviewStatus.SUBMITTED)
        if status:
            later = {"starts_at": timezone.now() + DAY} if status == SessionStatus.PREPARED else {}
            make_session(people, case, status=status, **later)
    chaired = make_session(people, make_application(people, A.REVIEWING, call=call))
    chaired.seats.filter(person=people.head).update(person=people.experts[0].user)
    make_review(chaired.slots.get().application, people.experts[0], people, ReviewStatus.SUBMITTED)


def deciding(people: Personas) -> None:
    """A name to be judged, minutes in the chair of a leader and of the head, somebody declined and not told, money."""
    avoided = make_application(people, A.RECOMMENDED)
    Avoidance.objects.create(application=avoided, name="样例专家", reason="样例", named_by=people.lead)
    for chair in (people.leader, people.head):
        listed = make_scenario(people)
        put_forward_scenario(scenario=listed, meeting="样例会议", actor=people.officer, at=NOON)
        record = make_meeting(people, listed, closed=False)
        DecisionMeeting.objects.filter(pk=record.pk).update(chair=chair)
    make_application(people, A.NOT_APPROVED, told_at=None)
    funded = make_contract(people).award
    kept = files.store_bytes(b"1", name="1.pdf", mime="application/pdf", kind="funding.bank_slip", at=NOON)
    facts = {"award": funded, "organisation": people.university, "amount": 1}
    Relay.objects.create(passed_on=date(2026, 11, 1), slip="1", evidence=kept, reported_by=people.lead, **facts)
    Cofunding.objects.create(
        award=funded, organisation=people.lead_org, amount=1, arrived_on=date(2026, 11, 1), evidence=kept,
        slip=funded.contract.number, reported_by=people.lead,
    )  # fmt: skip
    for status in ("FILED", "CHECKED", "GRANTED"):
        make_compensation(people, funded, status)
    make_recovery(people, funded)
    ClaimObjection.objects.create(recovery=make_recovery(people, funded), statement="样例", filed_by=people.lead)
    make_recovery(people, funded, "OPEN")
    RelayAlarm.objects.create(since=date(2026, 11, 1), raised_at=NOON, **facts)
    make_batch(people)
    make_batch(people, status="RELEASED")
    sent = make_batch(people, status="SENT")
    make_statement(people, said(sent.orders.get()))
    make_tranche(people, status=T.RETURNED)
    make_appropriation(people)


def following(people: Personas) -> None:
    """A consequence to decide, and one accepted that asks for an exit case."""
    exits = {"kind": "EXIT", "status": "ACCEPTED", "decided_by": people.leader, "decided_at": NOON}
    for facts in ({"kind": "RECTIFY"}, exits):
        Consequence.objects.create(evaluation=make_evaluation(people, E.FINAL), basis={}, **facts)


def ending(people: Personas) -> None:
    """A project whose term is over, acceptances and amendments to agree to, check and decide, terminations asked for
    and proposed.
    """
    over = make_contract(people)
    Contract.objects.filter(pk=over.pk).update(starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    kept = files.store_bytes(b"1", name="1.pdf", mime="application/pdf", kind="funding.acceptance", at=NOON)
    heard = {
        "checked_by": people.officer, "checked_at": NOON, "opinion_form": "WRITTEN", "opinion_on": date(2026, 11, 1),
        "experts": "样例", "opinion": "样例", "advice": "PASSED", "opinion_file": kept, "assessed_by": people.officer,
        "assessed_at": NOON,
    }  # fmt: skip
    for status, facts in (("REQUESTED", {}), ("CONFIRMED", {}), ("ASSESSED", heard)):
        contract = make_contract(people)
        _seat_member(people, contract, also=True)
        make_acceptance(people, contract, report=kept, status=status, **facts)
    asked = {"reason": "样例", "started_by": people.lead}
    Termination.objects.create(contract=make_contract(people), **asked)
    put = {"put_forward_by": people.officer, "put_forward_at": NOON, "status": "PROPOSED"}
    Termination.objects.create(contract=make_contract(people), **asked, **put)
    checked = {"checked_by": people.officer, "checked_at": NOON}
    for stage, facts in (("PROPOSED", {}), ("CONSENTED", {}), ("CHECKED", checked)):
        contract = make_contract(people)
        _seat_member(people, contract, also=True)
        Amendment.objects.create(
            contract=contract, kind="EXTENSION", reason="样例", changes={"ends_on": "2030-01-01"},
            replaced={"ends_on": contract.ends_on.isoformat()}, base=contract.sha256, proposed_by=people.lead,
            status=stage, **facts,
        )  # fmt: skip


def leaving(people: Personas, unsigned: Consortium) -> None:
    """A member hands over, a lead is heard, cases run."""
    hand_over_row(unsigned, people.fund, people.lead_org, of=unsigned.tasks.get(), taker=people.university)
    silent = make_consortium(people)
    make_lead_change(people, silent, people.officer, ground="SILENT", asked_by=None, heard_until=date(2099, 12, 31))
    appealed = {"status": X.APPEALED, "decided_by": people.head, "measure": "EXIT"}
    closed = {**appealed, "status": X.CLOSED, "recovered": Decimal(1), "ended_on": date(2026, 11, 1)}
    for facts in ({}, {"status": X.NOTICE_SERVED}, {"status": X.ASSESSED}, appealed, closed):
        make_exit_case(make_consortium(people, status=ConsortiumStatus.OPERATING), people.officer, **facts)


def test_what_an_exit_case_wants_back_waits_for_finance_until_it_is_claimed(people: Personas) -> None:
    award = make_contract(people).award
    closed = {"status": X.CLOSED, "decided_by": people.head, "measure": "EXIT", "ended_on": date(2026, 11, 1)}
    case = make_exit_case(award.consortium, people.officer, **closed, recovered=Decimal(300))
    wanted = "Money to claim back after an exit"
    assert desk(people.finance)[wanted] == 1

    claim = make_recovery(people, award, amount=Decimal(299), created_at=case.created_at + DAY)
    assert desk(people.finance)[wanted] == 1
    Recovery.objects.filter(pk=claim.pk).update(amount=Decimal(300))

    assert wanted not in desk(people.finance)


@pytest.mark.parametrize("twice", [False, True])
def test_every_duty_leads_to_a_page_of_its_own(people: Personas, twice: bool) -> None:
    everything(people)
    if twice:
        everything(people)
    cast = ("lead", "signatory", "lead_admin", "university_confirmer", "district_officer", "acceptance", "officer",
            "head", "leader", "finance", "supervisor", "secretary", "expert")  # fmt: skip
    found, answers = set(), {}

    for name in cast:
        client = enter(getattr(people, name))
        page = client.get(reverse("home"))
        found |= {one.duty for one in page.context["waiting"]}
        for url in links(page.text):
            answers[name, url] = client.get(url).status_code

    assert found == set(DUTIES)
    assert {key: status for key, status in answers.items() if status != 200} == {}


def _seat_member(people: Personas, contract: Contract, *, also: bool = False) -> None:
    """The university as another party that has to confirm, or to sign."""
    if also or contract.status in WITH_PARTIES:
        ContractParty.objects.create(contract=contract, organisation=people.university, ordinal=2)


def links(html: str) -> list[str]:
    """The addresses in the list of duties."""
    listing = html.partition('<ul class="desk">')[2].partition("</ul>")[0]
    return [part.partition('"')[0].replace("&amp;", "&") for part in listing.split('<a href="')[1:]]


def test_one_thing_is_opened_at_once_several_as_a_list(people: Personas) -> None:
    first = make_tranche(people, status=T.VERIFIED)

    one = links(enter(people.finance).get(reverse("home")).text)
    make_tranche(people, status=T.VERIFIED)
    two = links(enter(people.finance).get(reverse("home")).text)

    assert one == [first.get_absolute_url()]
    assert two == [f"{reverse('funding:tranche-list')}?tab=mine&status=VERIFIED"]


def test_the_desk_says_how_much_waits_in_all(people: Personas) -> None:
    for status in (T.VERIFIED, T.VERIFIED, T.APPROVED):
        make_tranche(people, status=status)

    assert str(total(waiting(people.finance, NOON))) == "3"
    assert "3 things wait for you." in enter(people.finance).get(reverse("home")).text


# --- agenda and news ---------------------------------------------------------------------------
def test_the_agenda_holds_what_ends_soon_soonest_first(people: Personas) -> None:
    call = make_call(people, closes_at=NOON + 3 * DAY)
    make_call(people, closes_at=NOON - DAY)
    notice = make_notice(people, call, ends_on=TODAY + timedelta(days=1))
    make_notice(people, call)
    cycle = make_cycle(people)

    found = [(one.label, one.url) for one in agenda(people.officer, NOON)]

    assert found == [
        (f"{notice.title} ends", notice.get_absolute_url()),
        (f"{call.title} closes", call.get_absolute_url()),
        ("Annual evaluation 2026: self-reports due", cycle.get_absolute_url()),
    ]


def test_the_agenda_names_the_self_reports_to_who_takes_part(people: Personas) -> None:
    make_evaluation(people)

    found = {name: [one.url for one in agenda(getattr(people, name), NOON)]
             for name in ("lead", "lead_confirmer", "rival", "district_officer")}  # fmt: skip

    assert found == {
        "lead": [reverse("reports:my-evaluations")], "lead_confirmer": [""], "rival": [],
        "district_officer": [make_cycle(people).get_absolute_url()],
    }  # fmt: skip


def test_the_news_are_ones_own_and_unread_ones_stand_out(people: Personas) -> None:
    call = make_call(people)
    for reader in (people.officer, people.head):
        notify(recipients=[reader], kind="funding.tranche_held", params={"name": "样例联合体", "sequence": 1},
               url=call.get_absolute_url(), at=NOON)  # fmt: skip

    page = enter(people.officer).get(reverse("home"))

    assert [line.text for line in page.context["lines"]] == ["Tranche 1 of “样例联合体” is on hold."]


def test_the_desk_costs_the_same_whatever_waits(people: Personas, django_assert_num_queries: Any) -> None:
    for status in (T.VERIFIED, T.VERIFIED, T.APPROVED, T.APPROVED):
        make_tranche(people, status=status)
    reader = type(people.finance).objects.get(pk=people.finance.pk)

    with django_assert_num_queries(10):
        waiting(reader, NOON)
    for _ in range(3):
        make_tranche(people, status=T.VERIFIED)
    with django_assert_num_queries(9):
        waiting(reader, NOON)

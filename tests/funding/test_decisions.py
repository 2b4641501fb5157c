"""Grading, decision and approval: who, how much, once."""

from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from funding.enums import Action, ApplicationStatus, ReviewStatus
from funding.models import Application, Award, Contract
from funding.selectors.decisions import committed
from funding.services.decisions import (
    approve_application,
    decide_application,
    decline_application,
    grade_application,
    send_back_application,
)
from members.enums import Role
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import ready_consortium
from tests.factories.funding import freeze, make_application, make_call, make_notice, make_objection, make_review
from tests.factories.members import give, make_expert
from tests.personas import Personas

S = ApplicationStatus
A, B = Decimal(1_550_000), Decimal(800_000)
pytestmark = pytest.mark.usefixtures("english")


def reviewed(people: Personas, *totals: Any, **facts: Any) -> Any:
    """An application whose experts have all handed in with these totals."""
    application = freeze(make_application(people, S.REVIEWING, **facts))
    pool = [*people.experts, *(make_expert(f"pool{n}", f"专家己{n:02d}") for n in range(max(len(totals) - 3, 0)))]
    for expert, total in zip(pool, totals or ("78", "79", "80"), strict=False):
        make_review(application, expert, people, ReviewStatus.SUBMITTED, total=Decimal(total))
    return application


def grade(
    people: Personas, application: Any, tier: Any = "B", amount: Any = "750000", rationale: Any = "", actor: Any = None
) -> Any:
    return grade_application(
        application=application, actor=actor or people.officer, tier=tier, amount=Decimal(amount), rationale=rationale,
        at=NOON,
    )  # fmt: skip


def decide(
    people: Personas, application: Any, tier: Any = "A", amount: Any = A, note: Any = "", actor: Any = None
) -> Any:
    return decide_application(
        application=application, actor=actor or people.leader, tier=tier, amount=amount, meeting="样例会议〔2026〕3号",
        at=NOON, note=note,
    )  # fmt: skip


def approve(people: Personas, application: Any, actor: Any = None, at: Any = NOON) -> Any:
    return approve_application(
        application=application, actor=actor or people.leader, document_number="样科〔2026〕12号", at=at
    )


def at_once(*acts: Any) -> Any:
    """Run the acts at the same moment in threads of their own; what each came to."""
    start, results = Barrier(len(acts)), []

    def run(act: Any) -> None:
        start.wait()
        try:
            act()
            results.append("done")
        except TransitionRefused:
            results.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


# --- grading -----------------------------------------------------------------------------------
def test_grading_by_the_rules_needs_no_rationale(people: Personas) -> None:
    leader, application = people.leader, reviewed(people)

    grade(people, application)

    assert (application.status, application.score) == (S.GRADED, Decimal("79.00"))
    assert (application.proposed_tier, application.proposed_amount) == ("B", Decimal("750000.00"))
    assert (application.graded_by, application.graded_at) == (people.officer, NOON)
    assert list(Notification.objects.values_list("recipient", "kind")) == [(leader.pk, "funding.application_graded")]


def test_the_grade_leaves_score_and_rule_in_the_trail(people: Personas) -> None:
    application = reviewed(people)

    grade(people, application, tier="C", amount="0", rationale="专家分歧较大，先行培育。")

    facts = trail(application).get(action=Action.GRADE).facts
    assert facts["by_rule"] == {"tier": "B", "amount": "750000.00"}
    assert (facts["tier"], facts["score"], facts["dispersed"]) == ("C", "79.00", False)


@pytest.mark.parametrize(("tier", "amount"), [("A", "1500000"), ("B", "700000"), ("C", "0"), ("", "0")])
def test_departing_from_the_rules_needs_a_rationale(people: Personas, tier: Any, amount: Any) -> None:
    application = reviewed(people)

    with pytest.raises(TransitionRefused, match="rationale"):
        grade(people, application, tier, amount)

    grade(people, application, tier, amount, rationale="会前核实情况后调整。")
    assert (application.proposed_tier, application.status) == (tier, S.GRADED)


@pytest.mark.parametrize(
    ("tier", "amount"),
    [("A", "2000000.01"), ("B", "1000000.01"), ("C", "0.01"), ("", "1"), ("A", "-1"), ("A", "0"), ("B", "0")],
)
def test_an_amount_out_of_bounds_is_refused(people: Personas, tier: Any, amount: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        grade(people, reviewed(people, requested_amount=Decimal(2_000_000)), tier, amount, rationale="理由充分。")
    assert list(refusal.value.message_dict) == ["amount"]


MORE = "Only 180.00 (10,000 yuan) were asked for; more cannot be granted."


@pytest.mark.parametrize(("tier", "said"), [("A", MORE), ("C", "No money goes with this tier; enter 0.")])
def test_nobody_gets_more_than_was_asked_for(people: Personas, tier: str, said: str) -> None:
    application = reviewed(people, "98", "99", "100")

    with pytest.raises(ValidationError) as graded:
        grade(people, application, tier, "1800000.01", rationale="理由充分。")
    with pytest.raises(ValidationError) as decided:
        decide(people, make_application(people, S.GRADED), tier, Decimal("1800000.01"), note="理由。")

    assert (graded.value.message_dict, decided.value.message_dict) == ({"amount": [said]}, {"amount": [said]})


def test_the_rules_propose_no_more_than_was_asked_for(people: Personas) -> None:
    application = reviewed(people, "78", "79", "80", requested_amount=Decimal(700_000))

    grade(people, application, "B", "700000")

    assert trail(application).get(action=Action.GRADE).facts["by_rule"] == {"tier": "B", "amount": "700000.00"}


def test_nothing_is_graded_before_every_expert_has_handed_in(people: Personas) -> None:
    application = reviewed(people)
    make_review(application, make_expert("late", "专家庚01"), people, ReviewStatus.ACCEPTED)

    with pytest.raises(TransitionRefused, match="still scoring"):
        grade(people, application)


def test_two_reviews_are_not_enough(people: Personas) -> None:
    with pytest.raises(TransitionRefused, match="2 of at least 3"):
        grade(people, reviewed(people, "78", "79"))


@pytest.mark.parametrize(
    "name", ["acceptance", "head", "leader", "finance", "supervisor", "expert", "lead", "district_officer"]
)
def test_only_an_officer_grades(people: Personas, name: Any) -> None:
    with pytest.raises(PermissionDenied):
        grade(people, reviewed(people), actor=getattr(people, name))


def test_who_reviewed_does_not_grade(people: Personas) -> None:
    application = reviewed(people)
    give(people.expert, Role.OFFICER)

    with pytest.raises(PermissionDenied):
        grade(people, application, actor=people.expert)


def test_the_second_grading_is_refused(people: Personas) -> None:
    application = reviewed(people)
    grade(people, application)

    with pytest.raises(TransitionRefused):
        grade(people, application, actor=people.second_officer)
    assert trail(application).filter(action=Action.GRADE).count() == 1


# --- sending back ------------------------------------------------------------------------------
def test_sent_back_is_graded_anew_by_anybody_entitled(people: Personas) -> None:
    application = reviewed(people)
    grade(people, application)

    send_back_application(application=application, actor=people.leader, note="请核实分歧。", at=NOON)

    assert (application.status, application.score, application.graded_by, application.proposed_tier) == (
        S.REVIEWING,
        None,
        None,
        "",
    )
    assert Notification.objects.filter(recipient=people.officer, kind="funding.application_sent_back").count() == 1
    grade(people, application, actor=people.second_officer)
    assert application.graded_by == people.second_officer


# --- deciding ----------------------------------------------------------------------------------
def test_the_decision_stands_with_meeting_and_person(people: Personas) -> None:
    officer, application = people.officer, make_application(people, S.GRADED)

    decide(people, application)

    assert (application.status, application.decided_tier, application.decided_amount) == (S.DECIDED, "A", A)
    assert (application.decided_by, application.meeting) == (people.leader, "样例会议〔2026〕3号")
    assert list(Notification.objects.values_list("recipient", "kind")) == [(officer.pk, "funding.application_decided")]


@pytest.mark.parametrize("name", ["acceptance", "officer", "head", "finance", "supervisor", "lead", "expert"])
def test_only_a_leader_decides(people: Personas, name: Any) -> None:
    with pytest.raises(PermissionDenied):
        decide(people, make_application(people, S.GRADED), actor=getattr(people, name))


@pytest.mark.parametrize(
    "act", [decide, lambda p, a: decline_application(application=a, actor=p.leader, meeting="m", note="n", at=NOON)]
)
def test_who_graded_does_not_decide(people: Personas, act: Any) -> None:
    give(people.leader, Role.OFFICER)
    application = make_application(people, S.GRADED, graded_by=people.leader)

    with pytest.raises(PermissionDenied):
        act(people, application)


def test_the_database_refuses_a_grader_who_decides_or_approves(people: Personas) -> None:
    application = make_application(people, S.APPROVED)
    for field, constraint in (("decided_by", "grader_does_not_decide"), ("approved_by", "grader_does_not_approve")):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Application.objects.filter(pk=application.pk).update(**{field: application.graded_by})


def test_departing_from_the_grading_needs_reasons(people: Personas) -> None:
    application = make_application(people, S.GRADED)

    with pytest.raises(TransitionRefused, match="reasons"):
        decide(people, application, "B", B)
    decide(people, application, "B", B, note="预算所限。")
    assert (application.decided_tier, application.decision_note) == ("B", "预算所限。")


@pytest.mark.parametrize(
    ("tier", "amount"), [("A", "2000000.01"), ("B", "1000000.01"), ("C", "1"), ("", "0"), ("A", "0")]
)
def test_the_cap_of_the_call_binds_the_decision(people: Personas, tier: Any, amount: Any) -> None:
    application = make_application(people, S.GRADED, requested_amount=Decimal(2_000_000))

    with pytest.raises((TransitionRefused, ValidationError)):
        decide(people, application, tier, Decimal(amount), note="理由。")


def test_a_call_never_commits_more_than_its_budget(people: Personas) -> None:
    call = make_call(people)
    call.budget = Decimal(3_000_000)
    call.save()
    make_application(people, S.DECIDED, call=call)
    second = make_application(people, S.GRADED, call=call, consortium=ready_consortium(people))

    with pytest.raises(TransitionRefused, match=r"145\.00"):
        decide(people, second)
    decide(people, second, "A", Decimal(1_450_000), note="以预算余额为限。")
    assert committed(call) == Decimal(3_000_000)


def test_what_was_not_approved_frees_the_budget(people: Personas) -> None:
    application = make_application(people, S.NOT_APPROVED, decided_amount=A)

    assert committed(application.call) == 0


def test_the_second_decision_is_refused(people: Personas) -> None:
    application = make_application(people, S.GRADED)
    decide(people, application)

    with pytest.raises(TransitionRefused):
        decide(people, application, "B", B, note="改判。", actor=people.second_leader)
    assert application.decided_tier == "A"


def test_declining_keeps_the_reasons_and_tells_nobody(people: Personas) -> None:
    application = make_application(people, S.GRADED)
    assert {people.lead, people.signatory}

    decline_application(application=application, actor=people.leader, meeting="样例会议", note="指标不可测。", at=NOON)

    assert (application.status, application.decision_note) == (S.NOT_APPROVED, "指标不可测。")
    assert (application.told_at, Notification.objects.count()) == (None, 0)


# --- approving ---------------------------------------------------------------------------------
def test_approval_makes_award_and_contract_offer_at_once(people: Personas) -> None:
    application = make_application(people, S.PUBLICISED)

    approve(people, application)

    award = Award.objects.get()
    assert (application.status, application.approved_by, application.approved_at) == (S.APPROVED, people.leader, NOON)
    assert (award.application, award.tier, award.amount, award.document_number) == (
        application,
        "A",
        A,
        "样科〔2026〕12号",
    )
    assert Contract.objects.get().award == award
    assert trail(application).get(action=Action.APPROVE).facts["award"] == str(award.pk)


@pytest.mark.parametrize(
    "name", ["acceptance", "officer", "head", "finance", "supervisor", "lead", "expert", "system_admin"]
)
def test_only_a_leader_approves(people: Personas, name: Any) -> None:
    application = make_application(people, S.PUBLICISED)

    with pytest.raises(PermissionDenied):
        approve(people, application, actor=getattr(people, name))
    assert Award.objects.count() == 0


def test_who_graded_does_not_approve(people: Personas) -> None:
    give(people.leader, Role.OFFICER)
    application = make_application(people, S.PUBLICISED, graded_by=people.leader, decided_by=people.second_leader)

    with pytest.raises(PermissionDenied):
        approve(people, application)


def test_the_last_day_of_the_notice_still_counts(people: Personas) -> None:
    """It ends on the 17th in Shanghai; 16:00 UTC is midnight there."""
    call = make_call(people)
    notice = make_notice(people, call)
    application = make_application(people, S.PUBLICISED, call=call, notice=notice)
    midnight = NOON.replace(hour=16, minute=0) - DAY

    with pytest.raises(TransitionRefused, match="still running"):
        approve(people, application, at=midnight - DAY / 86400)
    approve(people, application, at=midnight)
    assert (notice.ends_on.isoformat(), application.status) == ("2026-11-17", S.APPROVED)


def test_an_open_objection_blocks_the_approval(people: Personas) -> None:
    application = make_application(people, S.PUBLICISED)
    make_objection(application)

    with pytest.raises(TransitionRefused, match="objection is still open"):
        approve(people, application)
    assert Award.objects.count() == 0


def test_the_second_approval_makes_no_second_award(people: Personas) -> None:
    application = make_application(people, S.PUBLICISED)
    approve(people, application)

    with pytest.raises(TransitionRefused):
        approve(people, application, actor=people.second_leader)
    assert Award.objects.count() == 1


# --- races -------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_leaders_decide_at_once_and_one_decision_stands() -> None:
    people = Personas()
    application = make_application(people, S.GRADED)
    first, second = people.leader, people.second_leader
    copies = [Application.objects.get(pk=application.pk) for _ in range(2)]

    results = at_once(
        lambda: decide(people, copies[0], actor=first),
        lambda: decide(people, copies[1], "B", B, note="改判。", actor=second),
    )

    assert results == ["done", "refused"]
    assert trail(application).filter(action=Action.DECIDE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_leaders_approve_at_once_and_one_award_stands() -> None:
    people = Personas()
    application = make_application(people, S.PUBLICISED)
    first, second = people.leader, people.second_leader
    copies = [Application.objects.get(pk=application.pk) for _ in range(2)]

    results = at_once(lambda: approve(people, copies[0], actor=first), lambda: approve(people, copies[1], actor=second))

    assert (results, Award.objects.count(), Contract.objects.count()) == (["done", "refused"], 1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_officers_grade_at_once_and_one_grade_stands() -> None:
    people = Personas()
    application = reviewed(people)
    first, second = people.officer, people.second_officer
    copies = [Application.objects.get(pk=application.pk) for _ in range(2)]

    results = at_once(lambda: grade(people, copies[0], actor=first), lambda: grade(people, copies[1], actor=second))

    assert (results, trail(application).filter(action=Action.GRADE).count()) == (["done", "refused"], 1)


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_never_spend_the_budget_twice() -> None:
    people = Personas()
    call = make_call(people)
    call.budget = Decimal(2_000_000)
    call.save()
    applications = [
        make_application(people, S.GRADED, call=call, consortium=ready_consortium(people)) for _ in range(2)
    ]
    first, second = people.leader, people.second_leader

    results = at_once(
        lambda: decide(people, applications[0], actor=first), lambda: decide(people, applications[1], actor=second)
    )

    assert (results, committed(call)) == (["done", "refused"], A)

"""A year is graded by one, confirmed by another, and what follows follows once."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from members.enums import Role
from portal.kernel.models import AuditEntry, Job, Notification
from portal.kernel.workflow import TransitionRefused
from reports.enums import EvaluationStatus, Grade, Veto
from reports.models import Evaluation, Report
from reports.selectors.scores import excellent_so_far, proposed_deduction
from reports.services.grading import (
    Verdict,
    confirm_grade,
    exempt_evaluation,
    finalise_evaluation,
    grade_evaluation,
    mark_absent,
    send_back_evaluation,
)
from tests.clock import DAY, NOON
from tests.factories.members import give
from tests.factories.reports import make_evaluation
from tests.personas import Personas
from tests.races import at_once, refusals

S = EvaluationStatus
D = Decimal


def grade(evaluation: Evaluation, actor: Any, **verdict: Any) -> Evaluation:
    return grade_evaluation(evaluation=evaluation, actor=actor, verdict=Verdict(**verdict), at=NOON)


def finalise(evaluation: Evaluation, actor: Any) -> Evaluation:
    return finalise_evaluation(evaluation=evaluation, actor=actor, at=NOON)


# --- grading -----------------------------------------------------------------------------------
def test_the_officer_grades_on_the_computed_sheet(people: Personas) -> None:
    evaluation = make_evaluation(people, S.SCORED)

    grade(evaluation, people.officer, bonus=D("1.5"), bonus_note="省级试点", deduction=D(1), deduction_note="更正一次")

    printed = sum(D(line["score"]) for line in evaluation.sheet["lines"])
    assert evaluation.total == printed + D("1.5") - 1
    assert (evaluation.status, evaluation.graded_by) == (S.GRADED, people.officer)
    assert AuditEntry.objects.get().facts["total"] == str(evaluation.total)


def test_a_veto_makes_the_year_unqualified(people: Personas) -> None:
    evaluation = make_evaluation(people, S.SCORED)

    grade(evaluation, people.officer, veto=Veto.FALSIFICATION, grade_note="审计查实虚报。")

    assert (evaluation.grade, evaluation.veto) == (Grade.UNQUALIFIED, Veto.FALSIFICATION)


@pytest.mark.parametrize(
    "verdict",
    [
        {"bonus": D(1)},
        {"deduction": D(1)},
        {"veto": Veto.ACCIDENT},
        {"quota_used_up": True},
        {"bonus": D(1), "bonus_note": " "},
    ],
)
def test_nothing_is_added_or_taken_without_a_reason(people: Personas, verdict: dict[str, Any]) -> None:
    evaluation = make_evaluation(people, S.SCORED)

    with pytest.raises(TransitionRefused):
        grade(evaluation, people.officer, **verdict)

    evaluation.refresh_from_db()
    assert (evaluation.status, evaluation.total) == (S.SCORED, None)


def test_a_used_up_quota_lowers_excellent_to_good(people: Personas) -> None:
    evaluation = make_evaluation(people, S.SCORED)
    for metric in evaluation.snapshot["metrics"].values():
        metric.update(value="100", target="100")
    evaluation.snapshot["metrics"]["findings"].update(value="0", target=None)
    evaluation.save()

    grade(evaluation, people.officer, quota_used_up=True, grade_note="名额已满")

    assert (evaluation.total, evaluation.grade) == (D("95.00"), Grade.GOOD)


@pytest.mark.parametrize("name", ["head", "leader", "second_officer", "district_officer", "expert", "lead"])
def test_who_grades(people: Personas, name: str) -> None:
    evaluation = make_evaluation(people, S.SCORED)

    if name == "second_officer":
        grade(evaluation, people.second_officer)
        assert evaluation.graded_by == people.second_officer
    else:
        with pytest.raises(PermissionDenied):
            grade(evaluation, getattr(people, name))


def test_the_expert_of_the_evaluation_does_not_grade_it(people: Personas) -> None:
    evaluation = make_evaluation(people, S.SCORED)
    give(people.expert, Role.OFFICER)

    with pytest.raises(PermissionDenied):
        grade(evaluation, people.expert)


def test_excellent_grades_are_counted_against_the_quota(people: Personas) -> None:
    evaluation = make_evaluation(people, S.SCORED)
    for _ in range(4):
        make_evaluation(people, S.GRADED)

    assert excellent_so_far(evaluation) == (4, 1)


def test_returns_are_proposed_as_a_deduction(people: Personas) -> None:
    assert proposed_deduction(make_evaluation(people, S.SCORED, returned_count=2)) == D(2)


# --- confirming --------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["head", "leader"])
def test_head_or_leader_confirms_and_the_lead_learns_its_grade(people: Personas, name: str) -> None:
    people.lead, people.signatory  # noqa: B018
    evaluation = make_evaluation(people, S.GRADED)

    confirm_grade(evaluation=evaluation, actor=getattr(people, name), at=NOON)

    assert (evaluation.status, evaluation.confirmed_by) == (S.FEEDBACK, getattr(people, name))
    assert evaluation.appeal_until == date(2026, 11, 25)  # five working days after a Wednesday
    told = Notification.objects.filter(kind="reports.provisional")
    assert {notice.recipient for notice in told} == {people.lead, people.signatory}


@pytest.mark.parametrize("name", ["officer", "finance", "supervisor", "district_officer", "lead", "expert"])
def test_nobody_else_confirms(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        confirm_grade(evaluation=make_evaluation(people, S.GRADED), actor=getattr(people, name), at=NOON)


def test_whoever_graded_does_not_confirm(people: Personas) -> None:
    give(people.officer, Role.HEAD)
    people.officer.__dict__.pop("grants", None)

    with pytest.raises(PermissionDenied):
        confirm_grade(evaluation=make_evaluation(people, S.GRADED), actor=people.officer, at=NOON)


def test_a_grade_is_told_once(people: Personas) -> None:
    evaluation = make_evaluation(people, S.GRADED)
    confirm_grade(evaluation=evaluation, actor=people.head, at=NOON)

    with pytest.raises(TransitionRefused):
        confirm_grade(evaluation=evaluation, actor=people.leader, at=NOON + DAY)


# --- making final ------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["head", "leader"])
def test_head_or_leader_makes_it_final(people: Personas, name: str) -> None:
    evaluation = make_evaluation(people, S.PUBLICISED)

    finalise(evaluation, getattr(people, name))

    assert (evaluation.status, evaluation.finalised_by) == (S.FINAL, getattr(people, name))


@pytest.mark.parametrize("name", ["officer", "finance", "supervisor", "district_officer", "lead", "expert"])
def test_nobody_else_makes_it_final(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        finalise(make_evaluation(people, S.PUBLICISED), getattr(people, name))


def test_whoever_graded_does_not_make_it_final(people: Personas) -> None:
    give(people.officer, Role.HEAD)
    people.officer.__dict__.pop("grants", None)

    with pytest.raises(PermissionDenied):
        finalise(make_evaluation(people, S.PUBLICISED), people.officer)


def test_a_second_click_makes_nothing_final(people: Personas) -> None:
    evaluation = make_evaluation(people, S.PUBLICISED)
    finalise(evaluation, people.head)

    with pytest.raises(TransitionRefused):
        finalise(evaluation, people.leader)

    assert (Report.objects.count(), Job.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_head_and_leader_make_it_final_at_once(people: Personas) -> None:
    evaluation = make_evaluation(people, S.PUBLICISED)
    acts = [
        partial(finalise, Evaluation.objects.get(pk=evaluation.pk), person) for person in (people.head, people.leader)
    ]

    results = at_once(*acts)

    assert refusals(results) == 1
    assert AuditEntry.objects.filter(action="finalise_evaluation").count() == 1
    assert (Report.objects.count(), Job.objects.count()) == (1, 1)


def test_the_lead_is_told_and_the_report_ordered(people: Personas) -> None:
    people.lead, people.signatory  # noqa: B018
    evaluation = make_evaluation(people, S.PUBLICISED)

    finalise(evaluation, people.head)

    report = Report.objects.get()
    assert (report.evaluation, report.is_final, report.requested_by) == (evaluation, True, people.head)
    told = Notification.objects.filter(kind="reports.final")
    assert {notice.recipient for notice in told} == {people.lead, people.signatory}


def test_sent_back_the_grade_is_void(people: Personas) -> None:
    evaluation = make_evaluation(people, S.GRADED)

    send_back_evaluation(evaluation=evaluation, actor=people.leader, note="请复核 G2", at=NOON)

    assert (evaluation.status, evaluation.total, evaluation.grade, evaluation.graded_by) == (S.SCORED, None, "", None)


# --- absence -----------------------------------------------------------------------------------
def test_absent_after_the_last_day(people: Personas) -> None:
    evaluation = make_evaluation(people)

    mark_absent(evaluation=evaluation, actor=people.head, note="未提交", at=NOON + 60 * DAY)

    assert (evaluation.status, AuditEntry.objects.get(action="mark_absent").facts["consequences"]) == (
        S.ABSENT,
        ["EXIT"],
    )


def test_nobody_is_absent_while_time_remains(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        mark_absent(evaluation=make_evaluation(people), actor=people.head, note="未提交", at=NOON)


@pytest.mark.parametrize("name", ["officer", "leader", "district_officer"])
def test_only_the_head_records_absence(people: Personas, name: str) -> None:
    evaluation = make_evaluation(people)

    with pytest.raises(PermissionDenied):
        mark_absent(evaluation=evaluation, actor=getattr(people, name), note="未提交", at=NOON + 60 * DAY)


# --- exemption ---------------------------------------------------------------------------------
def test_the_head_exempts_for_a_reason_and_nothing_follows(people: Personas) -> None:
    evaluation = make_evaluation(people)

    exempt_evaluation(evaluation=evaluation, actor=people.head, note="牵头单位重组，经批准免评。", at=NOON)

    assert (evaluation.status, evaluation.consequences.count()) == (S.EXEMPT, 0)
    assert AuditEntry.objects.get().note == "牵头单位重组，经批准免评。"


@pytest.mark.parametrize("name", ["officer", "leader", "lead"])
def test_only_the_head_exempts(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        exempt_evaluation(evaluation=make_evaluation(people), actor=getattr(people, name), note="x", at=NOON)


def test_a_filed_self_report_is_evaluated(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        exempt_evaluation(evaluation=make_evaluation(people, S.SUBMITTED), actor=people.head, note="x", at=NOON)


# --- what the database itself refuses ----------------------------------------------------------
BROKEN = {
    "filed_means_by_whom_and_what": {"status": S.SUBMITTED, "snapshot": None},
    "self_report_verified_means_by_whom": {"status": S.VERIFIED, "verified_by": None},
    "year_scored_means_declared_expert": {"status": S.SCORED, "declared_at": None},
    "year_graded_means_total_and_grade": {"status": S.GRADED, "total": None},
    "grade_told_by_whom_and_until": {"status": S.FEEDBACK, "appeal_until": None},
    "grade_publicised_on_a_list": {"status": S.PUBLICISED, "grade_list": None},
    "final_means_by_whom": {"status": S.FINAL, "finalised_by": None},
    "year_total_in_range": {"total": D("105.01")},
    "bonus_has_a_reason": {"bonus": D(1), "bonus_note": ""},
    "deduction_has_a_reason": {"deduction": D(1), "deduction_note": ""},
    "veto_means_unqualified": {"veto": Veto.ACCIDENT},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_state_without_its_facts_cannot_be_stored(people: Personas, name: str) -> None:
    evaluation = make_evaluation(people, S.FINAL)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Evaluation.objects.filter(pk=evaluation.pk).update(**BROKEN[name])


def test_the_database_knows_that_a_grader_does_not_confirm(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FINAL)

    with pytest.raises(IntegrityError, match="year_grader_does_not_confirm"), transaction.atomic():
        Evaluation.objects.filter(pk=evaluation.pk).update(finalised_by=people.officer)


def test_the_database_knows_that_a_grader_tells_no_grade(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FEEDBACK)

    with pytest.raises(IntegrityError, match="year_grader_tells_no_grade"), transaction.atomic():
        Evaluation.objects.filter(pk=evaluation.pk).update(confirmed_by=people.officer)


def test_a_consortium_is_evaluated_once_a_year(people: Personas) -> None:
    evaluation = make_evaluation(people)

    with pytest.raises(IntegrityError, match="evaluated_once_a_year"), transaction.atomic():
        make_evaluation(people, consortium=evaluation.consortium)

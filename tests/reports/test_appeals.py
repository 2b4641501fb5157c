"""A grade is told, accepted or contested, decided on by others, published by a list, and final after it."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from funding.enums import ObjectorKind
from members.enums import Role
from portal.kernel import audit
from portal.kernel.badges import badge_of_field
from portal.kernel.models import AuditEntry, Notification
from portal.kernel.workflow import TransitionRefused
from reports.enums import AppealKind, AppealStatus, Grade, Remedy
from reports.enums import EvaluationStatus as S
from reports.models import Appeal, Evaluation, GradeList, Report
from reports.services.appeals import accept_grade, appeal_grade, dismiss_appeal, object_to_grade, uphold_appeal
from reports.services.gradelists import Publication, finalise_list, publicise_grades
from tests.clock import DAY, NOON
from tests.factories.members import give
from tests.factories.reports import make_appeal, make_evaluation, make_grade_list
from tests.personas import Personas
from tests.races import at_once, refusals

TODAY = date(2026, 11, 18)
GROUNDS = "专利授权证书已随材料提交，未计入 G2.1，请复核。"
FINDING = "经核对，授权日期在本年度内，应当计入。"


def appeal(evaluation: Evaluation, actor: Any, at: Any = NOON, **facts: Any) -> Appeal:
    return appeal_grade(
        evaluation=evaluation,
        actor=actor,
        grounds=GROUNDS,
        indicators=facts.pop("indicators", ["G2.1"]),
        at=at,
        **facts,
    )


def published(people: Personas, *evaluations: Evaluation, at: Any = NOON, **facts: Any) -> GradeList:
    said = Publication(
        **{
            "title": "年度评价结果公示", "document_number": "样例公示〔2026〕31号", "meeting_on": TODAY,
            "meeting_number": "样例会议〔2026〕12号", "starts_on": TODAY, **facts,
        }
    )  # fmt: skip
    return publicise_grades(
        cycle=evaluations[0].cycle, evaluations=evaluations, publication=said, actor=people.head, at=at
    )


def objection(evaluation: Evaluation, **facts: Any) -> Appeal:
    said = {
        "objector": ObjectorKind.PERSON, "name": "样例异议人", "contact": "objector@example.org", "grounds": GROUNDS,
        "at": NOON, **facts,
    }  # fmt: skip
    return object_to_grade(evaluation=evaluation, **said)


def running(people: Personas, **facts: Any) -> Evaluation:
    """A grade on a list that is published today."""
    evaluation = make_evaluation(people, S.PUBLICISED, **facts)
    on = evaluation.grade_list
    assert on is not None
    on.starts_on, on.ends_on = TODAY, date(2026, 11, 24)
    on.save()
    return evaluation


# --- the lead ----------------------------------------------------------------------------------
def test_the_lead_appeals_and_head_and_leader_are_told(people: Personas) -> None:
    people.head, people.leader  # noqa: B018
    evaluation = make_evaluation(people, S.FEEDBACK)

    contested = appeal(evaluation, people.lead)

    assert (evaluation.status, contested.status, contested.grade) == (S.APPEALED, AppealStatus.OPEN, evaluation.grade)
    assert (contested.answer_due, contested.indicators) == (date(2026, 12, 2), ["G2.1"])
    told = Notification.objects.filter(kind="reports.appealed")
    assert {notice.recipient for notice in told} == {people.head, people.leader}
    assert AuditEntry.objects.get(action="appeal_grade").note == GROUNDS


@pytest.mark.parametrize("days", [0, 7])
def test_an_appeal_comes_by_its_last_day(people: Personas, days: int) -> None:
    appeal(make_evaluation(people, S.FEEDBACK), people.lead, NOON + days * DAY)

    assert Appeal.objects.count() == 1


def test_no_appeal_comes_after_the_last_day(people: Personas) -> None:
    with pytest.raises(TransitionRefused, match="time for appeals is over"):
        appeal(make_evaluation(people, S.FEEDBACK), people.lead, NOON + 8 * DAY)


def test_what_was_accepted_is_not_contested(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FEEDBACK)
    accept_grade(evaluation=evaluation, actor=people.signatory, at=NOON)

    with pytest.raises(TransitionRefused, match="was accepted"):
        appeal(evaluation, people.lead)


def test_a_grade_is_accepted_once(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FEEDBACK)
    accept_grade(evaluation=evaluation, actor=people.signatory, at=NOON)

    with pytest.raises(TransitionRefused):
        accept_grade(evaluation=evaluation, actor=people.signatory, at=NOON + DAY)

    assert evaluation.accepted_at == NOON


@pytest.mark.parametrize("name", ["rival", "university_confirmer", "officer", "head", "district_officer", "expert"])
def test_nobody_else_appeals(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        appeal(make_evaluation(people, S.FEEDBACK), getattr(people, name))


@pytest.mark.parametrize("name", ["lead", "rival", "head"])
def test_the_signatory_alone_accepts(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        accept_grade(evaluation=make_evaluation(people, S.FEEDBACK), actor=getattr(people, name), at=NOON)


@pytest.mark.django_db(transaction=True)
def test_lead_and_signatory_appeal_at_once(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FEEDBACK)
    acts = [partial(appeal, Evaluation.objects.get(pk=evaluation.pk), one) for one in (people.lead, people.signatory)]

    results = at_once(*acts)

    assert (refusals(results), Appeal.objects.count()) == (1, 1)


def test_there_is_one_appeal_against_one_grade(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FEEDBACK)
    dismiss_appeal(appeal=appeal(evaluation, people.lead), actor=people.leader, finding=FINDING, at=NOON)
    evaluation.refresh_from_db()

    with pytest.raises(TransitionRefused, match="decided already"):
        appeal(evaluation, people.lead)


# --- the decision ------------------------------------------------------------------------------
def test_dismissed_the_grade_stands(people: Personas) -> None:
    people.lead  # noqa: B018
    evaluation = make_evaluation(people, S.FEEDBACK)

    decided = dismiss_appeal(appeal=appeal(evaluation, people.lead), actor=people.leader, finding=FINDING, at=NOON)

    evaluation.refresh_from_db()
    assert (decided.status, decided.decided_by, decided.finding) == (AppealStatus.DISMISSED, people.leader, FINDING)
    assert (evaluation.status, evaluation.grade) == (S.FEEDBACK, Grade.EXCELLENT)
    assert Notification.objects.filter(kind="reports.appeal_dismissed", recipient=people.lead).exists()


@pytest.mark.parametrize(
    ("remedy", "status", "has_scores"),
    [(Remedy.GRADE, S.SCORED, True), (Remedy.SCORE, S.VERIFIED, False), (Remedy.FILE, S.RETURNED, False)],
)
def test_upheld_the_grade_is_void_and_what_was_wrong_is_done_again(
    people: Personas, remedy: str, status: str, has_scores: bool
) -> None:
    evaluation = make_evaluation(people, S.FEEDBACK)
    former = evaluation.expert

    uphold_appeal(appeal=appeal(evaluation, people.lead), actor=people.leader, remedy=remedy, finding=FINDING, at=NOON)

    evaluation.refresh_from_db()
    assert (evaluation.status, evaluation.total, evaluation.grade, evaluation.confirmed_at) == (status, None, "", None)
    assert ("expert" in evaluation.scores, evaluation.expert == former) == (has_scores, has_scores)
    assert evaluation.return_note == (FINDING if remedy == Remedy.FILE else "")
    assert evaluation.returned_count == 0


def test_whose_scores_are_void_is_not_asked_again(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FEEDBACK)
    former = evaluation.expert
    assert former is not None

    uphold_appeal(
        appeal=appeal(evaluation, people.lead), actor=people.leader, remedy=Remedy.SCORE, finding=FINDING, at=NOON
    )

    evaluation.refresh_from_db()
    assert evaluation.scores == {"recused": [str(former.pk)]}


def test_a_new_grade_can_be_contested_again(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FEEDBACK)
    first = appeal(evaluation, people.lead)
    uphold_appeal(appeal=first, actor=people.leader, remedy=Remedy.GRADE, finding=FINDING, at=NOON)
    again = make_evaluation(people, S.FEEDBACK, consortium=None)  # the facts of a grade that was told
    facts = {
        name: getattr(again, name) for name in ("sheet", "total", "grade", "graded_by", "graded_at", "confirmed_by")
    }
    Evaluation.objects.filter(pk=evaluation.pk).update(
        status=S.FEEDBACK, confirmed_at=NOON + DAY, appeal_until=date(2026, 11, 26), **facts
    )
    evaluation.refresh_from_db()

    appeal(evaluation, people.lead, NOON + DAY)

    assert evaluation.appeals.count() == 2


@pytest.mark.parametrize("name", ["officer", "head", "supervisor", "lead", "rival"])
def test_who_graded_or_confirmed_does_not_decide_nor_do_others(people: Personas, name: str) -> None:
    give(people.officer, Role.HEAD)
    people.officer.__dict__.pop("grants", None)
    contested = make_appeal(people)

    for act in (dismiss_appeal, partial(uphold_appeal, remedy=Remedy.GRADE)):
        with pytest.raises(PermissionDenied):
            act(appeal=contested, actor=getattr(people, name), finding=FINDING, at=NOON)  # type: ignore[operator]


def test_a_decision_is_taken_once_and_says_why(people: Personas) -> None:
    contested = make_appeal(people)
    with pytest.raises(TransitionRefused, match="state the finding"):
        dismiss_appeal(appeal=contested, actor=people.leader, finding=" ", at=NOON)
    dismiss_appeal(appeal=contested, actor=people.leader, finding=FINDING, at=NOON)

    with pytest.raises(TransitionRefused):
        uphold_appeal(appeal=contested, actor=people.second_leader, remedy=Remedy.GRADE, finding=FINDING, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_leaders_decide_at_once(people: Personas) -> None:
    pk = make_appeal(people).pk
    acts = [
        partial(dismiss_appeal, appeal=Appeal.objects.get(pk=pk), actor=people.leader, finding=FINDING, at=NOON),
        partial(
            uphold_appeal, appeal=Appeal.objects.get(pk=pk), actor=people.second_leader, remedy=Remedy.GRADE,
            finding=FINDING, at=NOON,
        ),
    ]  # fmt: skip

    results = at_once(*acts)

    assert refusals(results) == 1
    assert AuditEntry.objects.filter(action__in=["dismiss_appeal", "uphold_appeal"]).count() == 1


# --- the list ----------------------------------------------------------------------------------
def test_a_list_is_frozen_with_its_hash(people: Personas) -> None:
    first = make_evaluation(people, S.FEEDBACK, accepted_at=NOON)
    second = make_evaluation(people, S.FEEDBACK, accepted_at=NOON, grade=Grade.GOOD)

    grades = published(people, second, first)

    assert (grades.starts_on, grades.ends_on) == (TODAY, date(2026, 11, 24))  # seven days, the first counts
    assert [row["grade"] for row in sorted(grades.rows, key=lambda row: row["grade"])] == ["EXCELLENT", "GOOD"]
    assert not any("total" in row for row in grades.rows)
    assert grades.sha256 == audit.sha256(GradeList.objects.get().canonical())
    assert {one.status for one in Evaluation.objects.all()} == {S.PUBLICISED}
    assert AuditEntry.objects.filter(action="publicise_grade").count() == 3  # two grades, one list


def test_nothing_is_published_while_an_appeal_can_come(people: Personas) -> None:
    ready = make_evaluation(people, S.FEEDBACK, accepted_at=NOON)
    waiting = make_evaluation(people, S.FEEDBACK)

    with pytest.raises(TransitionRefused, match="can still appeal"):
        published(people, ready, waiting)

    assert not GradeList.objects.exists()
    assert {one.status for one in Evaluation.objects.all()} == {S.FEEDBACK}


@pytest.mark.parametrize("way", ["silence", "dismissed"])
def test_after_silence_or_a_dismissal_it_can_be_published(people: Personas, way: str) -> None:
    evaluation = make_evaluation(people, S.FEEDBACK)
    at = NOON
    if way == "silence":
        at = NOON + 8 * DAY
    else:
        dismiss_appeal(appeal=appeal(evaluation, people.lead), actor=people.leader, finding=FINDING, at=NOON)
    evaluation.refresh_from_db()

    published(people, evaluation, at=at, starts_on=date(2026, 11, 26))

    assert evaluation.status == S.PUBLICISED


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"starts_on": date(2026, 11, 17)}, "starts_on"),
        ({"starts_on": date(2027, 3, 1)}, "starts_on"),
        ({"meeting_on": date(2026, 11, 19), "starts_on": date(2026, 11, 20)}, "meeting_on"),
        ({"document_number": "样例公示〔2026〕1号"}, "document_number"),
    ],
)
def test_a_list_with_wrong_facts_is_refused_at_its_field(people: Personas, facts: dict[str, Any], field: str) -> None:
    evaluation = make_evaluation(people, S.FEEDBACK, accepted_at=NOON)
    make_grade_list(people, evaluation.cycle)

    with pytest.raises(ValidationError) as refused:
        published(people, evaluation, **facts)

    assert list(refused.value.message_dict) == [field]
    evaluation.refresh_from_db()
    assert evaluation.status == S.FEEDBACK


@pytest.mark.parametrize("name", ["officer", "leader", "supervisor", "lead"])
def test_the_head_alone_publishes(people: Personas, name: str) -> None:
    evaluation = make_evaluation(people, S.FEEDBACK, accepted_at=NOON)
    said = Publication("公示", "样例公示〔2026〕31号", TODAY, "样例会议〔2026〕12号", TODAY)

    with pytest.raises(PermissionDenied):
        publicise_grades(
            cycle=evaluation.cycle, evaluations=[evaluation], publication=said, actor=getattr(people, name), at=NOON
        )


# --- objections --------------------------------------------------------------------------------
def test_anybody_objects_while_the_list_runs(people: Personas) -> None:
    people.supervisor  # noqa: B018
    evaluation = running(people)

    contested = objection(evaluation)

    assert (contested.kind, contested.status, contested.filed_by) == (AppealKind.OBJECTION, AppealStatus.OPEN, None)
    contested.refresh_from_db()
    assert contested.name.reveal() == "样例异议人"
    entry = AuditEntry.objects.get(action="object_to_grade")
    assert "样例异议人" not in str(entry.facts) + entry.note
    assert Notification.objects.filter(kind="reports.objected", recipient=people.supervisor).exists()


def test_the_same_objection_is_taken_once(people: Personas) -> None:
    evaluation = running(people)

    assert objection(evaluation) == objection(evaluation)
    assert objection(evaluation, name="另一位样例异议人").number != Appeal.objects.order_by("number")[0].number
    assert Appeal.objects.count() == 2


@pytest.mark.parametrize("when", [NOON - DAY, NOON + 7 * DAY])
def test_no_objection_is_taken_before_or_after(people: Personas, when: Any) -> None:
    with pytest.raises(TransitionRefused):
        objection(running(people), at=when)


def test_an_open_objection_keeps_the_grade_from_being_final(people: Personas) -> None:
    evaluation = running(people)
    contested = objection(evaluation)
    grades = GradeList.objects.get()

    assert finalise_list(grade_list=grades, actor=people.head, at=NOON + 7 * DAY) == 0
    dismiss_appeal(appeal=contested, actor=people.leader, finding=FINDING, at=NOON + 7 * DAY)
    assert finalise_list(grade_list=grades, actor=people.head, at=NOON + 7 * DAY) == 1
    evaluation.refresh_from_db()
    assert evaluation.status == S.FINAL


def test_an_upheld_objection_takes_the_grade_off_its_list(people: Personas) -> None:
    evaluation = running(people)

    uphold_appeal(appeal=objection(evaluation), actor=people.leader, remedy=Remedy.GRADE, finding=FINDING, at=NOON)

    evaluation.refresh_from_db()
    assert (evaluation.status, evaluation.grade_list, evaluation.grade) == (S.SCORED, None, "")


# --- final -------------------------------------------------------------------------------------
def test_a_list_that_is_over_is_made_final_at_one_click_and_once(people: Personas) -> None:
    for _ in range(2):
        running(people)
    grades = GradeList.objects.get()

    assert finalise_list(grade_list=grades, actor=people.head, at=NOON + 6 * DAY) == 0
    assert finalise_list(grade_list=grades, actor=people.head, at=NOON + 7 * DAY) == 2
    assert finalise_list(grade_list=grades, actor=people.head, at=NOON + 7 * DAY) == 0
    assert (Report.objects.count(), AuditEntry.objects.filter(action="finalise_evaluation").count()) == (2, 2)


def test_places_count_everybody_whose_grade_was_published(people: Personas) -> None:
    for total in ("90.00", "70.00", "80.00"):
        running(people, total=Decimal(total))

    finalise_list(grade_list=GradeList.objects.get(), actor=people.head, at=NOON + 7 * DAY)

    found = {str(report.evaluation.total): report.snapshot["group"] for report in Report.objects.all()}
    assert {total: (group["place"], group["of"]) for total, group in found.items()} == {
        "90.00": (1, 3), "80.00": (2, 3), "70.00": (3, 3),
    }  # fmt: skip


def test_whoever_graded_all_of_them_makes_none_final(people: Personas) -> None:
    running(people)
    give(people.officer, Role.HEAD)
    people.officer.__dict__.pop("grants", None)

    with pytest.raises(PermissionDenied):
        finalise_list(grade_list=GradeList.objects.get(), actor=people.officer, at=NOON + 7 * DAY)


# --- who sees what -----------------------------------------------------------------------------
def test_the_lead_sees_its_appeal_and_learns_of_no_objection(people: Personas) -> None:
    evaluation = running(people)
    objected, own = objection(evaluation), make_appeal(people, evaluation)

    assert set(Appeal.objects.visible_to(people.lead)) == {own}
    assert set(Appeal.objects.visible_to(people.head)) == {own, objected}
    assert not Appeal.objects.visible_to(people.rival).exists()
    assert not Appeal.objects.visible_to(people.university_confirmer).exists()


def test_its_status_has_its_own_words(people: Personas) -> None:
    """Disputes of facts have the same states under other names."""
    assert badge_of_field(make_appeal(people), "status").label == "Open"


# --- what the database itself refuses ----------------------------------------------------------
BROKEN: dict[str, dict[str, Any]] = {
    "appeal_says_whose": {"objector": "PERSON"},
    "appeal_decided_by_whom_and_why": {"status": AppealStatus.DISMISSED},
    "upheld_appeal_has_a_remedy": {"remedy": Remedy.GRADE},
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_appeal_without_its_facts_cannot_be_stored(people: Personas, name: str) -> None:
    contested = make_appeal(people)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Appeal.objects.filter(pk=contested.pk).update(**BROKEN[name])


def test_the_database_knows_that_a_grader_decides_no_appeal(people: Personas) -> None:
    contested = make_appeal(people)

    with pytest.raises(IntegrityError, match="grader_decides_no_appeal"), transaction.atomic():
        Appeal.objects.filter(pk=contested.pk).update(
            status=AppealStatus.DISMISSED, finding=FINDING, decided_at=NOON, decided_by=people.officer
        )


def test_two_appeals_are_not_open_at_once(people: Personas) -> None:
    contested = make_appeal(people)

    with pytest.raises(IntegrityError, match="one_open_appeal_a_grade"), transaction.atomic():
        make_appeal(people, contested.evaluation)

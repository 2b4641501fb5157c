"""Duties that two people have in a case: kept by permissions and by the database, and looked for afterwards."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from funding.enums import Action, ApplicationStatus, ObjectionStatus, ReviewStatus
from funding.models import Application, Objection
from funding.rules.separation import FORBIDDEN, PAIRS, Duty, apart_from
from funding.selectors.separation import TRAILED, checked, duties_of, in_the_way, occurrences
from funding.services.recusals import step_aside
from members.enums import Role
from members.models import Expert
from portal.kernel import audit
from portal.kernel.authz import may
from tests.clock import NOON
from tests.factories.consortia import rival_consortium
from tests.factories.funding import make_application, make_objection, make_review
from tests.factories.members import make_expert
from tests.personas import Personas

S, D = ApplicationStatus, Duty
pytestmark = pytest.mark.usefixtures("english")


# --- the table ---------------------------------------------------------------------------------
def test_every_pair_stands_there_once() -> None:
    assert len({frozenset(pair) for pair in PAIRS}) == len(PAIRS) == 22
    assert all(len(set(pair)) == 2 for pair in PAIRS)
    assert set(FORBIDDEN) | {D.RECOMMENDER, D.SUPERVISOR} == set(D)


def test_both_people_of_a_pair_keep_apart() -> None:
    assert apart_from(D.RECOMMENDER) == {D.HANDLER}
    assert all(one in apart_from(other) and other in apart_from(one) for one, other in PAIRS)


# --- what permissions make of it ---------------------------------------------------------------
def had(people: Personas, application: Application, user: Any, duty: Duty, expert: Any) -> None:
    """The user had this duty in the case."""
    if duty == D.SCORER:
        make_review(application, expert, people)
    elif duty == D.HANDLER:
        finding = {"status": ObjectionStatus.DISMISSED, "finding": "样例", "handled_at": NOON}
        make_objection(application, handled_by=user, **finding)
    else:
        action = next(action for action, one in TRAILED.items() if one == duty)
        with transaction.atomic():
            audit.record(actor=user, action=action, subject=application, at=NOON)


ACTS = {
    D.RECOMMENDER: (Role.DISTRICT_OFFICER, "funding.recommend_application"),
    D.CASE_OFFICER: (Role.OFFICER, "funding.check_application"),
    D.DRAWER: (Role.ACCEPTANCE, "funding.prepare_draw"),
    D.GRADER: (Role.OFFICER, "funding.grade_application"),
    D.DECIDER: (Role.LEADER, "funding.decide_application"),
    D.APPROVER: (Role.LEADER, "funding.approve_application"),
    D.SUPERVISOR: (Role.SUPERVISOR, "funding.clear_application"),
    D.HANDLER: (Role.SUPERVISOR, "funding.handle_objection"),
}
PEOPLE = {
    Role.DISTRICT_OFFICER: "district_officer", Role.OFFICER: "second_officer", Role.ACCEPTANCE: "acceptance",
    Role.LEADER: "leader", Role.SUPERVISOR: "supervisor",
}  # fmt: skip


@pytest.mark.parametrize("duty", sorted(set(ACTS)))
def test_who_had_the_one_duty_may_not_have_the_other(people: Personas, duty: Duty) -> None:
    role, permission = ACTS[duty]
    user = getattr(people, PEOPLE[role])
    expert = make_expert("scorer", "样例专家")
    Expert.objects.filter(pk=expert.pk).update(user=user)
    expert.refresh_from_db()
    for other in apart_from(duty):
        application = make_application(people, S.CHECKED)
        assert may(user, permission, application)

        had(people, application, user, other, expert)

        assert not may(user, permission, application)
        assert in_the_way(user, application, duty) == [other]


def test_who_had_a_part_in_the_case_does_not_score_it(people: Personas) -> None:
    expert = people.experts[0]
    for other in apart_from(D.SCORER):
        review = make_review(make_application(people, S.REVIEWING), expert, people)
        assert may(expert.user, "funding.declare_review", review)

        had(people, review.application, expert.user, other, expert)

        assert not may(expert.user, "funding.declare_review", review)


def test_what_was_taken_back_later_counts_by_the_trail(people: Personas) -> None:
    application, leader = make_application(people, S.GRADED), people.leader
    with transaction.atomic():
        audit.record(actor=leader, action=Action.GRADE, subject=application, at=NOON)
        audit.record(actor=people.head, action=Action.GRADE, subject=application, at=NOON, result=audit.Result.REFUSED)

    assert duties_of(leader, application) == {D.GRADER}
    assert duties_of(people.head, application) == set()  # a refused act is none
    assert not may(leader, "funding.decide_application", application)


def test_a_part_in_another_case_is_no_hindrance(people: Personas) -> None:
    other = make_application(people, S.CHECKED)
    had(people, make_application(people, S.CHECKED), people.supervisor, D.GRADER, None)

    assert may(people.supervisor, "funding.handle_objection", make_objection(other))


# --- the database ------------------------------------------------------------------------------
BREACHES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "grades": lambda p: {"graded_by": p.supervisor},
    "decides": lambda p: {"decided_by": p.supervisor},
}


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_refuses_two_duties_in_one_row(people: Personas, name: str) -> None:
    row = make_application(people, S.GRADED, credit_by=people.supervisor, credit_at=NOON)

    with pytest.raises(IntegrityError, match="supervisor_neither_grades_nor_decides"), transaction.atomic():
        Application.objects.filter(pk=row.pk).update(**BREACHES[name](people))


def test_the_database_refuses_an_approval_by_the_supervisor(people: Personas) -> None:
    row = make_application(people, S.APPROVED, credit_by=people.supervisor, credit_at=NOON)

    with pytest.raises(IntegrityError, match="supervisor_neither_grades_nor_decides"), transaction.atomic():
        Application.objects.filter(pk=row.pk).update(approved_by=people.supervisor)


# --- the checker -------------------------------------------------------------------------------
def test_the_checker_finds_what_went_round_the_code(people: Personas) -> None:
    application, supervisor = make_application(people, S.PUBLICISED), people.supervisor
    make_objection(
        application, status=ObjectionStatus.DISMISSED, finding="样例", handled_by=people.leader, handled_at=NOON
    )

    found = [(one.pair, one.number, one.person) for one in occurrences(supervisor)]

    assert found == [((D.HANDLER, D.DECIDER), application.number, people.leader.name)]
    assert [(row.one, row.other) for row in checked(supervisor)] == list(PAIRS)


def test_the_checker_keeps_silent_about_cases_from_which_the_reader_keeps_away(people: Personas) -> None:
    application = make_application(people, S.PUBLICISED)
    make_objection(
        application, status=ObjectionStatus.DISMISSED, finding="样例", handled_by=people.leader, handled_at=NOON
    )
    step_aside(application=application, actor=people.supervisor, ground="样例亲属关系", at=NOON)

    assert occurrences(people.supervisor) == []
    assert len(occurrences(people.audit_admin)) == 1


def test_nothing_is_found_where_everything_went_by_the_rules(people: Personas) -> None:
    assert people.experts
    application = make_application(people, S.APPROVED)
    make_review(application, people.experts[0], people, ReviewStatus.SUBMITTED)

    assert occurrences(people.audit_admin) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_checker_asks_once(people: Personas, rows: int, django_assert_num_queries: Any) -> None:
    supervisor = people.supervisor
    consortia: list[Any] = [None, rival_consortium(people), None]
    for consortium in consortia[:rows]:
        application = make_application(people, S.PUBLICISED, consortium=consortium)
        facts = {"status": ObjectionStatus.DISMISSED, "finding": "样例", "handled_at": NOON}
        make_objection(application, handled_by=people.leader, **facts)

    with django_assert_num_queries(1):
        assert len(occurrences(supervisor)) == rows


@pytest.mark.parametrize("reader", ["supervisor", "audit_admin"])
def test_the_page_and_its_file(people: Personas, sign_in: Any, reader: str) -> None:
    application = make_application(people, S.PUBLICISED)
    finding = {"status": ObjectionStatus.DISMISSED, "finding": "样例", "handled_at": NOON}
    make_objection(application, handled_by=people.leader, **finding)
    client = sign_in(getattr(people, reader))

    page = client.get("/funding/separation/")
    file = client.post("/funding/separation/export/", {"format": "csv"})
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()

    assert (page.status_code, page.content.decode().count(application.number)) == (200, 1)
    assert (len(lines), sum(application.number in line for line in lines)) == (len(PAIRS) + 1, 1)


@pytest.mark.parametrize("reader", ["officer", "leader", "head", "acceptance", "lead", "system_admin"])
def test_nobody_else_sees_it(people: Personas, sign_in: Any, reader: str) -> None:
    assert sign_in(getattr(people, reader)).get("/funding/separation/").status_code == 403
    assert Objection.objects.count() == 0

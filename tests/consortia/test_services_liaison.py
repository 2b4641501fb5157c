"""Liaison officers, visits and follow-ups; issues raised in confidence."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from consortia.enums import ConsortiumStatus
from consortia.models import FollowUp, Issue, LiaisonVisit
from consortia.rules.registers import IssueStatus
from consortia.selectors.liaison import supervision
from consortia.services.issues import close_issue, mediate_issue, note_issue, raise_issue, settle_issue
from consortia.services.liaison import (
    add_follow_up,
    assign_liaison,
    finish_follow_up,
    record_visit,
    update_visit,
)
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.stale import Stale, seen_of
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.books import make_follow_up, make_issue, make_liaison, make_visit
from tests.factories.consortia import ready_consortium, rival_consortium
from tests.personas import Personas

S = ConsortiumStatus
TODAY = date(2026, 11, 18)


# --- who accompanies ---------------------------------------------------------------------------
def test_the_head_assigns_one_and_many(people: Personas) -> None:
    consortia = [ready_consortium(people), rival_consortium(people)]
    officer = make_liaison()

    assert assign_liaison(consortia=consortia, officer=officer, actor=people.head, at=NOON) == 2
    assert assign_liaison(consortia=consortia, officer=officer, actor=people.head, at=NOON) == 0
    assert assign_liaison(consortia=consortia[:1], officer=None, actor=people.head, at=NOON) == 1

    for one in consortia:
        one.refresh_from_db()
    assert [one.liaison_officer for one in consortia] == [None, officer]
    assert Notification.objects.filter(kind="consortia.liaison_assigned", recipient=officer).count() == 2


def test_who_may_not_assign_or_be_assigned(people: Personas) -> None:
    consortium, officer = ready_consortium(people), make_liaison()

    for actor in (people.officer, people.leader, people.lead, officer):
        with pytest.raises(PermissionDenied):
            assign_liaison(consortia=[consortium], officer=officer, actor=actor, at=NOON)
    with pytest.raises(ValidationError):
        assign_liaison(consortia=[consortium], officer=people.officer, actor=people.head, at=NOON)


# --- visits ------------------------------------------------------------------------------------
def _visit(**facts: Any) -> LiaisonVisit:
    return LiaisonVisit(**{"date": TODAY, "participants": "样例", "findings": "样例发现", **facts})


def test_the_liaison_officer_records_visits_of_its_own(people: Personas) -> None:
    consortium, other = ready_consortium(people), rival_consortium(people)
    officer = make_liaison(consortium)
    people.lead  # noqa: B018 - exists before it is told

    visit = record_visit(consortium=consortium, visit=_visit(), actor=officer, at=NOON)
    visit.findings = "改正"
    update_visit(visit=visit, actor=officer, at=NOON)
    task = add_follow_up(visit=visit, follow_up=FollowUp(text="补材料", due=TODAY), actor=officer, at=NOON)
    finish_follow_up(follow_up=task, actor=officer, at=NOON, done_note="已补")

    assert (task.done_on, task.done_by) == (TODAY, officer)
    assert Notification.objects.filter(kind="consortia.visit_recorded", recipient=people.lead).count() == 1
    with pytest.raises(TransitionRefused):
        finish_follow_up(follow_up=task, actor=officer, at=NOON, done_note="再来")
    with pytest.raises(PermissionDenied):
        record_visit(consortium=other, visit=_visit(), actor=officer, at=NOON)


def test_who_may_not_record(people: Personas) -> None:
    consortium = ready_consortium(people)
    visit = make_visit(consortium, people.officer)

    for actor in (people.lead, people.head, people.leader, people.rival):
        with pytest.raises(PermissionDenied):
            record_visit(consortium=consortium, visit=_visit(), actor=actor, at=NOON)
        with pytest.raises(PermissionDenied):
            add_follow_up(visit=visit, follow_up=FollowUp(text="x", due=TODAY), actor=actor, at=NOON)


def test_bad_days_and_lost_updates(people: Personas) -> None:
    consortium = ready_consortium(people)
    visit = make_visit(consortium, people.officer)
    seen = seen_of(visit)

    with pytest.raises(ValidationError):
        record_visit(consortium=consortium, visit=_visit(date=date(2026, 11, 19)), actor=people.officer, at=NOON)
    with pytest.raises(ValidationError):
        add_follow_up(visit=visit, follow_up=FollowUp(text="x", due=date(2026, 9, 30)), actor=people.officer, at=NOON)
    LiaisonVisit.objects.filter(pk=visit.pk).update(findings="别人改过")
    with pytest.raises(Stale):
        update_visit(visit=visit, actor=people.officer, at=NOON, seen=seen)


def test_what_was_found_stays_out_of_the_members_trail(people: Personas) -> None:
    consortium = ready_consortium(people)
    record_visit(consortium=consortium, visit=_visit(findings="机密发现"), actor=people.officer, at=NOON)

    (entry,) = trail(consortium)
    assert "机密发现" not in f"{entry.facts} {entry.note} {entry.subject_label}"


def test_who_sees_visits(people: Personas) -> None:
    make_visit(ready_consortium(people), people.officer)
    readers = [
        people.lead, people.officer, people.district_officer, people.supplier_confirmer, people.rival,
        people.other_district_officer,
    ]  # fmt: skip

    assert [LiaisonVisit.objects.visible_to(one).count() for one in readers] == [1, 1, 1, 0, 0, 0]


def test_the_supervision_list(people: Personas) -> None:
    consortium, other = ready_consortium(people, status=S.OPERATING), rival_consortium(people, status=S.OPERATING)
    officer = make_liaison(consortium)
    late = make_follow_up(make_visit(consortium, people.officer, date=date(2026, 10, 1)), due=date(2026, 11, 17))
    make_follow_up(make_visit(consortium, people.officer), due=date(2026, 11, 1), done_on=TODAY, done_by=officer)
    soon = make_follow_up(make_visit(other, people.officer, date=date(2026, 8, 1)), due=date(2026, 11, 25))
    issue = make_issue(consortium, people.supplier, people.supplier_confirmer)
    make_issue(consortium, people.supplier, people.supplier_confirmer, status=IssueStatus.CLOSED)

    whole, own = supervision(people.head, today=TODAY), supervision(officer, today=TODAY)

    assert (whole.late, whole.soon, whole.unvisited, whole.issues) == ([late], [soon], [other], [issue])
    assert (own.late, own.soon, own.unvisited, own.issues) == ([late], [], [], [issue])


# --- issues ------------------------------------------------------------------------------------
def _raised(people: Personas, **facts: Any) -> Issue:
    consortium = facts.pop("consortium", None) or ready_consortium(people)
    return raise_issue(
        consortium=consortium,
        issue=Issue(raised_by=people.supplier, subject="样例分歧", statement="样例经过"),
        parties=facts.pop("parties", [people.university]),
        actor=people.supplier_confirmer,
        at=NOON,
    )


def test_raise_mediate_settle_close(people: Personas) -> None:
    consortium = ready_consortium(people)
    officer = make_liaison(consortium)

    issue = _raised(people, consortium=consortium)
    assert (
        Notification.objects.filter(kind="consortia.issue_raised").values_list("recipient", flat=True).get()
        == officer.pk
    )
    mediate_issue(issue=issue, text="约谈双方", actor=officer, at=NOON + 1 * DAY)
    note_issue(issue=issue, text="我方意见", actor=people.university_confirmer, at=NOON + 2 * DAY)
    settle_issue(issue=issue, text="各担一半", actor=officer, at=NOON + 3 * DAY)
    close_issue(issue=issue, text="同意", actor=people.supplier_confirmer, at=NOON + 4 * DAY)

    issue.refresh_from_db()
    assert issue.status == IssueStatus.CLOSED
    assert [note.organisation for note in issue.notes.all()] == [None, people.university, None, people.supplier]
    assert [entry.action for entry in trail(issue)] == [
        "close_issue", "settle_issue", "note_issue", "mediate_issue", "raise_issue",
    ]  # fmt: skip
    assert not trail(consortium).exists()


def test_who_sees_an_issue(people: Personas) -> None:
    consortium = ready_consortium(people)
    officer, stranger = make_liaison(consortium), make_liaison(handle="liaison2")
    _raised(people, consortium=consortium)
    readers = {
        people.supplier_confirmer: 1, people.university_confirmer: 1, officer: 1, people.officer: 1, people.head: 1,
        people.lead: 0, people.fund_confirmer: 0, people.rival: 0, stranger: 0, people.finance: 0,
        people.district_officer: 0,
    }  # fmt: skip

    assert {who.name: Issue.objects.visible_to(who).count() for who in readers} == {
        who.name: count for who, count in readers.items()
    }


def test_who_may_not(people: Personas) -> None:
    consortium = ready_consortium(people)
    stranger = make_liaison(handle="liaison2")
    issue = _raised(people, consortium=consortium)

    for actor in (people.university_confirmer, people.lead, stranger, people.leader):
        with pytest.raises(PermissionDenied):
            mediate_issue(issue=issue, text="x", actor=actor, at=NOON)
        with pytest.raises(PermissionDenied):
            close_issue(issue=issue, text="x", actor=actor, at=NOON)
    with pytest.raises(PermissionDenied):
        note_issue(issue=issue, text="x", actor=people.lead, at=NOON)
    with pytest.raises(PermissionDenied):
        raise_issue(consortium=consortium, issue=issue, parties=[], actor=people.rival, at=NOON)


def test_second_clicks_and_empty_notes(people: Personas) -> None:
    issue = _raised(people)
    with pytest.raises(ValidationError):
        mediate_issue(issue=issue, text=" ", actor=people.head, at=NOON)
    with pytest.raises(TransitionRefused):
        settle_issue(issue=issue, text="x", actor=people.head, at=NOON)
    mediate_issue(issue=issue, text="x", actor=people.head, at=NOON)
    with pytest.raises(TransitionRefused):
        mediate_issue(issue=issue, text="x", actor=people.officer, at=NOON)


def test_parties_are_members_and_one_speaks_for_oneself(people: Personas) -> None:
    consortium = ready_consortium(people)

    with pytest.raises(ValidationError) as stranger:
        _raised(people, consortium=consortium, parties=[people.rival_org])
    with pytest.raises(ValidationError) as other:
        raise_issue(
            consortium=consortium, issue=Issue(raised_by=people.university, subject="x", statement="x"), parties=[],
            actor=people.supplier_confirmer, at=NOON,
        )  # fmt: skip

    assert (list(stranger.value.message_dict), list(other.value.message_dict)) == (["parties"], ["raised_by"])


def test_nobody_raises_issues_in_what_has_ended(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        _raised(people, consortium=ready_consortium(people, status=S.EXITED))


def test_the_database_knows_who_followed_up(people: Personas) -> None:
    visit = make_visit(ready_consortium(people), people.officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_follow_up(visit, done_on=TODAY)

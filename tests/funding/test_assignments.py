"""Assignments of many applications: who may do what when, what is kept, how they bind the draws."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from consortia.models import Participation
from funding.enums import Action, ApplicationStatus, AssignmentStatus, ExpertMode
from funding.models import Application, Assignment, AssignmentChange, AssignmentPair, Recusal
from funding.rules import drawing
from funding.selectors.assignments import case_rows, cases_of, overview, tables
from funding.selectors.draws import ELSEWHERE, pool
from funding.services.assignments import (
    agree_assignment,
    change_pair,
    drop_assignment,
    hand_over_assignment,
    prepare_assignment,
)
from funding.services.draws import Beacon, prepare_draw
from members.enums import ExpertKind
from members.models import Expert
from portal.kernel import jobs
from portal.kernel.audit import trail
from portal.kernel.models import Job, Notification
from portal.kernel.models.job import JobState
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import rival_consortium
from tests.factories.funding import make_application, make_assignment, make_call
from tests.factories.members import make_expert
from tests.personas import Personas

S, B = ApplicationStatus, AssignmentStatus
pytestmark = pytest.mark.usefixtures("english")


def two(people: Personas, mode: str = ExpertMode.INVITED) -> list[Application]:
    """Two applications of one call that wait for experts."""
    call = make_call(people, expert_mode=mode)
    return [
        make_application(people, S.CHECKED, call=call),
        make_application(people, S.CHECKED, call=call, consortium=rival_consortium(people)),
    ]


def more(count: int) -> list[Expert]:
    kinds = list(ExpertKind)[:4]
    return [make_expert(f"more{n}", f"专家丁{n:02d}", kind=kinds[n % 4]) for n in range(count)]


def chosen(assignment: Assignment) -> dict[str, set[Any]]:
    return {case.application.number: {one.expert_id for one in case.pairs.all()} for case in cases_of(assignment)}


def handed_over(people: Personas, applications: Any, **facts: Any) -> Assignment:
    made = make_assignment(people, applications, **facts)
    return hand_over_assignment(assignment=made, actor=people.acceptance, at=NOON)


# --- worked out ----------------------------------------------------------------------------------
def test_the_job_proposes_whole_panels_and_tells_who_asked(people: Personas) -> None:
    applications, _others = two(people), more(4)

    made = make_assignment(people, applications)

    assert (made.status, [len(one) for one in chosen(made).values()]) == (B.PROPOSED, [3, 3])
    kinds = [{one.expert.kind for one in case.pairs.all()} for case in cases_of(made)]
    assert all({ExpertKind.FINANCE, ExpertKind.INVESTMENT} <= found for found in kinds)
    assert Notification.objects.get(kind="funding.assignment_proposed").recipient == people.acceptance
    assert Job.objects.get(key=made.job).state == JobState.DONE
    assert [one.action for one in trail(made)] == [Action.PROPOSE_ASSIGNMENT, Action.PREPARE_ASSIGNMENT]


def test_who_is_bound_to_a_member_is_proposed_elsewhere_at_most(people: Personas) -> None:
    first, second = two(people)
    bound = make_expert("bound", "专家戊01", kind=ExpertKind.FINANCE, employer=people.university)
    Expert.objects.filter(kind=ExpertKind.FINANCE).exclude(pk=bound.pk).update(yearly_limit=1)
    Participation.objects.filter(consortium=second.consortium, organisation=people.university).delete()

    made = make_assignment(people, [first, second])

    assert bound.pk not in chosen(made)[first.number]


def test_every_pairing_is_told_in_words(people: Personas) -> None:
    [application, _second] = two(people)
    assert people.experts

    [table] = tables(cases_of(make_assignment(people, [application])))

    told = {line.pair.expert_id: (line.fit, line.load) for line in table.lines}
    assert told[people.experts[1].pk] == (
        "Judges the money side, in whatever field",
        "0 to do, 1 by this assignment; 0 of 10 this year before it",
    )
    assert told[people.experts[0].pk][0].startswith("Judges: ")


def test_who_cannot_be_found_is_said_with_the_reasons(people: Personas) -> None:
    [application, _second] = two(people)
    assert people.conflicted_expert
    assert people.experts
    Expert.objects.filter(kind=ExpertKind.INVESTMENT).update(status="SUSPENDED", ground="样例")

    [table] = tables(cases_of(make_assignment(people, [application])))

    assert table.shortage == [
        "1 of 3 places stay empty.",
        "1 too few of: Investment.",
        "Eligible: Finance 1, Technology 1. Those who are not proposed have no room left, or a colleague is proposed.",
        "Excluded: Belongs to the lead or a member of this consortium 1, Not active in the expert pool 1.",
    ]


# --- asked for -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("case", "sentence"),
    [("none", "Please choose"), ("few", "lacks 3"), ("gone", "no more"), ("checked", "You have checked"),
     ("twice", "another assignment"), ("drawn", "no more")],
)  # fmt: skip
def test_what_cannot_be_asked_for(people: Personas, case: str, sentence: str) -> None:
    mode = ExpertMode.DRAWN if case == "drawn" else ExpertMode.INVITED
    applications = two(people, mode)
    assert people.experts
    if case == "gone":
        Application.objects.filter(pk=applications[0].pk).update(status=S.WITHDRAWN)
    if case == "checked":
        Application.objects.filter(pk=applications[0].pk).update(checked_by=people.acceptance)
    if case == "twice":
        make_assignment(people, applications[:1], worked_out=False)
    if case == "drawn":
        prepare_draw(application=applications[0], seats=3, beacon=Beacon("样例", NOON + DAY),
                     actor=people.acceptance, at=NOON)  # fmt: skip

    with pytest.raises(TransitionRefused, match=sentence):
        prepare_assignment(
            call=applications[0].call, applications=[] if case == "none" else applications,
            seats=2 if case == "few" else 3, actor=people.acceptance, at=NOON,
        )  # fmt: skip


# --- by hand -------------------------------------------------------------------------------------
def test_a_change_by_hand_is_recorded_with_its_reason(people: Personas) -> None:
    [application, _second], others = two(people), more(5)
    made = make_assignment(people, [application])
    pair = AssignmentPair.objects.filter(case__assignment=made, expert__kind=ExpertKind.FINANCE).get()
    other = next(one for one in [*others, *people.experts] if one.kind == ExpertKind.FINANCE and one != pair.expert)
    before = pair.expert

    change_pair(pair=pair, expert=other, reason="样例：原定专家出差。", actor=people.acceptance, at=NOON)

    change = AssignmentChange.objects.get()
    assert (change.removed, change.added, change.reason) == (before, other, "样例：原定专家出差。")
    entry = trail(made).get(action=Action.CHANGE_ASSIGNMENT)
    assert (entry.note, entry.facts["added"]) == ("样例：原定专家出差。", str(other.pk))
    frozen = hand_over_assignment(assignment=made, actor=people.acceptance, at=NOON).frozen
    assert frozen["cases"][0]["changes"][0]["reason"] == "样例：原定专家出差。"


@pytest.mark.parametrize("case", ["kind", "conflict", "reason", "late", "pool"])
def test_what_no_hand_changes(people: Personas, case: str) -> None:
    [application, _second], others = two(people, ExpertMode.DRAWN if case == "pool" else ExpertMode.INVITED), more(5)
    made = make_assignment(people, [application])
    pair = AssignmentPair.objects.filter(case__assignment=made, expert__kind=ExpertKind.FINANCE).first()
    assert pair
    fitting = next(one for one in [*others, *people.experts] if one.kind == pair.expert.kind and one != pair.expert)
    wrong = {"kind": next(one for one in others if one.kind == ExpertKind.TECHNOLOGY), "conflict":
             people.conflicted_expert}  # fmt: skip
    if case == "late":
        hand_over_assignment(assignment=made, actor=people.acceptance, at=NOON)

    with pytest.raises(TransitionRefused):
        change_pair(pair=pair, expert=wrong.get(case, fitting), reason="" if case == "reason" else "样例",
                    actor=people.acceptance, at=NOON)  # fmt: skip
    assert AssignmentChange.objects.count() == 0


# --- agreed to -----------------------------------------------------------------------------------
def test_the_supervisor_agrees_and_the_invited_are_asked(people: Personas) -> None:
    applications, _others = two(people), more(4)
    made = handed_over(people, applications)

    agree_assignment(assignment=made, actor=people.supervisor, at=NOON)

    assert made.status == B.AGREED
    assert {one.number: set(one.reviews.values_list("expert", flat=True)) for one in applications} == chosen(made)
    assert set(Application.objects.values_list("status", flat=True)) == {S.REVIEWING}
    entry = trail(applications[0]).get(action=Action.AGREE_EXPERTS)
    assert (entry.facts["method"], entry.facts["hash"]) == ("assignment", made.frozen_hash)


def test_a_panel_that_is_not_whole_waits_on(people: Personas) -> None:
    applications, _others = two(people), more(4)
    made = handed_over(people, applications)
    Expert.objects.filter(pk__in=chosen(made)[applications[0].number]).update(status="SUSPENDED", ground="样例")

    agree_assignment(assignment=made, actor=people.supervisor, at=NOON)

    assert applications[0].number in trail(made).get(action=Action.AGREE_ASSIGNMENT).facts["left"]
    applications[0].refresh_from_db()
    assert (applications[0].status, applications[0].reviews.count()) == (S.CHECKED, 0)


def test_what_was_altered_after_freezing_is_not_agreed_to(people: Personas) -> None:
    made = handed_over(people, two(people)[:1])
    AssignmentPair.objects.filter(case__assignment=made, expert__kind=ExpertKind.FINANCE).update(by_hand=True)

    with pytest.raises(TransitionRefused, match="not what was handed over"):
        agree_assignment(assignment=made, actor=people.supervisor, at=NOON)


def test_changing_any_byte_of_the_record_is_seen(people: Personas) -> None:
    made = handed_over(people, two(people)[:1])
    content = drawing.canonical(made.frozen)

    assert made.is_unchanged
    assert drawing.digest(made.frozen) == made.frozen_hash
    made.frozen["cases"][0]["experts"][0]["running"] += 1
    assert (made.is_unchanged, drawing.canonical(made.frozen) == content) == (False, False)


@pytest.mark.parametrize("who", ["officer", "acceptance", "leader", "expert", "lead"])
def test_who_may_not_agree(people: Personas, who: str) -> None:
    made = handed_over(people, two(people)[:1])

    with pytest.raises(PermissionDenied):
        agree_assignment(assignment=made, actor=getattr(people, who), at=NOON)


def test_who_keeps_away_from_one_case_finds_no_trace(people: Personas) -> None:
    applications = two(people)
    made = handed_over(people, applications[:1])
    Recusal.objects.create(application=applications[0], person=people.supervisor, ground="样例",
                           declared_by=people.supervisor, recused_at=NOON)  # fmt: skip

    assert not Assignment.objects.visible_to(people.supervisor).exists()
    with pytest.raises(PermissionDenied):
        agree_assignment(assignment=made, actor=people.supervisor, at=NOON)


# --- pools for the draw --------------------------------------------------------------------------
def test_the_pools_bind_the_draw(people: Personas) -> None:
    applications, _others = two(people, ExpertMode.DRAWN), more(20)
    made = handed_over(people, applications)
    agree_assignment(assignment=made, actor=people.supervisor, at=NOON)

    for application in applications:
        draw = prepare_draw(application=application, seats=3, beacon=Beacon("样例", NOON + DAY),
                            actor=people.acceptance, at=NOON)  # fmt: skip
        entries = draw.entries.filter(reasons="")
        assert set(entries.values_list("expert", flat=True)) == chosen(made)[application.number]
        assert draw.frozen["filters"]["assignment"] == made.frozen_hash
    with pytest.raises(TransitionRefused, match="under way"):
        drop_assignment(assignment=made, actor=people.acceptance, at=NOON, note="样例")


def test_a_dropped_assignment_gives_the_whole_pool_back(people: Personas) -> None:
    applications, _others = two(people, ExpertMode.DRAWN), more(20)
    made = handed_over(people, applications)
    agree_assignment(assignment=made, actor=people.supervisor, at=NOON)
    assert any(ELSEWHERE in one.reasons for one in pool(applications[0], NOON))

    drop_assignment(assignment=made, actor=people.acceptance, at=NOON, note="样例：另行测算。")

    assert not any(ELSEWHERE in one.reasons for one in pool(applications[0], NOON))
    assert make_assignment(people, applications).status == B.PROPOSED


# --- round the code ------------------------------------------------------------------------------
BREACHES = {
    "one_current_assignment": lambda made, _p: made.cases.create(
        application=make_assignment(_p).cases.get().application
    ),
    "assignment_worked_out": lambda made, _p: _set(made, status=B.PROPOSED, solved_at=None),
    "assignment_frozen_before_agreement": lambda made, _p: _set(made, status=B.HANDED_OVER),
    "assignment_decided_by_somebody": lambda made, p: _set(made, decided_by=p.supervisor),
    "assignment_agreed_by_another": lambda made, p: _set(
        made, status=B.AGREED, decided_by=p.acceptance, decided_at=NOON, frozen={}, frozen_hash="x",
        handed_over_at=NOON,
    ),
    "assignment_dropped_for_a_reason": lambda made, p: _set(
        made, status=B.DROPPED, decided_by=p.acceptance, decided_at=NOON
    ),
    "assignment_of_some_seats": lambda made, _p: _set(made, seats=0),
    "assignment_changed_for_a_reason": lambda made, p: AssignmentChange.objects.create(
        case=made.cases.get(), removed=p.experts[0], added=p.experts[0], reason="样例", changed_by=p.acceptance,
        changed_at=NOON,
    ),
    "expert_proposed_once": lambda made, _p: AssignmentPair.objects.create(
        case=made.cases.get(), expert=made.cases.get().pairs.first().expert
    ),
    "application_in_an_assignment_once": lambda made, _p: made.cases.create(
        application=made.cases.get().application, current=False
    ),
}  # fmt: skip


def _set(made: Assignment, **facts: Any) -> None:
    Assignment.everything.filter(pk=made.pk).update(**facts)


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_keeps_what_must_always_be_true(people: Personas, name: str) -> None:
    made = make_assignment(people)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BREACHES[name](made, people)


# --- pages ---------------------------------------------------------------------------------------
def test_the_pages_lead_from_the_call_to_the_agreement(people: Personas, sign_in: Any) -> None:
    applications, _others = two(people), more(4)
    made = make_assignment(people, applications)

    assert [len(one.pairs.all()) for one in cases_of(made)] == [3, 3]
    desk, supervisor = sign_in(people.acceptance), sign_in(people.supervisor)
    assert desk.get(reverse("funding:call-assign", args=[made.call_id])).status_code == 200
    page = desk.get(made.get_absolute_url())
    assert page.status_code == 200
    assert "负责财务与投资方面" in page.content.decode()
    hand_over_assignment(assignment=made, actor=people.acceptance, at=NOON)
    assert supervisor.get(reverse("funding:assignment-agree", args=[made.pk])).status_code == 200


def test_the_proposal_costs_as_many_queries_for_two_as_for_one(
    people: Personas, django_assert_num_queries: Any
) -> None:
    applications, _others = two(people), more(4)
    made = make_assignment(people, applications)
    alone = Assignment.objects.filter(pk=made.pk).get()

    with django_assert_num_queries(4):
        assert len(tables(case_rows(alone))) == 2
    made.cases.first().delete()
    with django_assert_num_queries(4):
        assert len(tables(case_rows(alone))) == 1


def test_a_long_proposal_is_shown_in_pages(people: Personas, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _others = make_assignment(people, two(people)), more(4)
    monkeypatch.setattr("funding.views.assignments.PAGE", 1)
    desk, address = sign_in(people.acceptance), made.get_absolute_url()

    first = desk.get(address)
    second = desk.get(address, {"after": first.context["page"].next_token})

    numbers = [[one.case.application.number for one in page.context["tables"]] for page in (first, second)]
    assert numbers == [[one.application.number] for one in cases_of(made)]
    assert first.context["overview"].cases == 2
    assert "下一页" in first.content.decode()


def test_what_wants_a_look_stands_in_a_tab_of_its_own(people: Personas, sign_in: Any) -> None:
    applications, others = two(people), more(5)
    made = make_assignment(people, applications)
    pair = AssignmentPair.objects.filter(case__application=applications[1], expert__kind=ExpertKind.FINANCE).get()
    other = next(one for one in [*others, *people.experts] if one.kind == ExpertKind.FINANCE and one != pair.expert)
    change_pair(pair=pair, expert=other, reason="样例", actor=people.acceptance, at=NOON)
    desk = sign_in(people.acceptance)

    changed = desk.get(made.get_absolute_url(), {"tab": "changed"}).context
    named = desk.get(made.get_absolute_url(), {"q": other.user.name}).context
    lost = desk.get(made.get_absolute_url(), {"q": "没有这样的人"})

    assert [one.case.application for one in changed["tables"]] == [applications[1]]
    assert applications[1] in [one.case.application for one in named["tables"]]
    assert (lost.status_code, lost.context["tables"]) == (200, [])
    assert overview(made).range == "1" or "–" in overview(made).range
    assert sum(given * count for given, count in overview(made).loads) == 6


def test_an_exchange_leads_back_to_the_page_it_was_asked_from(people: Personas, sign_in: Any) -> None:
    [application, _second], others = two(people), more(5)
    made = make_assignment(people, [application])
    pair = AssignmentPair.objects.filter(case__assignment=made, expert__kind=ExpertKind.FINANCE).get()
    other = next(one for one in [*others, *people.experts] if one.kind == ExpertKind.FINANCE and one != pair.expert)
    desk, place = sign_in(people.acceptance), f"{made.get_absolute_url()}?tab=changed"
    address = reverse("funding:assignment-exchange", args=[pair.pk]) + "?next=" + quote(place)

    assert place in desk.get(address).content.decode()
    answer = desk.post(address, {"expert": other.pk, "reason": "样例"})

    assert (answer.status_code, answer["Location"]) == (302, place)


def test_a_dropped_assignment_is_left_alone_by_its_job(people: Personas) -> None:
    made = make_assignment(people, worked_out=False)
    drop_assignment(assignment=made, actor=people.acceptance, at=NOON, note="样例")

    make = Job.objects.get(key=made.job)
    jobs.run(make.pk, NOON + timedelta(minutes=1))
    made.refresh_from_db()
    assert (made.status, AssignmentPair.objects.count()) == (B.DROPPED, 0)

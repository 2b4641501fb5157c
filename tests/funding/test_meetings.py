"""The decision meeting of a list: attendance, votes, quorum, who does not vote, what closed minutes bind."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from funding.enums import Action, MeetingChoice, ScenarioStatus
from funding.models import Application, DecisionMeeting, MeetingSeat, MeetingVote, Recusal, RuleSet, Scenario
from funding.rules.meetings import Terms, terms_of
from funding.selectors.meetings import ballots, meeting_snapshot, minutes_hash, record_of
from funding.services.meetings import Attendance, close_meeting, record_attendance, record_ballot
from funding.services.scenarios import approve_scenario, put_forward_scenario, take_scenario_back
from members.enums import Role
from portal.kernel.audit import sha256, trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import HOUR, NOON
from tests.factories.funding import make_application, make_meeting, make_scenario
from tests.factories.members import give
from tests.funding.steps import queries_of
from tests.personas import Personas

pytestmark = pytest.mark.usefixtures("english")
FOR, AGAINST, ABSTAINED = MeetingChoice.FOR, MeetingChoice.AGAINST, MeetingChoice.ABSTAINED
SC = ScenarioStatus


def before(people: Personas) -> Scenario:
    """A list of one case that is before the meeting."""
    assert people.leader != people.second_leader
    return put_forward_scenario(scenario=make_scenario(people), meeting="样例会议", actor=people.head, at=NOON)


def attend(people: Personas, scenario: Scenario, *here: Any, actor: Any = None, **facts: Any) -> DecisionMeeting:
    came = list(here) or [people.leader, people.second_leader]
    facts = {"chair": people.leader, "invited": [*came, people.finance], "present": came} | facts
    attendance = Attendance(facts.pop("held_at", NOON - HOUR), "样例会议室", **facts)
    return record_attendance(scenario=scenario, attendance=attendance, actor=actor or people.secretary, at=NOON)


def vote(people: Personas, scenario: Scenario, choices: dict[Any, str], case: Any = None) -> None:
    record_ballot(scenario=scenario, application=case, choices=choices, actor=people.secretary, at=NOON)


def close(people: Personas, scenario: Scenario, actor: Any = None) -> DecisionMeeting:
    found = record_of(scenario)
    assert found is not None
    return close_meeting(scenario=scenario, seen=minutes_hash(found), actor=actor or people.leader, at=NOON)


def approve(people: Personas, scenario: Scenario) -> None:
    approve_scenario(scenario=scenario, seen=scenario.sha256, actor=people.leader, at=NOON)


def rule(scenario: Scenario, **terms: Any) -> None:
    rules = RuleSet.objects.get(pk=scenario.call.rules_id)
    RuleSet.objects.filter(pk=rules.pk).update(data={**rules.data, "meeting": {**rules.data["meeting"], **terms}})


# --- the rules -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("invited", "percent", "needed"), [(4, 50, 2), (5, 50, 3), (3, 67, 3), (1, 0, 1), (9, 100, 9)])
def test_a_quorum_is_rounded_up(invited: int, percent: int, needed: int) -> None:
    assert Terms(False, percent, 50).quorum(invited) == needed


@pytest.mark.parametrize(("in_favour", "cast", "adopted"), [(1, 2, False), (2, 3, True), (0, 0, False), (2, 4, False)])
def test_half_is_not_more_than_half(in_favour: int, cast: int, adopted: bool) -> None:
    assert terms_of({}).adopts(in_favour, cast) is adopted


# --- minutes -------------------------------------------------------------------------------------
def test_attendance_and_votes_are_closed_by_the_chair_and_bound_to_the_list(people: Personas) -> None:
    scenario = before(people)

    meeting = make_meeting(people, scenario)

    assert (meeting.sha256, meeting.closed_at) == (sha256(meeting.frozen), NOON)
    assert meeting.frozen["list"] == scenario.sha256
    assert meeting.frozen["quorum"] == {"invited": 4, "present": 3, "needed": 2}
    assert [(one["for"], one["against"], one["adopted"]) for one in meeting.frozen["ballots"]] == [(2, 0, True)]
    assert Notification.objects.filter(kind="funding.meeting_to_close", recipient=people.leader).count() == 1
    acts = list(trail(scenario).values_list("action", flat=True)[:3])
    assert acts == [Action.CLOSE_MEETING, Action.RECORD_VOTES, Action.RECORD_MEETING]
    approve(people, scenario)


def test_closed_minutes_stay_as_they_are(people: Personas) -> None:
    scenario = before(people)
    meeting = make_meeting(people, scenario)
    type(people.leader).objects.filter(pk=people.leader.pk).update(name="样例更名")

    for act in (
        lambda: attend(people, scenario), lambda: vote(people, scenario, {people.leader: AGAINST}),
        lambda: close(people, scenario),
    ):  # fmt: skip
        with pytest.raises(TransitionRefused, match="are closed"):
            act()
    assert DecisionMeeting.objects.get().frozen == meeting.frozen != meeting_snapshot(meeting)


def test_who_did_not_come_after_all_has_no_vote(people: Personas) -> None:
    scenario = before(people)
    attend(people, scenario)
    vote(people, scenario, {people.leader: FOR, people.second_leader: FOR})

    attend(people, scenario, people.leader)

    assert list(MeetingVote.objects.values_list("person", flat=True)) == [people.leader.pk]
    assert MeetingSeat.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("held_at", {"held_at": NOON + HOUR}), ("chair", {"chair": "finance"}), ("present", {"invited": []}),
        ("chair", {"chair": "secretary", "invited": ["secretary"], "present": ["secretary"]}),
    ],
)  # fmt: skip
def test_attendance_that_cannot_be_is_refused(people: Personas, field: str, facts: dict[str, Any]) -> None:
    def person(value: Any) -> Any:
        if isinstance(value, list):
            return [getattr(people, name) for name in value]
        return getattr(people, value) if isinstance(value, str) else value

    with pytest.raises(ValidationError) as refused:
        attend(people, before(people), **{name: person(value) for name, value in facts.items()})

    assert list(refused.value.message_dict) == [field]
    assert not DecisionMeeting.objects.exists()


def test_votes_before_attendance_or_of_nobody_are_refused(people: Personas) -> None:
    scenario = before(people)
    with pytest.raises(TransitionRefused, match="first who came"):
        vote(people, scenario, {people.leader: FOR})
    attend(people, scenario)
    with pytest.raises(TransitionRefused, match="Nobody has voted"):
        vote(people, scenario, {})
    with pytest.raises(TransitionRefused, match="was not there"):
        vote(people, scenario, {people.finance: FOR})
    with pytest.raises(TransitionRefused, match="not on the list"):
        vote(people, scenario, {people.leader: FOR}, make_application(people, consortium=None))


@pytest.mark.parametrize("status", ["frozen", "void"])
def test_only_a_list_before_the_meeting_has_minutes(people: Personas, status: str) -> None:
    scenario = make_scenario(people)
    if status == "void":
        put_forward_scenario(scenario=scenario, meeting="样例会议", actor=people.head, at=NOON)
        take_scenario_back(scenario=scenario, actor=people.head, note="改日再议", at=NOON)

    with pytest.raises(TransitionRefused, match="before the meeting"):
        attend(people, scenario)


# --- who may not ---------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["acceptance", "leader", "finance", "supervisor", "expert", "lead", "audit_admin"])
def test_who_may_not_write_minutes(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        attend(people, before(people), actor=getattr(people, name))


def test_only_the_chair_closes(people: Personas) -> None:
    scenario = before(people)
    make_meeting(people, scenario, closed=False)

    with pytest.raises(TransitionRefused, match="Only the chair"):
        close(people, scenario, people.second_leader)
    with pytest.raises(PermissionDenied):
        close(people, scenario, people.secretary)


@pytest.mark.parametrize("act", ["prepared", "proposed", "graded", "scored", "supervised", "keeps away"])
def test_recusals_and_separation_hold_for_votes(people: Personas, act: str) -> None:
    scenario, person = before(people), people.second_leader
    case = scenario.places.get().application
    attend(people, scenario)
    if act in {"prepared", "proposed"}:
        Scenario.objects.update(**{f"{act}_by": person})
    elif act == "graded":
        Application.objects.filter(pk=case.pk).update(graded_by=person)
    elif act == "supervised":
        Application.objects.filter(pk=case.pk).update(credit_by=person, credit_at=NOON)
    elif act == "scored":
        give(person, Role.EXPERT)
        expert = people.experts[0]
        expert.user = person
        expert.save()
    else:
        Recusal.objects.create(application=case, person=person, ground="样例", declared_by=person, recused_at=NOON)

    for voted_on in (None, case):
        with pytest.raises(TransitionRefused, match="does not vote"):
            vote(people, scenario, {people.leader: FOR, person: FOR}, voted_on)
    vote(people, scenario, {people.leader: FOR}, case)


def test_a_recusal_after_the_vote_keeps_the_minutes_open(people: Personas) -> None:
    scenario = before(people)
    make_meeting(people, scenario, closed=False)
    case, person = scenario.places.get().application, people.second_leader
    Recusal.objects.create(application=case, person=person, ground="样例", declared_by=person, recused_at=NOON)

    with pytest.raises(TransitionRefused, match="does not vote"):
        close(people, scenario)
    vote(people, scenario, {people.leader: FOR})
    assert [case.number] in [left for _name, _came, left in close(people, scenario).frozen["people"]]


# --- closing -------------------------------------------------------------------------------------
def test_without_quorum_or_with_a_case_not_voted_on_it_stays_open(people: Personas) -> None:
    scenario = before(people)
    attend(people, scenario, people.leader, invited=[people.leader, people.second_leader, people.finance, people.head])
    with pytest.raises(TransitionRefused, match="1 of 4 came; at least 2 are needed"):
        close(people, scenario)
    attend(people, scenario)
    with pytest.raises(TransitionRefused, match="Not voted on yet"):
        close(people, scenario)
    rule(scenario, quorum_percent=100)
    vote(people, scenario, {people.leader: FOR}, scenario.places.get().application)
    with pytest.raises(TransitionRefused, match="2 of 3 came; at least 3"):
        close(people, scenario)


def test_what_has_changed_since_it_was_read_is_not_closed(people: Personas) -> None:
    scenario = before(people)
    meeting = make_meeting(people, scenario, closed=False)
    seen = minutes_hash(meeting)
    vote(people, scenario, {people.leader: AGAINST, people.second_leader: FOR})

    with pytest.raises(TransitionRefused, match="not the minutes that you have read"):
        close_meeting(scenario=scenario, seen=seen, actor=people.leader, at=NOON)


# --- what they bind ------------------------------------------------------------------------------
def test_a_list_waits_for_its_minutes_and_falls_with_them(people: Personas) -> None:
    scenario = before(people)
    make_meeting(people, scenario, closed=False)
    with pytest.raises(TransitionRefused, match="has not closed the minutes"):
        approve(people, scenario)

    vote(people, scenario, {people.leader: FOR, people.second_leader: ABSTAINED})
    found = record_of(scenario)
    assert found is not None
    assert [(one.in_favour, one.abstained, one.adopted) for one in ballots(found)] == [(1, 1, False)]
    close(people, scenario)
    with pytest.raises(TransitionRefused, match="did not adopt"):
        approve(people, scenario)
    assert Scenario.objects.get().status == SC.PROPOSED


def test_the_rules_may_ask_for_minutes(people: Personas) -> None:
    scenario = before(people)
    rule(scenario, needed=True)
    scenario = Scenario.objects.get()

    with pytest.raises(TransitionRefused, match="minutes of the meeting come first"):
        approve(people, scenario)
    make_meeting(people, scenario)
    approve(people, scenario)


# --- races and the database ----------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_minutes_closed_and_a_vote_at_once_leave_one_truth() -> None:
    people = Personas()
    scenario = before(people)
    meeting = make_meeting(people, scenario, closed=False)
    seen, leader, other, keeper = minutes_hash(meeting), people.leader, people.second_leader, people.secretary
    barrier, refused = Barrier(2), []

    def at_once(act: Any) -> None:
        try:
            barrier.wait()
            act()
        except TransitionRefused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    def revote() -> None:
        choices = {leader: AGAINST, other: AGAINST}
        record_ballot(scenario=scenario, application=None, choices=choices, actor=keeper, at=NOON)

    def shut() -> None:
        close_meeting(scenario=scenario, seen=seen, actor=leader, at=NOON)

    threads = [Thread(target=at_once, args=[act]) for act in (shut, revote)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = DecisionMeeting.objects.get()
    assert len(refused) == 1
    if kept.closed_at:
        assert (sha256(kept.frozen), kept.frozen["ballots"][0]["for"]) == (kept.sha256, 2)
        assert set(MeetingVote.objects.values_list("choice", flat=True)) == {FOR}
    else:
        assert set(MeetingVote.objects.values_list("choice", flat=True)) == {AGAINST}


BREACHES = {
    "chair_does_not_keep_the_minutes": lambda one, _p: DecisionMeeting.objects.update(recorded_by=one.chair),
    "closed_meeting_is_frozen": lambda _one, _p: DecisionMeeting.objects.update(sha256=""),
    "one_invitation_to_a_meeting": lambda one, p: one.seats.create(person=p.leader, present=False),
    "one_vote_a_person": lambda one, p: one.votes.create(person=p.leader, choice=AGAINST),
    "funding_decisionmeeting_scenario_id": lambda one, p: DecisionMeeting.objects.create(
        scenario=one.scenario, held_at=NOON, place="样例", chair=p.leader, recorded_by=p.head
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_keeps_meetings_in_order(people: Personas, name: str) -> None:
    meeting = make_meeting(people, before(people))

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BREACHES[name](meeting, people)


# --- pages ---------------------------------------------------------------------------------------
def test_the_secretary_writes_and_the_chair_closes_in_the_browser(people: Personas, sign_in: Any) -> None:
    scenario = before(people)
    place = reverse("funding:scenario-record", args=[scenario.pk])
    keeper, here = sign_in(people.secretary), [people.leader, people.second_leader]
    assert keeper.get(place).status_code == 200

    attended = keeper.post(reverse("funding:scenario-attendance", args=[scenario.pk]), {
        "held_at": f"{NOON - timedelta(hours=1):%Y-%m-%dT%H:%M}", "place": "样例会议室", "chair": people.leader.pk,
        "invited": [people.finance.pk], "present": [one.pk for one in here],
    })  # fmt: skip
    ballot = reverse("funding:scenario-ballot", args=[scenario.pk])
    voted = keeper.post(ballot, {f"vote_{one.pk}": FOR for one in here})
    case = scenario.places.get().application
    again = keeper.post(f"{ballot}?of={case.pk}", {f"vote_{people.leader.pk}": FOR})

    assert (attended.status_code, voted.status_code, again.status_code) == (302, 302, 302)
    assert MeetingVote.objects.filter(application=case).count() == 1
    assert keeper.get(f"{ballot}?of={scenario.pk}").status_code == 404
    assert keeper.get(reverse("funding:scenario-close", args=[scenario.pk])).status_code == 403
    chair = sign_in(people.leader)
    page = chair.get(reverse("funding:scenario-close", args=[scenario.pk]))
    sent = {"seen": page.context["form"].initial["seen"], "read": "on"}
    closed = chair.post(reverse("funding:scenario-close", args=[scenario.pk]), sent)
    assert (closed.status_code, DecisionMeeting.objects.get().chair) == (302, people.leader)
    assert DecisionMeeting.objects.get().sha256 in chair.get(place).content.decode()
    assert chair.post(reverse("funding:scenario-close", args=[scenario.pk]), sent).status_code == 409


@pytest.mark.parametrize(
    ("name", "status"), [("finance", 200), ("acceptance", 404), ("expert", 404), ("lead", 404), ("audit_admin", 404)]
)
def test_who_reads_the_minutes(people: Personas, sign_in: Any, name: str, status: int) -> None:
    scenario = before(people)
    make_meeting(people, scenario)

    place = reverse("funding:scenario-record", args=[scenario.pk])
    assert sign_in(getattr(people, name)).get(place).status_code in {status, 403 if status == 404 else status}


def test_who_keeps_minutes_sees_no_list_that_is_not_put_forward(people: Personas, sign_in: Any) -> None:
    scenario = make_scenario(people)
    client = sign_in(people.secretary)

    assert client.get(reverse("funding:scenario-record", args=[scenario.pk])).status_code == 404
    put_forward_scenario(scenario=scenario, meeting="样例会议", actor=people.head, at=NOON)
    assert client.get(scenario.get_absolute_url()).status_code == 403


def test_the_list_counts_no_queries_with_its_people(people: Personas, sign_in: Any) -> None:
    scenario = before(people)
    make_meeting(people, scenario)
    place, client = reverse("funding:scenario-record", args=[scenario.pk]), sign_in(people.finance)
    client.get(place)
    first = len(queries_of(client, place))

    meeting = DecisionMeeting.objects.get()
    for person in (people.officer, people.supervisor, people.acceptance):
        meeting.seats.create(person=person, present=True)

    assert len(queries_of(client, place)) == first

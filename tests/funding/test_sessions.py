"""Defences and site visits: the order of the cases, who leaves, who signs in, two locks, the second declaration."""

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funding.enums import Action, ApplicationStatus, ReviewStatus, SeatRole, SessionKind, SessionStatus
from funding.models import (
    Application,
    LiftedRecusal,
    Recusal,
    Review,
    ReviewSession,
    SessionAbsence,
    SessionSeat,
    SessionSlot,
    SlotPresence,
)
from funding.rules.calendar_file import Entry, calendar_file
from funding.rules.sessions import Item, arranged, away, draw_key, is_sampled, runs, spans, terms_of, visit_is_due
from funding.selectors.sessions import agenda, minutes_of, minutes_snapshot, missing_sessions, silent_reviews, times_out
from funding.services.recusals import lift_recusal, recuse_official, step_aside
from funding.services.reviews import declare_again, recuse_again
from funding.services.sessions import (
    Plan,
    Table,
    arrange_session,
    attach_to_slot,
    cancel_session,
    conclude_slot,
    invite_to_session,
    lock_session,
    move_session,
    sign_in_to_session,
    sign_in_to_slot,
)
from funding.workflow import APPLICATION
from members.models import Expert, Relation
from members.rules.relations import RelationKind, RelationSource
from portal.kernel.audit import sha256, trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, HOUR, NOON
from tests.factories.consortia import rival_consortium
from tests.factories.funding import freeze, make_application, make_call, make_review, make_session
from tests.funding.steps import kinds
from tests.personas import Personas
from tests.races import at_once

S, R, Z = ApplicationStatus, ReviewStatus, SessionStatus
pytestmark = pytest.mark.usefixtures("english")
DAY_OF_IT = date(2026, 11, 20)


def items(*leavers: str) -> list[Item]:
    return [Item(f"2026-{number:04d}", frozenset(one)) for number, one in enumerate(leavers, 1)]


def case(people: Personas, **call: Any) -> Application:
    """Under review by three experts who have handed in, in a call with a defence."""
    found = freeze(make_application(people, S.REVIEWING, call=make_call(people, **{"defence": True, **call})))
    for expert in people.experts:
        make_review(found, expert, people, R.SUBMITTED)
    return found


def arrange(people: Personas, *cases: Application, **changes: Any) -> ReviewSession:
    facts: dict[str, Any] = {
        "call": cases[0].call, "kind": SessionKind.DEFENCE, "applications": cases, "actor": people.acceptance,
        "plan": Plan(NOON + DAY, 20, "样例会议室"), "table": Table(people.head, people.secretary), "at": NOON,
    }  # fmt: skip
    return arrange_session(**facts | changes)


def conclude(slot: SessionSlot, actor: Any, **changes: Any) -> SessionSlot:
    facts = {"conclusion": "样例结论：答辩清楚，建议支持。", "checklist": {}, "at": NOON}
    return conclude_slot(slot=slot, actor=actor, **facts | changes)


def held(people: Personas, *cases: Application) -> ReviewSession:
    """Begun, both conductors signed in, every case concluded."""
    session = make_session(people, *cases)
    for person in (people.head, people.secretary):
        sign_in_to_session(session=session, actor=person, at=NOON)
    for slot in session.slots.all():
        conclude(slot, people.secretary)
    return session


def lock(session: ReviewSession, *who: Any) -> ReviewSession:
    for person in who:
        lock_session(session=session, actor=person, at=NOON)
    return session


def enter(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


# --- the order -----------------------------------------------------------------------------------
def test_whoever_has_to_leave_leaves_once() -> None:
    order = arranged(items("a", "", "b", "a", "ab", ""), DAY_OF_IT)

    for person in "ab":
        places = [place for place, one in enumerate(order) if person in one.leavers]
        assert places == list(range(places[0], places[-1] + 1))


def test_without_ties_the_draw_key_orders() -> None:
    order = arranged(items("", "", "", ""), DAY_OF_IT)

    keys = [draw_key(DAY_OF_IT, one.number) for one in order]
    assert keys == sorted(keys)
    assert arranged(reversed(items("", "", "", "")), DAY_OF_IT) == order
    assert [one.number for one in arranged(items("", "", "", ""), date(2026, 11, 21))] != [
        one.number for one in order
    ]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.lists(st.frozensets(st.sampled_from("abc"), max_size=2), min_size=1, max_size=6))
def test_no_order_keeps_people_out_for_less(leavers: list[frozenset[str]]) -> None:
    some = [Item(f"2026-{number}", one) for number, one in enumerate(leavers)]

    order = arranged(some, DAY_OF_IT)

    groups = {one: [Item("", one)] * leavers.count(one) for one in leavers}
    best = min(away(list(rows)) for rows in permutations(groups.values()))
    assert sorted(one.number for one in order) == sorted(one.number for one in some)
    assert away([order]) == best


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=30)
@given(st.lists(st.frozensets(st.sampled_from("abcdefgh"), max_size=3), min_size=8, max_size=20))
def test_large_sessions_are_ordered_the_same_every_time(leavers: list[frozenset[str]]) -> None:
    some = [Item(f"2026-{number}", one) for number, one in enumerate(leavers)]

    order = arranged(some, DAY_OF_IT)

    assert order == arranged(some[::-1], DAY_OF_IT)
    assert len(order) == len(some)
    assert away([order]) <= away([sorted(some, key=lambda one: draw_key(DAY_OF_IT, one.number))]) or spans(order)


def test_neighbouring_places_are_one_run() -> None:
    assert runs([4, 1, 2, 7]) == [(1, 2), (4, 4), (7, 7)]


def test_visits_are_due_for_the_highest_tier_and_for_a_sample() -> None:
    terms = terms_of({})
    numbers = [f"2026-{number:04d}" for number in range(1000)]

    assert all(visit_is_due(terms, number, {"A"}) for number in numbers)
    share = sum(visit_is_due(terms, number, {"B"}) for number in numbers)
    assert 250 < share < 350
    assert not any(is_sampled(number, 0) for number in numbers)
    assert terms_of({"sessions": {"visit_sample_percent": 0}}).visit_tiers == {"A"}


def test_a_calendar_reads_the_appointment() -> None:
    text = calendar_file(Entry("k", "样例；答辩, " + "长" * 60, NOON, NOON + HOUR, "样例室"), NOON)

    assert text.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"DTSTART:20261118T040000Z\r\nDTEND:20261118T050000Z\r\n" in text
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert "样例；答辩\\, 长长" in text.replace(b"\r\n ", b"").decode()


# --- arranging -----------------------------------------------------------------------------------
def test_experts_get_seats_and_the_bound_one_leaves(people: Personas) -> None:
    bound = case(people)
    free = make_application(people, S.REVIEWING, call=bound.call, consortium=rival_consortium(people))
    make_review(free, people.conflicted_expert, people)

    session = arrange(people, bound, free)

    roles = dict(session.seats.values_list("person", "role"))
    assert roles[people.head.pk] == SeatRole.CHAIR
    assert roles[people.conflicted_expert.user_id] == SeatRole.EXPERT
    absence = SessionAbsence.objects.get()
    assert (absence.person, absence.slot.application) == (people.conflicted_expert.user, bound)
    assert people.university.name in absence.why
    invite_to_session(session=session, actor=people.acceptance, at=NOON)
    user = people.conflicted_expert.user
    assert [slot.application for slot in agenda(session, user)] == [free]
    out = times_out(session, user)
    assert [(one.starts_at, one.ends_at) for one in out] == [(absence.slot.starts_at, absence.slot.ends_at)]


def test_who_conducts_has_no_tie_to_any_case(people: Personas) -> None:
    found = case(people)
    Recusal.objects.create(
        application=found, person=people.head, ground="样例", declared_by=people.head, recused_at=NOON
    )

    with pytest.raises(ValidationError) as refused:
        arrange(people, found)

    assert set(refused.value.error_dict) == {"chair"}
    assert not ReviewSession.objects.exists()


def test_chair_and_secretary_are_two(people: Personas) -> None:
    with pytest.raises(ValidationError):
        arrange(people, case(people), table=Table(people.head, people.head))


@pytest.mark.parametrize("name", ["officer", "head", "secretary", "supervisor", "lead", "expert"])
def test_the_desk_arranges(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        arrange(people, case(people), actor=getattr(people, name))


def test_what_cannot_be_arranged_is_refused(people: Personas) -> None:
    found = case(people)
    with pytest.raises(ValidationError):
        arrange(people, found, plan=Plan(NOON - HOUR, 20, "样例"))
    with pytest.raises(ValidationError):
        arrange(people, found, plan=Plan(NOON + DAY, 20))
    with pytest.raises(ValidationError):
        arrange(people, found, plan=Plan(NOON + DAY, 2, "样例"))
    with pytest.raises(TransitionRefused, match="no session of this kind"):
        arrange(people, found, kind=SessionKind.SITE_VISIT)
    arrange(people, found)
    with pytest.raises(TransitionRefused, match="already"):
        arrange(people, found)
    Application.objects.filter(pk=found.pk).update(status=S.CHECKED)
    with pytest.raises(TransitionRefused):
        arrange(people, found)
    assert ReviewSession.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_case_lands_in_one_session(people: Personas) -> None:
    found = case(people)
    _touched = people.acceptance, people.head, people.secretary

    results = at_once(lambda: arrange(people, found), lambda: arrange(people, found))

    assert sorted(isinstance(one, TransitionRefused) for one in results) == [False, True]
    assert SessionSlot.objects.count() == 1


def test_everybody_is_told_and_a_lead_of_itself_alone(people: Personas) -> None:
    first = case(people)
    second = make_application(people, S.REVIEWING, call=first.call, consortium=rival_consortium(people))
    lead, rival = people.lead, people.rival
    session = arrange(people, first, second)
    assert not SessionSlot.objects.visible_to(lead).exists()

    invite_to_session(session=session, actor=people.acceptance, at=NOON)

    assert (kinds(lead), kinds(people.head)) == (["funding.slot_invited"], ["funding.session_invited"])
    slot = SessionSlot.objects.visible_to(lead).get()
    page = enter(lead).get(slot.get_absolute_url())
    assert slot.application == first
    assert "样例会议室" in page.text
    assert second.number not in page.text
    assert second.consortium.name not in page.text
    assert enter(lead).get(session.get_absolute_url()).status_code == 404
    assert enter(rival).get(slot.get_absolute_url()).status_code == 404
    assert enter(lead).get(reverse("funding:slot-calendar", args=[slot.pk])).content.startswith(b"BEGIN:VCALENDAR")


def test_a_cancelled_session_frees_its_cases(people: Personas) -> None:
    found, lead = case(people), people.lead
    session = arrange(people, found)
    invite_to_session(session=session, actor=people.acceptance, at=NOON)

    with pytest.raises(ValidationError):
        cancel_session(session=session, note=" ", actor=people.acceptance, at=NOON)
    url = reverse("funding:session-cancel", args=[session.pk])
    desk = enter(people.acceptance)
    assert desk.post(url, {"note": ""}).context["form"].errors.keys() == {"note"}
    assert desk.post(url, {"note": "样例：改期。"}).status_code == 302

    assert "样例：改期。" in desk.get(session.get_absolute_url()).text
    assert sorted(kinds(lead)) == ["funding.slot_cancelled", "funding.slot_invited"]
    assert arrange(people, found).slots.get().application == found


def test_an_invited_session_is_moved_with_a_reason(people: Personas) -> None:
    first = case(people)
    second = make_application(people, S.REVIEWING, call=first.call, consortium=rival_consortium(people))
    session, lead = arrange(people, first, second), people.lead
    invite_to_session(session=session, actor=people.acceptance, at=NOON)
    order = [slot.application_id for slot in agenda(session, people.supervisor)]
    url, desk = reverse("funding:session-move", args=[session.pk]), enter(people.acceptance)
    later = {"starts_at": "2026-12-24T14:00", "place": "样例第二会议室", "address": "", "note": "样例：会议室停电。"}

    assert url in desk.get(session.get_absolute_url()).text
    for name, value in {"note": "", "starts_at": "2020-01-01T10:00", "place": ""}.items():
        assert desk.post(url, {**later, name: value}).context["form"].errors.keys() == {name}
    assert desk.post(url, later).status_code == 302
    assert desk.post(url, later).status_code == 409

    session.refresh_from_db()
    assert (session.status, session.place) == (Z.INVITED, "样例第二会议室")
    assert [slot.application_id for slot in agenda(session, people.supervisor)] == order
    assert sorted(kinds(lead)) == ["funding.slot_invited", "funding.slot_moved"]
    told = Notification.objects.get(recipient=lead, kind="funding.slot_moved")
    assert (told.params["reason"], told.params["when"]) == ("样例：会议室停电。", told_at(session, first))
    assert "funding.session_moved" in kinds(people.head)
    assert "样例：会议室停电。" in desk.get(session.get_absolute_url()).text
    assert [one[2] for one in minutes_snapshot(session)["moved"]] == ["样例：会议室停电。"]


def told_at(session: ReviewSession, application: Application) -> str:
    """When its case comes up, as letters say it."""
    slot = session.slots.get(application=application)
    return f"{timezone.localtime(slot.starts_at):%Y-%m-%d %H:%M}"


def test_who_may_not_move_a_session_and_when_it_is_too_late(people: Personas) -> None:
    session = make_session(people, case(people), starts_at=NOON + DAY)
    facts: dict[str, Any] = {
        "session": session, "starts_at": NOON + 2 * DAY, "place": "样例", "address": "", "at": NOON, "note": "样例",
    }  # fmt: skip

    for one in (people.officer, people.head, people.supervisor, people.lead, people.experts[0].user):
        with pytest.raises(PermissionDenied):
            move_session(**facts, actor=one)
    session.seats.filter(person=people.head).update(signed_in_at=NOON)
    with pytest.raises(TransitionRefused, match="took place"):
        move_session(**facts, actor=people.acceptance)


def test_ties_that_came_up_since_are_seen_when_everybody_is_invited(people: Personas) -> None:
    found = case(people)
    session = arrange(people, found)
    expert: Expert = people.experts[0]
    Relation.objects.create(
        expert=expert, kind=RelationKind.CONSULTANT, organisation=people.university, source=RelationSource.BUREAU,
        recorded_by=people.officer,
    )  # fmt: skip

    invite_to_session(session=session, actor=people.acceptance, at=NOON)

    assert SessionAbsence.objects.get().person == expert.user


# --- nobody in conflict finds a trace ------------------------------------------------------------
def test_whoever_keeps_away_finds_no_trace_of_the_case(people: Personas) -> None:
    kept = case(people)
    other = make_application(people, S.REVIEWING, call=kept.call, consortium=rival_consortium(people))
    session = make_session(people, kept, other)
    slot = kept.slots.get()
    step_aside(application=kept, actor=people.officer, ground="样例", at=NOON)
    client = enter(people.officer)

    page = client.get(session.get_absolute_url())

    assert page.status_code == 200
    assert other.number in page.text
    assert kept.number not in page.text
    assert kept.consortium.name not in page.text
    for name in ("slot-detail", "slot-calendar"):
        assert client.get(reverse(f"funding:{name}", args=[slot.pk])).status_code == 404
    alone = make_session(people, case(people))
    step_aside(application=alone.slots.get().application, actor=people.officer, ground="样例", at=NOON)
    assert client.get(alone.get_absolute_url()).status_code == 404
    assert list(ReviewSession.objects.visible_to(people.officer)) == [session]


def test_a_chair_that_keeps_away_cannot_lock(people: Personas) -> None:
    session = held(people, case(people))
    found = session.slots.get().application

    recuse_official(application=found, person=people.head, actor=people.supervisor, ground="样例", at=NOON)

    assert SessionAbsence.objects.get().person == people.head
    with pytest.raises(PermissionDenied):
        lock(session, people.head)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("acceptance", 200), ("officer", 200), ("head", 200), ("leader", 200), ("supervisor", 200), ("secretary", 200),
     ("expert", 200), ("finance", 404), ("lead", 404), ("rival", 404), ("system_admin", 404)],
)  # fmt: skip
def test_who_sees_a_session(people: Personas, name: str, expected: int) -> None:
    session = make_session(people, case(people))

    assert enter(getattr(people, name)).get(session.get_absolute_url()).status_code == expected


def test_names_of_experts_are_for_the_room_and_the_desk(people: Personas) -> None:
    session = make_session(people, case(people))
    name = people.experts[1].user.name

    shown = {who: name in enter(getattr(people, who)).get(session.get_absolute_url()).text
             for who in ("acceptance", "supervisor", "secretary", "officer", "leader")}  # fmt: skip

    assert shown == {"acceptance": True, "supervisor": True, "secretary": True, "officer": False, "leader": False}


# --- in the room ---------------------------------------------------------------------------------
def test_each_signs_in_once_on_the_day(people: Personas) -> None:
    session = make_session(people, case(people), starts_at=NOON + DAY)
    with pytest.raises(TransitionRefused, match="on the day"):
        sign_in_to_session(session=session, actor=people.head, at=NOON)

    sign_in_to_session(session=session, actor=people.head, at=NOON + DAY)

    assert SessionSeat.objects.get(person=people.head).signed_in_at == NOON + DAY
    with pytest.raises(TransitionRefused, match="already"):
        sign_in_to_session(session=session, actor=people.head, at=NOON + DAY)
    with pytest.raises(PermissionDenied):
        sign_in_to_session(session=session, actor=people.officer, at=NOON + DAY)


def test_an_applicant_signs_in_for_its_own_case(people: Personas) -> None:
    slot = make_session(people, case(people)).slots.get()

    sign_in_to_slot(slot=slot, actor=people.lead, at=NOON)

    assert SlotPresence.objects.get().person == people.lead
    with pytest.raises(TransitionRefused):
        sign_in_to_slot(slot=slot, actor=people.lead, at=NOON)
    with pytest.raises(PermissionDenied):
        sign_in_to_slot(slot=slot, actor=people.rival, at=NOON)


def test_chair_and_secretary_write_what_came_of_it(people: Personas) -> None:
    slot = make_session(people, case(people)).slots.get()

    with pytest.raises(PermissionDenied):
        conclude(slot, people.expert)
    with pytest.raises(ValidationError):
        conclude(slot, people.head, conclusion=" ")
    conclude(slot, people.head)
    upload = SimpleUploadedFile("样例.png", PNG, "image/png")
    attach_to_slot(slot=slot, upload=upload, title="样例照片", actor=people.secretary, at=NOON)

    slot.refresh_from_db()
    assert slot.concluded_by == people.head
    assert slot.files.get().title == "样例照片"
    assert trail(slot).filter(action=Action.CONCLUDE_SLOT).exists()


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def test_a_visit_answers_every_line(people: Personas) -> None:
    found = case(people, defence=False, site_visit=True)
    session = make_session(people, found, kind=SessionKind.SITE_VISIT)
    for person in (people.head, people.secretary):
        sign_in_to_session(session=session, actor=person, at=NOON)
    conclude(session.slots.get(), people.head)
    with pytest.raises(TransitionRefused, match="not answered"):
        lock(session, people.head)

    checks = {check.code: {"holds": True, "note": ""} for check in terms_of({}).checklist}
    conclude(session.slots.get(), people.head, checklist={**checks, "unknown": {}})
    lock(session, people.head, people.secretary)

    assert set(session.slots.get().checklist) == set(checks)
    assert session.status == Z.LOCKED


# --- the two locks -------------------------------------------------------------------------------
def test_minutes_are_locked_by_two_and_then_the_case_may_be_graded(people: Personas) -> None:
    found = case(people)
    session = held(people, found)
    obstacle = "The minutes are not locked yet of: Defence."
    assert [str(one) for one in APPLICATION.obstacles(found, Action.GRADE, NOON)] == [obstacle]

    lock(session, people.secretary)
    assert (session.status, session.minutes_hash) == (Z.INVITED, "")
    with pytest.raises(TransitionRefused, match="already"):
        lock(session, people.secretary)
    lock(session, people.head)

    assert (session.status, len(session.minutes_hash)) == (Z.LOCKED, 64)
    assert missing_sessions(found) == []
    assert kinds(people.experts[0].user) == ["funding.to_declare_again"]
    assert len(silent_reviews(found)) == 3
    for review in found.reviews.all():
        declare_again(review=review, actor=review.expert.user, at=NOON)
    assert APPLICATION.obstacles(found, Action.GRADE, NOON) == []


def test_nothing_is_added_once_one_has_locked(people: Personas) -> None:
    session = held(people, case(people))
    slot = session.slots.get()
    lock(session, people.head)

    with pytest.raises(TransitionRefused):
        sign_in_to_session(session=session, actor=people.experts[0].user, at=NOON)
    with pytest.raises(TransitionRefused):
        sign_in_to_slot(slot=slot, actor=people.lead, at=NOON)
    with pytest.raises(TransitionRefused):
        conclude(slot, people.secretary)
    with pytest.raises(TransitionRefused):
        cancel_session(session=session, note="样例", actor=people.acceptance, at=NOON)


def test_what_is_missing_keeps_the_minutes_open(people: Personas) -> None:
    session = make_session(people, case(people))
    with pytest.raises(TransitionRefused) as refused:
        lock(session, people.head)
    assert len(refused.value.reasons) == 2
    later = make_session(people, case(people), starts_at=NOON + DAY)
    with pytest.raises(TransitionRefused):
        lock(later, people.head)
    with pytest.raises(PermissionDenied):
        lock(session, people.expert)


def test_locked_minutes_keep_the_names_of_then(people: Personas, sign_in: Any) -> None:
    found = case(people)
    session = held(people, found)
    lock(session, people.head, people.secretary)
    before = (found.consortium.name, people.head.name)

    type(found.consortium).objects.filter(pk=found.consortium_id).update(name="样例更名联合体")
    type(people.head).objects.filter(pk=people.head.pk).update(name="样例更名人")

    session = ReviewSession.objects.get()
    assert session.minutes_hash == sha256(minutes_of(session)) != sha256(minutes_snapshot(session))
    agenda = "".join(sign_in(people.secretary).get(session.get_absolute_url()).content.decode().split("<main")[1:])
    assert all(name in agenda for name in before)
    assert "样例更名" not in agenda


@pytest.mark.django_db(transaction=True)
def test_two_lock_at_once(people: Personas) -> None:
    session = held(people, case(people))
    head, secretary = people.head, people.secretary

    at_once(lambda: lock(ReviewSession.objects.get(), head), lambda: lock(ReviewSession.objects.get(), secretary))

    session.refresh_from_db()
    assert session.status == Z.LOCKED
    assert session.minutes_hash


def test_a_tier_that_asks_for_a_visit_is_not_given_without(people: Personas) -> None:
    found = case(people, defence=False, site_visit=True)

    assert missing_sessions(found) == [SessionKind.SITE_VISIT]
    make_session(people, found, kind=SessionKind.SITE_VISIT, status=Z.LOCKED)
    assert missing_sessions(found) == []


# --- the second declaration ----------------------------------------------------------------------
def test_an_interest_that_came_up_takes_the_score_away(people: Personas) -> None:
    found, officer, desk = case(people), people.officer, people.acceptance
    make_session(people, found, status=Z.LOCKED)
    review = found.reviews.first()
    assert review is not None

    with pytest.raises(PermissionDenied):
        recuse_again(review=review, actor=people.experts[1].user, conflict="样例", at=NOON)
    recuse_again(review=review, actor=review.expert.user, conflict="样例：获聘顾问。", at=NOON)

    assert Review.objects.get(pk=review.pk).status == R.RECUSED
    assert len(silent_reviews(found)) == 2
    assert kinds(officer) == ["funding.interest_came_up"]
    assert kinds(desk) == ["funding.review_recused"]
    assert enter(review.expert.user).get(review.get_absolute_url()).status_code == 404
    assert trail(review).get(action=Action.RECUSE_AGAIN).note == "样例：获聘顾问。"


def test_the_second_declaration_is_made_once_and_not_before_the_panel_met(people: Personas) -> None:
    found = case(people)
    review = found.reviews.first()
    assert review is not None
    facts = {"review": review, "actor": review.expert.user, "at": NOON}
    with pytest.raises(TransitionRefused):
        declare_again(**facts)
    with pytest.raises(TransitionRefused, match="follows the session"):
        recuse_again(**facts, conflict="样例")
    make_session(people, found, status=Z.LOCKED)

    page = enter(review.expert.user).get(reverse("funding:review-declare-again", args=[review.pk]))
    declare_again(**facts)

    assert "Second declaration" in page.text
    with pytest.raises(TransitionRefused):
        declare_again(**facts)


# --- lifting -------------------------------------------------------------------------------------
def test_supervision_lifts_a_recusal_and_the_history_stays(people: Personas) -> None:
    found, officer, supervisor = case(people), people.officer, people.supervisor
    recusal = step_aside(application=found, actor=officer, ground="样例", at=NOON)
    with pytest.raises(PermissionDenied):
        lift_recusal(recusal=recusal, actor=people.head, note="样例", at=NOON)
    with pytest.raises(ValidationError):
        lift_recusal(recusal=recusal, actor=supervisor, note=" ", at=NOON)

    client = enter(supervisor)
    url = reverse("funding:recusal-lift", args=[recusal.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"note": ""}).context["form"].errors.keys() == {"note"}
    assert client.post(url, {"note": "样例：误报。"}).status_code == 302

    assert Application.objects.visible_to(officer).get() == found
    kept = LiftedRecusal.objects.get()
    assert (kept.person, kept.ground, kept.lifted_by) == (officer, "样例", supervisor)
    assert "样例：误报。" in client.get(found.get_absolute_url()).text
    with pytest.raises(TransitionRefused):
        lift_recusal(recusal=recusal, actor=supervisor, note="样例", at=NOON)
    step_aside(application=Application.objects.get(), actor=officer, ground="样例再次", at=NOON)


def test_nobody_lifts_what_it_said_itself(people: Personas) -> None:
    found = case(people)
    made = recuse_official(
        application=found, person=people.officer, actor=people.supervisor, ground="样例", at=NOON
    )  # fmt: skip

    with pytest.raises(TransitionRefused, match="does not lift"):
        lift_recusal(recusal=made, actor=people.supervisor, note="样例", at=NOON)


# --- the database --------------------------------------------------------------------------------
BREACHES = {
    "session_is_somewhere": {"place": "", "address": ""},
    "session_minutes_in_range": {"minutes": 1},
    "invited_session_says_when": {"invited_at": None},
    "minutes_locked_by_two": {"status": Z.LOCKED, "minutes_hash": "0" * 64, "chair_locked_at": None},
    "frozen_minutes_are_locked": {"frozen": {"number": "x"}},
    "cancelled_session_has_a_reason": {"status": Z.CANCELLED, "reason": ""},
}


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_keeps_sessions_in_order(people: Personas, name: str) -> None:
    session = make_session(people, case(people))

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ReviewSession.objects.filter(pk=session.pk).update(**BREACHES[name])


def test_the_database_keeps_seats_slots_and_presences_apart(people: Personas) -> None:
    found = case(people)
    session = make_session(people, found)
    slot = session.slots.get()
    at = {"signed_in_at": NOON}
    SlotPresence.objects.create(slot=slot, person=people.lead, **at)
    SessionAbsence.objects.create(slot=slot, person=people.expert, why="样例")
    breaches: dict[str, Any] = {
        "one_seat_a_person": lambda: SessionSeat.objects.create(session=session, person=people.head, role="OFFICIAL"),
        "one_chair_one_secretary": lambda: SessionSeat.objects.create(
            session=session, person=people.leader, role=SeatRole.CHAIR
        ),
        "slot_position_once": lambda: SessionSlot.objects.create(
            session=session, application=found, kind="SITE_VISIT", position=1
        ),
        "case_heard_once_a_kind": lambda: SessionSlot.objects.create(
            session=session, application=found, kind="DEFENCE", position=2
        ),
        "slot_concluded_by_somebody": lambda: SessionSlot.objects.filter(pk=slot.pk).update(conclusion="样例"),
        "absent_once": lambda: SessionAbsence.objects.create(slot=slot, person=people.expert, why="样例"),
        "signed_in_once": lambda: SlotPresence.objects.create(slot=slot, person=people.lead, **at),
    }
    for name, breach in breaches.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            breach()
    lifted = {"application": found, "person": people.officer, "ground": "样例", "declared_by": people.head,
              "recused_at": NOON, "lifted_by": people.supervisor, "lifted_at": NOON, "reason": "样例"}  # fmt: skip
    for name, change in {"recusal_lifted_by_another": {"lifted_by": people.officer},
                         "recusal_lifted_for_a_reason": {"reason": ""},
                         "recusal_lifted_afterwards": {"lifted_at": NOON - DAY}}.items():  # fmt: skip
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            LiftedRecusal.objects.create(**lifted | change)


# --- the pages -----------------------------------------------------------------------------------
def test_the_desk_arranges_and_invites_in_the_browser(people: Personas) -> None:
    found, client = case(people), enter(people.acceptance)
    page = client.get(reverse("funding:session-arrange", args=[found.call_id, "DEFENCE"]))
    assert found.number in page.text
    assert client.get(reverse("funding:session-arrange", args=[found.call_id, "SITE_VISIT"])).status_code == 404
    typed = {
        "starts_at": "2027-01-11T09:00", "minutes": "20", "place": "样例会议室", "chair": str(people.head.pk),
        "secretary": str(people.secretary.pk), "applications": [str(found.pk)],
    }  # fmt: skip

    answer = client.post(page.request["PATH_INFO"], typed)

    assert answer.status_code == 302, answer.text[:2000]
    session = ReviewSession.objects.get()
    assert client.post(reverse("funding:session-invite", args=[session.pk])).status_code == 302
    session.refresh_from_db()
    assert session.status == Z.INVITED


def test_lists_and_pages_cost_the_same_for_one_and_three(people: Personas) -> None:
    found = case(people)
    session = make_session(people, found)
    reader = people.supervisor
    counted = []
    for extra in (0, 2):
        for _number in range(extra):
            other = make_application(people, S.REVIEWING, call=found.call)
            SessionSlot.objects.create(
                session=session, application=other, kind=session.kind, position=session.slots.count() + 1
            )
            make_session(people, make_application(people, S.REVIEWING))
        client = enter(reader)
        client.get(session.get_absolute_url())
        with CaptureQueriesContext(connection) as seen:
            client.get(session.get_absolute_url())
            client.get(reverse("funding:session-list"))
        counted.append(len(seen))
    assert counted[0] == counted[1]

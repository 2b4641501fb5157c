"""Draws of experts: who may do what when, what is kept, who sees it."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from funding.enums import Action, ApplicationStatus, DrawStatus, ExpertMode, NamingStatus, ReviewStatus
from funding.models import Draw, DrawEntry, Naming, Review
from funding.rules import drawing
from funding.selectors.draws import COLLEAGUE, ROTATION, pool
from funding.services.draws import (
    Beacon,
    call_substitute,
    cancel_draw,
    draw_experts,
    draw_together,
    prepare_draw,
    prepare_draws,
    witness_draw,
)
from funding.services.experts import agree_experts, assign_experts, propose_experts, refuse_experts
from members.enums import ExpertKind, Role
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import rival_consortium
from tests.factories.funding import make_application, make_call, make_draw, make_review
from tests.factories.members import give, make_expert, make_user
from tests.personas import Personas

S, D, R = ApplicationStatus, DrawStatus, ReviewStatus
HOUR = timedelta(hours=1)
LATER = Beacon("样例公开数列", NOON + DAY)
VALUE = "02 07 11 19 24 31 + 09"
pytestmark = pytest.mark.usefixtures("english")


def drawn_call(people: Personas) -> Any:
    return make_call(people, expert_mode=ExpertMode.DRAWN)


def checked(people: Personas, **facts: Any) -> Any:
    return make_application(people, S.CHECKED, call=facts.pop("call", None) or drawn_call(people), **facts)


def prepare(application: Any, people: Personas, **facts: Any) -> Draw:
    terms = {"seats": 3, "beacon": LATER, "actor": people.acceptance, "at": NOON, **facts}
    return prepare_draw(application=application, **terms)


def substitutes(count: int = 3) -> None:
    for number in range(count):
        make_expert(f"more{number}", f"专家丁{number:02d}", kind=list(ExpertKind)[number % 4])


# --- preparing -----------------------------------------------------------------------------------
def test_preparing_freezes_and_publishes_hashes_and_asks_for_a_witness(people: Personas) -> None:
    application, conflicted, supervisor = checked(people), people.conflicted_expert, people.supervisor
    assert people.experts

    draw = prepare(application, people)

    names = {one.expert_id: one for one in draw.entries.all()}
    assert (draw.status, draw.ordinal, draw.seats, draw.requested_by) == (D.PREPARED, 1, 3, people.officer)
    assert draw.pool_hash == drawing.digest(draw.frozen)
    assert draw.commitment == drawing.commitment_of(draw.secret.reveal())
    assert draw.frozen["rules"]["least"] == [
        {"kinds": ["FINANCE"], "count": 1}, {"kinds": ["INVEST"], "count": 1},
    ]  # fmt: skip
    assert {one["key"] for one in draw.frozen["candidates"]} == {names[one.pk].key for one in people.experts}
    assert names[conflicted.pk].why == ["Belongs to the lead or a member of this consortium"]
    assert [one["key"] for one in draw.frozen["excluded"]] == [names[conflicted.pk].key]
    entry = trail(application).get(action=Action.PREPARE_DRAW)
    assert (entry.facts["pool_hash"], entry.facts["commitment"]) == (draw.pool_hash, draw.commitment)
    assert Notification.objects.get(kind="funding.draw_prepared").recipient == supervisor


def test_what_is_published_names_nobody(people: Personas) -> None:
    assert people.experts
    draw = prepare(checked(people), people)
    again = prepare(checked(people, consortium=rival_consortium(people)), people)
    text = drawing.canonical(draw.frozen).decode()

    people_in_it = [one.expert for one in draw.entries.select_related("expert__user")]
    assert not any(str(value) in text for one in people_in_it for value in (one.pk, one.user.name, one.user.email))
    assert str(draw.application_id) not in text
    assert draw.application.number not in text
    assert {one.key for one in draw.entries.all()}.isdisjoint(one.key for one in again.entries.all())
    assert draw.secret.reveal() not in text


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"beacon": Beacon("样例", NOON)}, "The randomness must become public later than now."),
        ({"seats": 2}, "The panel lacks 3 experts."),
        ({"seats": 4}, "The eligible experts cannot fill the seats in this composition."),
    ],
)
def test_a_draw_that_could_not_be_held_is_not_prepared(people: Personas, facts: Any, sentence: str) -> None:
    assert people.experts

    with pytest.raises(TransitionRefused) as refused:
        prepare(checked(people), people, **facts)
    assert ([str(one) for one in refused.value.reasons], Draw.objects.count()) == ([sentence], 0)


def test_where_experts_are_invited_nobody_draws(people: Personas) -> None:
    assert people.experts

    with pytest.raises(TransitionRefused, match="choose them by name"):
        prepare(make_application(people, S.CHECKED), people)


def test_one_draw_at_a_time(people: Personas) -> None:
    draw = make_draw(people)

    with pytest.raises(TransitionRefused, match="under way already"):
        prepare(draw.application, people)
    cancel_draw(draw=draw, actor=people.acceptance, note="名单有误", at=NOON)
    assert prepare(draw.application, people).ordinal == 2


@pytest.mark.parametrize("name", ["officer", "head", "leader", "supervisor", "expert", "lead", "system_admin"])
def test_only_the_desk_prepares(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        prepare(checked(people), people, actor=getattr(people, name))


def test_who_checked_the_case_never_draws_for_it(people: Personas) -> None:
    application = checked(people, checked_by=people.acceptance)

    with pytest.raises(PermissionDenied):
        prepare(application, people)


def test_who_drew_the_experts_does_not_grade(people: Personas) -> None:
    give(people.acceptance, Role.OFFICER)
    draw = make_draw(people)

    assert not may_grade(people.acceptance, draw.application)
    assert may_grade(people.officer, draw.application)


def may_grade(person: Any, application: Any) -> bool:
    return may(person, "funding.grade_application", application)


def test_experts_take_turns_and_colleagues_do_not_sit_together(people: Personas) -> None:
    first, second, third = people.experts
    second.employer = third.employer = people.rival_org
    second.save()
    third.save()
    application = checked(people)
    earlier = make_application(people, S.APPROVED, consortium=application.consortium)
    make_review(earlier, first, people, R.SUBMITTED, assigned_at=NOON - 200 * DAY)
    make_review(application, second, people)

    found = {one.expert.pk: one.reasons for one in pool(application, NOON)}

    assert (ROTATION in found[first.pk], COLLEAGUE in found[third.pk]) == (True, True)


def test_many_are_prepared_at_once(people: Personas) -> None:
    assert people.experts
    call = drawn_call(people)
    one = checked(people, call=call)
    two = checked(people, call=call, consortium=rival_consortium(people))
    done = make_draw(people, application=two)

    made, refused = prepare_draws(applications=[one, two], seats=3, beacon=LATER, actor=people.acceptance, at=NOON)

    assert [draw.application for draw in made] == [one]
    assert [(application, [str(reason) for reason in reasons]) for application, reasons in refused] == [
        (two, ["A draw for this application is under way already."])
    ]
    assert done.pk != made[0].pk


# --- the witness ---------------------------------------------------------------------------------
def test_the_witness_agrees_before_the_randomness_exists(people: Personas) -> None:
    draw = make_draw(people)

    with pytest.raises(TransitionRefused, match="public already"):
        witness_draw(draw=draw, actor=people.supervisor, at=draw.public_at)
    witness_draw(draw=draw, actor=people.supervisor, at=draw.public_at - HOUR)
    assert (draw.status, draw.witnessed_by) == (D.WITNESSED, people.supervisor)
    with pytest.raises(TransitionRefused):
        witness_draw(draw=draw, actor=people.supervisor, at=draw.public_at - HOUR)


@pytest.mark.parametrize("name", ["acceptance", "officer", "head", "leader", "expert"])
def test_nobody_else_witnesses(people: Personas, name: str) -> None:
    draw = make_draw(people)

    with pytest.raises(PermissionDenied):
        witness_draw(draw=draw, actor=getattr(people, name), at=NOON - 2 * HOUR)


@pytest.mark.parametrize("name", ["acceptance", "officer"])
def test_a_second_role_does_not_help_who_drew_or_asked(people: Personas, name: str) -> None:
    draw = make_draw(people)
    give(getattr(people, name), Role.SUPERVISOR)

    with pytest.raises(PermissionDenied):
        witness_draw(draw=draw, actor=getattr(people, name), at=NOON - 2 * HOUR)


# --- drawing -------------------------------------------------------------------------------------
def test_drawing_seats_the_experts_and_can_be_repeated(people: Personas) -> None:
    substitutes()
    draw = make_draw(people, witnessed=True)

    draw_experts(draw=draw, randomness=f" {VALUE}", actor=people.supervisor, at=NOON)

    application = draw.application
    application.refresh_from_db()
    seats = list(draw.entries.exclude(seat=None).order_by("seat"))
    assert (draw.status, application.status, draw.randomness) == (D.DRAWN, S.REVIEWING, VALUE)
    assert [one.key for one in seats] == draw.record["result"]["drawn"]
    assert [one.review.expert for one in seats] == [review.expert for review in application.reviews.all()]
    assert {review.assigned_by for review in application.reviews.all()} == {people.acceptance}
    assert sorted(draw.entries.filter(reasons="").values_list("rank", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert drawing.differences(draw.content, draw.pool_hash) == []
    entry = trail(application).get(action=Action.DRAW_EXPERTS)
    assert (entry.facts["draw"], entry.facts["record_hash"]) == (draw.number, draw.record_hash)


def test_the_randomness_is_entered_when_it_is_public_and_only_once(people: Personas) -> None:
    draw = make_draw(people, witnessed=True)
    enter = {"draw": draw, "randomness": VALUE, "actor": people.supervisor}

    with pytest.raises(TransitionRefused, match="not public yet"):
        draw_experts(**enter, at=draw.public_at - HOUR)
    draw_experts(**enter, at=NOON)
    with pytest.raises(TransitionRefused):
        draw_experts(**enter, at=NOON)
    assert Review.objects.count() == 3


def test_an_unwitnessed_draw_is_not_drawn(people: Personas) -> None:
    draw = make_draw(people)

    with pytest.raises(TransitionRefused):
        draw_experts(draw=draw, randomness=VALUE, actor=people.supervisor, at=NOON)


@pytest.mark.parametrize("text", ["", "  ", "2 7 11", "02 07 11 19 24 31 + 9"])
def test_a_value_that_is_none_of_the_source_is_refused(people: Personas, text: str) -> None:
    assert people.experts
    beacon = Beacon("双色球", NOON - HOUR, "[0-9]{2}( [0-9]{2}){5} [+] [0-9]{2}")
    draw = prepare(checked(people), people, beacon=beacon, at=NOON - DAY)
    witness_draw(draw=draw, actor=people.supervisor, at=NOON - 2 * HOUR)

    with pytest.raises(TransitionRefused, match="does not look like"):
        draw_experts(draw=draw, randomness=text, actor=people.supervisor, at=NOON)


def test_who_left_the_pool_meanwhile_is_not_drawn(people: Personas) -> None:
    substitutes(1)
    draw = make_draw(people, witnessed=True)
    gone = people.experts[0]
    gone.user.is_active = False
    gone.user.save()

    draw_experts(draw=draw, randomness=VALUE, actor=people.supervisor, at=NOON)

    assert draw.record["left"] == [draw.entries.get(expert=gone).key]
    assert gone.pk not in draw.application.reviews.values_list("expert", flat=True)
    assert drawing.differences(draw.content) == []


def test_too_few_left_is_said_and_nothing_is_drawn(people: Personas) -> None:
    draw = make_draw(people, witnessed=True)
    gone = people.experts[0]
    gone.user.is_active = False
    gone.user.save()

    with pytest.raises(TransitionRefused, match="prepare another"):
        draw_experts(draw=draw, randomness=VALUE, actor=people.supervisor, at=NOON)
    draw.refresh_from_db()
    assert (draw.status, draw.record, Review.objects.count()) == (D.WITNESSED, None, 0)


def test_one_value_draws_several(people: Personas) -> None:
    call = drawn_call(people)
    one = make_draw(people, witnessed=True, application=checked(people, call=call))
    two = make_draw(people, witnessed=True, application=checked(people, call=call, consortium=rival_consortium(people)))

    made, refused = draw_together(draw=one, others=[two], randomness=VALUE, actor=people.supervisor, at=NOON)

    assert (made, refused, Review.objects.count()) == ([one, two], [], 6)


def test_a_cancelled_draw_keeps_its_reason(people: Personas) -> None:
    draw = make_draw(people, witnessed=True)

    with pytest.raises(TransitionRefused):
        cancel_draw(draw=draw, actor=people.supervisor, note=" ", at=NOON)
    cancel_draw(draw=draw, actor=people.supervisor, note="公开数列当日未公布", at=NOON)

    assert (draw.status, draw.cancelled_by, draw.reason) == (D.CANCELLED, people.supervisor, "公开数列当日未公布")


# --- substitutes ---------------------------------------------------------------------------------
def drawn(people: Personas) -> Draw:
    """With a substitute of every kind."""
    for number, kind in enumerate((ExpertKind.TECHNOLOGY, ExpertKind.FINANCE, ExpertKind.INVESTMENT)):
        make_expert(f"spare{number}", f"专家戊{number:02d}", kind=kind)
    draw = make_draw(people, witnessed=True)
    return draw_experts(draw=draw, randomness=VALUE, actor=people.supervisor, at=NOON)


def step_back(draw: Draw, ordinal: int = 1) -> Review:
    review = draw.application.reviews.get(ordinal=ordinal)
    review.status = R.RECUSED
    review.save()
    return review


def test_the_next_in_line_is_called_and_stays_on_record(people: Personas) -> None:
    draw = drawn(people)
    review = step_back(draw)

    seated = call_substitute(review=review, actor=people.acceptance, at=NOON)

    draw.refresh_from_db()
    entry = DrawEntry.objects.get(draw=draw, review=seated)
    kinds = draw.application.reviews.exclude(status=R.RECUSED).values_list("expert__kind", flat=True)
    assert (seated.ordinal, entry.key) == (4, draw.calls[0]["called"])
    assert {ExpertKind.FINANCE, ExpertKind.INVESTMENT} <= set(kinds)
    assert DrawEntry.objects.get(draw=draw, review=review).replaced
    assert drawing.differences(draw.content, draw.pool_hash) == []
    assert Notification.objects.filter(kind="funding.review_assigned", recipient=seated.expert.user).count() == 1


def test_one_substitute_for_one_seat(people: Personas) -> None:
    draw = drawn(people)
    review = step_back(draw)
    call_substitute(review=review, actor=people.acceptance, at=NOON)

    for other in (review, draw.application.reviews.get(ordinal=2)):
        with pytest.raises(TransitionRefused, match="no substitute"):
            call_substitute(review=other, actor=people.acceptance, at=NOON)
    assert Review.objects.count() == 4


def test_two_seats_are_refilled_one_after_the_other(people: Personas) -> None:
    draw = drawn(people)
    gone = [step_back(draw, 1), step_back(draw, 2)]

    for review in gone:
        call_substitute(review=review, actor=people.acceptance, at=NOON)

    draw.refresh_from_db()
    assert (len(draw.calls), drawing.differences(draw.content)) == (2, [])


def test_when_nobody_fits_a_further_draw_is_needed(people: Personas) -> None:
    draw = make_draw(people, witnessed=True)
    draw_experts(draw=draw, randomness=VALUE, actor=people.supervisor, at=NOON)
    review = step_back(draw)

    with pytest.raises(TransitionRefused, match="further draw"):
        call_substitute(review=review, actor=people.acceptance, at=NOON)
    make_expert("late", "专家己01", kind=review.expert.kind)
    further = prepare(draw.application, people, seats=1)
    assert (further.ordinal, further.frozen["rules"]["seats"], len(further.frozen["candidates"])) == (2, 1, 1)


# --- named instead of drawn ----------------------------------------------------------------------
def test_naming_by_hand_is_refused_where_experts_are_drawn(people: Personas) -> None:
    with pytest.raises(TransitionRefused, match="supervisor has to agree"):
        assign_experts(
            application=checked(people), experts=people.experts, actor=people.acceptance, at=NOON, note="样例"
        )
    assert Review.objects.count() == 0


def propose(people: Personas, application: Any = None, **facts: Any) -> Naming:
    terms = {"experts": people.experts, "reason": "在库专家均须回避。", "actor": people.acceptance, "at": NOON}
    return propose_experts(application=application or checked(people), **{**terms, **facts})


def test_named_experts_begin_when_the_supervisor_agrees(people: Personas) -> None:
    assert people.supervisor
    naming = propose(people)
    assert Review.objects.count() == 0

    agree_experts(naming=naming, actor=people.supervisor, at=NOON)

    application = naming.application
    application.refresh_from_db()
    assert (naming.status, naming.decided_by, application.status) == (
        NamingStatus.AGREED, people.supervisor, S.REVIEWING,
    )  # fmt: skip
    assert application.reviews.count() == 3
    entry = trail(application).get(action=Action.AGREE_EXPERTS)
    assert (entry.facts["method"], entry.note) == ("exception", "在库专家均须回避。")


def test_the_supervisor_may_refuse_and_says_why(people: Personas) -> None:
    naming = propose(people)

    with pytest.raises(TransitionRefused):
        refuse_experts(naming=naming, actor=people.supervisor, at=NOON, note="")
    refuse_experts(naming=naming, actor=people.supervisor, at=NOON, note="请按规定抽取")

    assert (naming.status, Review.objects.count()) == (NamingStatus.REFUSED, 0)


def test_a_proposal_without_reason_twice_or_of_the_conflicted_is_refused(people: Personas) -> None:
    application = checked(people)
    for facts in ({"reason": " "}, {"experts": []}, {"experts": [people.conflicted_expert]}):
        with pytest.raises(TransitionRefused):
            propose(people, application, **facts)
    propose(people, application)
    with pytest.raises(TransitionRefused, match="already"):
        propose(people, application)
    assert Naming.objects.count() == 1


@pytest.mark.parametrize("name", ["acceptance", "officer", "leader", "head"])
def test_nobody_but_the_supervisor_agrees(people: Personas, name: str) -> None:
    naming = propose(people)

    with pytest.raises(PermissionDenied):
        agree_experts(naming=naming, actor=getattr(people, name), at=NOON)


def test_who_proposed_does_not_agree_in_a_second_role(people: Personas) -> None:
    naming = propose(people)
    give(people.acceptance, Role.SUPERVISOR)

    with pytest.raises(PermissionDenied):
        agree_experts(naming=naming, actor=people.acceptance, at=NOON)


# --- the database --------------------------------------------------------------------------------
DRAWN = {"status": D.DRAWN, "record": {}, "randomness": "1", "revealed": "ab", "record_hash": "cd"}


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("draw_by_different_people", {"prepared_by": "officer"}),
        ("draw_by_different_people", {"witnessed_by": "acceptance", "witnessed_at": NOON - 2 * HOUR}),
        ("draw_by_different_people", {"witnessed_by": "officer", "witnessed_at": NOON - 2 * HOUR}),
        ("draw_witnessed_before_randomness", {"witnessed_by": "supervisor", "witnessed_at": NOON}),
        ("draw_witnessed_before_randomness", {"witnessed_at": NOON - 2 * HOUR}),
        ("draw_has_a_witness", {"status": D.WITNESSED}),
        ("drawn_with_record", {"randomness": "02"}),
        ("cancelled_draw_has_a_reason", {"status": D.CANCELLED}),
        ("cancelled_draw_has_a_reason", {"reason": "无"}),
        ("draw_of_some_seats", {"seats": 0}),
    ],
)
def test_the_database_keeps_a_draw_honest(people: Personas, name: str, facts: dict[str, Any]) -> None:
    draw = make_draw(people)
    values = {key: getattr(people, value) if key.endswith("_by") else value for key, value in facts.items()}

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(**values)


def test_the_database_wants_the_whole_record(people: Personas) -> None:
    draw = make_draw(people, witnessed=True)
    whole = {**DRAWN, "drawn_by": people.supervisor, "drawn_at": NOON}

    for missing, empty in {"randomness": "", "revealed": "", "record_hash": "", "drawn_by": None}.items():
        with pytest.raises(IntegrityError, match="drawn_with_record"), transaction.atomic():
            Draw.objects.filter(pk=draw.pk).update(**{**whole, missing: empty})
    with pytest.raises(IntegrityError, match="drawn_with_record"), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(**{**whole, "drawn_at": draw.public_at - HOUR})


def test_the_database_holds_one_standing_draw(people: Personas) -> None:
    draw = make_draw(people)
    copy = Draw(
        application=draw.application, ordinal=2, number="DR-X", seats=3, prepared_by=people.acceptance,
        prepared_at=NOON, frozen={}, pool_hash="a", commitment="b", secret="c", salt="d", source="e", public_at=NOON,
    )  # fmt: skip

    with pytest.raises(IntegrityError, match="one_standing_draw"), transaction.atomic():
        copy.save(force_insert=True)


def test_the_database_draws_nobody_excluded_and_agrees_with_nobody_alone(people: Personas) -> None:
    draw, naming = make_draw(people), propose(people)
    entry = draw.entries.first()

    with pytest.raises(IntegrityError, match="excluded_expert_is_not_drawn"), transaction.atomic():
        DrawEntry.objects.filter(pk=entry.pk).update(reasons="x", rank=1)  # type: ignore[union-attr]
    for facts in (
        {"reason": ""},
        {"status": NamingStatus.AGREED},
        {"status": NamingStatus.AGREED, "decided_by": people.acceptance, "decided_at": NOON},
    ):
        with pytest.raises(IntegrityError, match="naming_agreed_by_another"), transaction.atomic():
            Naming.objects.filter(pk=naming.pk).update(**facts)


# --- at once -------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_at_once_prepare_one_draw(people: Personas) -> None:
    application, _experts, desk = checked(people), people.experts, people.acceptance
    other = make_user("desk2", "样例受理乙", Role.ACCEPTANCE)
    found: list[Any] = []

    def run(person: Any) -> None:
        try:
            found.append(prepare(application, people, actor=person))
        except TransitionRefused:
            found.append(None)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[person]) for person in (desk, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len([one for one in found if one]), Draw.objects.count()) == (1, 1)


# --- the pages -----------------------------------------------------------------------------------
def enter(person: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    if person is not None:
        client.force_login(person)
    return client


def at(name: str, subject: Any) -> str:
    return reverse(f"funding:{name}", args=[subject.pk])


def test_the_whole_way_through_the_pages(people: Personas) -> None:
    application, desk, supervisor = checked(people), enter(people.acceptance), enter(people.supervisor)
    assert people.experts
    form = {"seats": "3", "source": "OTHER", "other": "样例公开数列", "public_on": "2099-06-01", "public_time": "21:00"}

    refused = desk.post(at("application-prepare-draw", application), {**form, "public_time": "", "other": ""})
    assert list(refused.context["form"].errors) == ["public_on", "other", "public_time"]
    tomorrow = (timezone.now() + DAY).date().isoformat()
    desk.post(at("application-prepare-draw", application), {**form, "public_on": tomorrow})
    draw = Draw.objects.get()
    assert supervisor.post(at("draw-witness", draw), {}).context["form"].errors
    supervisor.post(at("draw-witness", draw), {"seen": "on"})
    draw.refresh_from_db()
    early = supervisor.post(at("draw-experts", draw), {"randomness": "1", "again": "1"})

    assert (draw.status, early.status_code) == (D.WITNESSED, 409)
    Draw.objects.filter(pk=draw.pk).update(public_at=timezone.now() - HOUR, witnessed_at=timezone.now() - 2 * HOUR)
    differ = supervisor.post(at("draw-experts", draw), {"randomness": "1", "again": "2"})
    assert list(differ.context["form"].errors) == ["again"]
    supervisor.post(at("draw-experts", draw), {"randomness": "1", "again": "1"})
    draw.refresh_from_db()
    assert (draw.status, application.reviews.count()) == (D.DRAWN, 3)


def test_the_source_says_on_which_days_it_publishes(people: Personas) -> None:
    application = checked(people)
    form = {"seats": "3", "source": "SSQ", "public_on": "2026-06-01"}  # a Monday

    answer = enter(people.acceptance).post(at("application-prepare-draw", application), form)

    assert "On this day of the week the source publishes nothing." in answer.context["form"].errors["public_on"]


@pytest.mark.parametrize(("name", "code"), [
    ("acceptance", 200), ("officer", 200), ("supervisor", 200), ("finance", 404), ("expert", 404), ("lead", 404),
    ("district_officer", 404),
])  # fmt: skip
def test_who_opens_a_draw(people: Personas, name: str, code: int) -> None:
    assert enter(getattr(people, name)).get(at("draw-detail", make_draw(people))).status_code == code


@pytest.mark.parametrize(("name", "named"), [("acceptance", True), ("supervisor", True), ("officer", False)])
def test_the_desk_and_the_witness_alone_read_names(people: Personas, name: str, named: bool) -> None:
    page = enter(getattr(people, name)).get(at("draw-detail", drawn(people))).content.decode()

    assert (people.experts[0].user.name in page) is named


def test_everybody_reads_hashes_first_and_the_record_afterwards(people: Personas) -> None:
    draw, guest = make_draw(people, witnessed=True), enter(None)

    before = guest.get(at("public-draw", draw)).content.decode()
    assert (draw.pool_hash in before, draw.commitment in before) == (True, True)
    assert guest.get(at("public-draw-record", draw)).status_code == 404
    draw_experts(draw=draw, randomness=VALUE, actor=people.supervisor, at=NOON)
    after = guest.get(at("public-draw", draw)).content.decode()
    record = guest.get(at("public-draw-record", draw))
    script = guest.get(reverse("funding:draw-script"))

    assert draw.record["result"]["drawn"][0] in after
    assert draw.application.number not in before + after
    assert not any(one.user.name in before + after for one in people.experts)
    assert drawing.differences(record.content, draw.pool_hash) == []
    assert b"def differences(" in script.content
    assert draw.number in guest.get(reverse("funding:public-draw-list")).content.decode()


def test_a_rehearsed_draw_is_not_public(people: Personas) -> None:
    call = make_call(people, expert_mode=ExpertMode.DRAWN, rehearsal=True)
    draw = make_draw(people, application=make_application(people, S.CHECKED, call=call))

    assert enter(None).get(at("public-draw", draw)).status_code == 404
    assert enter(people.acceptance).get(at("draw-detail", draw)).status_code == 200


def test_several_are_prepared_from_the_page_of_the_call(people: Personas) -> None:
    call = drawn_call(people)
    one, two = checked(people, call=call), checked(people, call=call, consortium=rival_consortium(people))
    assert people.experts
    form = {"seats": "3", "source": "OTHER", "other": "样例公开数列", "public_on": (timezone.now() + DAY).date(),
            "public_time": "21:00", "applications": [one.pk, two.pk]}  # fmt: skip

    answer = enter(people.acceptance).post(at("call-prepare-draws", call), form)

    assert (answer.status_code, Draw.objects.count()) == (302, 2)
    assert len(set(Draw.objects.values_list("public_at", flat=True))) == 1


def test_a_substitute_is_called_with_one_click(people: Personas) -> None:
    draw = drawn(people)
    review = step_back(draw)
    client = enter(people.acceptance)

    page = client.get(draw.application.get_absolute_url()).content.decode()
    client.post(at("review-substitute", review))

    assert at("review-substitute", review) in page
    assert draw.application.reviews.count() == 4


def test_naming_through_the_pages(people: Personas) -> None:
    application, supervisor = checked(people), enter(people.supervisor)
    form = {"experts": [one.pk for one in people.experts], "note": "在库专家均须回避。"}

    enter(people.acceptance).post(at("application-propose-experts", application), form)
    naming = Naming.objects.get()
    page = supervisor.get(at("naming-detail", naming)).content.decode()
    supervisor.post(at("naming-agree", naming), {})

    assert (people.experts[0].user.name in page, application.reviews.count()) == (True, 3)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_cost_the_same_for_one_and_three(people: Personas, rows: int, django_assert_num_queries: Any) -> None:
    consortia = [None, rival_consortium(people), None][:rows]
    for consortium in consortia:
        application = checked(people, consortium=consortium) if consortium else checked(people)
        make_draw(people, application=application)
    client, guest = enter(people.supervisor), enter(None)
    client.get(reverse("funding:draw-list"))

    with django_assert_num_queries(1):
        guest.get(reverse("funding:public-draw-list"))

"""A member leaves: asked for, handed over with the consent of each taker, settled."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consortia.enums import DepartureStatus, HandOver, ParticipationStatus, PlatformKind
from consortia.models import Consortium, Departure, DepartureItem, Fund, ItemConfirmation, Participation, Platform
from consortia.selectors.departures import due_rows, rules_without
from consortia.selectors.parts import part_state
from consortia.services.departures import (
    Choice,
    allocate_departure,
    cancel_departure,
    consent_departure,
    refuse_departure,
    request_departure,
    settle_departure,
)
from consortia.services.participations import Part, invite_member, revise_participation
from consortia.services.tasks import update_task
from members.models import Organisation, User
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from reports.selectors.facts import departures
from tests.clock import HOUR, NOON
from tests.factories.consortia import make_participation, make_task, make_technology, meet, ready_consortium
from tests.factories.members import make_organisation
from tests.personas import Personas
from tests.races import at_once, refusals

P, D, K = ParticipationStatus, DepartureStatus, HandOver


def _working(people: Personas, **facts: Any) -> Participation:
    """The university with a task, a technology, a platform, a fund and shares."""
    consortium = ready_consortium(people, **facts)
    make_task(consortium, lead=people.university)
    make_technology(consortium, owner=people.university)
    Platform.objects.create(
        consortium=consortium, kind=PlatformKind.JOINT_LAB, name="样例实验室", builder=people.university
    )
    Fund.objects.create(consortium=consortium, name="样例基金", manager=people.university, scale=Decimal(10))
    return consortium.participations.get(organisation=people.university)


def _request(member: Participation, actor: User) -> Departure:
    return request_departure(participation=member, actor=actor, at=NOON, note="院系调整。")


def _give_all(departure: Departure, taker: Organisation, people: Personas) -> None:
    choices = {row.pk: Choice(taker) for row in departure.items.all()}
    allocate_departure(departure=departure, choices=choices, actor=people.lead, at=NOON)


def _agree(departure: Departure, people: Personas) -> None:
    for row in departure.items.all():
        consent_departure(item=row, actor=people.fund_confirmer, at=NOON, seen=row.sha256)


def _kinds(user: User) -> list[str]:
    return [note.kind for note in Notification.objects.filter(recipient=user).order_by("created_at", "pk")]


# --- asking --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("who", "told"), [("university_confirmer", "lead"), ("lead", "university_confirmer")])
def test_the_member_or_the_lead_asks(people: Personas, who: str, told: str) -> None:
    member = _working(people)
    meet(people.lead, people.university_confirmer)

    departure = _request(member, getattr(people, who))

    assert (member.status, departure.status, departure.reason) == (P.LEAVING, D.OPEN, "院系调整。")
    assert [row.kind for row in departure.items.all()] == [
        K.TASK, K.TECHNOLOGY, K.PLATFORM, K.FUND, K.CASH, K.IP_SHARE,
    ]  # fmt: skip
    assert _kinds(getattr(people, told)) == ["consortia.departure_requested"]
    assert member in Participation.objects.present()


@pytest.mark.parametrize("who", ["fund_confirmer", "rival", "officer", "lead_confirmer"])
def test_nobody_else_asks(people: Personas, who: str) -> None:
    member = _working(people)

    with pytest.raises(PermissionDenied):
        _request(member, getattr(people, who))


def test_the_lead_never_leaves_this_way(people: Personas) -> None:
    member = ready_consortium(people).participations.get(organisation=people.lead_org)

    with pytest.raises(TransitionRefused) as refusal:
        _request(member, people.lead)

    assert [str(one) for one in refusal.value.reasons] == ["The lead organisation cannot leave its own consortium."]


def test_asking_needs_a_reason_and_happens_once(people: Personas) -> None:
    member = _working(people)

    with pytest.raises(ValidationError):
        request_departure(participation=member, actor=people.lead, at=NOON, note=" ")
    _request(member, people.lead)
    with pytest.raises(TransitionRefused):
        _request(member, people.lead)

    assert Departure.objects.count() == 1


def test_an_invitation_is_not_left_but_declined(people: Personas) -> None:
    member = make_participation(
        ready_consortium(people), make_organisation(), people.lead, status=P.INVITED, ip_share=0
    )

    with pytest.raises(TransitionRefused):
        _request(member, people.lead)


def test_the_rules_are_looked_at_first(people: Personas) -> None:
    member = _working(people)

    found = [(one.needed, one.now, one.then, one.broken) for one in rules_without(member)]

    assert found == [
        ("≥ 5", "5", "4", True), ("≥ 1", "1", "0", True), ("≥ 1", "1", "1", False), ("= 1", "1", "1", False),
        ("≤ 100 %", "90 %", "80 %", False), ("≤ 100 %", "0 %", "0 %", False),
    ]  # fmt: skip


# --- takers --------------------------------------------------------------------------------------
def test_takers_are_asked_and_answer(people: Personas) -> None:
    departure = _request(_working(people), people.lead)
    meet(people.fund_confirmer, people.lead)

    _give_all(departure, people.fund, people)
    _agree(departure, people)

    assert {row.consented_by for row in departure.items.all()} == {people.fund_confirmer}
    assert _kinds(people.fund_confirmer) == ["consortia.takeover_asked"]


def _read(rows: list[DepartureItem]) -> dict[Any, str]:
    return {row.pk: row.sha256 for row in rows}


def test_a_taker_agrees_to_several_rows_with_one_word(people: Personas) -> None:
    departure = _request(_working(people), people.lead)
    meet(people.fund_confirmer, people.lead)
    _give_all(departure, people.fund, people)
    first, *others = departure.items.all()

    consent_departure(item=first, actor=people.fund_confirmer, at=NOON, seen=first.sha256, also=_read(others))

    assert {row.consented_by for row in departure.items.all()} == {people.fund_confirmer}
    assert [note.kind for note in Notification.objects.filter(recipient=people.lead)] == ["consortia.takeover_agreed"]
    entries = [entry for entry in trail(departure.participation) if entry.action == "consent_departure"]
    assert sorted(entry.facts["kind"] for entry in entries) == sorted(row.kind for row in (first, *others))
    with pytest.raises(TransitionRefused):
        consent_departure(item=first, actor=people.fund_confirmer, at=NOON, also=_read(others))


def test_all_or_none_of_the_rows_is_agreed_to(people: Personas) -> None:
    """One that is asked of somebody else, was answered already, or reads differently now, stops them all."""
    departure = _request(_working(people), people.lead)
    _give_all(departure, people.fund, people)
    first, second, third, foreign, *_rest = departure.items.all()
    consent_departure(item=third, actor=people.fund_confirmer, at=NOON)
    departure.items.filter(pk=foreign.pk).update(taker=people.supplier)

    for also in ({second.pk: "0" * 64}, _read([second, third]), _read([second, foreign]), {departure.pk: "0" * 64}):
        with pytest.raises(TransitionRefused):
            consent_departure(item=first, actor=people.fund_confirmer, at=NOON, also=also)

    assert departure.items.filter(consented_at=None).count() == departure.items.count() - 1


def test_nobody_else_agrees_to_several_rows(people: Personas) -> None:
    departure = _request(_working(people), people.lead)
    _give_all(departure, people.fund, people)
    first, *others = departure.items.all()

    with pytest.raises(PermissionDenied):
        consent_departure(item=first, actor=people.supplier_confirmer, at=NOON, also=_read(others))

    assert not departure.items.exclude(consented_at=None).exists()


def test_a_refusal_opens_the_row_again(people: Personas) -> None:
    departure = _request(_working(people), people.lead)
    meet(people.lead)
    _give_all(departure, people.fund, people)
    row = departure.items.all()[0]

    refuse_departure(item=row, actor=people.fund_confirmer, at=NOON, note="人手不足。")

    row.refresh_from_db()
    assert (row.taker, row.refused_by, row.refused_reason, row.is_settled) == (None, people.fund, "人手不足。", False)
    assert _kinds(people.lead) == ["consortia.takeover_refused"]
    with pytest.raises(PermissionDenied):
        refuse_departure(item=row, actor=people.fund_confirmer, at=NOON, note="再次")


def test_only_money_and_shares_are_given_up(people: Personas) -> None:
    departure = _request(_working(people), people.lead)
    rows = {row.kind: row for row in departure.items.all()}

    with pytest.raises(ValidationError) as refusal:
        allocate_departure(
            departure=departure, choices={rows[K.TASK].pk: Choice(freed=True)}, actor=people.lead, at=NOON
        )
    allocate_departure(departure=departure, choices={rows[K.CASH].pk: Choice(freed=True)}, actor=people.lead, at=NOON)

    assert list(refusal.value.message_dict) == [f"row-{rows[K.TASK].pk}"]
    assert [row.kind for row in departure.items.all() if row.is_settled] == [K.CASH]


def test_outsiders_and_the_one_that_leaves_take_nothing(people: Personas) -> None:
    departure = _request(_working(people), people.lead)

    for place in (people.rival_org, people.university):
        with pytest.raises(ValidationError):
            _give_all(departure, place, people)


@pytest.mark.parametrize("who", ["university_confirmer", "lead", "rival", "officer"])
def test_nobody_agrees_for_the_taker(people: Personas, who: str) -> None:
    departure = _request(_working(people), people.lead)
    _give_all(departure, people.fund, people)

    with pytest.raises(PermissionDenied):
        consent_departure(item=departure.items.all()[0], actor=getattr(people, who), at=NOON)


@pytest.mark.parametrize("who", ["university_confirmer", "fund_confirmer", "rival", "officer"])
def test_only_the_lead_names_takers_and_settles(people: Personas, who: str) -> None:
    departure = _request(_working(people), people.lead)

    with pytest.raises(PermissionDenied):
        allocate_departure(departure=departure, choices={}, actor=getattr(people, who), at=NOON)
    with pytest.raises(PermissionDenied):
        settle_departure(departure=departure, actor=getattr(people, who), at=NOON)


def test_a_task_that_changes_after_the_consent_asks_again(people: Personas) -> None:
    departure = _request(_working(people), people.lead)
    _give_all(departure, people.fund, people)
    _agree(departure, people)
    task = departure.consortium.tasks.get(lead=people.university)

    task.budget_own = Decimal(9)
    update_task(task=task, actor=people.lead, at=NOON)

    assert [row.kind for row in departure.items.all() if not row.is_settled] == [K.TASK]
    with pytest.raises(TransitionRefused):
        settle_departure(departure=departure, actor=people.lead, at=NOON)


# --- the end -------------------------------------------------------------------------------------
def test_the_settlement_hands_everything_over(people: Personas) -> None:
    member = _working(people)
    consortium = member.consortium
    departure = _request(member, people.university_confirmer)
    _give_all(departure, people.fund, people)
    _agree(departure, people)

    settle_departure(departure=departure, actor=people.lead, at=NOON)

    member.refresh_from_db()
    taker = consortium.participations.get(organisation=people.fund)
    assert (member.status, member.cash, member.ip_share) == (P.LEFT, 0, 0)
    assert (taker.status, taker.cash, taker.ip_share) == (P.CONFIRMED, Decimal(2_000_000), Decimal(20))
    assert (departure.status, departure.settled_at) == (D.SETTLED, NOON)
    work = [consortium.tasks.last().lead, consortium.technologies.last().owner]
    assert [*work, consortium.platforms.get().builder, consortium.funds.get().manager] == [people.fund] * 4
    assert trail(member).filter(action="leave").get().note == "院系调整。"
    assert len(departures(consortium, (date(2026, 1, 1), date(2026, 12, 31)))) == 1


def test_the_consents_are_the_confirmation_of_the_takers_and_nobody_elses_lapses(people: Personas) -> None:
    member = _working(people)
    departure = _request(member, people.lead)
    _give_all(departure, people.fund, people)
    _agree(departure, people)
    before = ItemConfirmation.objects.count()

    settle_departure(departure=departure, actor=people.lead, at=NOON + HOUR)

    present = member.consortium.participations.present()
    assert {row.status for row in present} == {P.CONFIRMED}
    assert [part_state(row).open for row in present] == [()] * 4
    assert ItemConfirmation.objects.count() == before + 3  # work, commitments and shares of the taker
    assert ItemConfirmation.objects.filter(confirmed_at=NOON + HOUR).values_list("confirmed_by").distinct().get() == (
        people.fund_confirmer.pk,
    )


def test_a_consent_confirms_nothing_that_was_open_before(people: Personas) -> None:
    member = _working(people)
    taker = member.consortium.participations.get(organisation=people.fund)
    facts = {name: getattr(taker, name) for name in Part.__dataclass_fields__}
    revise_participation(participation=taker, part=replace(Part(**facts), cash=Decimal(3)), actor=people.lead, at=NOON)
    departure = _request(member, people.lead)
    _give_all(departure, people.fund, people)
    _agree(departure, people)

    settle_departure(departure=departure, actor=people.lead, at=NOON)

    taker.refresh_from_db()
    assert (taker.status, [one.item for one in part_state(taker).open]) == (P.INVITED, ["commitments"])


def test_nothing_is_settled_without_every_consent_or_twice(people: Personas) -> None:
    member = _working(people)
    departure = _request(member, people.lead)
    _give_all(departure, people.fund, people)

    with pytest.raises(TransitionRefused):
        settle_departure(departure=departure, actor=people.lead, at=NOON)
    _agree(departure, people)
    settle_departure(departure=departure, actor=people.lead, at=NOON)
    with pytest.raises(TransitionRefused):
        settle_departure(departure=departure, actor=people.lead, at=NOON)

    assert member.consortium.participations.get(organisation=people.fund).cash == Decimal(2_000_000)


def test_a_replacement_takes_over(people: Personas) -> None:
    member = _working(people)
    departure = _request(member, people.lead)
    part = Part("RESEARCH", "承担样机研制。")

    invite_member(
        consortium=member.consortium, organisation=people.rival_org, part=part, actor=people.lead, at=NOON,
        replaces=member,
    )  # fmt: skip
    departure.refresh_from_db()
    _give_all(departure, people.rival_org, people)
    for row in departure.items.all():
        consent_departure(item=row, actor=people.rival, at=NOON)
    settle_departure(departure=departure, actor=people.lead, at=NOON)

    assert departure.replacement == people.rival_org
    taker = member.consortium.participations.get(organisation=people.rival_org)
    assert (taker.status, taker.ip_share) == (P.INVITED, Decimal(10))  # it still has to confirm that it joins


def test_whoever_asked_takes_it_back_and_the_member_confirms_once_more(people: Personas) -> None:
    member = _working(people)
    departure = _request(member, people.university_confirmer)

    with pytest.raises(PermissionDenied):
        cancel_departure(departure=departure, actor=people.lead, at=NOON)
    cancel_departure(departure=departure, actor=people.university_confirmer, at=NOON)

    member.refresh_from_db()
    assert (member.status, departure.status, part_state(member).open) == (P.INVITED, D.CANCELLED, ())


# --- races and properties ------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_settlements_at_once_hand_over_once() -> None:
    people = Personas()
    member = _working(people)
    departure = _request(member, people.lead)
    _give_all(departure, people.fund, people)
    _agree(departure, people)
    copies = [Departure.objects.get(pk=departure.pk) for _ in range(2)]

    answers = at_once(
        *(lambda copy=copy: settle_departure(departure=copy, actor=people.lead, at=NOON) for copy in copies)  # type: ignore[misc]
    )

    assert refusals(answers) == 1
    assert Consortium.objects.get().participations.get(organisation=people.fund).cash == Decimal(2_000_000)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(takers=st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_whoever_takes_what_nothing_is_lost_and_one_lead_stays(people: Personas, takers: list[int]) -> None:
    member = _working(people, name=f"样例{Consortium.objects.count()}")
    consortium = member.consortium
    confirmers = [people.fund_confirmer, people.supplier_confirmer, people.lead_confirmer]
    places: list[Organisation | None] = [people.fund, people.supplier, people.lead_org, None]
    departure = _request(member, people.lead)
    given_up = Decimal(0)
    for row, index in zip(departure.items.all(), takers, strict=True):
        taker = places[index] or (None if row.may_be_freed else people.fund)
        given_up += (row.amount or 0) if taker is None and row.kind == K.IP_SHARE else 0
        choice = Choice(taker, freed=taker is None)
        allocate_departure(departure=departure, choices={row.pk: choice}, actor=people.lead, at=NOON)
        row.refresh_from_db()
        if taker:
            consent_departure(item=row, actor=confirmers[places.index(taker)], at=NOON)

    settle_departure(departure=departure, actor=people.lead, at=NOON)

    present = consortium.participations.present()
    assert sum(row.ip_share for row in present) == Decimal(90) - given_up
    assert [row.status for row in present] == [P.CONFIRMED] * 4
    assert present.filter(role="LEAD").count() == 1
    member.refresh_from_db()
    assert due_rows(member) == []

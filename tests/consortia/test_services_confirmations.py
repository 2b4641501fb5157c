"""Confirmations by item: bound to the content, lapsing for exactly whom a change concerns."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from consortia.enums import ChainPosition, ConsortiumStatus, ParticipationRole, ParticipationStatus, PartItem, Standing
from consortia.models import Consortium, ItemConfirmation, Milestone, Participation
from consortia.selectors.parts import part_state, part_states
from consortia.services.participations import Part, confirm_participation, invite_member, revise_participation
from consortia.services.tasks import add_milestone, add_task, reach_milestone, remove_milestone, update_task
from consortia.services.technologies import record_readiness, update_technology
from members.models import Organisation
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import HOUR, NOON
from tests.factories.consortia import (
    make_consortium,
    make_participation,
    make_task,
    make_technology,
    meet,
    ready_consortium,
)
from tests.personas import Personas
from tests.races import at_once, refusals

P = ParticipationStatus
I = PartItem  # noqa: E741
ALL = set(PartItem)


def _member(consortium: Consortium, organisation: Organisation) -> Participation:
    return consortium.participations.get(organisation=organisation)


def _part(member: Participation, **facts: Any) -> Part:
    """The part as it stands, but for what is named."""
    return replace(Part(**{name: getattr(member, name) for name in Part.__dataclass_fields__}), **facts)


def _lapsed(consortium: Consortium) -> set[tuple[str, str]]:
    """Member and item of every confirmation that does not fit any more."""
    return {
        (state.participation.organisation.name, one.item)
        for state in part_states(consortium)
        for one in state.items
        if one.standing == Standing.LAPSED
    }


def _waiting(consortium: Consortium) -> list[str]:
    rows = consortium.participations.filter(status=P.INVITED)
    return sorted(rows.values_list("organisation__name", flat=True))


@contextmanager
def _nothing_lapses(consortium: Consortium) -> Iterator[None]:
    yield
    assert (_lapsed(consortium), _waiting(consortium)) == (set(), [])


# --- a change concerns one ----------------------------------------------------------------------
def test_another_promise_of_money_lapses_one_item_of_one_member(people: Personas) -> None:
    consortium = ready_consortium(people)
    meet(people.university_confirmer, people.fund_confirmer)
    member = _member(consortium, people.university)

    revise_participation(participation=member, part=_part(member, cash=Decimal(5)), actor=people.lead, at=NOON)

    assert _lapsed(consortium) == {("样例理工大学", I.COMMITMENTS)}
    assert _waiting(consortium) == ["样例理工大学"]
    assert [note.kind for note in Notification.objects.all()] == ["consortia.revised_commitments"]
    assert trail(member).get().facts["items"] == ["commitments"]


def test_another_budget_of_its_task_lapses_one_item_of_one_member(people: Personas) -> None:
    consortium = ready_consortium(people)
    meet(people.university_confirmer, people.lead_confirmer)
    task = make_task(consortium, lead=people.university)

    task.budget_own = Decimal(7)
    update_task(task=task, actor=people.lead, at=NOON)

    assert _lapsed(consortium) == {("样例理工大学", I.WORK)}
    assert _waiting(consortium) == ["样例理工大学"]
    assert [note.recipient for note in Notification.objects.all()] == [people.university_confirmer]
    entry = trail(_member(consortium, people.university)).get()
    assert (entry.action, entry.actor, entry.facts["items"]) == ("lapse", people.lead, ["work"])


def test_a_task_that_changes_hands_concerns_both(people: Personas) -> None:
    consortium = ready_consortium(people)
    task = make_task(consortium, lead=people.university)

    task.lead = people.fund
    update_task(task=task, actor=people.lead, at=NOON)

    assert _lapsed(consortium) == {("样例理工大学", I.WORK), ("样例产业创新基金", I.WORK)}


def test_milestones_and_technologies_belong_to_the_work(people: Personas) -> None:
    consortium = ready_consortium(people)
    task = make_task(consortium, lead=people.university)
    technology = make_technology(consortium, owner=people.fund)
    step = Milestone(name="样例节点", metric="台数", target=Decimal(1), due=task.end)

    add_milestone(task=task, milestone=step, actor=people.lead, at=NOON)
    technology.target = Decimal(9)
    update_technology(technology=technology, actor=people.lead, at=NOON)

    assert _lapsed(consortium) == {("样例理工大学", I.WORK), ("样例产业创新基金", I.WORK)}


def test_how_far_the_work_has_come_asks_nobody_again(people: Personas) -> None:
    consortium = ready_consortium(people, status=ConsortiumStatus.OPERATING)
    step = consortium.tasks.get().milestones.filter(reached_on=None).get()

    with _nothing_lapses(consortium):
        record_readiness(
            technology=consortium.technologies.all()[0], trl_now=6, actor=people.lead, at=NOON, note="样例"
        )
        reach_milestone(milestone=step, actual=Decimal(2), reached_on=NOON.date(), actor=people.lead, at=NOON)


def test_what_is_changed_back_fits_again_but_is_confirmed_by_the_member_only(people: Personas) -> None:
    consortium = ready_consortium(people)
    member = _member(consortium, people.university)
    before = _part(member)
    revise_participation(participation=member, part=_part(member, cash=Decimal(5)), actor=people.lead, at=NOON)

    revise_participation(participation=member, part=before, actor=people.lead, at=NOON)

    assert (_lapsed(consortium), _waiting(consortium)) == (set(), ["样例理工大学"])
    confirm_participation(participation=member, actor=people.university_confirmer, at=NOON, seen={})
    assert _waiting(consortium) == []
    assert member.confirmations.count() == 4


def test_the_lead_is_a_member_like_the_others(people: Personas) -> None:
    consortium = ready_consortium(people)
    task = consortium.tasks.get()

    remove_milestone(milestone=task.milestones.last(), actor=people.lead, at=NOON)

    assert _waiting(consortium) == ["样例领航科技有限公司"]


# --- by item -------------------------------------------------------------------------------------
def _invited(people: Personas) -> Participation:
    return make_participation(make_consortium(people), people.university, people.lead, status=P.INVITED)


def _read(member: Participation, *items: PartItem) -> dict[str, str]:
    return {one.item.value: one.sha256 for one in part_state(member).items if one.item in (items or ALL)}


def test_one_item_after_the_other(people: Personas) -> None:
    member = _invited(people)
    meet(people.lead)
    who = people.university_confirmer

    confirm_participation(participation=member, actor=who, at=NOON, seen=_read(member, I.DUTIES, I.WORK))

    assert (member.status, member.confirmed_at) == (P.INVITED, None)
    assert [one.item for one in part_state(member).open] == [I.COMMITMENTS, I.SHARES]
    assert (trail(member).get().action, Notification.objects.count()) == ("confirm_item", 0)
    confirm_participation(participation=member, actor=who, at=NOON + HOUR, seen=_read(member, I.COMMITMENTS, I.SHARES))
    assert (member.status, member.confirmed_by, member.invited_until) == (P.CONFIRMED, who, None)
    kept = ItemConfirmation.objects.filter(participation=member)
    assert {(row.item, row.sha256) for row in kept} == set(_read(member).items())
    assert {row.confirmed_by for row in kept} == {who}


def test_what_is_confirmed_already_is_not_confirmed_twice(people: Personas) -> None:
    member = _invited(people)
    read = _read(member, I.DUTIES)
    confirm_participation(participation=member, actor=people.university_confirmer, at=NOON, seen=read)

    with pytest.raises(TransitionRefused):
        confirm_participation(participation=member, actor=people.university_confirmer, at=NOON, seen=read)

    assert member.confirmations.count() == 1


def test_a_change_of_one_item_does_not_spoil_the_reading_of_the_others(people: Personas) -> None:
    member = _invited(people)
    read = _read(member)
    revise_participation(participation=member, part=_part(member, duties="新"), actor=people.lead, at=NOON)

    with pytest.raises(TransitionRefused):
        confirm_participation(participation=member, actor=people.university_confirmer, at=NOON, seen=read)
    del read["duties"]
    confirm_participation(participation=member, actor=people.university_confirmer, at=NOON, seen=read)

    assert [one.item for one in part_state(member).open] == [I.DUTIES]


@pytest.mark.parametrize("who", ["lead", "rival", "officer", "fund_confirmer"])
def test_nobody_confirms_an_item_for_another(people: Personas, who: str) -> None:
    member = _invited(people)

    with pytest.raises(PermissionDenied):
        confirm_participation(participation=member, actor=getattr(people, who), at=NOON, seen=_read(member, I.WORK))

    assert ItemConfirmation.objects.count() == 0


def test_only_the_newest_confirmation_counts(people: Personas) -> None:
    member = _invited(people)
    who = people.university_confirmer
    first = _part(member)
    confirm_participation(participation=member, actor=who, at=NOON)
    revise_participation(participation=member, part=_part(member, cash=Decimal(5)), actor=people.lead, at=NOON)
    confirm_participation(participation=member, actor=who, at=NOON + HOUR)

    revise_participation(participation=member, part=first, actor=people.lead, at=NOON + HOUR)

    assert part_state(member).item(I.COMMITMENTS).standing == Standing.LAPSED


@pytest.mark.parametrize("more", [0, 3])
def test_the_matrix_asks_a_constant_number_of_queries(
    people: Personas, django_assert_num_queries: DjangoAssertNumQueries, more: int
) -> None:
    consortium = ready_consortium(people)
    for _ in range(more):
        make_task(consortium)

    with django_assert_num_queries(5):
        assert len(part_states(consortium)) == 5


# --- properties ----------------------------------------------------------------------------------
SHARES = st.decimals(0, 100, places=4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 3), SHARES, SHARES), max_size=8))
def test_no_sequence_of_acts_gives_out_more_than_the_whole_or_loses_the_lead(
    people: Personas, steps: list[tuple[int, Decimal, Decimal]]
) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.lead_org, people.lead, role=ParticipationRole.LEAD, ip_share=Decimal(40))
    places = [people.lead_org, people.university, people.fund, people.supplier]
    for index, ip_share, benefit_share in steps:
        part = Part(ChainPosition.SERVICE, "样例", ip_share=ip_share, benefit_share=benefit_share)
        _try(consortium, places[index], part, people)

        shares = consortium.participations.present().values_list("ip_share", "benefit_share")
        assert [sum(column) <= 100 for column in zip(*shares, strict=True)] == [True, True]
        assert consortium.participations.present().filter(role=ParticipationRole.LEAD).count() == 1


def _try(consortium: Consortium, place: Organisation, part: Part, people: Personas) -> None:
    """Invite or, if it is a member already, revise; what is refused, is refused."""
    member = consortium.participations.filter(organisation=place).first()
    with suppress(ValidationError, TransitionRefused):
        if member:
            revise_participation(participation=member, part=part, actor=people.lead, at=NOON)
        else:
            invite_member(consortium=consortium, organisation=place, part=part, actor=people.lead, at=NOON)


FIELDS = {
    "cash": (I.COMMITMENTS, st.decimals(0, 10**9, places=2)),
    "in_kind": (I.COMMITMENTS, st.decimals(0, 10**9, places=2)),
    "person_months": (I.COMMITMENTS, st.integers(0, 10**6)),
    "duties": (I.DUTIES, st.text("甲乙丙丁", min_size=1)),
    "ip_share": (I.SHARES, st.decimals(0, 20, places=4)),
    "benefit_share": (I.SHARES, st.decimals(0, 100, places=4)),
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from(sorted(FIELDS)), data=st.data())
def test_one_changed_field_lapses_exactly_its_item(people: Personas, field: str, data: st.DataObject) -> None:
    consortium = ready_consortium(people, name=f"样例{Consortium.objects.count()}")
    member = _member(consortium, people.university)
    item, values = FIELDS[field]
    value = data.draw(values.filter(lambda one: one != getattr(member, field)))

    revise_participation(participation=member, part=_part(member, **{field: value}), actor=people.lead, at=NOON)

    assert _lapsed(consortium) == {("样例理工大学", item)}
    assert _waiting(consortium) == ["样例理工大学"]


# --- races ---------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_confirming_while_the_lead_changes_the_task_never_confirms_the_unread() -> None:
    people = Personas()
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead, status=P.INVITED)
    task = make_task(consortium, lead=people.university)
    task.budget_own = Decimal(7)
    read = _read(member)
    meet(people.university_confirmer, people.lead)

    answers = at_once(
        lambda: update_task(task=task, actor=people.lead, at=NOON),
        lambda: confirm_participation(participation=member, actor=people.university_confirmer, at=NOON, seen=read),
    )

    assert _member(consortium, people.university).status == P.INVITED
    assert part_state(member).item(I.WORK).is_confirmed is False
    assert refusals(answers[:1]) == 0


@pytest.mark.django_db(transaction=True)
def test_two_confirmers_at_once_confirm_once() -> None:
    people = Personas()
    member = _invited(people)
    read = _read(member)
    meet(people.university_confirmer)
    copies = [Participation.objects.get(pk=member.pk) for _ in range(2)]

    answers = at_once(*(
        lambda copy=copy: confirm_participation(  # type: ignore[misc]
            participation=copy, actor=people.university_confirmer, at=NOON, seen=read
        )
        for copy in copies
    ))  # fmt: skip

    assert refusals(answers) == 1
    assert ItemConfirmation.objects.count() == 4


def test_a_new_task_asks_whoever_leads_it(people: Personas) -> None:
    consortium = ready_consortium(people)
    task = make_task(consortium, lead=people.fund)
    task.pk, task.name, task._state.adding = None, "样例新任务", True

    add_task(consortium=consortium, task=task, actor=people.lead, at=NOON)

    assert _lapsed(consortium) == {("样例产业创新基金", I.WORK)}

"""Demands: posed by an enterprise, shown as far as it likes, answered in confidence, matched once."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from consortia.enums import ConsortiumStatus
from consortia.models import Consortium, Demand, DemandAnswer
from consortia.rules.registers import DemandStatus
from consortia.selectors.demands import demand_page
from consortia.services.demands import (
    answer_demand,
    close_demand,
    conceal_demand,
    match_demand,
    pose_demand,
    publish_demand,
    update_demand,
)
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.stale import Stale, seen_of
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.books import make_answer, make_demand
from tests.factories.consortia import ready_consortium, rival_consortium
from tests.personas import Personas

TODAY = date(2026, 11, 18)
BRIEF = "寻找高热容量球管的镀层工艺。"


def _unsaved(people: Personas, **facts: Any) -> Demand:
    facts.setdefault("poser", people.lead_org)
    return Demand(title="样例难题", question="全文", deadline=facts.pop("deadline", TODAY), **facts)


def test_pose_answer_match_close(people: Personas) -> None:
    consortium = ready_consortium(people)
    told = people.supplier_confirmer

    demand = pose_demand(consortium=consortium, demand=_unsaved(people), actor=people.lead, at=NOON)
    assert Notification.objects.filter(kind="consortia.demand_posed", recipient=told).count() == 1
    answer = answer_demand(demand=demand, organisation=people.supplier, proposal="方案", actor=told, at=NOON)
    assert demand.status == DemandStatus.ANSWERED
    assert Notification.objects.filter(kind="consortia.demand_answered", recipient=people.lead).count() == 1
    match_demand(answer=answer, actor=people.lead, at=NOON)
    close_demand(demand=demand, actor=people.lead, at=NOON, note="已签合同。")

    demand.refresh_from_db()
    assert (demand.status, demand.matched, demand.matched_on) == (DemandStatus.CLOSED, answer, TODAY)
    assert Notification.objects.filter(kind="consortia.demand_matched", recipient=told).count() == 1
    assert [entry.action for entry in trail(demand)] == ["close_demand", "match_demand", "answer_demand"]
    assert [entry.action for entry in trail(consortium)] == ["pose_demand"]


def test_an_enterprise_that_is_a_member_may_pose(people: Personas) -> None:
    consortium = ready_consortium(people)

    made = pose_demand(
        consortium=consortium, demand=_unsaved(people, poser=people.supplier), actor=people.supplier_confirmer, at=NOON
    )

    assert made.poser == people.supplier


def test_who_may_not_pose(people: Personas) -> None:
    consortium = ready_consortium(people)

    for actor in (people.university_confirmer, people.rival, people.officer):
        with pytest.raises((PermissionDenied, ValidationError)):
            pose_demand(consortium=consortium, demand=_unsaved(people, poser=people.university), actor=actor, at=NOON)
    with pytest.raises(ValidationError) as foreign:
        pose_demand(consortium=consortium, demand=_unsaved(people, poser=people.supplier), actor=people.lead, at=NOON)

    assert list(foreign.value.message_dict) == ["poser"]
    assert Demand.objects.count() == 0


def test_a_deadline_lies_ahead(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        pose_demand(
            consortium=ready_consortium(people), demand=_unsaved(people, deadline=date(2026, 11, 17)),
            actor=people.lead, at=NOON,
        )  # fmt: skip

    assert refusal.value.message_dict == {"deadline": ["This day has passed."]}


def test_update_until_it_is_answered_and_never_unseen(people: Personas) -> None:
    demand = make_demand(ready_consortium(people), people.lead)
    seen = seen_of(demand)

    demand.title = "改题"
    update_demand(demand=demand, actor=people.lead, at=NOON, seen=seen)
    assert Demand.objects.get(pk=demand.pk).title == "改题"
    demand.title = "再改"
    with pytest.raises(Stale):
        update_demand(demand=demand, actor=people.lead, at=NOON, seen=seen)
    make_answer(demand, people.supplier, people.lead)
    with pytest.raises(TransitionRefused):
        update_demand(demand=demand, actor=people.lead, at=NOON)
    with pytest.raises(PermissionDenied):
        update_demand(demand=demand, actor=people.supplier_confirmer, at=NOON)


# --- shown to others ---------------------------------------------------------------------------
def test_others_read_only_what_was_marked(people: Personas) -> None:
    demand = make_demand(ready_consortium(people), people.lead)
    rival_consortium(people)
    rivals = Demand.objects.visible_to(people.rival)
    assert not rivals.exists()

    publish_demand(demand=demand, brief=BRIEF, named=False, actor=people.lead, at=NOON)

    shown = demand_page(rivals.get(), people.rival)
    assert (shown.inside, shown.title, shown.poser, shown.answers) == (False, BRIEF, None, [])
    publish_demand(demand=demand, brief=BRIEF, named=True, actor=people.lead, at=NOON)
    assert demand_page(rivals.get(), people.rival).poser == people.lead_org
    conceal_demand(demand=demand, actor=people.lead, at=NOON)
    assert not rivals.exists()
    with pytest.raises(TransitionRefused):
        conceal_demand(demand=demand, actor=people.lead, at=NOON)


def test_who_takes_part_nowhere_does_not_read_the_board(people: Personas) -> None:
    make_demand(ready_consortium(people), people.lead, published=True)
    people.rival  # noqa: B018 - of an organisation without a consortium

    assert not Demand.objects.visible_to(people.rival).exists()
    assert Demand.objects.visible_to(people.other_district_officer).count() == 1
    assert not Demand.objects.visible_to(people.expert).exists()


def test_only_who_asks_shows_it(people: Personas) -> None:
    demand = make_demand(ready_consortium(people), people.lead)

    for actor in (people.supplier_confirmer, people.officer, people.rival):
        with pytest.raises(PermissionDenied):
            publish_demand(demand=demand, brief=BRIEF, named=False, actor=actor, at=NOON)
    with pytest.raises(ValidationError):
        publish_demand(demand=demand, brief=" ", named=False, actor=people.lead, at=NOON)


def test_a_rival_answers_what_is_published_and_nothing_else(people: Personas) -> None:
    demand = make_demand(ready_consortium(people), people.lead)
    rival_consortium(people)

    with pytest.raises(PermissionDenied):
        answer_demand(demand=demand, organisation=people.rival_org, proposal="方案", actor=people.rival, at=NOON)
    publish_demand(demand=demand, brief=BRIEF, named=False, actor=people.lead, at=NOON)
    answer_demand(demand=demand, organisation=people.rival_org, proposal="方案", actor=people.rival, at=NOON)

    assert [answer.organisation for answer in demand_page(demand, people.rival).answers] == [people.rival_org]


# --- answers -----------------------------------------------------------------------------------
def test_answers_are_read_by_who_asks_and_who_answered(people: Personas) -> None:
    demand = make_demand(ready_consortium(people), people.lead)
    make_answer(demand, people.supplier, people.supplier_confirmer)
    make_answer(demand, people.university, people.university_confirmer)

    seen = {
        who.name: DemandAnswer.objects.visible_to(who).count()
        for who in (people.lead, people.supplier_confirmer, people.fund_confirmer, people.officer, people.rival)
    }

    assert list(seen.values()) == [2, 1, 0, 2, 0]


def test_each_answers_once_in_its_own_name_and_in_time(people: Personas) -> None:
    demand = make_demand(ready_consortium(people), people.lead, deadline=TODAY)
    actor = people.supplier_confirmer
    answer_demand(demand=demand, organisation=people.supplier, proposal="方案", actor=actor, at=NOON)

    with pytest.raises(ValidationError) as twice:
        answer_demand(demand=demand, organisation=people.supplier, proposal="再来", actor=actor, at=NOON)
    with pytest.raises(PermissionDenied):
        answer_demand(demand=demand, organisation=people.university, proposal="方案", actor=actor, at=NOON)
    with pytest.raises(PermissionDenied):
        answer_demand(demand=demand, organisation=people.lead_org, proposal="方案", actor=people.lead, at=NOON)
    Demand.objects.filter(pk=demand.pk).update(deadline=date(2026, 11, 17))
    with pytest.raises(TransitionRefused):
        answer_demand(
            demand=demand, organisation=people.university, proposal="方案", actor=people.university_confirmer, at=NOON
        )

    assert twice.value.messages == ["Your organisation has answered already."]


def test_matched_once_and_by_who_asks(people: Personas) -> None:
    demand = make_demand(ready_consortium(people), people.lead)
    first = make_answer(demand, people.supplier, people.lead)
    second = make_answer(demand, people.university, people.lead)

    with pytest.raises(PermissionDenied):
        match_demand(answer=first, actor=people.supplier_confirmer, at=NOON)
    match_demand(answer=first, actor=people.lead, at=NOON)
    with pytest.raises(TransitionRefused):
        match_demand(answer=second, actor=people.lead, at=NOON)

    demand.refresh_from_db()
    assert demand.matched == first


def test_an_ended_consortium_asks_nothing(people: Personas) -> None:
    demand = make_demand(ready_consortium(people), people.lead)
    Consortium.objects.filter(pk=demand.consortium_id).update(
        status=ConsortiumStatus.EXITED, tier="B", recognised_on=TODAY
    )
    demand = Demand.objects.get(pk=demand.pk)

    with pytest.raises(TransitionRefused):
        answer_demand(
            demand=demand, organisation=people.supplier, proposal="方案", actor=people.supplier_confirmer, at=NOON
        )
    with pytest.raises(ValidationError):
        close_demand(demand=demand, actor=people.lead, at=NOON, note="")


@pytest.mark.parametrize("facts", [{"published": True, "brief": ""}, {"status": DemandStatus.MATCHED}])
def test_the_database_refuses(people: Personas, facts: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_demand(ready_consortium(people), people.lead, **facts)


def test_two_consortia_carry_nothing_across(people: Personas) -> None:
    ours = make_demand(ready_consortium(people), people.lead)
    foreign = make_demand(rival_consortium(people), people.rival)

    assert list(Demand.objects.visible_to(people.lead)) == [ours]
    assert list(Demand.objects.visible_to(people.rival)) == [foreign]

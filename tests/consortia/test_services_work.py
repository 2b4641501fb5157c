"""Technologies, tasks and milestones: planned while preparing, judged while at work."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import ConsortiumStatus, MilestoneStatus
from consortia.models import KeyTechnology, Milestone, ResearchTask
from consortia.services.tasks import (
    add_milestone,
    add_task,
    miss_milestone,
    reach_milestone,
    remove_milestone,
    remove_task,
    update_milestone,
    update_task,
)
from consortia.services.technologies import add_technology, record_readiness, remove_technology, update_technology
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import make_consortium, make_participation, make_task, make_technology, ready_consortium
from tests.personas import Personas

S = ConsortiumStatus
OTHERS = ["rival", "lead_confirmer", "university_confirmer", "officer", "leader"]
TODAY = date(2026, 11, 18)  # NOON in Shanghai


def _technology(people: Personas, **facts: Any) -> KeyTechnology:
    facts.setdefault("owner", people.lead_org)
    return KeyTechnology(
        name="球管热容量", gap="相差一代。", indicator="热容量", unit="MHU", baseline=Decimal(5), target=Decimal(8),
        trl_start=4, trl_now=4, trl_target=7, due=date(2028, 6, 30), **facts,
    )  # fmt: skip


def _task(people: Personas, **facts: Any) -> ResearchTask:
    facts.setdefault("lead", people.lead_org)
    facts.setdefault("start", date(2026, 1, 1))
    return ResearchTask(name="样机研制", end=facts.pop("end", date(2027, 12, 31)), **facts)


def _milestone(**facts: Any) -> Milestone:
    return Milestone(
        name="首台样机", metric="台数", target=Decimal(1), due=facts.pop("due", date(2026, 6, 30)), **facts
    )


# --- technologies ------------------------------------------------------------------------------
def test_add_update_remove_technology(people: Personas) -> None:
    consortium = ready_consortium(people)

    made = add_technology(consortium=consortium, technology=_technology(people), actor=people.lead, at=NOON)
    made.target = Decimal(9)
    update_technology(technology=made, actor=people.lead, at=NOON)

    assert KeyTechnology.objects.get(pk=made.pk).target == Decimal(9)
    remove_technology(technology=made, actor=people.lead, at=NOON)
    assert not KeyTechnology.objects.filter(name="球管热容量").exists()
    assert [entry.action for entry in trail(consortium)] == [
        "remove_technology", "update_technology", "add_technology",
    ]  # fmt: skip


def test_only_a_present_member_answers_for_a_technology(people: Personas) -> None:
    consortium = ready_consortium(people)

    with pytest.raises(ValidationError) as refusal:
        add_technology(
            consortium=consortium, technology=_technology(people, owner=people.rival_org), actor=people.lead, at=NOON
        )

    assert refusal.value.message_dict == {"owner": ["This organisation is not a member of the consortium."]}


def test_an_impossible_readiness_is_refused_with_a_sentence(people: Personas) -> None:
    technology = _technology(people)
    technology.trl_target = 3

    with pytest.raises(ValidationError) as refusal:
        add_technology(consortium=ready_consortium(people), technology=technology, actor=people.lead, at=NOON)

    assert refusal.value.messages == ["The target TRL must not be below the TRL at start."]


@pytest.mark.parametrize("who", OTHERS)
def test_only_the_lead_lists_technologies(people: Personas, who: str) -> None:
    consortium = ready_consortium(people)
    technology, actor = make_technology(consortium), getattr(people, who)

    with pytest.raises(PermissionDenied):
        add_technology(consortium=consortium, technology=_technology(people), actor=actor, at=NOON)
    with pytest.raises(PermissionDenied):
        update_technology(technology=technology, actor=actor, at=NOON)
    with pytest.raises(PermissionDenied):
        remove_technology(technology=technology, actor=actor, at=NOON)
    with pytest.raises(PermissionDenied):
        record_readiness(technology=technology, trl_now=6, actor=actor, at=NOON, note="报告")


def test_the_list_stands_once_recognised(people: Personas) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)

    with pytest.raises(TransitionRefused):
        add_technology(consortium=consortium, technology=_technology(people), actor=people.lead, at=NOON)
    with pytest.raises(TransitionRefused):
        remove_technology(technology=consortium.technologies.first(), actor=people.lead, at=NOON)


def test_readiness_is_recorded_while_at_work(people: Personas) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)
    technology = consortium.technologies.first()

    record_readiness(technology=technology, trl_now=6, actor=people.lead, at=NOON, note="第三方检测报告")

    assert KeyTechnology.objects.get(pk=technology.pk).trl_now == 6
    assert (trail(consortium).get().facts["before"], trail(consortium).get().facts["after"]) == (5, 6)


@pytest.mark.parametrize("level", [0, 10])
def test_readiness_stays_on_the_scale(people: Personas, level: int) -> None:
    technology = ready_consortium(people, status=S.OPERATING).technologies.first()

    with pytest.raises(ValidationError):
        record_readiness(technology=technology, trl_now=level, actor=people.lead, at=NOON, note="报告")


def test_readiness_is_not_recorded_while_preparing(people: Personas) -> None:
    technology = ready_consortium(people).technologies.first()

    with pytest.raises(TransitionRefused):
        record_readiness(technology=technology, trl_now=6, actor=people.lead, at=NOON, note="报告")


# --- tasks -------------------------------------------------------------------------------------
def test_tasks_are_numbered(people: Personas) -> None:
    consortium = ready_consortium(people)

    made = [add_task(consortium=consortium, task=_task(people), actor=people.lead, at=NOON).number for _ in range(2)]

    assert made == [2, 3]


def test_update_and_remove_task(people: Personas) -> None:
    consortium = ready_consortium(people)
    task = add_task(consortium=consortium, task=_task(people), actor=people.lead, at=NOON)
    task.budget_own = Decimal(100)

    update_task(task=task, actor=people.lead, at=NOON)

    assert ResearchTask.objects.get(pk=task.pk).budget_own == Decimal(100)
    remove_task(task=task, actor=people.lead, at=NOON)
    assert consortium.tasks.count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"end": date(2026, 1, 1)}, "end"), ({"end": date(2025, 1, 1)}, "end")],
)
def test_a_task_ends_after_it_starts(people: Personas, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        add_task(consortium=ready_consortium(people), task=_task(people, **facts), actor=people.lead, at=NOON)

    assert refusal.value.message_dict == {field: ["The end must be after the start."]}


def test_a_task_is_led_by_a_member_and_on_a_technology_of_the_list(people: Personas) -> None:
    consortium, elsewhere = ready_consortium(people), make_technology(make_consortium(people))

    with pytest.raises(ValidationError) as refusal:
        add_task(consortium=consortium, task=_task(people, lead=people.rival_org), actor=people.lead, at=NOON)
    assert list(refusal.value.message_dict) == ["lead"]
    with pytest.raises(ValidationError) as refusal:
        add_task(consortium=consortium, task=_task(people, technology=elsewhere), actor=people.lead, at=NOON)
    assert list(refusal.value.message_dict) == ["technology"]


def test_a_shorter_period_must_still_hold_the_milestones(people: Personas) -> None:
    task = ready_consortium(people).tasks.get()
    task.end = task.start + timedelta(days=200)

    with pytest.raises(ValidationError) as refusal:
        update_task(task=task, actor=people.lead, at=NOON)

    assert refusal.value.message_dict == {"end": ["The milestone “节点2” would lie outside of the task's period."]}


@pytest.mark.parametrize("who", OTHERS)
def test_only_the_lead_plans_tasks(people: Personas, who: str) -> None:
    consortium = ready_consortium(people)
    task, actor = consortium.tasks.get(), getattr(people, who)
    milestone = task.milestones.first()

    with pytest.raises(PermissionDenied):
        add_task(consortium=consortium, task=_task(people), actor=actor, at=NOON)
    with pytest.raises(PermissionDenied):
        update_task(task=task, actor=actor, at=NOON)
    with pytest.raises(PermissionDenied):
        remove_task(task=task, actor=actor, at=NOON)
    with pytest.raises(PermissionDenied):
        add_milestone(task=task, milestone=_milestone(), actor=actor, at=NOON)
    with pytest.raises(PermissionDenied):
        update_milestone(milestone=milestone, actor=actor, at=NOON)
    with pytest.raises(PermissionDenied):
        remove_milestone(milestone=milestone, actor=actor, at=NOON)


def test_plans_stand_once_recognised(people: Personas) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)
    task = consortium.tasks.get()

    with pytest.raises(TransitionRefused):
        add_task(consortium=consortium, task=_task(people), actor=people.lead, at=NOON)
    with pytest.raises(TransitionRefused):
        remove_task(task=task, actor=people.lead, at=NOON)
    with pytest.raises(TransitionRefused):
        add_milestone(task=task, milestone=_milestone(), actor=people.lead, at=NOON)


# --- milestones --------------------------------------------------------------------------------
def test_add_update_remove_milestone(people: Personas) -> None:
    task = ready_consortium(people).tasks.get()
    made = add_milestone(task=task, milestone=_milestone(), actor=people.lead, at=NOON)
    made.weight = 5

    update_milestone(milestone=made, actor=people.lead, at=NOON)

    assert Milestone.objects.get(pk=made.pk).weight == 5
    remove_milestone(milestone=made, actor=people.lead, at=NOON)
    assert task.milestones.count() == 2


@pytest.mark.parametrize("due", [date(2025, 12, 31), date(2027, 12, 23)])
def test_a_milestone_lies_within_its_task(people: Personas, due: date) -> None:
    task = ready_consortium(people).tasks.get()  # 2026-01-01 to 2027-12-22

    with pytest.raises(ValidationError) as refusal:
        add_milestone(task=task, milestone=_milestone(due=due), actor=people.lead, at=NOON)

    assert refusal.value.message_dict == {"due": ["The date lies outside of the task's period."]}


def _planned(people: Personas, status: str = S.OPERATING) -> Milestone:
    consortium = make_consortium(people, status=status)
    make_participation(consortium, people.lead_org, people.lead)
    return make_task(consortium).milestones.get(status=MilestoneStatus.PLANNED)  # due 2026-12-27


def test_reach_records_how_far_and_when_once(people: Personas) -> None:
    milestone = _planned(people)

    reach_milestone(milestone=milestone, actual=Decimal("2.5"), reached_on=TODAY, actor=people.lead, at=NOON)

    stored = Milestone.objects.get(pk=milestone.pk)
    assert (stored.status, stored.actual, stored.reached_on) == (MilestoneStatus.REACHED, Decimal("2.5"), TODAY)
    with pytest.raises(TransitionRefused):
        reach_milestone(milestone=milestone, actual=Decimal(9), reached_on=TODAY, actor=people.lead, at=NOON)


def test_nothing_is_reached_before_its_task_begins(people: Personas) -> None:
    milestone = _planned(people)
    start = milestone.task.start

    with pytest.raises(ValidationError) as refusal:
        reach_milestone(
            milestone=milestone,
            actual=Decimal(1),
            reached_on=start - timedelta(days=1),
            actor=people.lead,
            at=NOON,
        )

    assert refusal.value.message_dict == {"reached_on": [f"The task begins on {start} only."]}


def test_nothing_is_reached_tomorrow(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        reach_milestone(
            milestone=_planned(people),
            actual=Decimal(2),
            reached_on=TODAY + timedelta(days=1),
            actor=people.lead,
            at=NOON,
        )

    assert refusal.value.message_dict == {"reached_on": ["This day is still to come."]}


def test_a_milestone_is_missed_after_its_day_and_may_be_reached_later(people: Personas) -> None:
    milestone = _planned(people)
    late = NOON + 60 * DAY

    with pytest.raises(TransitionRefused):
        miss_milestone(milestone=milestone, actor=people.lead, at=NOON, note="设备延期")
    miss_milestone(milestone=milestone, actor=people.lead, at=late, note="设备延期")
    assert Milestone.objects.get(pk=milestone.pk).status == MilestoneStatus.MISSED

    reach_milestone(milestone=milestone, actual=Decimal(2), reached_on=TODAY, actor=people.lead, at=late)
    assert Milestone.objects.get(pk=milestone.pk).status == MilestoneStatus.REACHED


def test_a_missed_milestone_has_a_reason(people: Personas) -> None:
    with pytest.raises(ValidationError):
        miss_milestone(milestone=_planned(people), actor=people.lead, at=NOON + 60 * DAY, note=" ")


@pytest.mark.parametrize("status", [S.PREPARING, S.EXITED, S.GRADUATED, S.REVOKED])
def test_milestones_are_judged_while_at_work_only(people: Personas, status: str) -> None:
    with pytest.raises(TransitionRefused):
        reach_milestone(
            milestone=_planned(people, status), actual=Decimal(2), reached_on=TODAY, actor=people.lead, at=NOON
        )


@pytest.mark.parametrize("who", OTHERS)
def test_only_the_lead_records_milestones(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        reach_milestone(
            milestone=_planned(people), actual=Decimal(2), reached_on=TODAY, actor=getattr(people, who), at=NOON
        )

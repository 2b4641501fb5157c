"""The one door through which a status moves, tried on milestones: the smallest workflow of ours."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from consortia.enums import Action, ConsortiumStatus, MilestoneStatus
from consortia.models import Milestone
from consortia.workflow import MILESTONE
from portal.kernel import audit
from portal.kernel.models import AuditEntry
from portal.kernel.workflow import TransitionRefused, Workflow, step
from tests.clock import NOON
from tests.factories.consortia import make_consortium, make_task
from tests.personas import Personas


@pytest.fixture
def milestone(people: Personas) -> Milestone:
    task = make_task(make_consortium(people, status=ConsortiumStatus.OPERATING), milestones=2)
    return task.milestones.get(status=MilestoneStatus.PLANNED)


def reach(milestone: Milestone, people: Personas) -> None:
    with MILESTONE.moving(milestone, Action.REACH, actor=people.lead, at=NOON, note="样机验收") as locked:
        locked.actual, locked.reached_on = Decimal(2), NOON.date()


def test_moving_sets_status_and_facts_and_records(milestone: Milestone, people: Personas) -> None:
    reach(milestone, people)

    assert (milestone.status, milestone.actual) == (MilestoneStatus.REACHED, Decimal(2))
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.note, entry.facts) == (
        "reach",
        people.lead,
        "样机验收",
        {"from": "PLANNED", "to": "REACHED"},
    )


def test_a_second_time_is_refused_with_a_sentence(milestone: Milestone, people: Personas) -> None:
    reach(milestone, people)

    with pytest.raises(TransitionRefused) as refusal:
        reach(milestone, people)

    assert len(refusal.value.reasons) == 1
    assert AuditEntry.objects.count() == 1


def test_who_may_not_is_denied_before_anything_else(milestone: Milestone, people: Personas) -> None:
    with (
        pytest.raises(PermissionDenied),
        MILESTONE.moving(milestone, Action.REACH, actor=people.rival, at=NOON) as locked,
    ):
        locked.actual = Decimal(9)

    milestone.refresh_from_db()
    assert (milestone.status, milestone.actual, AuditEntry.objects.count()) == (MilestoneStatus.PLANNED, None, 0)


def test_a_mistake_inside_leaves_nothing_behind(milestone: Milestone, people: Personas) -> None:
    with pytest.raises(ZeroDivisionError), MILESTONE.moving(milestone, Action.REACH, actor=people.lead, at=NOON):
        raise ZeroDivisionError

    milestone.refresh_from_db()
    assert (milestone.status, AuditEntry.objects.count()) == (MilestoneStatus.PLANNED, 0)


def test_if_the_audit_cannot_be_written_the_action_fails(
    milestone: Milestone, people: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "GENESIS", "0" * 65)  # too long for its column

    with pytest.raises(Exception, match="value too long"):
        reach(milestone, people)


def test_available_asks_state_permission_and_guards(milestone: Milestone, people: Personas) -> None:
    assert MILESTONE.offered(milestone, people.lead) == [Action.REACH, Action.MISS]
    assert MILESTONE.available(milestone, people.lead, NOON) == [Action.REACH]  # not due yet, so not missed
    assert MILESTONE.available(milestone, people.rival, NOON) == []


def test_a_guard_refuses_with_its_reason(milestone: Milestone, people: Personas) -> None:
    never = Workflow(
        step(Action.REACH, {MilestoneStatus.PLANNED}, MilestoneStatus.REACHED, "consortia.record_milestone",
             lambda _milestone, _at: "not today")
    )  # fmt: skip

    assert never.obstacles(milestone, Action.REACH, NOON) == ["not today"]
    assert never.offered(milestone, people.lead) == [Action.REACH]
    assert never.available(milestone, people.lead, NOON) == []


def test_an_action_stands_in_the_table_once() -> None:
    row = step(Action.REACH, {MilestoneStatus.PLANNED}, MilestoneStatus.REACHED, "consortia.record_milestone")

    with pytest.raises(ValueError, match="twice"):
        Workflow(row, row)

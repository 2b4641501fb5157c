"""Whatever anybody does in whatever order, an application stays within its table and leaves its traces.

Few and short sequences here; APPLICATION_SEQUENCES=500 tries as many as one likes.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from consortia.enums import Tier
from funding.enums import Action
from funding.enums import ApplicationStatus as S
from funding.models import Application
from funding.services import applications, checks, clearing, decisions, experts, notices, recommendations
from funding.workflow import APPLICATION
from portal.kernel.audit import sha256, trail
from portal.kernel.authz import may
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import ready_consortium
from tests.factories.funding import make_application, make_call
from tests.funding.steps import ALL, passed, sound
from tests.personas import ROLE_NAMES, Personas

pytestmark = pytest.mark.django_db

SEQUENCES = int(os.environ.get("APPLICATION_SEQUENCES", "12"))
# Written down once more, so that a slip in the table is found: from where each act leads where.
LEADS = {
    "submit": ({"DRAFT", "RETURNED"}, {"SUBMITTED", "RECOMMENDED"}),
    "take_back": ({"SUBMITTED", "RECOMMENDED"}, {"DRAFT"}),
    "withdraw": (
        {"DRAFT", "SUBMITTED", "RETURNED", "RECOMMENDED", "CREDIT_CHECKING", "SUSPENDED", "CHECKED"},
        {"WITHDRAWN"},
    ),
    "recommend": ({"SUBMITTED"}, {"RECOMMENDED"}),
    "decline_recommendation": ({"SUBMITTED"}, {"NOT_RECOMMENDED"}),
    "return_application": ({"SUBMITTED"}, {"RETURNED"}),
    "request_correction": ({"RECOMMENDED"}, {"RETURNED"}),
    "check": ({"RECOMMENDED"}, {"CHECKED", "CREDIT_CHECKING"}),
    "reject": ({"RECOMMENDED"}, {"REJECTED"}),
    "clear": ({"CREDIT_CHECKING"}, {"CHECKED"}),
    "suspend": ({"CREDIT_CHECKING"}, {"SUSPENDED"}),
    "resume": ({"SUSPENDED"}, {"CREDIT_CHECKING"}),
    "end_suspended": ({"SUSPENDED"}, {"NOT_APPROVED"}),
    "assign": ({"CHECKED"}, {"REVIEWING"}),
    "grade": ({"REVIEWING"}, {"GRADED"}),
    "send_back": ({"GRADED"}, {"REVIEWING"}),
    "decide": ({"GRADED"}, {"DECIDED"}),
    "decline": ({"GRADED"}, {"NOT_APPROVED"}),
    "publicise": ({"DECIDED"}, {"PUBLICISED"}),
    "continue_application": ({"OBJECTED"}, {"PUBLICISED"}),
    "amend_decision": ({"OBJECTED"}, {"DECIDED"}),
    "overturn": ({"OBJECTED"}, {"NOT_APPROVED"}),
    "approve": ({"PUBLICISED"}, {"APPROVED"}),
}
BEGUN = (S.DRAFT, S.RECOMMENDED, S.CREDIT_CHECKING, S.GRADED, S.PUBLICISED)
NEVER_SUBMITTED = {S.DRAFT}
REFUSALS = (TransitionRefused, PermissionDenied, ValidationError)
Act = Callable[[Application, Any, Any, Personas], Any]

ACTS: dict[str, Act] = {
    "submit": lambda a, who, at, _p: applications.submit_application(
        application=a, actor=who, at=at, declarations=ALL
    ),
    "take_back": lambda a, who, at, _p: applications.take_back_application(application=a, actor=who, at=at),
    "withdraw": lambda a, who, at, _p: applications.withdraw_application(application=a, actor=who, at=at, note="撤回"),
    "recommend": lambda a, who, at, _p: recommendations.recommend_application(
        application=a, actor=who, at=at, opinion="同意。"
    ),
    "decline_recommendation": lambda a, who, at, _p: recommendations.decline_recommendation(
        application=a, actor=who, at=at, note="不符合"
    ),
    "return_application": lambda a, who, at, _p: recommendations.return_application(
        application=a, actor=who, at=at, note="请补正"
    ),
    "request_correction": lambda a, who, at, _p: checks.request_correction(
        application=a, actor=who, at=at, items=passed(a), note="请补正"
    ),
    "check": lambda a, who, at, _p: checks.check_application(application=a, actor=who, at=at, items=passed(a)),
    "reject": lambda a, who, at, _p: checks.reject_application(
        application=a, actor=who, at=at, items=passed(a), note="不符合"
    ),
    "clear": lambda a, who, at, _p: clearing.clear_application(application=a, actor=who, at=at, items=sound(a)),
    "suspend": lambda a, who, at, _p: clearing.suspend_application(
        application=a, actor=who, at=at, items=[], note="待核实"
    ),
    "resume": lambda a, who, at, _p: clearing.resume_application(application=a, actor=who, at=at, note="已核实"),
    "end_suspended": lambda a, who, at, _p: clearing.end_suspended_application(
        application=a, actor=who, at=at, note="失信"
    ),
    "assign": lambda a, who, at, p: experts.assign_experts(
        application=a, actor=who, at=at, experts=p.experts, note="邀请"
    ),
    "grade": lambda a, who, at, _p: decisions.grade_application(
        application=a, actor=who, at=at, tier=Tier.A, amount=Decimal(1_500_000), rationale="样例"
    ),
    "send_back": lambda a, who, at, _p: decisions.send_back_application(application=a, actor=who, at=at, note="再议"),
    "decide": lambda a, who, at, _p: decisions.decide_application(
        application=a, actor=who, at=at, tier=Tier.A, amount=Decimal(1_500_000), meeting="样例会议"
    ),
    "decline": lambda a, who, at, _p: decisions.decline_application(
        application=a, actor=who, at=at, meeting="样例会议", note="不予支持"
    ),
    "publicise": lambda a, who, at, _p: notices.publicise_applications(
        call=a.call, applications=[a], title="样例公示", document_number=f"样例〔2026〕{a.pk}", actor=who, at=at,
        starts_on=(at + timedelta(hours=8)).date(),
    ),
    "continue_application": lambda a, who, at, _p: notices.continue_application(application=a, actor=who, at=at),
    "amend_decision": lambda a, who, at, _p: notices.amend_application(application=a, actor=who, at=at, note="调低"),
    "overturn": lambda a, who, at, _p: notices.overturn_application(application=a, actor=who, at=at, note="成立"),
    "approve": lambda a, who, at, _p: decisions.approve_application(
        application=a, actor=who, at=at, document_number="样例〔2026〕9号"
    ),
}  # fmt: skip
WHO = {
    "submit": "signatory", "take_back": "signatory", "withdraw": "lead", "recommend": "district_officer",
    "decline_recommendation": "district_officer", "return_application": "district_officer",
    "request_correction": "acceptance", "check": "acceptance", "reject": "acceptance", "clear": "supervisor",
    "suspend": "supervisor", "resume": "supervisor", "end_suspended": "supervisor", "assign": "acceptance",
    "grade": "officer", "send_back": "leader", "decide": "leader", "decline": "leader", "publicise": "officer",
    "continue_application": "supervisor", "amend_decision": "supervisor", "overturn": "supervisor", "approve": "leader",
}  # fmt: skip


@pytest.fixture
def begun(people: Personas) -> dict[str, Application]:
    """An application in each of the states that a sequence may begin in."""
    call = make_call(people, credit_step=True)
    return {
        status: make_application(people, status, call=call, consortium=ready_consortium(people)) for status in BEGUN
    }


CODES = {"return_application": Action.RETURN, "continue_application": Action.CONTINUE}


class Life(RuleBasedStateMachine):
    """One sequence; it is undone afterwards. `people` and `begun` are set by the test."""

    people: Personas
    begun: dict[str, Application]

    def __init__(self) -> None:
        super().__init__()
        self.at, self.submitted, self.status = NOON, 0, ""
        self.point = transaction.savepoint()
        self.application: Application = self.begun[S.DRAFT]
        self.application.refresh_from_db()
        self.status = self.application.status

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    @rule(status=st.sampled_from(BEGUN))
    def turn_to(self, status: str) -> None:
        """Go on with another application."""
        self.application = self.begun[status]
        self.application.refresh_from_db()
        self.status, self.submitted = self.application.status, len(submissions(self.application))

    @rule(days=st.integers(1, 12))
    def wait(self, days: int) -> None:
        self.at += days * DAY

    @rule(act=st.sampled_from(sorted(ACTS)), name=st.sampled_from(ROLE_NAMES))
    def anybody(self, act: str, name: str) -> None:
        self.attempt(act, getattr(self.people, name))

    @rule(data=st.data())
    def whose_turn_it_is(self, data: st.DataObject) -> None:
        possible = sorted(act for act, (sources, _to) in LEADS.items() if self.status in sources)
        if possible:
            act = data.draw(st.sampled_from(possible))
            self.attempt(act, getattr(self.people, WHO[act]))

    def attempt(self, act: str, actor: Any) -> None:
        before, entries = self.status, trail(self.application).count()
        allowed = may(actor, APPLICATION.transitions[Action(CODES.get(act, act))].permission, self.application)
        try:
            with transaction.atomic():
                ACTS[act](self.application, actor, self.at, self.people)
        except REFUSALS:
            self.application.refresh_from_db()
            assert (self.application.status, trail(self.application).count()) == (before, entries)
            return
        self.application.refresh_from_db()
        self.status = self.application.status
        sources, targets = LEADS[act]
        assert allowed
        assert (before in sources, self.status in targets) == (True, True)
        self.submitted += act == "submit"

    @invariant()
    def what_was_submitted_is_frozen_hashed_and_on_record(self) -> None:
        row = Application.objects.get(pk=self.application.pk)
        assert row.status == self.status
        if row.submitted_at is None:
            assert row.status in {*NEVER_SUBMITTED, S.WITHDRAWN}
            return
        assert row.snapshot
        assert row.snapshot_hash == sha256(row.snapshot)
        made = submissions(row)
        assert len(made) == self.submitted
        if made:
            assert made[0].facts["sha256"] == row.snapshot_hash

    @invariant()
    def the_last_step_on_record_is_the_present_state(self) -> None:
        last = next((entry for entry in trail(self.application) if "to" in entry.facts), None)
        assert last is None or last.facts["to"] == self.status


def submissions(application: Application) -> list[Any]:
    """What the trail knows of submissions, newest first."""
    return list(trail(application).filter(action=Action.SUBMIT))


def test_no_sequence_leaves_the_table_or_the_record(people: Personas, begun: dict[str, Application]) -> None:
    life = type("OneLife", (Life,), {"people": people, "begun": begun})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        life,
        settings=settings(
            max_examples=SEQUENCES, stateful_step_count=14, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_every_act_of_the_table_is_tried() -> None:
    tried = {CODES.get(act, act) for act in ACTS}
    # An expert more, a draw, a naming, an expert who steps back, with and without the desk, an objection from outside.
    elsewhere = {
        Action.ADD_EXPERT, Action.DRAW_EXPERTS, Action.AGREE_EXPERTS, Action.CALL_SUBSTITUTE, Action.FILL_SEAT,
        Action.OBJECT,
    }  # fmt: skip

    assert {Action(code) for code in tried} == set(APPLICATION.transitions) - elsewhere
    assert set(ACTS) == set(LEADS) == set(WHO)

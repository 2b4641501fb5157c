"""An expert without a tie is asked, declares, reads and scores; or steps back."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from members.enums import ExpertStatus, Role
from members.models import Expert
from portal.kernel.models import AuditEntry, Notification
from portal.kernel.workflow import TransitionRefused
from reports.enums import EvaluationStatus
from reports.models import Evaluation
from reports.selectors.experts import candidates
from reports.services.scoring import assign_expert, declare_no_conflict, recuse_expert, score_evaluation
from tests.clock import NOON
from tests.factories.members import give, make_expert
from tests.factories.reports import expert_scores, make_evaluation
from tests.personas import Personas

S = EvaluationStatus


def verified(people: Personas, **facts: Any) -> Evaluation:
    """Verified, nobody asked yet unless told otherwise."""
    return make_evaluation(people, S.VERIFIED, **{"expert": None, "declared_at": None, **facts})


def asked(people: Personas, **facts: Any) -> Evaluation:
    return verified(people, expert=people.experts[0], **facts)


def score(evaluation: Evaluation, actor: Any, scores: Any = None) -> Evaluation:
    return score_evaluation(
        evaluation=evaluation, actor=actor, scores=scores or expert_scores(), opinion="进展明显。", at=NOON
    )


# --- asking ------------------------------------------------------------------------------------
def test_the_officer_asks_an_expert(people: Personas) -> None:
    evaluation = verified(people)

    assign_expert(evaluation=evaluation, actor=people.officer, expert=people.experts[0], at=NOON)

    assert (evaluation.expert, evaluation.status) == (people.experts[0], S.VERIFIED)
    assert [notice.recipient for notice in Notification.objects.all()] == [people.experts[0].user]
    assert AuditEntry.objects.get().facts["expert"] == str(people.experts[0].pk)


def test_another_expert_has_to_declare_anew(people: Personas) -> None:
    evaluation = asked(people, declared_at=NOON)

    assign_expert(evaluation=evaluation, actor=people.officer, expert=people.experts[1], at=NOON)

    assert (evaluation.expert, evaluation.declared_at) == (people.experts[1], None)


def test_an_expert_employed_by_a_member_is_refused(people: Personas) -> None:
    evaluation = verified(people)

    with pytest.raises(TransitionRefused):
        assign_expert(evaluation=evaluation, actor=people.officer, expert=people.conflicted_expert, at=NOON)


def test_only_free_experts_of_the_pool_are_offered(people: Personas) -> None:
    evaluation = verified(people)
    make_expert("retired", "专家丙01", status=ExpertStatus.REMOVED, ground="样例")
    member = make_expert("member", "专家丙02")
    give(member.user, Role.CONFIRMER, people.supplier)
    people.conflicted_expert  # noqa: B018

    assert set(candidates(evaluation, NOON)) == set(people.experts)


def test_who_worked_for_a_member_lately_is_not_asked(people: Personas) -> None:
    evaluation = verified(people)
    for handle, until in (("lately", date(2024, 6, 30)), ("longago", date(2022, 6, 30))):
        expert = make_expert(handle, f"专家戊{handle}")
        expert.employments.create(organisation=people.supplier, since=date(2015, 1, 1), until=until)

    found = candidates(evaluation, NOON).exclude(pk__in=[one.pk for one in people.experts])
    assert [one.user.name for one in found] == ["专家戊longago"]


@pytest.mark.parametrize("name", ["acceptance", "head", "leader", "supervisor", "district_officer", "lead", "expert"])
def test_only_the_officer_asks(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        assign_expert(evaluation=verified(people), actor=getattr(people, name), expert=people.experts[0], at=NOON)


# --- declaring ---------------------------------------------------------------------------------
def test_the_expert_declares_once(people: Personas) -> None:
    evaluation = asked(people)

    declare_no_conflict(evaluation=evaluation, actor=people.expert, at=NOON)

    assert evaluation.declared_at == NOON
    with pytest.raises(TransitionRefused):
        declare_no_conflict(evaluation=evaluation, actor=people.expert, at=NOON)


def test_an_expert_who_was_not_asked_declares_nothing(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        declare_no_conflict(evaluation=asked(people), actor=people.experts[1].user, at=NOON)


def test_whoever_steps_back_is_not_asked_again(people: Personas) -> None:
    evaluation = asked(people)

    recuse_expert(evaluation=evaluation, actor=people.expert, note="曾任顾问", at=NOON)

    assert (evaluation.expert, evaluation.status) == (None, S.VERIFIED)
    assert set(candidates(evaluation, NOON)) == set(Expert.objects.exclude(pk=people.experts[0].pk))
    assert Evaluation.objects.visible_to(people.expert).count() == 0


# --- scoring -----------------------------------------------------------------------------------
def test_the_expert_scores(people: Personas) -> None:
    evaluation = asked(people, declared_at=NOON)

    score(evaluation, people.expert)

    assert (evaluation.status, evaluation.scores["expert"], evaluation.expert_opinion) == (
        S.SCORED,
        expert_scores(),
        "进展明显。",
    )


def test_no_score_before_the_declaration(people: Personas) -> None:
    with pytest.raises(TransitionRefused) as refusal:
        score(asked(people), people.expert)

    assert [str(reason) for reason in refusal.value.reasons] == ["The declaration of no conflict is missing."]


@pytest.mark.parametrize("codes", [("G1.2",), ("G1.2", "G1.3", "G2.1")])
def test_exactly_the_experts_indicators_are_scored(people: Personas, codes: tuple[str, ...]) -> None:
    scores = {code: {"score": "3", "comment": "好"} for code in codes}

    with pytest.raises(TransitionRefused):
        score(asked(people, declared_at=NOON), people.expert, scores)


def test_scores_are_handed_in_once(people: Personas) -> None:
    evaluation = asked(people, declared_at=NOON)
    score(evaluation, people.expert)

    with pytest.raises(TransitionRefused):
        score(evaluation, people.expert)


@pytest.mark.parametrize("name", ["officer", "head", "district_officer", "lead"])
def test_only_the_expert_scores(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        score(asked(people, declared_at=NOON), getattr(people, name))

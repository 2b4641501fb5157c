"""The expert's part: assigned, declared free of conflict or recused, scored."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from members.enums import Role
from members.models import Expert
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action
from reports.figures import Indicator, indicators
from reports.models import Evaluation
from reports.selectors.experts import candidates, recused_experts
from reports.services.notices import TO_ASSIGN, TO_GRADE, TO_SCORE, tell, tell_roles
from reports.workflow import EVALUATION

Scores = Mapping[str, Mapping[str, str]]


def assign_expert(*, evaluation: Evaluation, actor: Any, expert: Expert, at: datetime) -> Evaluation:
    """Ask an expert without a tie to the consortium; another one may follow until scores are handed in."""
    facts = {"expert": str(expert.pk)}
    with EVALUATION.moving(evaluation, Action.ASSIGN, actor=actor, at=at, facts=facts) as locked:
        if not candidates(locked, at).filter(pk=expert.pk).exists():
            raise TransitionRefused(_("This expert has a tie to the consortium or has left the pool."))
        locked.expert, locked.asked_at, locked.declared_at = expert, at, None
        tell(evaluation=locked, kind=TO_SCORE, recipients=[expert.user], at=at)
    return locked


def declare_no_conflict(*, evaluation: Evaluation, actor: Any, at: datetime) -> Evaluation:
    """The expert declares to have no conflict of interest; only then the self-report opens."""
    with EVALUATION.moving(evaluation, Action.DECLARE, actor=actor, at=at) as locked:
        locked.declared_at = at
    return locked


def recuse_expert(*, evaluation: Evaluation, actor: Any, note: str, at: datetime) -> Evaluation:
    """The expert declares a conflict and will not be asked again for this evaluation."""
    facts = {"expert": str(evaluation.expert_id)}
    with EVALUATION.moving(evaluation, Action.RECUSE, actor=actor, at=at, note=note, facts=facts) as locked:
        locked.scores = {"recused": [*recused_experts(locked), str(locked.expert_id)]}
        locked.expert = locked.declared_at = None
        tell_roles(Role.OFFICER, evaluation=locked, kind=TO_ASSIGN, at=at)
    return locked


def score_evaluation(*, evaluation: Evaluation, actor: Any, scores: Scores, opinion: str, at: datetime) -> Evaluation:
    """Hand in a score and a comment for every indicator that experts decide, and an opinion on the year.

    `scores` is {indicator code: {"score", "comment"}} with figures as strings of at most one decimal.
    """
    with EVALUATION.moving(evaluation, Action.SCORE, actor=actor, at=at) as locked:
        asked = _expert_indicators(locked)
        if {one.code for one in asked} != set(scores):
            raise TransitionRefused(_("Every indicator of the experts needs a score."))
        locked.scores = {**locked.scores, "expert": {code: dict(entry) for code, entry in scores.items()}}
        locked.expert_opinion, locked.scored_at = opinion, at
        tell_roles(Role.OFFICER, evaluation=locked, kind=TO_GRADE, at=at)
    return locked


def _expert_indicators(evaluation: Evaluation) -> list[Indicator]:
    """What the expert decides under the rules of the year."""
    return [one for one in indicators(evaluation.cycle.rules.data) if one.method == "expert"]

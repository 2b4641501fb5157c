"""What a final grade proposes for the rooms below, and what happens when a person accepts it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consortia.models import Consortium
from consortia.services.consortia import rectify_consortium
from funding.enums import TrancheCondition, TrancheStatus
from funding.models import Tranche
from funding.services.tranches import cancel_tranche, hold_tranche, meet_condition, reduce_tranche
from members.enums import Role
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action, ConsequenceKind, EvaluationStatus
from reports.figures import following
from reports.models import Consequence, Evaluation
from reports.selectors.scores import failed_the_year_before, sheet_from
from reports.services.notices import MAY_RISE, REVOKE, TO_DECIDE, tell_lead, tell_roles
from reports.workflow import CONSEQUENCE

K, T = ConsequenceKind, TrancheStatus
OPEN = [T.PLANNED, T.REQUESTED, T.VERIFIED, T.REVIEWED, T.RETURNED]
GIVEN_UP = [*OPEN, T.ON_HOLD]


# --- proposing ---------------------------------------------------------------------------------
def propose_consequences(*, evaluation: Evaluation, outcome: str, at: datetime) -> list[str]:
    """Write down what the rules of the year let follow, in the caller's transaction; for the audit trail."""
    sheet = sheet_from(evaluation.sheet) if evaluation.sheet else None
    again = failed_the_year_before(evaluation)
    basis = {"outcome": outcome, "total": str(evaluation.total or ""), "again": again}
    wanted = [
        (kind, percent, tranche)
        for kind, percent in following(evaluation.cycle.rules.data, outcome, sheet, again=again)
        for tranche in _about(evaluation, kind)
    ]
    rows = [
        Consequence(
            evaluation=evaluation, ordinal=ordinal, kind=kind, tranche=tranche, percent=percent, basis=basis,
            created_at=at,
        )
        for ordinal, (kind, percent, tranche) in enumerate(wanted, 1)
    ]  # fmt: skip
    Consequence.objects.bulk_create(rows)
    if rows:
        tell_roles(Role.HEAD, Role.LEADER, evaluation=evaluation, kind=TO_DECIDE, at=at)
    return [f"{row.kind}:{row.tranche.sequence}" if row.tranche else row.kind for row in rows]


def _about(evaluation: Evaluation, kind: str) -> Sequence[Tranche | None]:
    """The tranches that a consequence of this kind is about; one without a tranche stands for none."""
    rows = Tranche.objects.filter(award__consortium=evaluation.consortium_id).order_by("award", "sequence")
    if kind in {K.NEXT, K.REDUCE}:
        waiting = rows.filter(condition=TrancheCondition.EVALUATION, condition_met_on=None, status=T.PLANNED)
        return list({tranche.award_id: tranche for tranche in reversed(waiting)}.values())
    if kind in {K.HOLD, K.CANCEL}:
        return list(rows.filter(status__in=OPEN if kind == K.HOLD else GIVEN_UP))
    return [None]


def lock_affected(*, evaluation: Evaluation) -> None:
    """Lock every row that a grade may touch, before the first audit entry: two such acts never deadlock."""
    tranches = Tranche.objects.filter(award__consortium=evaluation.consortium_id, status__in=GIVEN_UP)
    list(tranches.order_by("pk").select_for_update(of=("self",)))
    Consortium.objects.select_for_update(of=("self",)).get(pk=evaluation.consortium_id)


# --- deciding ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Decision:
    """What a person decides about one consequence, and why."""

    consequence: Consequence
    accepted: bool
    reason: str = ""


def decide_consequences(*, evaluation: Evaluation, decisions: Sequence[Decision], actor: Any, at: datetime) -> None:
    """Accept or decline, all or nothing; what was decided meanwhile is refused."""
    with transaction.atomic():
        lock_affected(evaluation=evaluation)
        for one in sorted(decisions, key=lambda decision: decision.consequence.ordinal):
            _decide(one, actor, at)


def _decide(decision: Decision, actor: Any, at: datetime) -> None:
    action = Action.ACCEPT_CONSEQUENCE if decision.accepted else Action.DECLINE_CONSEQUENCE
    reason = decision.reason.strip()
    if not decision.accepted and not reason:
        raise TransitionRefused(_("Say why it is declined."))
    with CONSEQUENCE.moving(decision.consequence, action, actor=actor, at=at, note=reason) as locked:
        locked.decided_by, locked.decided_at, locked.reason = actor, at, reason
        if decision.accepted:
            EFFECTS[ConsequenceKind(locked.kind)](locked, actor, at)


def _reason_of(evaluation: Evaluation) -> str:
    """Why money is stopped or the consortium has to act, in a sentence."""
    year = {"year": evaluation.cycle.year}
    if evaluation.status == EvaluationStatus.ABSENT:
        return _("Absent from the annual evaluation %(year)s.") % year
    return _("Unqualified in the annual evaluation %(year)s.") % year


def _tranche_of(consequence: Consequence) -> Tranche:
    """The tranche that it is about, which the database demands."""
    tranche = consequence.tranche
    assert tranche is not None  # noqa: S101
    return tranche


def _open_next(consequence: Consequence, actor: Any, at: datetime) -> None:
    meet_condition(tranche=_tranche_of(consequence), actor=actor, met_on=timezone.localdate(at), at=at)


def _open_reduced(consequence: Consequence, actor: Any, at: datetime) -> None:
    tranche, percent = _tranche_of(consequence), consequence.percent or Decimal(0)
    why = _("Use of funds in the annual evaluation %(year)s.") % {"year": consequence.evaluation.cycle.year}
    reduce_tranche(tranche=tranche, percent=percent, actor=actor, reason=why, at=at)
    meet_condition(tranche=tranche, actor=actor, met_on=timezone.localdate(at), at=at)


def _hold(consequence: Consequence, actor: Any, at: datetime) -> None:
    why = _reason_of(consequence.evaluation)
    hold_tranche(tranche=_tranche_of(consequence), actor=actor, reason=why, at=at)


def _cancel(consequence: Consequence, actor: Any, at: datetime) -> None:
    tranche, why = _tranche_of(consequence), _reason_of(consequence.evaluation)
    if tranche.status not in {T.PLANNED, T.ON_HOLD}:
        hold_tranche(tranche=tranche, actor=actor, reason=why, at=at)
    cancel_tranche(tranche=tranche, actor=actor, reason=why, at=at)


def _rectify(consequence: Consequence, actor: Any, at: datetime) -> None:
    evaluation = consequence.evaluation
    rectify_consortium(consortium=evaluation.consortium, actor=actor, at=at, note=_reason_of(evaluation))


def _ask_for_exit(consequence: Consequence, _actor: Any, at: datetime) -> None:
    """Who decides an exit case does not open it: the officers are told to."""
    tell_roles(Role.OFFICER, evaluation=consequence.evaluation, kind=REVOKE, at=at)


def _invite(consequence: Consequence, _actor: Any, at: datetime) -> None:
    tell_lead(evaluation=consequence.evaluation, kind=MAY_RISE, at=at)


EFFECTS: dict[ConsequenceKind, Callable[[Consequence, Any, datetime], None]] = {
    K.NEXT: _open_next,
    K.REDUCE: _open_reduced,
    K.HOLD: _hold,
    K.CANCEL: _cancel,
    K.RECTIFY: _rectify,
    K.EXIT: _ask_for_exit,
    K.UPGRADE: _invite,
}

"""What a final grade sets in motion in the rooms below."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from consortia.enums import Action
from consortia.models import Consortium
from consortia.services.consortia import rectify_consortium
from consortia.workflow import CONSORTIUM
from funding.enums import TrancheCondition, TrancheStatus
from funding.models import Tranche
from funding.services.tranches import hold_tranche, meet_condition
from members.enums import Role
from reports.enums import Grade
from reports.models import Evaluation
from reports.selectors.scores import failed_the_year_before
from reports.services.notices import REVOKE, tell_roles

OPEN = [
    TrancheStatus.PLANNED,
    TrancheStatus.REQUESTED,
    TrancheStatus.VERIFIED,
    TrancheStatus.REVIEWED,
    TrancheStatus.RETURNED,
]


def apply_consequences(*, evaluation: Evaluation, actor: Any, at: datetime) -> list[str]:
    """Do what the grade demands, in the caller's transaction; what was done, for the audit trail."""
    if evaluation.grade == Grade.UNQUALIFIED:
        reason = _("Unqualified in the annual evaluation %(year)s.") % {"year": evaluation.cycle.year}
        return [
            *_rectify(evaluation, actor, reason, at),
            *hold_tranches(evaluation=evaluation, actor=actor, reason=reason, at=at),
        ]
    return _meet_next_condition(evaluation, actor, at)


def lock_affected(*, evaluation: Evaluation) -> None:
    """Lock every row that a grade may touch, before the first audit entry: two such acts never deadlock."""
    tranches = Tranche.objects.filter(award__consortium=evaluation.consortium_id, status__in=OPEN)
    list(tranches.order_by("pk").select_for_update(of=("self",)))
    Consortium.objects.select_for_update(of=("self",)).get(pk=evaluation.consortium_id)


def _meet_next_condition(evaluation: Evaluation, actor: Any, at: datetime) -> list[str]:
    """The next tranche of each award that waits for an evaluation may be requested now."""
    waiting = Tranche.objects.filter(
        award__consortium=evaluation.consortium_id,
        condition=TrancheCondition.EVALUATION,
        condition_met_on=None,
        status=TrancheStatus.PLANNED,
    ).order_by("award", "sequence")
    done = []
    for tranche in {tranche.award_id: tranche for tranche in reversed(waiting)}.values():
        meet_condition(tranche=tranche, actor=actor, met_on=timezone.localdate(at), at=at)
        done.append(f"condition_met:{tranche.sequence}")
    return done


def _rectify(evaluation: Evaluation, actor: Any, reason: str, at: datetime) -> list[str]:
    """The first time it rectifies; who failed the year before, is rectifying or leaving faces revocation."""
    again = failed_the_year_before(evaluation)
    if not again and not CONSORTIUM.obstacles(evaluation.consortium, Action.RECTIFY, at):
        rectify_consortium(consortium=evaluation.consortium, actor=actor, at=at, note=reason)
        return ["rectify"]
    tell_roles(Role.HEAD, Role.LEADER, evaluation=evaluation, kind=REVOKE, at=at)
    return ["revocation_due"]


def hold_tranches(*, evaluation: Evaluation, actor: Any, reason: str, at: datetime) -> list[str]:
    """Stop what is not approved yet or came back from the bank; the sequences held."""
    tranches = Tranche.objects.filter(award__consortium=evaluation.consortium_id, status__in=OPEN)
    held = []
    for tranche in tranches.order_by("award", "sequence"):
        hold_tranche(tranche=tranche, actor=actor, reason=reason, at=at)
        held.append(f"held:{tranche.sequence}")
    return held

"""By when an evaluation is to be filed, verified or scored, and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from members.enums import Role
from members.models import User
from members.selectors import holders
from reports.enums import CycleStatus, Term
from reports.enums import EvaluationStatus as S
from reports.figures import is_near, score_by, verify_by
from reports.models import Evaluation

BOUND = (S.FILLING, S.SUBMITTED, S.VERIFIED)
HEAVY = ("snapshot", "values", "sheet", "scores")


@dataclass(frozen=True)
class Due:
    """A term that runs, and its last day."""

    term: Term
    on: date

    def is_late(self, today: date) -> bool:
        """Whether the day is over."""
        return today > self.on


def due_of(evaluation: Evaluation) -> Due | None:
    """What the evaluation waits for by a day, if it does."""
    rules = evaluation.cycle.rules.data
    if evaluation.status == S.FILLING:
        return Due(Term.FILE, evaluation.cycle.due_on)
    if evaluation.status == S.SUBMITTED and evaluation.submitted_at:
        return Due(Term.VERIFY, verify_by(rules, timezone.localdate(evaluation.submitted_at)))
    asked = evaluation.asked_at or evaluation.verified_at
    if evaluation.status == S.VERIFIED and evaluation.expert and asked:
        return Due(Term.SCORE, score_by(rules, timezone.localdate(asked)))
    return None


def near(at: datetime) -> Iterable[tuple[Evaluation, Due]]:
    """Evaluations of open years with a term that ends soon or has ended, one after the other."""
    today = timezone.localdate(at)
    rows = Evaluation.objects.filter(status__in=BOUND, cycle__status=CycleStatus.OPEN, cycle__opens_on__lte=today)
    related = rows.select_related("cycle__rules", "consortium__lead", "expert__user").defer(*HEAVY)
    for evaluation in related.order_by("pk").iterator():
        due = due_of(evaluation)
        if due and is_near(evaluation.cycle.rules.data, due.on, today):
            yield evaluation, due


def bound_by(evaluation: Evaluation, due: Due) -> list[User]:
    """Whose turn it is."""
    if due.term == Term.FILE:
        return list(holders(Role.APPLICANT, Role.SIGNATORY, organisation=evaluation.consortium.lead_id))
    if due.term == Term.VERIFY:
        return list(holders(Role.DISTRICT_OFFICER, district=evaluation.consortium.district_id))
    return [evaluation.expert.user] if evaluation.expert else []

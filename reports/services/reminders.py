"""Reminders of the terms of the annual evaluation."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from members.enums import Role
from members.selectors import holders
from reports.enums import Term
from reports.models import Evaluation, EvaluationReminder
from reports.selectors.terms import Due, bound_by, near
from reports.services.notices import FILE_DUE, SCORE_DUE, VERIFY_DUE, tell

KINDS = {Term.FILE: FILE_DUE, Term.VERIFY: VERIFY_DUE, Term.SCORE: SCORE_DUE}


def remind_of_terms(*, at: datetime) -> int:
    """Remind whose turn it is before a term ends, and with the officers when it has ended; of how many terms."""
    return sum(_remind(evaluation, due, at) for evaluation, due in near(at))


@transaction.atomic
def _remind(evaluation: Evaluation, due: Due, at: datetime) -> bool:
    late = due.is_late(timezone.localdate(at))
    facts = {"term": due.term, "due": due.on, "is_late": late}
    _row, is_new = EvaluationReminder.objects.get_or_create(
        evaluation=evaluation, **facts, defaults={"created_at": at}
    )  # fmt: skip
    if is_new:
        people = [*bound_by(evaluation, due), *(holders(Role.OFFICER) if late else ())]
        tell(evaluation=evaluation, kind=KINDS[due.term], recipients=people, at=at, due=due.on.isoformat())
    return is_new

"""Appeals against grades, and the grades that no appeal can come against any more."""

from datetime import datetime
from hmac import compare_digest
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from funding.rules.publicity import sealed_code
from reports.enums import AppealKind, EvaluationStatus
from reports.models import Appeal, Evaluation, EvaluationCycle


def appealed(evaluation: Evaluation) -> bool:
    """Whether the lead has appealed against the grade as it was told last."""
    since = evaluation.confirmed_at
    return bool(since and evaluation.appeals.filter(kind=AppealKind.APPEAL, created_at__gte=since).exists())


def time_to_appeal_is_over(evaluation: Evaluation, at: datetime) -> bool:
    """The last day has passed, the lead has accepted its grade, or its one appeal is decided."""
    until = evaluation.appeal_until
    over = bool(evaluation.accepted_at) or (until is not None and timezone.localdate(at) > until)
    return over or appealed(evaluation)


def to_publicise(rows: QuerySet[Evaluation], at: datetime) -> QuerySet[Evaluation]:
    """Grades that were told and that no appeal can come against any more."""
    decided = Appeal.objects.filter(
        evaluation=OuterRef("pk"), kind=AppealKind.APPEAL, created_at__gte=OuterRef("confirmed_at")
    )
    over = Q(accepted_at__isnull=False) | Q(appeal_until__lt=timezone.localdate(at)) | Exists(decided)
    return rows.filter(over, status=EvaluationStatus.FEEDBACK)


def to_finalise(rows: QuerySet[Evaluation], at: datetime) -> QuerySet[Evaluation]:
    """Grades on lists that are over, without an open objection."""
    contested = Appeal.objects.open().filter(evaluation=OuterRef("pk"))
    over = Q(grade_list__ends_on__lt=timezone.localdate(at))
    return rows.filter(over, ~Exists(contested), status=EvaluationStatus.PUBLICISED)


def to_answer(rows: QuerySet[Evaluation], at: datetime) -> QuerySet[Evaluation]:
    """Grades that the lead may still accept or appeal against."""
    before = Appeal.objects.filter(
        evaluation=OuterRef("pk"), kind=AppealKind.APPEAL, created_at__gte=OuterRef("confirmed_at")
    )
    runs = Q(appeal_until__gte=timezone.localdate(at), accepted_at=None)
    return rows.filter(runs, ~Exists(before), status=EvaluationStatus.FEEDBACK)


def to_decide(user: Any) -> QuerySet[Appeal]:
    """Open appeals and objections about grades that the user neither gave nor confirmed."""
    return Appeal.objects.visible_to(user).open().exclude(graded_by=user).exclude(confirmed_by=user)


def waiting_for_a_list(cycle: EvaluationCycle, user: Any, at: datetime) -> QuerySet[Evaluation]:
    """What a list of this year could hold now, by code."""
    rows = to_publicise(Evaluation.objects.visible_to(user).filter(cycle=cycle), at)
    return rows.select_related("consortium__lead", "consortium__district").order_by("consortium__code")


def contested_since(evaluation: Evaluation) -> QuerySet[Appeal]:
    """Everything that contested its grades, oldest first."""
    return evaluation.appeals.order_by(F("created_at"))


def followed(*, number: str, code: str) -> Appeal | None:
    """The objection to a grade of this number, for whoever has its code."""
    found = Appeal.objects.filter(number=number.strip().upper()).exclude(code_hash="").first()
    return found if found and compare_digest(found.code_hash, sealed_code(found.number, code)) else None

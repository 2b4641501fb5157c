"""Which annual evaluations wait for whom: one query set a duty."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from consortia.models import Consortium, ExitCase
from reports.enums import ConsequenceKind, ConsequenceStatus
from reports.enums import EvaluationStatus as E
from reports.models import Appeal, Consequence, Evaluation, EvaluationCycle, GradeList
from reports.selectors.appeals import to_answer, to_decide, to_finalise, to_publicise
from reports.selectors.duties import Rows, without


def evaluations(status: E, *untouched: str) -> Rows:
    """Evaluations that the user may see; without those where the user acted in `untouched`."""
    return lambda user, _at: without(Evaluation.objects.visible_to(user).filter(status=status), user, *untouched)


def unassigned(user: Any, at: datetime) -> QuerySet[Evaluation]:
    """Verified evaluations without an expert."""
    return evaluations(E.VERIFIED)(user, at).filter(expert=None)


def grades_to_answer(user: Any, at: datetime) -> QuerySet[Evaluation]:
    """Grades that the user's consortia may accept or appeal against."""
    return to_answer(own_evaluations(E.FEEDBACK)(user, at), at)


def appeals_to_decide(user: Any, _at: datetime) -> QuerySet[Appeal]:
    """Appeals and objections about grades that the user neither gave nor confirmed."""
    return to_decide(user)


def years_to_publicise(user: Any, at: datetime) -> QuerySet[EvaluationCycle]:
    """Years with grades that no appeal can come against any more."""
    ready = to_publicise(Evaluation.objects.visible_to(user).filter(cycle=OuterRef("pk")), at)
    return EvaluationCycle.objects.filter(Exists(ready))


def lists_to_finalise(user: Any, at: datetime) -> QuerySet[GradeList]:
    """Lists that are over, with grades that others gave and that nobody contests."""
    ready = to_finalise(Evaluation.objects.visible_to(user).filter(grade_list=OuterRef("pk")), at)
    return GradeList.objects.filter(Exists(without(ready, user, "graded_by")))


def own_evaluations(*statuses: str) -> Rows:
    """Evaluations of the consortia that the user leads."""
    return lambda user, _at: Evaluation.objects.filter(
        consortium__in=Consortium.objects.led_by(user), status__in=statuses
    )


def given_evaluations(user: Any, _at: datetime) -> QuerySet[Evaluation]:
    """Evaluations that the user was asked to score."""
    return Evaluation.objects.for_expert(user).filter(status=E.VERIFIED)


def consequences_to_decide(user: Any, _at: datetime) -> QuerySet[Evaluation]:
    """Years that others graded, of which a consequence waits for a decision."""
    waiting = Consequence.objects.undecided().filter(evaluation=OuterRef("pk"))
    return without(Evaluation.objects.visible_to(user).filter(Exists(waiting)), user, "graded_by")


def exits_to_open(user: Any, _at: datetime) -> QuerySet[Evaluation]:
    """Years after which somebody decided on an exit case that nobody has opened since."""
    opened = ExitCase.objects.filter(
        consortium=OuterRef("evaluation__consortium"), created_at__gte=OuterRef("decided_at")
    )  # fmt: skip
    wanted = Consequence.objects.filter(~Exists(opened), kind=ConsequenceKind.EXIT, status=ConsequenceStatus.ACCEPTED)
    rows = Evaluation.objects.visible_to(user).filter(Exists(wanted.filter(evaluation=OuterRef("pk"))))
    return rows.filter(consortium__leaving_since=None)

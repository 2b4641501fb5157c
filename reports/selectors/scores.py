"""The score sheet of an evaluation, computed from what was filed and what the expert handed in."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Q

from consortia.enums import ConsortiumStatus
from reports.enums import EvaluationStatus, Grade
from reports.figures import ZERO, Line, Sheet, correction_points, grade_of, number, quota_of, score_sheet
from reports.models import Evaluation
from reports.models.evaluation import WITH_GRADE
from reports.selectors.selfreport import figures_of, readings_of


def sheet_of(evaluation: Evaluation) -> Sheet:
    """Bonus and deduction are those that stand on the row."""
    return score_sheet(
        evaluation.cycle.rules.data,
        readings_of(figures_of(evaluation)),
        expert_scores(evaluation.scores),
        bonus=evaluation.bonus,
        deduction=evaluation.deduction,
    )


def expert_scores(scores: Mapping[str, Any]) -> dict[str, Decimal]:
    """What the expert gave, by indicator."""
    given = {code: number(entry["score"]) for code, entry in scores.get("expert", {}).items()}
    return {code: score for code, score in given.items() if score is not None}


def sheet_json(sheet: Sheet) -> dict[str, Any]:
    """The sheet as it is frozen at grading; figures are strings."""
    return {
        "lines": [
            {"code": line.code, "dimension": line.dimension, "max": str(line.maximum),
             "automatic": _text(line.automatic), "expert": _text(line.expert), "score": str(line.score)}
            for line in sheet.lines
        ],
        "base": str(sheet.base),
        "bonus": str(sheet.bonus),
        "deduction": str(sheet.deduction),
        "total": str(sheet.total),
    }  # fmt: skip


def sheet_from(data: Mapping[str, Any]) -> Sheet:
    """A frozen sheet."""
    lines = tuple(
        Line(row["code"], row["dimension"], number(row["max"]) or ZERO, number(row["automatic"]), number(row["expert"]))
        for row in data["lines"]
    )
    return Sheet(lines, number(data["bonus"]) or ZERO, number(data["deduction"]) or ZERO)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def provisional_grade(evaluation: Evaluation, sheet: Sheet) -> Grade:
    """What the total would mean without a veto."""
    return grade_of(sheet.total, evaluation.cycle.rules.data)


def proposed_deduction(evaluation: Evaluation) -> Decimal:
    """What the returns of the self-report cost by the rules."""
    return correction_points(evaluation.returned_count, evaluation.cycle.rules.data)


def excellent_so_far(evaluation: Evaluation) -> tuple[int, int]:
    """How many others of the year are excellent, and how many may be."""
    year = Evaluation.objects.filter(cycle=evaluation.cycle_id)
    taken = year.filter(grade=Grade.EXCELLENT, status__in=WITH_GRADE).exclude(pk=evaluation.pk).count()
    participants = year.exclude(status__in=[EvaluationStatus.ABSENT, EvaluationStatus.EXEMPT]).count()
    return taken, quota_of(participants, evaluation.cycle.rules.data)


def failed_the_year_before(evaluation: Evaluation) -> bool:
    """Whether the consortium was unqualified or absent in the year just before, or still rectifies."""
    if evaluation.consortium.status == ConsortiumStatus.RECTIFYING:
        return True
    before = Evaluation.objects.filter(consortium=evaluation.consortium_id, cycle__year=evaluation.cycle.year - 1)
    unqualified = Q(status=EvaluationStatus.FINAL, grade=Grade.UNQUALIFIED)
    return before.filter(unqualified | Q(status=EvaluationStatus.ABSENT)).exists()

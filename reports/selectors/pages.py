"""What the pages of years and evaluations show, cut to the reader."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.models.audit import AuditEntry
from reports.enums import ConsequenceStatus, EvaluationStatus
from reports.figures import Line, Sheet
from reports.models import Appeal, Consequence, Evaluation, EvaluationCycle, Evidence, Report
from reports.models.evaluation import DECIDED, FILED, TOLD
from reports.selectors.evidence import EvidenceFile, evidence_files
from reports.selectors.records import record_pages
from reports.selectors.scores import sheet_from, sheet_of
from reports.selectors.selfreport import (
    DimensionRows,
    IndicatorRows,
    MetricRow,
    dimension_rows,
    drawn_codes,
    present_figures,
)
from reports.selectors.terms import Due, due_of

RELATED = (
    "cycle__rules", "consortium__lead", "consortium__district", "consortium__sub_field", "expert__user", "submitted_by",
    "verified_by", "graded_by", "confirmed_by", "finalised_by", "grade_list__cycle",
)  # fmt: skip
HEAVY = ("snapshot", "values", "sheet", "scores", "cycle__rules__data")


def evaluation_rows(rows: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
    """For a list: names joined, the heavy fields left out."""
    return rows.select_related("cycle", "consortium__lead", "consortium__district").defer(*HEAVY[:4])


def evaluation_for_page(rows: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
    """For a page of its own."""
    return rows.select_related(*RELATED)


@dataclass(frozen=True)
class Standing:
    """How many evaluations of a year stand at a status."""

    status: EvaluationStatus
    count: int


def standings(cycle: EvaluationCycle, user: Any) -> list[Standing]:
    """Every status with its count, as far as the reader sees; one query."""
    visible = Evaluation.objects.visible_to(user).filter(cycle=cycle).order_by()
    counts = dict(visible.values_list("status").annotate(Count("pk")))
    return [Standing(status, counts.get(status, 0)) for status in EvaluationStatus]


def cycles(user: Any) -> QuerySet[EvaluationCycle]:
    """Years with the number of their evaluations that the reader sees, and how many of them are decided."""
    visible = Evaluation.objects.visible_to(user).order_by().values("pk")
    seen = Q(evaluations__in=visible)
    decided = seen & Q(evaluations__status__in=DECIDED)
    return EvaluationCycle.objects.visible_to(user).annotate(
        total=Count("evaluations", filter=seen), decided=Count("evaluations", filter=decided)
    )


# --- one evaluation ----------------------------------------------------------------------------
@dataclass(frozen=True)
class ScoredIndicator:
    """An indicator with its line of the score sheet, where the reader may see it."""

    row: IndicatorRows
    line: Line | None


@dataclass(frozen=True)
class ScoredDimension:
    """A dimension with its score, where the reader may see it."""

    row: DimensionRows
    indicators: tuple[ScoredIndicator, ...]
    score: Decimal | None
    maximum: Decimal


@dataclass(frozen=True)
class EvaluationPage:
    """One evaluation as this reader may see it; what stays hidden is None or empty."""

    dimensions: tuple[ScoredDimension, ...]
    summary: str
    problems: str
    sheet: Sheet | None
    shows_grade: bool
    shows_scores: bool
    reports: list[Report]
    trail: list[AuditEntry]
    consequences: list[Consequence]
    decides: bool
    is_told: bool
    appeals: list[Appeal]
    drawn: list[str]  # codes of the figures that the district checks on the spot
    files: list[EvidenceFile]
    records: dict[str, str]  # addresses of the records behind the automatic figures, by metric code
    due: Due | None  # what it waits for by a day

    @property
    def is_open(self) -> bool:
        """Whether the reader may read the self-report at all."""
        return bool(self.dimensions)

    @property
    def without_evidence(self) -> list[MetricRow]:
        """The figures that count 0 for want of a file."""
        return [metric for dimension in self.dimensions for metric in dimension.row.metrics if metric.unproven]

    @property
    def proofs(self) -> dict[str, list[Evidence]]:
        """The files that prove each figure, by metric code."""
        found: dict[str, list[Evidence]] = {}
        for file in self.files:
            for code in file.codes:
                found.setdefault(code, []).append(file.evidence)
        return found


def evaluation_page(evaluation: Evaluation, user: Any) -> EvaluationPage:
    """The lead reads its draft, officials what was filed, the expert that after its declaration."""
    opened = may(user, "reports.see_self_report", evaluation)
    scores = may(user, "reports.see_scores", evaluation)
    grade = may(user, "reports.see_grade", evaluation)
    figures, summary, problems = _content(evaluation, user) if opened else (None, "", "")
    told = evaluation.status in TOLD
    sheet = _sheet(evaluation) if scores or (opened and told) else None
    rows = () if figures is None else dimension_rows(evaluation.cycle.rules.data, figures)
    consequences = list(
        Consequence.objects.visible_to(user).filter(evaluation=evaluation).select_related("tranche", "decided_by")
    )
    waits = any(one.status == ConsequenceStatus.PROPOSED for one in consequences)
    return EvaluationPage(
        dimensions=tuple(_scored(row, sheet) for row in rows),
        summary=summary,
        problems=problems,
        sheet=sheet,
        shows_grade=grade,
        shows_scores=scores,
        reports=list(Report.objects.visible_to(user).filter(evaluation=evaluation).select_related("job", "file")),
        trail=list(trail(evaluation)) if scores else [],
        consequences=consequences,
        decides=waits and may(user, "reports.decide_consequences", evaluation),
        is_told=told,
        drawn=drawn_codes(evaluation) if opened and evaluation.status in FILED else [],
        files=evidence_files(evaluation) if opened else [],
        records=record_pages(evaluation, user) if opened else {},
        appeals=list(Appeal.objects.visible_to(user).filter(evaluation=evaluation)),
        due=due_of(evaluation),
    )


def _scored(row: DimensionRows, sheet: Sheet | None) -> ScoredDimension:
    lines = {line.code: line for line in sheet.lines} if sheet else {}
    return ScoredDimension(
        row,
        tuple(ScoredIndicator(one, lines.get(one.code)) for one in row.indicators),
        sheet.of(row.code) if sheet else None,
        sum((one.maximum for one in row.indicators), Decimal(0)),
    )


def _content(evaluation: Evaluation, user: Any) -> tuple[dict[str, Any], str, str]:
    """Figures and texts: the draft for those who write it, what was filed for everybody else."""
    filed = evaluation.snapshot
    writing = evaluation.status not in FILED and evaluation.consortium.lead_id in user.organisation_ids
    if filed is None or writing:
        return present_figures(evaluation), evaluation.summary, evaluation.problems
    return filed["metrics"], filed["summary"], filed["problems"]


def _sheet(evaluation: Evaluation) -> Sheet | None:
    """The frozen sheet, or the one that follows from what is there."""
    if evaluation.sheet:
        return sheet_from(evaluation.sheet)
    return sheet_of(evaluation) if evaluation.status in FILED else None


def expert_rows(evaluation: Evaluation) -> list[IndicatorRows]:
    """The indicators that the expert decides, in the reader's language."""
    rows = dimension_rows(evaluation.cycle.rules.data, {})
    return [one for dimension in rows for one in dimension.indicators if one.method == "expert"]

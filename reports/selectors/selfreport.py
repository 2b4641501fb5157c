"""The self-report as rows: what is stated, what the records say, what it was last year."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from consortia.enums import JOINED
from consortia.selectors import consortium_facts
from members.models import YearFigures
from members.selectors.figures import Origin, origin
from reports.figures import ZERO, Reading, jumped, number, spelled
from reports.models import Evaluation
from reports.models.evaluation import FILED
from reports.rules import tickets, word
from reports.selectors.confirmations import confirmations
from reports.selectors.facts import year_facts

UNCHECKED = _("Check every figure that was drawn on the spot, and tick it.")
Figures = Mapping[str, Mapping[str, Any]]  # by metric code, as in a snapshot


@dataclass(frozen=True)
class Confirmed:
    """A member from whose register a figure comes, and when it confirmed that, if it did."""

    member: str
    on: date | None


@dataclass(frozen=True)
class MetricRow:
    """One metric of the self-report in the reader's language; None where nothing is known."""

    code: str
    name: str
    unit: str
    automatic: bool
    basis: str
    value: Decimal | None
    target: Decimal | None
    target_from_records: bool
    target_before: Decimal | None
    yardstick: Decimal | None
    before: Decimal | None
    note: str
    jump: bool
    has_target: bool  # figures on a curve are held against the points of the rules
    signed: bool  # a change may be a decline
    needs_evidence: bool = False
    members: tuple[Confirmed, ...] = ()
    unproven: bool = False  # stated without the evidence that the rules ask for: counts 0

    @property
    def confirmed(self) -> int:
        """How many of those members confirmed."""
        return sum(1 for one in self.members if one.on)

    @property
    def takes_target(self) -> bool:
        """Whether the lead may state the target: nobody else knows one."""
        return self.has_target and not self.target_from_records

    @property
    def target_by_lead(self) -> bool:
        """Whether the figure is held against what the lead stated itself."""
        return self.takes_target and self.target is not None

    @property
    def reference(self) -> Decimal | None:
        """What a target of the lead is compared with: last year's, or else the yardstick of the rules."""
        return self.yardstick if self.target_before is None else self.target_before

    @property
    def target_lowered(self) -> bool:
        """Whether the lead set itself less than that."""
        aim, reference = self.target, self.reference
        return self.target_by_lead and aim is not None and reference is not None and aim < reference

    @property
    def shown(self) -> dict[str, str]:
        """The figures as one reads them."""
        return {
            "value": spelled(self.value),
            "target": spelled(self.target),
            "target_before": spelled(self.target_before),
            "yardstick": spelled(self.yardstick),
            "before": spelled(self.before),
        }


@dataclass(frozen=True)
class IndicatorRows:
    """An indicator with its metrics; an expert's indicator has none."""

    code: str
    name: str
    maximum: Decimal
    method: str
    hint: str
    metrics: tuple[MetricRow, ...]


@dataclass(frozen=True)
class DimensionRows:
    """A dimension with its indicators."""

    code: str
    name: str
    indicators: tuple[IndicatorRows, ...]

    @property
    def metrics(self) -> list[MetricRow]:
        """All metrics of the dimension."""
        return [metric for indicator in self.indicators for metric in indicator.metrics]


# --- the page ----------------------------------------------------------------------------------
def self_report(evaluation: Evaluation) -> tuple[DimensionRows, ...]:
    """The rows of the self-report: from its snapshot once filed, until then from the records as they are."""
    rules = evaluation.cycle.rules.data
    return dimension_rows(rules, figures_of(evaluation))


def figures_of(evaluation: Evaluation) -> dict[str, Any]:
    """The figures by metric code as they stand in a snapshot."""
    if evaluation.snapshot and evaluation.status in FILED:
        figures: dict[str, Any] = evaluation.snapshot["metrics"]
        return figures
    return present_figures(evaluation)


def present_figures(evaluation: Evaluation) -> dict[str, Any]:
    """Stated values joined with the records of this moment and with last year's figures, JSON-able."""
    facts = year_facts(evaluation.consortium, evaluation.cycle.window)
    before, proven = previous_figures(evaluation), set(evaluation.evidence.values_list("metric", flat=True))
    said = confirmations(evaluation.consortium, evaluation.cycle.window)
    return {
        metric["code"]: {
            **joined(metric, evaluation.values.get(metric["code"], {}), facts, before, proven),
            "members": said.get(metric["code"], []),
        }
        for metric in metrics_of(evaluation.cycle.rules.data)
    }


def metrics_of(rules: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every metric of a rule set."""
    for dimension in rules["dimensions"]:
        for indicator in dimension["indicators"]:
            yield from indicator["metrics"]


def member_origins(evaluation: Evaluation) -> list[tuple[str, Origin]]:
    """Where the R&D expense of the year and of the one before comes from, by member; no amounts."""
    year = evaluation.cycle.year
    joined_ones = evaluation.consortium.participations.filter(status__in=JOINED).values("organisation")
    rows = YearFigures.objects.filter(organisation__in=joined_ones, year__in=[year - 1, year])
    ordered = rows.select_related("organisation").order_by("organisation__name", "-year")
    return [(row.organisation.name, origin(row)) for row in ordered]


def previous_figures(evaluation: Evaluation) -> Figures:
    """Last year's figures by metric code; empty when there was no evaluation."""
    return _filed_before(evaluation, 1).get(evaluation.cycle.year - 1, {})


def history(evaluation: Evaluation, years: int = 2) -> dict[str, dict[str, str | None]]:
    """The values filed for the years before, by year and metric code."""
    return {
        str(year): {code: figure["value"] for code, figure in metrics.items()}
        for year, metrics in _filed_before(evaluation, years).items()
    }


def _filed_before(evaluation: Evaluation, years: int) -> dict[int, Figures]:
    year = evaluation.cycle.year
    earlier = Evaluation.objects.filter(
        consortium=evaluation.consortium_id, cycle__year__range=(year - years, year - 1), snapshot__isnull=False
    )
    return dict(earlier.values_list("cycle__year", "snapshot__metrics"))


def joined(
    metric: Mapping[str, Any], stated: Mapping[str, str], facts: Mapping[str, Reading], before: Figures,
    proven: Collection[str],
) -> dict[str, Any]:  # fmt: skip
    """One figure as it is frozen; a target of the lead counts only where the records know none.

    `proven` are the codes of the metrics with a file. What is zero or a decline earns nothing and needs no proof.
    """
    fact, last = facts.get(metric["code"], Reading()), before.get(metric["code"], {})
    automatic = metric["source"] == "auto"
    value = _plain(fact.value) if automatic else stated.get("value") or None
    return {
        "value": value,
        "target": _plain(fact.target) if fact.target is not None else stated.get("target") or None,
        "target_from_records": fact.target is not None,
        "target_before": last.get("target"),
        "note": stated.get("note", ""),
        "before": last.get("value"),
        "unproven": bool(metric.get("evidence")) and (number(value) or ZERO) > 0 and metric["code"] not in proven,
    }


def _plain(value: Decimal | None) -> str | None:
    """One spelling of a figure: no exponent, no trailing zeros."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- rows --------------------------------------------------------------------------------------
def dimension_rows(rules: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[DimensionRows, ...]:
    """The rules as rows, filled with the figures of a snapshot."""
    return tuple(
        DimensionRows(
            dimension["code"],
            word(dimension),
            tuple(_indicator_rows(indicator, figures, rules) for indicator in dimension["indicators"]),
        )
        for dimension in rules["dimensions"]
    )


def _indicator_rows(indicator: dict[str, Any], figures: Mapping[str, Any], rules: Mapping[str, Any]) -> IndicatorRows:
    rows = tuple(metric_row(metric, figures.get(metric["code"], {}), rules) for metric in indicator["metrics"])
    return IndicatorRows(
        indicator["code"],
        word(indicator),
        Decimal(indicator["max"]),
        indicator["method"],
        word(indicator, "hint"),
        rows,
    )


def metric_row(metric: dict[str, Any], figure: Mapping[str, Any], rules: Mapping[str, Any]) -> MetricRow:
    """One metric with its figure."""
    value, before = number(figure.get("value")), number(figure.get("before"))
    return MetricRow(
        code=metric["code"],
        name=word(metric),
        unit=word(metric, "unit"),
        automatic=metric["source"] == "auto",
        basis=word(metric, "basis"),
        value=value,
        target=number(figure.get("target")),
        target_from_records=bool(figure.get("target_from_records")),
        target_before=number(figure.get("target_before")),
        yardstick=number(metric["yardstick"]),
        before=before,
        note=figure.get("note", ""),
        jump=jumped(value, before, rules),
        has_target=bool(metric.get("has_target", True)),
        signed=bool(metric.get("signed")),
        needs_evidence=bool(metric.get("evidence")),
        members=tuple(Confirmed(one["member"], _day(one["on"])) for one in figure.get("members", ())),
        unproven=bool(figure.get("unproven")),
    )


def _day(text: Any) -> date | None:
    """A day out of stored JSON; None for nothing and for what is no day."""
    with suppress(TypeError, ValueError):
        return date.fromisoformat(text)
    return None


def readings_of(figures: Mapping[str, Any]) -> dict[str, Reading]:
    """What scores are computed from, out of the figures of a snapshot: a value without its evidence counts nothing."""
    return {
        code: Reading(None if figure.get("unproven") else number(figure.get("value")), number(figure.get("target")))
        for code, figure in figures.items()
    }


def unexplained_jumps(evaluation: Evaluation) -> list[str]:
    """The names of metrics, stated or read, that changed too much since last year without a note."""
    rows = dimension_rows(evaluation.cycle.rules.data, present_figures(evaluation))
    metrics = [metric for dimension in rows for metric in dimension.metrics]
    return [metric.name for metric in metrics if metric.jump and not metric.note.strip()]


def without_evidence(evaluation: Evaluation) -> list[MetricRow]:
    """The metrics that count 0 because the evidence that the rules ask for is missing."""
    return [row for dimension in self_report(evaluation) for row in dimension.metrics if row.unproven]


def jumps(evaluation: Evaluation) -> list[MetricRow]:
    """The metrics that are further from last year's than the rules let pass."""
    return [row for dimension in self_report(evaluation) for row in dimension.metrics if row.jump]


def tickets_of(evaluation: Evaluation, figures: Figures) -> dict[str, int]:
    """The tickets of every figure with a value in the draw of those that are checked on the spot."""
    rules = evaluation.cycle.rules.data
    rows = [row for dimension in dimension_rows(rules, figures) for row in dimension.metrics]
    return tickets(rules, {row.code: row.jump for row in rows if row.value is not None})


def drawn_codes(evaluation: Evaluation) -> list[str]:
    """The codes of the figures drawn at the last filing."""
    codes: list[str] = (evaluation.snapshot or {}).get("checks", {}).get("drawn", [])
    return codes


def drawn_rows(evaluation: Evaluation) -> list[MetricRow]:
    """The figures that the district checks on the spot."""
    codes = set(drawn_codes(evaluation)) if evaluation.status in FILED else set()
    return [row for dimension in self_report(evaluation) for row in dimension.metrics if row.code in codes]


def targets_by_lead(evaluation: Evaluation) -> list[MetricRow]:
    """The metrics held against a target that the lead stated itself."""
    return [row for dimension in self_report(evaluation) for row in dimension.metrics if row.target_by_lead]


# --- the snapshot ------------------------------------------------------------------------------
def filing_snapshot(evaluation: Evaluation) -> dict[str, Any]:
    """What is frozen when a self-report is filed: statements, records, evidence, the consortium itself."""
    cycle = evaluation.cycle
    return {
        "year": cycle.year,
        "window": [day.isoformat() for day in cycle.window],
        "rules": {"code": cycle.rules.code, "sha256": cycle.rules.sha256},
        "metrics": present_figures(evaluation),
        "history": history(evaluation),
        "summary": evaluation.summary,
        "problems": evaluation.problems,
        "evidence": [
            {"label": row.label, "metric": row.metric, "name": row.attachment.name, "size": row.attachment.size,
             "sha256": row.attachment.sha256}
            for row in evaluation.evidence.select_related("attachment")
        ],
        "facts": consortium_facts(evaluation.consortium),
    }  # fmt: skip

"""What a reader of the figures must know about their quality, as codes with facts; the words are the report's."""

from collections.abc import Iterator
from typing import Any

from reports.models import Evaluation
from reports.selectors.selfreport import DimensionRows, MetricRow, dimension_rows, figures_of

Note = dict[str, Any]


def quality_notes(evaluation: Evaluation) -> list[Note]:
    """Notes of the form {"code", "metrics": [codes]} or {"code", "count"}; none when all is well."""
    rows = dimension_rows(evaluation.cycle.rules.data, figures_of(evaluation))
    metrics = [metric for dimension in rows for metric in dimension.metrics]
    return [*_of_metrics(metrics, evaluation), *_of_filing(evaluation), *_of_experts(rows, evaluation)]


def _of_metrics(metrics: list[MetricRow], evaluation: Evaluation) -> Iterator[Note]:
    proven = {entry["metric"] for entry in (evaluation.snapshot or {}).get("evidence", [])}
    groups = {
        "not_stated": [row.code for row in metrics if row.value is None],
        "yardstick": [row.code for row in metrics if row.target is None and row.yardstick is not None],
        "jump": [row.code for row in metrics if row.jump],
        "unproven": [row.code for row in metrics if not row.automatic and row.value and row.code not in proven],
    }
    return ({"code": code, "metrics": codes} for code, codes in groups.items() if codes)


def _of_filing(evaluation: Evaluation) -> Iterator[Note]:
    if evaluation.returned_count:
        yield {"code": "returned", "count": evaluation.returned_count}
    facts = (evaluation.snapshot or {}).get("facts", {})
    unconfirmed = sum(1 for member in facts.get("members", []) if member["status"] != "CONFIRMED")
    if unconfirmed:
        yield {"code": "unconfirmed", "count": unconfirmed}
    unsigned = sum(1 for member in facts.get("members", []) if not member["signed"])
    if unsigned:
        yield {"code": "unsigned", "count": unsigned}


def _of_experts(rows: tuple[DimensionRows, ...], evaluation: Evaluation) -> Iterator[Note]:
    asked = {one.code for row in rows for one in row.indicators if one.method == "expert"}
    missing = asked - set(evaluation.scores.get("expert", {}))
    if missing:
        yield {"code": "unscored", "metrics": sorted(missing)}

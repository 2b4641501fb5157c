"""What a reader of the figures must know about their quality, as codes with facts; the words are the report's."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from reports.figures import ZERO, number
from reports.models import Evaluation
from reports.selectors.selfreport import DimensionRows, MetricRow, dimension_rows, figures_of

Note = dict[str, Any]
WAN = Decimal(10_000)


def quality_notes(evaluation: Evaluation) -> list[Note]:
    """Notes of the form {"code", "metrics": [codes]} or {"code", "count"}; none when all is well."""
    rows = dimension_rows(evaluation.cycle.rules.data, figures_of(evaluation))
    metrics = [metric for dimension in rows for metric in dimension.metrics]
    return [
        *_of_metrics(metrics, evaluation),
        *_of_money(metrics, evaluation),
        *_of_filing(evaluation),
        *_of_experts(rows, evaluation),
    ]


def _of_metrics(metrics: list[MetricRow], evaluation: Evaluation) -> Iterator[Note]:
    proven = {entry["metric"] for entry in (evaluation.snapshot or {}).get("evidence", [])}
    groups = {
        "not_stated": [row.code for row in metrics if row.value is None],
        "yardstick": [row.code for row in metrics if row.target is None and row.yardstick is not None],
        "own_target": [row.code for row in metrics if row.target_by_lead and not row.target_lowered],
        "lowered_target": [row.code for row in metrics if row.target_lowered],
        "jump": [row.code for row in metrics if row.jump],
        "no_evidence": [row.code for row in metrics if row.unproven],
        "unproven": [
            row.code
            for row in metrics
            if not row.automatic and row.value and row.code not in proven and not row.unproven
        ],
    }
    return ({"code": code, "metrics": codes} for code, codes in groups.items() if codes)


def _of_money(metrics: list[MetricRow], evaluation: Evaluation) -> Iterator[Note]:
    """Where two sources name different sums for one thing, in 万元."""
    facts = (evaluation.snapshot or {}).get("facts", {})
    values = {row.code: row for row in metrics}
    planned, own = _sum_of(facts.get("tasks", []), "budget_own"), values.get("own_funds")
    if own and own.target_from_records and own.target and planned and planned != own.target:
        yield {"code": "budget", "planned": f"{planned:.2f}", "promised": f"{own.target:.2f}"}
    first, last = (day.isoformat() for day in evaluation.cycle.window)
    counted = [row for row in facts.get("outcomes", []) if row.get("counts", True)]
    products = [row for row in counted if row["kind"] == "PRODUCT" and first <= row["date"] <= last]
    recorded, sales = _sum_of(products, "amount"), values.get("sales")
    if sales and sales.value is not None and sales.value < recorded:
        yield {"code": "sales", "recorded": f"{recorded:.2f}", "stated": f"{sales.value:.2f}"}


def _sum_of(rows: list[dict[str, Any]], name: str) -> Decimal:
    return sum((number(row.get(name)) or ZERO for row in rows), ZERO) / WAN


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

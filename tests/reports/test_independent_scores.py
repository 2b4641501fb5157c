"""The score of a year computed a second time, from nothing but the snapshot, by other arithmetic."""

from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.enums import EvaluationStatus
from reports.figures import Reading, grade_of, number, score_sheet
from reports.models import Evaluation
from reports.rules import DEFAULT_EVALUATION
from reports.selectors.scores import sheet_json, sheet_of
from reports.selectors.snapshots import report_snapshot
from tests.factories.reports import make_evaluation, rich_evaluation
from tests.personas import Personas

Snapshot = dict[str, Any]


def cents(value: Fraction) -> Fraction:
    """Half up, on a grid of hundredths."""
    return Fraction(floor(value * 100 + Fraction(1, 2)), 100)


def fraction(text: Any) -> Fraction | None:
    return None if text in {None, ""} else Fraction(str(text))


def proven(figure: Snapshot) -> Fraction | None:
    """The value, unless the evidence that the rules ask for is missing."""
    return None if figure.get("unproven") else fraction(figure.get("value"))


def share_of(indicator: Snapshot, metrics: Snapshot) -> Fraction:
    """What part of the maximum the figures earn, by the words of the rule set."""
    method, wanted = indicator["method"], indicator["metrics"]
    if method == "ratio":
        parts = []
        for metric in wanted:
            found = metrics.get(metric["code"], {})
            value, target = proven(found), fraction(found.get("target")) or fraction(metric["yardstick"])
            reached = value / target if value is not None and target and target > 0 else Fraction(0)
            parts.append(sorted((Fraction(0), reached, Fraction(1)))[1])
        return sum(parts, Fraction(0)) / len(parts)
    value = proven(metrics.get(wanted[0]["code"], {}))
    points = [(Fraction(x), Fraction(y)) for x, y in indicator["points"]]
    below = [point for point in points if value is not None and point[0] <= value]
    if not below or value is None:
        return Fraction(0)
    if method == "steps" or len(below) == len(points):
        return below[-1][1]
    (x0, y0), (x1, y1) = points[len(below) - 1], points[len(below)]
    return y0 + (value - x0) / (x1 - x0) * (y1 - y0)


def recomputed(rules: Snapshot, metrics: Snapshot, expert: dict[str, Any], bonus: Any, deduction: Any) -> Snapshot:
    """Every line, the base, the total and the grade."""
    lines: dict[str, Fraction] = {}
    for dimension in rules["dimensions"]:
        for indicator in dimension["indicators"]:
            most = Fraction(indicator["max"])
            if indicator["method"] == "expert":
                lines[indicator["code"]] = min(max(fraction(expert.get(indicator["code"])) or Fraction(0), 0), most)
            else:
                lines[indicator["code"]] = cents(share_of(indicator, metrics) * most)
    base = sum(lines.values(), Fraction(0))
    total = max(base + (fraction(bonus) or 0) - (fraction(deduction) or 0), Fraction(0))
    order = ("EXCELLENT", "GOOD", "QUALIFIED")
    grade = next((one for one in order if total >= Fraction(rules["grades"][one])), "UNQUALIFIED")
    return {"lines": lines, "base": base, "total": total, "grade": grade}


def of(snapshot: Snapshot) -> Snapshot:
    sheet = snapshot["sheet"]
    expert = {line["code"]: line["expert"] for line in sheet["lines"] if line["expert"] is not None}
    metrics = snapshot["filing"]["metrics"]
    return recomputed(snapshot["rules"]["data"], metrics, expert, sheet["bonus"], sheet["deduction"])


def assert_same(snapshot: Snapshot) -> None:
    again, sheet = of(snapshot), snapshot["sheet"]
    assert {line["code"]: Fraction(line["score"]) for line in sheet["lines"]} == again["lines"]
    assert (Fraction(sheet["base"]), Fraction(sheet["total"])) == (again["base"], again["total"])


@pytest.mark.django_db
@pytest.mark.parametrize("make", [rich_evaluation, make_evaluation])
def test_the_sheet_in_a_snapshot_is_what_its_figures_give(people: Personas, make: Any) -> None:
    evaluation: Evaluation = make(people, EvaluationStatus.GRADED)
    evaluation.sheet = sheet_json(sheet_of(evaluation))

    assert_same(report_snapshot(evaluation))


figures = st.one_of(
    st.none(),
    st.decimals(min_value=-500, max_value=20_000, places=2),
    st.sampled_from(["0", "1", "2", "10", "60", "79.99", "80", "5000"]),
)
CODES = [
    metric["code"]
    for part in DEFAULT_EVALUATION["dimensions"]
    for one in part["indicators"]
    for metric in one["metrics"]
]
EXPERT = [
    one["code"] for part in DEFAULT_EVALUATION["dimensions"] for one in part["indicators"] if one["method"] == "expert"
]


@settings(max_examples=100, deadline=None)
@given(
    st.fixed_dictionaries({code: st.fixed_dictionaries({"value": figures, "target": figures}) for code in CODES}),
    st.fixed_dictionaries({code: st.decimals(min_value=0, max_value=9, places=2) for code in EXPERT}),
    st.decimals(min_value=0, max_value=5, places=2),
    st.decimals(min_value=0, max_value=10, places=2),
)
def test_whatever_was_stated_both_computations_agree(
    metrics: Snapshot, expert: dict[str, Any], bonus: Any, deduction: Any
) -> None:
    readings = {code: Reading(number(one["value"]), number(one["target"])) for code, one in metrics.items()}

    sheet = score_sheet(DEFAULT_EVALUATION, readings, expert, bonus=bonus, deduction=deduction)

    again = recomputed(DEFAULT_EVALUATION, metrics, expert, sheet.bonus, sheet.deduction)
    assert {line.code: Fraction(line.score) for line in sheet.lines} == again["lines"]
    assert (Fraction(sheet.total), grade_of(sheet.total, DEFAULT_EVALUATION)) == (again["total"], again["grade"])

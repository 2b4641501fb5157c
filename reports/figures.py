"""The arithmetic of the annual evaluation: pure, exact, over frozen dataclasses.

A score is rounded to two decimals, half up, indicator by indicator, and everything above is a sum
of rounded figures: whoever adds up the printed sheet gets the printed total.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from portal.kernel.calendar import add_working_days, working_days_between
from reports.enums import ConsequenceKind, Grade, Period, Rhythm
from reports.rules import DEFAULT_EVALUATION

CENT = Decimal("0.01")
ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
GRADES = (Grade.EXCELLENT, Grade.GOOD, Grade.QUALIFIED)


@dataclass(frozen=True)
class Metric:
    """What is measured; `yardstick` is the target where nobody set one."""

    code: str
    yardstick: Decimal | None = None
    source: str = "self"


@dataclass(frozen=True)
class Indicator:
    """One line of the score sheet; `points` are (value, share) pairs in rising order."""

    code: str
    dimension: str
    maximum: Decimal
    method: str
    metrics: tuple[Metric, ...] = ()
    points: tuple[tuple[Decimal, Decimal], ...] = ()


@dataclass(frozen=True)
class Reading:
    """The value of a metric in the year and the target it is held against; None means not stated."""

    value: Decimal | None = None
    target: Decimal | None = None


@dataclass(frozen=True)
class Line:
    """An indicator scored: by the figures or by the expert; None means not scored yet, which counts 0."""

    code: str
    dimension: str
    maximum: Decimal
    automatic: Decimal | None
    expert: Decimal | None

    @property
    def is_scored(self) -> bool:
        """Whether there is anything to count."""
        return self.automatic is not None or self.expert is not None

    @property
    def score(self) -> Decimal:
        """What counts."""
        return next((score for score in (self.automatic, self.expert) if score is not None), ZERO)


@dataclass(frozen=True)
class Sheet:
    """The score sheet of a year."""

    lines: tuple[Line, ...]
    bonus: Decimal = ZERO
    deduction: Decimal = ZERO

    @property
    def base(self) -> Decimal:
        """The sum of the lines, of 100."""
        return sum((line.score for line in self.lines), ZERO)

    @property
    def total(self) -> Decimal:
        """With bonus and deductions, never below 0; two decimals."""
        return rounded(max(self.base + self.bonus - self.deduction, ZERO))

    @property
    def scored_maximum(self) -> Decimal:
        """The most that the lines scored so far can give; 100 once the expert has handed in."""
        return sum((line.maximum for line in self.lines if line.is_scored), ZERO)

    def of(self, dimension: str) -> Decimal:
        """The sum of one dimension."""
        return sum((line.score for line in self.lines if line.dimension == dimension), ZERO)

    def maximum_of(self, dimension: str) -> Decimal:
        """The most that one dimension can give."""
        return sum((line.maximum for line in self.lines if line.dimension == dimension), ZERO)

    def share_of(self, dimension: str) -> Decimal | None:
        """Its points as a share of what could be scored so far; None while nothing is scored."""
        scored = [line.maximum for line in self.lines if line.dimension == dimension and line.is_scored]
        return self.of(dimension) / sum(scored, ZERO) if sum(scored, ZERO) else None


def number(text: Any) -> Decimal | None:
    """A figure out of stored JSON; None for nothing and for what is no finite number."""
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def rounded(value: Decimal) -> Decimal:
    """Two decimals, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


def spelled(value: Decimal | None) -> str:
    """A figure to read: thousands set apart, no needless zeros; empty for none."""
    if value is None:
        return ""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- rules as dataclasses ----------------------------------------------------------------------
def indicators(rules: Mapping[str, Any]) -> tuple[Indicator, ...]:
    """The indicators of a rule set in its order."""
    return tuple(
        _indicator(dimension["code"], data) for dimension in rules["dimensions"] for data in dimension["indicators"]
    )


def _indicator(dimension: str, data: Mapping[str, Any]) -> Indicator:
    return Indicator(
        data["code"],
        dimension,
        Decimal(data["max"]),
        data["method"],
        tuple(_metric(metric) for metric in data["metrics"]),
        tuple((Decimal(value), Decimal(share)) for value, share in data.get("points", ())),
    )


def _metric(data: Mapping[str, Any]) -> Metric:
    yardstick = data["yardstick"]
    return Metric(data["code"], Decimal(yardstick) if yardstick else None, data["source"])


# --- shares between 0 and 1 --------------------------------------------------------------------
def ratio(reading: Reading, yardstick: Decimal | None) -> Decimal:
    """Reached / target, at most 1; 0 when nothing is stated or nothing can be held against it."""
    target = reading.target or yardstick
    if reading.value is None or not target or target < 0:
        return ZERO
    return min(max(reading.value / target, ZERO), ONE)


def steps(value: Decimal | None, points: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """The share of the last threshold that the value reaches; 0 below the first."""
    if value is None:
        return ZERO
    return next((share for threshold, share in reversed(points) if value >= threshold), ZERO)


def line(value: Decimal | None, points: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """The share on the line through the points; 0 below the first, the last one's beyond it."""
    if value is None or value < points[0][0]:
        return ZERO
    for (x0, y0), (x1, y1) in pairwise(points):
        if value < x1:
            return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
    return points[-1][1]


def mean_ratio(indicator: Indicator, readings: Mapping[str, Reading]) -> Decimal:
    """The mean of the ratios of an indicator's metrics."""
    shares = [ratio(readings.get(metric.code, Reading()), metric.yardstick) for metric in indicator.metrics]
    return sum(shares, ZERO) / len(shares)


def _curve(shape: Callable[..., Decimal]) -> Callable[[Indicator, Mapping[str, Reading]], Decimal]:
    return lambda indicator, readings: shape(readings.get(indicator.metrics[0].code, Reading()).value, indicator.points)


METHODS: dict[str, Callable[[Indicator, Mapping[str, Reading]], Decimal]] = {
    "ratio": mean_ratio,
    "steps": _curve(steps),
    "line": _curve(line),
}


# --- the sheet ---------------------------------------------------------------------------------
def automatic(indicator: Indicator, readings: Mapping[str, Reading]) -> Decimal | None:
    """The score that follows from the figures; None where an expert decides."""
    method = METHODS.get(indicator.method)
    return None if method is None else rounded(method(indicator, readings) * indicator.maximum)


def score_sheet(
    rules: Mapping[str, Any],
    readings: Mapping[str, Reading],
    expert: Mapping[str, Decimal],
    *,
    bonus: Decimal = ZERO,
    deduction: Decimal = ZERO,
) -> Sheet:
    """Every indicator of the rules scored; an expert's score never exceeds the maximum."""
    lines = tuple(
        Line(
            one.code,
            one.dimension,
            one.maximum,
            automatic(one, readings),
            _capped(expert.get(one.code), one.maximum) if one.method == "expert" else None,
        )
        for one in indicators(rules)
    )
    return Sheet(
        lines,
        _within(bonus, Decimal(rules["bonus"]["max"])),
        _within(deduction, Decimal(rules["deductions"]["max"])),
    )


def _capped(score: Decimal | None, maximum: Decimal) -> Decimal | None:
    return None if score is None else _within(score, maximum)


def _within(value: Decimal, maximum: Decimal) -> Decimal:
    return rounded(min(max(value, ZERO), maximum))


def grade_of(total: Decimal, rules: Mapping[str, Any], *, vetoed: bool = False) -> Grade:
    """The grade of a total; a veto makes any year unqualified."""
    if vetoed:
        return Grade.UNQUALIFIED
    return next((grade for grade in GRADES if total >= Decimal(rules["grades"][grade])), Grade.UNQUALIFIED)


def following(
    rules: Mapping[str, Any], outcome: str, sheet: Sheet | None, *, again: bool
) -> list[tuple[ConsequenceKind, Decimal | None]]:
    """What the rules let follow from a grade, or from being absent; with a reduction, what is still paid, in per cent.

    `again` says that the year before failed as well. Rules of before that say nothing follow the default.
    """
    said: Mapping[str, Any] = rules.get("consequences", DEFAULT_EVALUATION["consequences"])
    kinds = (again and said.get(f"{outcome}_AGAIN")) or said.get(outcome, ())
    percent = _still_paid(rules.get("reduced", DEFAULT_EVALUATION["reduced"]), outcome, sheet)
    return [
        (ConsequenceKind.REDUCE, percent) if kind == ConsequenceKind.NEXT and percent else (ConsequenceKind(kind), None)
        for kind in kinds
    ]


def _still_paid(reduced: Mapping[str, Any], outcome: str, sheet: Sheet | None) -> Decimal | None:
    """The percentage, where a dimension falls short of what the rules demand for the whole amount."""
    share = sheet.share_of(reduced["dimension"]) if sheet and outcome in reduced["grades"] else None
    falls_short = share is not None and share * HUNDRED < Decimal(reduced["below"])
    return Decimal(reduced["percent"]) if falls_short else None


def verify_by(rules: Mapping[str, Any], filed_on: date) -> date:
    """The last day for the district to verify a self-report that was filed on this day."""
    return _after(rules, "verify_working_days", filed_on)


def score_by(rules: Mapping[str, Any], asked_on: date) -> date:
    """The last day for an expert that was asked on this day to hand in its scores."""
    return _after(rules, "score_working_days", asked_on)


def is_near(rules: Mapping[str, Any], due: date, today: date) -> bool:
    """Whether a term ends within so few working days, or has ended, that whom it binds is reminded."""
    few: int = rules.get("remind_working_days", DEFAULT_EVALUATION["remind_working_days"])
    return working_days_between(today, due) <= few


def appeal_until(rules: Mapping[str, Any], told_on: date) -> date:
    """The last day on which the lead may appeal against a grade that it is told on this day."""
    return _after(rules, "appeal_working_days", told_on)


def answer_due(rules: Mapping[str, Any], received_on: date) -> date:
    """The last day for the answer to an appeal or an objection."""
    return _after(rules, "appeal_answer_working_days", received_on)


def _after(rules: Mapping[str, Any], term: str, day: date) -> date:
    return add_working_days(day, rules.get(term, DEFAULT_EVALUATION[term]))


def publicised_until(rules: Mapping[str, Any], starts_on: date) -> date:
    """The last day of a published list of grades; the first day counts, days off do as well."""
    days: int = rules.get("publicity_days", DEFAULT_EVALUATION["publicity_days"])
    return starts_on + timedelta(days=days - 1)


def quota_of(participants: int, rules: Mapping[str, Any]) -> int:
    """How many may be excellent: the share of the participants, rounded down."""
    return int(participants * Decimal(rules["excellent_quota"]) / HUNDRED)


def correction_points(returns: int, rules: Mapping[str, Any]) -> Decimal:
    """What the returns of a self-report cost."""
    return min(returns * Decimal(rules["deductions"]["per_return"]), Decimal(rules["deductions"]["max"]))


def jumped(now: Decimal | None, before: Decimal | None, rules: Mapping[str, Any]) -> bool:
    """Whether a figure changed by more than the rules let pass without an explanation."""
    if now is None or before is None or now == before:
        return False
    if before == 0:
        return True
    return abs(now - before) / abs(before) * HUNDRED > Decimal(rules["jump"])


def growth(now: Decimal, before: Decimal) -> Decimal | None:
    """Change in per cent with two decimals; None when there is nothing to compare with."""
    return rounded((now - before) / before * HUNDRED) if before else None


def milestone_points(milestones: Iterable[tuple[int, Decimal, Decimal | None]]) -> Reading:
    """Σ weight x min(1, actual / target) against Σ weight; of (weight, target, actual or None)."""
    value = target = ZERO
    for weight, aim, actual in milestones:
        target += weight
        value += weight * ratio(Reading(actual, aim), None)
    return Reading(value.quantize(Decimal("0.0001"), ROUND_HALF_UP), target)


def rank(total: Decimal, others: Iterable[Decimal]) -> int:
    """The place by score, equal scores sharing the better place."""
    return 1 + sum(1 for other in others if other > total)


# --- files made again and again ----------------------------------------------------------------
MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3}


def next_time(rhythm: Rhythm, working_day: int, after: date) -> date:
    """The first day after `after` that is this working day of a week, a month or a quarter."""
    begin = _period_of(rhythm, after)
    while True:
        day = add_working_days(begin - timedelta(days=1), working_day)
        if day > after:
            return day
        begin = _next_period(rhythm, begin)


LENGTHS = {"month": 1, "quarter": 3, "year": 12}  # months


def days_of(period: Period, today: date) -> tuple[date, date]:
    """The first and the last day of a period as of today."""
    which, unit = period.split("-")
    months = LENGTHS[unit]
    begin = (today.month - 1) // months * months - (months if which == "last" else 0)
    return _month(today.year, begin), _month(today.year, begin + months) - timedelta(days=1)


def _month(year: int, months: int) -> date:
    """The first day of the month so many months after January."""
    return date(year + months // 12, months % 12 + 1, 1)


def _period_of(rhythm: Rhythm, day: date) -> date:
    if rhythm == Rhythm.WEEKLY:
        return day - timedelta(days=day.weekday())
    months = MONTHS[rhythm]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _next_period(rhythm: Rhythm, begin: date) -> date:
    if rhythm == Rhythm.WEEKLY:
        return begin + timedelta(days=7)
    month = begin.month + MONTHS[rhythm]
    return date(begin.year + (month > 12), month - 12 if month > 12 else month, 1)

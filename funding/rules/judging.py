"""What a designed form asks of these answers: what is shown, what is missing, what is worked out, what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import QuestionKind as K
from funding.rules.designs import Case, Column, Design, DesignFault, Question
from funding.rules.expressions import faults, names_in, work_out
from funding.rules.facts import FACTS, fact_from
from funding.rules.values import UNKNOWN, Name, Sort

SORTS = {
    K.TEXT: Sort.TEXT, K.NUMBER: Sort.NUMBER, K.MONEY: Sort.NUMBER, K.DATE: Sort.DAY, K.CHOICE: Sort.TEXT,
    K.CHOICES: Sort.CODES, K.TABLE: Sort.ROWS, K.FILE: Sort.CODES, K.COMPUTED: Sort.NUMBER,
}  # fmt: skip
GIVES = {"show_when": Sort.TRUTH, "require_when": Sort.TRUTH, "check": Sort.TRUTH, "formula": Sort.NUMBER}
YES, NO, UNSURE = "yes", "no", "unknown"
Text = str | Promise


@dataclass(frozen=True)
class State:
    """One question under these answers. `value` is typed; `shown` is False while it is not known whether it is."""

    question: Question
    shown: bool
    required: bool
    value: Any
    results: Mapping[str, Any]  # rule → True, False, a number, or UNKNOWN
    broken: tuple[str, ...] = ()  # sentences for the designer about rules that could not be worked out

    @property
    def filled(self) -> bool:
        """Whether there is an answer."""
        return self.value is not UNKNOWN

    @property
    def missing(self) -> bool:
        """Whether the submission waits for it."""
        return self.shown and self.required and not self.filled

    @property
    def wrong(self) -> bool:
        """Whether its check says no."""
        return self.shown and self.results.get("check") is False


Judgement = dict[str, State]


# --- values ------------------------------------------------------------------------------------
def typed(asked: Question | Column, value: Any) -> Any:
    """The value that JSON holds, as expressions use it; UNKNOWN when there is none, or none of this kind."""
    if value in (None, "", [], {}) or asked.kind not in READERS:
        return UNKNOWN
    try:
        return READERS[asked.kind](asked, value)
    except (ValueError, TypeError, AttributeError, InvalidOperation):
        return UNKNOWN


def _number(_asked: Any, value: Any) -> Decimal:
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(value)
    return number


def _code(asked: Any, value: Any) -> str:
    if value not in {one.code for one in asked.choices}:
        raise ValueError(value)
    return str(value)


def _codes(asked: Any, value: Any) -> tuple[str, ...]:
    return tuple(one.code for one in asked.choices if one.code in set(value)) or UNKNOWN  # type: ignore[return-value]


def _rows(asked: Any, value: Any) -> tuple[dict[str, Any], ...]:
    return tuple({column.code: typed(column, row.get(column.code)) for column in asked.columns} for row in value)


READERS: Mapping[K, Any] = {
    K.TEXT: lambda _asked, value: str(value), K.NUMBER: _number, K.MONEY: _number, K.COMPUTED: _number,
    K.DATE: lambda _asked, value: date.fromisoformat(value), K.CHOICE: _code, K.CHOICES: _codes, K.TABLE: _rows,
    K.FILE: lambda _asked, value: tuple(map(str, value)),
}  # fmt: skip


def names_of(design: Design) -> dict[str, Name]:
    """Every name that an expression of this form may use, by what it stands for."""
    answers = {code: name_of(one) for code, one in design.questions.items() if one.kind != K.REFERENCE}
    return {**{code: fact.name for code, fact in FACTS.items()}, **answers}


def name_of(question: Question) -> Name:
    """What the code of a question stands for in an expression."""
    if question.kind == K.TABLE:
        numbers = {one.code for one in question.columns if one.kind in {K.NUMBER, K.MONEY}}
        return Name(Sort.ROWS, frozenset(numbers))
    return Name(SORTS[question.kind], frozenset(one.code for one in question.choices))


# --- the rules themselves ----------------------------------------------------------------------
def rule_faults(design: Design) -> list[str]:
    """Sentences about every rule that cannot stand: unreadable, of the wrong sort, or going round in a circle."""
    names = names_of(design)
    found = [
        f"{code} · {RULE_WORDS[rule]}: {sentence}"
        for code, question in design.questions.items()
        for rule, expression in question.rules.items()
        for sentence in faults(expression, names, GIVES[rule])
    ]
    found += [
        gettext("The code “%(code)s” is the name of a fact.") % {"code": code}
        for code in design.questions
        if code in FACTS
    ]
    try:
        order_of(design)
    except DesignFault as fault:
        found += fault.sentences
    return found


RULE_WORDS: dict[str, Text] = {
    "show_when": _("Asked when"), "require_when": _("Compulsory when"), "check": _("In order when"),
    "formula": _("Worked out as"),
}  # fmt: skip


def order_of(design: Design) -> list[str]:
    """The codes so that each comes after what its value depends on. Raises DesignFault for a circle."""
    graph = {
        code: {
            name
            for rule in (question.show_when, question.formula)
            for name in names_in(rule)
            if name in design.questions
        }
        for code, question in design.questions.items()
    }
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        raise DesignFault(_("These depend on each other in a circle: %(circle)s") % {"circle": circle}) from error


def facts_used(design: Design) -> set[str]:
    """The facts that some rule asks for."""
    return {
        name
        for question in design.questions.values()
        for expression in question.rules.values()
        for name in names_in(expression)
        if name in FACTS and name not in design.questions
    }


# --- judging -----------------------------------------------------------------------------------
def judge(design: Design, answers: Mapping[str, Any], facts: Mapping[str, Any]) -> Judgement:
    """The state of every question under these answers (JSON values by code) and facts, in the order of the form.

    An answer to a question that is not asked counts as none. Raises DesignFault for rules that go in a circle.
    """
    values: dict[str, Any] = dict(facts)
    worked: dict[str, dict[str, Any]] = {}
    broken: dict[str, list[str]] = {code: [] for code in design.questions}

    def result(question: Question, rule: str) -> Any:
        outcome = work_out(getattr(question, rule), values)
        if outcome.fault:
            broken[question.code].append(str(outcome.fault))
        return outcome.value

    for code in order_of(design):
        question = design.questions[code]
        values.pop(code, None)
        worked[code] = {rule: result(question, rule) for rule in ("show_when", "formula") if getattr(question, rule)}
        if worked[code].get("show_when", True) is True:
            values[code] = _value(question, answers, worked[code])
    for code, question in design.questions.items():
        worked[code] |= {rule: result(question, rule) for rule in ("require_when", "check") if getattr(question, rule)}
    return {
        code: _state(question, worked[code], values.get(code, UNKNOWN), broken[code])
        for code, question in design.questions.items()
    }


def _value(question: Question, answers: Mapping[str, Any], worked: Mapping[str, Any]) -> Any:
    return worked["formula"] if question.kind == K.COMPUTED else typed(question, answers.get(question.code))


def _state(question: Question, results: Mapping[str, Any], value: Any, broken: list[str]) -> State:
    return State(
        question,
        shown=results.get("show_when", True) is True,
        required=question.answered and (question.required or results.get("require_when") is True),
        value=value,
        results=results,
        broken=tuple(broken),
    )


# --- test cases --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One thing expected by a test case and what came out."""

    question: str
    rule: str
    expected: str
    found: str
    fault: str = ""

    @property
    def passed(self) -> bool:
        """Whether it came out as expected."""
        return self.expected == self.found

    @property
    def words(self) -> Text:
        """What the rule decides."""
        return RULE_WORDS[self.rule]


@dataclass(frozen=True)
class Run:
    """A test case and what came out of it."""

    case: Case
    lines: tuple[Line, ...]

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected, and something was."""
        return bool(self.lines) and all(line.passed for line in self.lines)


def run_case(design: Design, case: Case) -> Run:
    """Work the rules out on a test case. Raises DesignFault for rules that go in a circle."""
    facts = {code: fact_from(code, text) for code, text in case.facts.items() if code in FACTS}
    return Run(case, tuple(_lines(case, judge(design, case.answers, facts))))


def _lines(case: Case, judgement: Judgement) -> Iterator[Line]:
    order = {code: place for place, code in enumerate(judgement)}
    for name, expected in sorted(case.expected.items(), key=lambda one: order.get(one[0].partition(".")[0], -1)):
        code, _dot, rule = name.partition(".")
        if state := judgement.get(code):
            found = worded(state.results[rule]) if rule in state.results else ""
            yield Line(code, rule, expected, found, " ".join(state.broken))


def worded(value: Any) -> str:
    """A result as test cases write it: yes, no, unknown, or a number without idle zeros."""
    if value is UNKNOWN:
        return UNSURE
    if isinstance(value, bool):
        return YES if value else NO
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def untested(design: Design) -> list[str]:
    """The rules (`question.rule`) that no test case looks at."""
    looked = {name for case in design.cases for name in case.expected}
    rules = [f"{code}.{rule}" for code, question in design.questions.items() for rule in question.rules]
    return [name for name in rules if name not in looked]

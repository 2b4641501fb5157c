"""What the expressions of an official are made of: sorts of values, functions and operators, with three answers.

What is not known yet is UNKNOWN, and stays so through every step that depends on it.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.rules.counting import counted

MOST_PLACES = 6
Text = str | Promise


class Unknown(Enum):
    """What an answer is that nobody has given yet."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        return False


UNKNOWN = Unknown.UNKNOWN


class Sort(Enum):
    """What kind of thing a value is."""

    NUMBER = "number"
    TEXT = "text"
    TRUTH = "truth"
    DAY = "day"
    CODES = "codes"
    ROWS = "rows"


SORT_WORDS: dict[Sort, Text] = {
    Sort.NUMBER: pgettext_lazy("expression", "a number"),
    Sort.TEXT: pgettext_lazy("expression", "a text"),
    Sort.TRUTH: pgettext_lazy("expression", "yes or no"),
    Sort.DAY: pgettext_lazy("expression", "a date"),
    Sort.CODES: pgettext_lazy("expression", "several choices"),
    Sort.ROWS: pgettext_lazy("expression", "a table"),
}


@dataclass(frozen=True)
class Name:
    """What a name stands for: the codes it may have, or the columns with numbers of its rows."""

    sort: Sort
    codes: frozenset[str] = field(default=frozenset())


class ExpressionFault(Exception):
    """What is wrong with an expression, as a sentence for who wrote it."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Outcome:
    """What came out: a value or UNKNOWN, and a sentence when it could not be worked out."""

    value: Any
    fault: Text = ""


# --- values ------------------------------------------------------------------------------------
def sort_of(value: Any) -> Sort:
    """The sort of a value. Raises ExpressionFault for one of no sort."""
    for sort, kind in KINDS:
        if isinstance(value, kind):
            return _of_many(value) if sort is Sort.ROWS else sort
    raise ExpressionFault(_("A value of this kind is not known here."))


def _of_many(values: Any) -> Sort:
    return Sort.ROWS if not values or isinstance(values[0], Mapping) else Sort.CODES


KINDS: tuple[tuple[Sort, type], ...] = (
    (Sort.TRUTH, bool), (Sort.NUMBER, Decimal), (Sort.TEXT, str), (Sort.DAY, date), (Sort.ROWS, tuple),
)  # fmt: skip


def expect(value: Any, *sorts: Sort) -> Any:
    found = sort_of(value)
    if value == () and {Sort.ROWS, Sort.CODES} & set(sorts):
        return value
    if found not in sorts:
        raise ExpressionFault(not_of(sorts[0], found))
    return value


def not_of(wanted: Sort, found: Sort) -> Text:
    return _("Here %(wanted)s is needed, not %(found)s.") % {"wanted": SORT_WORDS[wanted], "found": SORT_WORDS[found]}


# --- functions ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Function:
    """A function of the language; `rest` is the sort of further arguments, of which there may be any number."""

    call: Callable[..., Any]
    takes: tuple[tuple[Sort, ...], ...]
    gives: Sort
    help: Text
    rest: Sort | None = None


def _sum(rows: Sequence[Mapping[str, Any]], column: str) -> Any:
    values = [row.get(column, UNKNOWN) for row in rows]
    return sum((expect(value, Sort.NUMBER) for value in values if value is not UNKNOWN), Decimal())


def _round(value: Decimal, places: Decimal) -> Decimal:
    wanted = min(max(int(places), 0), MOST_PLACES)
    return value.quantize(Decimal(1).scaleb(-wanted))


ANY = tuple(Sort)
FUNCTIONS: dict[str, Function] = {
    "count": Function(lambda many: Decimal(len(many)), ((Sort.ROWS, Sort.CODES),), Sort.NUMBER,
                      _("how many rows or choices there are")),
    "sum": Function(_sum, ((Sort.ROWS,), (Sort.TEXT,)), Sort.NUMBER, _("the sum of a column: sum(costs, 'amount')")),
    "largest": Function(max, ((Sort.NUMBER,),), Sort.NUMBER, _("the largest of several numbers"), Sort.NUMBER),
    "smallest": Function(min, ((Sort.NUMBER,),), Sort.NUMBER, _("the smallest of several numbers"), Sort.NUMBER),
    "round": Function(_round, ((Sort.NUMBER,), (Sort.NUMBER,)), Sort.NUMBER, _("rounded to so many decimals")),
    "length": Function(lambda text: Decimal(counted(text)), ((Sort.TEXT,),), Sort.NUMBER,
                       _("the length of a text, counted as in its limit")),
    "filled": Function(lambda value: value is not UNKNOWN and value != () and value != "", (ANY,), Sort.TRUTH,
                       _("whether there is an answer")),
    "includes": Function(lambda codes, code: code in codes, ((Sort.CODES,), (Sort.TEXT,)), Sort.TRUTH,
                         _("whether a choice is among those ticked: includes(fields, 'ai')")),
    "one_of": Function(lambda code, *codes: code in codes, ((Sort.TEXT,), (Sort.TEXT,)), Sort.TRUTH,
                       _("whether a choice is one of these: one_of(kind, 'a', 'b')"), Sort.TEXT),
    "days": Function(lambda first, last: Decimal((last - first).days), ((Sort.DAY,), (Sort.DAY,)), Sort.NUMBER,
                     _("days from the first date to the second")),
    "year": Function(lambda day: Decimal(day.year), ((Sort.DAY,),), Sort.NUMBER, _("the year of a date")),
}  # fmt: skip
KNOWS_MISSING = {"filled"}  # functions that have an answer when there is none


def callable_of(name: str, function: Function) -> Callable[..., Any]:
    def call(*given: Any) -> Any:
        if name not in KNOWS_MISSING:
            if any(value is UNKNOWN for value in given):
                return UNKNOWN
            wanted = signature(function, len(given))
            given = tuple(expect(value, *sorts) for value, sorts in zip(given, wanted, strict=True))
        return function.call(*given)

    return call


def signature(function: Function, number: int) -> tuple[tuple[Sort, ...], ...]:
    """The sorts of so many arguments. Raises ExpressionFault for too few or too many."""
    more = number - len(function.takes)
    if more < 0 or (more and function.rest is None):
        raise ExpressionFault(
            _("This function takes %(wanted)s values, not %(given)s.")
            % {"wanted": len(function.takes), "given": number}
        )
    return (*function.takes, *((function.rest,) for _i in range(more) if function.rest))


# --- operators ---------------------------------------------------------------------------------
def _numeric(act: Callable[..., Any]) -> Callable[..., Any]:
    def operate(*given: Any) -> Any:
        if any(value is UNKNOWN for value in given):
            return UNKNOWN
        return act(*(expect(value, Sort.NUMBER) for value in given))

    return operate


def _divide(left: Decimal, right: Decimal) -> Decimal:
    if not right:
        raise ExpressionFault(_("This divides by zero."))
    return left / right


def _compared(act: Callable[[Any, Any], bool], *sorts: Sort) -> Callable[[Any, Any], Any]:
    def compare(left: Any, right: Any) -> Any:
        if UNKNOWN in (left, right):
            return UNKNOWN
        expect(left, *sorts)
        return act(left, expect(right, sort_of(left)))

    return compare


def _not(value: Any) -> Any:
    return UNKNOWN if value is UNKNOWN else not expect(value, Sort.TRUTH)


ORDERED = (Sort.NUMBER, Sort.DAY)
SAME = (Sort.NUMBER, Sort.DAY, Sort.TEXT, Sort.TRUTH)
OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: _numeric(operator.add), ast.Sub: _numeric(operator.sub), ast.Mult: _numeric(operator.mul),
    ast.Div: _numeric(_divide), ast.USub: _numeric(operator.neg), ast.UAdd: _numeric(operator.pos), ast.Not: _not,
    ast.Eq: _compared(operator.eq, *SAME), ast.NotEq: _compared(operator.ne, *SAME),
    ast.Lt: _compared(operator.lt, *ORDERED), ast.LtE: _compared(operator.le, *ORDERED),
    ast.Gt: _compared(operator.gt, *ORDERED), ast.GtE: _compared(operator.ge, *ORDERED),
}  # fmt: skip
